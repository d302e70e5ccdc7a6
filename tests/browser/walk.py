"""A whole case at the desk, from the first report to the archive: what the person saw on the way."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.instants import local
from tests.browser.officer import Officer
from tests.running import Running

SARA, ANNA = "sara.exempel – dataskyddsombud", "anna.exempel – HR-direktör"
BOARD = "kommunstyrelsen – Kommunstyrelsen i Exempelkommun"
CASE = "INC-2026-0001"
NUMBER = "811218-9876"


@dataclass
class Walk:
    """What was seen and said, by a short name."""

    seen: dict[str, str] = field(default_factory=dict)


def walk(desk: Running, officer: Officer, files: Path) -> Walk:
    """Walk the case."""
    seen: dict[str, str] = {}
    _begin(desk, officer, seen)
    return Walk(seen)


def _begin(desk: Running, officer: Officer, seen: dict[str, str]) -> None:
    seen["start"] = officer.reads("/", "Har något hänt?")
    officer.page.get_by_role("link", name="Öppna ett ärende").click()
    officer.chooses("Vilka berörs?", "kommunstyrelsen")
    officer.types("Gemensam händelse", "klasslista")
    officer.types("Vad har hänt, kort?", f"Listan gällde {NUMBER}.")
    officer.types("Var kommer uppgiften ifrån?", "Rektor ringde")
    officer.types("När rapporterades det?", "2026-10-25 02.30")
    officer.chooses("Vem är du?", "sara.exempel")
    officer.submits()
    seen["refused number"] = officer.refusal("Vad har hänt, kort?")
    seen["refused time"] = officer.refusal("När rapporterades det?")
    officer.takes_picture("refused")
    officer.types("Vad har hänt, kort?", "En klasslista mejlades till fel mottagare.")
    officer.types("När rapporterades det?", _ago(hours=3))
    officer.submits()


def _ago(**ago: float) -> str:
    return f"{local(datetime.now(UTC) - timedelta(**ago)):%Y-%m-%d %H.%M}"
