"""A whole case at the desk, from the first report to the archive: what the person saw on the way.

What the issue wants seen in a browser is done in one; the rest is filled in as the browser would, through the API.
"""

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.instants import local
from tests.browser.officer import Officer
from tests.running import Running, until

SARA, ANNA = "sara.exempel – dataskyddsombud", "anna.exempel – HR-direktör"
SEND = "Skicka det godkända brevet"
CASE = "INC-2026-0001"
NUMBER = "811218-9876"
PLANTED = {
    "name": "Kanarie Kvitterström",
    "email": "kanarie.kvitterstrom@post.example",
    "street": "Kanariegränd 17",
    "city": "Kanarieköping",
}
"""A person who stands in the file of recipients and is written to; a name that nothing else holds."""


@dataclass
class Walk:
    """What was seen and said, by a short name; ``faults`` are those axe found on a page, ``called`` what it asked others."""

    desk: Running
    seen: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)


def walk(desk: Running, officer: Officer, files: Path) -> Walk:
    """Walk the case."""
    walked = Walk(desk, called=officer.called)
    _report(officer, walked)
    _state(desk, officer, walked)
    _decide(desk, officer, walked)
    _notify(desk, officer, walked)
    _inform(desk, walked, files)
    _close(desk, officer, walked)
    return walked


def _report(officer: Officer, walked: Walk) -> None:
    walked.seen["start"] = officer.reads("/", "Har något hänt?")
    officer.page.get_by_role("link", name="Öppna ett ärende").click()
    officer.chooses("Vilka berörs?", "kommunstyrelsen")
    officer.types("Gemensam händelse", "klasslista")
    officer.types("Vad har hänt, kort?", f"Listan gällde {NUMBER}.")
    officer.types("Var kommer uppgiften ifrån?", "Rektor ringde dataskyddsombudet")
    officer.types("När rapporterades det?", "2026-10-25 02.30")
    walked.seen["who"] = "\n".join(officer.choices("Vem är du?"))
    officer.chooses("Vem är du?", "sara.exempel")
    officer.submits()
    walked.seen["number refused"] = officer.refusal("Vad har hänt, kort?")
    walked.seen["time refused"] = officer.refusal("När rapporterades det?")
    officer.takes_picture("form-refuses", height=1120)
    officer.types("Vad har hänt, kort?", "En klasslista mejlades till alla vårdnadshavare på skolan.")
    officer.types("När rapporterades det?", _ago(hours=3))
    walked.seen["opened"] = officer.submits_and_reads("Ny incident", "Nästa steg")


def _state(desk: Running, officer: Officer, walked: Walk) -> None:
    officer.opens_form("uppgifter-om-incidenten", CASE)
    walked.seen["filled in"] = officer.filled_in("Ärende")
    officer.types("Vad som har hänt", "En klasslista med kontaktuppgifter mejlades till alla vårdnadshavare på skolan.")
    officer.chooses("Typ av incident", "Konfidentialitet")
    officer.chooses("Orsak", "Den mänskliga faktorn")
    officer.types("Antal registrerade", "cirka 120")
    officer.chooses("Barn är berörda", "Ja")
    officer.types("Var kommer uppgiften ifrån?", "Rektor")
    officer.types("När blev det känt?", _ago(hours=3))
    officer.chooses("Vem är du?", "sara.exempel")
    officer.submits_and_reads("Uppgifter om incidenten", "Nästa steg")
    facts = {
        "people": {"data_subject_categories": ["elever"]},
        "data": {"data_categories": ["kontaktuppgifter"], "told_data": "Ditt namn, din klass och din adress."},
        "consequences": {
            "consequences_described": "Någon kan få veta var barnen bor.",
            "told_consequences": "Någon kan få veta var du bor.",
        },
        "measures": {
            "measures_taken": ["Mottagarna har ombetts radera mejlet."],
            "advice_to_persons": ["Var uppmärksam på oväntade samtal."],
        },
    }
    stated = {"incident_id": CASE, "facts": facts, "source": "Rektor", "known_at": _ago(hours=2), "by": SARA}
    walked.seen["stated"] = desk.fills_in("Uppgifter om incidenten", **stated)


def _decide(desk: Running, officer: Officer, walked: Walk) -> None:
    asked = until(lambda: _knows(desk, "Fastställ kännedom", "Någon kan få veta"), "the question with the new facts")
    walked.seen["awareness"] = officer.opens_question(asked)
    officer.chooses("Vem är du?", "sara.exempel")
    officer.types("Vad visar det?", "Telefonanteckning hos rektor")
    officer.types("Skäl", "Rektor bekräftade att listan hade gått ut.")
    officer.answers()
    walked.seen["aware"] = desk.ended(asked)
    risk = desk.waiting("Bedöm risk", CASE)
    walked.seen["risk"] = officer.opens_question(risk)
    officer.takes_picture("question", height=1100)
    officer.chooses("Vem är du?", "anna.exempel")
    officer.chooses("Beslut om risken", "Hög risk")
    officer.types("Skäl", "Kontaktuppgifter till barn har spridits utanför skolan.")
    officer.answers()
    walked.seen["decided"] = desk.ended(risk)
    walked.seen["regime"] = desk.answers("Välj regelverk", CASE, by=SARA, reasoning="Kommunal skola.")


def _notify(desk: Running, officer: Officer, walked: Walk) -> None:
    walked.seen["sheet"] = desk.fills_in("Anmälan till IMY", incident_id=CASE, by=SARA)
    sheet = desk.waiting("Godkänn anmälan till IMY", CASE)
    walked.seen["approval"] = officer.opens_question(sheet)
    officer.takes_picture("approval", height=1100)
    officer.chooses("Vem är du?", "anna.exempel")
    officer.answers()
    walked.seen["code sent"] = desk.ended(sheet)
    walked.seen["approved"] = desk.answers("Godkänn anmälan till IMY", CASE, after=sheet, code=desk.code(CASE))
    filed = {"by": SARA, "filed_at": _ago(minutes=0)}
    walked.seen["filed"] = desk.answers("Registrera anmälan", CASE, **filed)
    until(lambda: "Anmäld i tid" in _markers(desk), "the marker to turn green")
    officer.opens("/tavla")
    green = officer.page.get_by_text("Anmäld i tid").first
    expect(green).to_be_visible()
    walked.seen["board"] = officer.page.locator("body").inner_text()
    walked.seen["colour"] = green.evaluate("one => getComputedStyle(one).color")
    officer.takes_picture("board", height=700)
    walked.seen["case"] = officer.reads(f"/arende/{CASE}", "Anmält till IMY")
    walked.faults["case"] = _faults(officer, ".prose")
    officer.takes_picture("case", height=1240)
    walked.seen["table"] = officer.reads("/frister", "Komplettering till IMY")
    officer.reads("/", "Fristerna i färg")
    walked.faults["start"] = _faults(officer, ".prose")
    officer.takes_picture("start", height=1160)
    officer.page.goto(f"{desk.address}/arende/INC-2026-9999")
    expect(officer.page.get_by_role("heading", name="Sidan görs i ordning")).to_be_visible()
    walked.faults["not yet"] = _faults(officer, "body")


def _inform(desk: Running, walked: Walk, files: Path) -> None:
    people = files / "mottagare.csv"
    with people.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.DictWriter(lines, ["id", *PLANTED, "postcode", "protection"])
        rows.writeheader()
        rows.writerow({"id": "p1", **PLANTED, "postcode": "99140", "protection": "none"})
        rows.writerow({"id": "p2", **PLANTED, "email": "", "postcode": "99140", "protection": "none"})
        rows.writerow({"id": "p3", **PLANTED, "postcode": "99140", "protection": "secrecy_marked"})
    walked.seen["loaded"] = desk.fills_in("Läs in mottagare", incident_id=CASE, file=str(people), by=SARA)
    letter = {
        "incident_id": CASE,
        "letter": "Information till den registrerade",
        "issue_at": _ago(minutes=0),
        "by": SARA,
    }
    walked.seen["letter"] = desk.fills_in("Ta fram skrivelse", **letter)
    acts = (("Godkänn information", "letter approved", {}), ("Informera registrerade", "released", {"act": SEND}))
    for question, short, given in acts:
        asked = desk.waiting(question, CASE)
        walked.seen[f"{short} first"] = desk.answers(question, CASE, by=ANNA, **given)
        walked.seen[short] = desk.answers(question, CASE, after=asked, code=desk.code(CASE), **given)
    until(lambda: _mails_to(desk, PLANTED["email"]), "the letter to the person")


def _close(desk: Running, officer: Officer, walked: Walk) -> None:
    officer.reads(f"/arende/{CASE}", "De berörda")


def _knows(desk: Running, question: str, fact: str) -> str | None:
    run = desk.waiting(question, CASE)
    return run if fact in desk.text_of(run) else None


def _markers(desk: Running) -> list[str]:
    return [run["state"]["name"] for run in desk.runs("Frist", tag=CASE)]


def _mails_to(desk: Running, address: str) -> list[Path]:
    return [file for file in (desk.home / "mail" / CASE).rglob("*.eml") if f"To: {address}" in file.read_text("utf-8")]


def _faults(officer: Officer, part: str) -> list[str]:
    found = Axe().run(officer.page, context=part)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]


def _ago(**ago: float) -> str:
    return f"{local(datetime.now(UTC) - timedelta(**ago)):%Y-%m-%d %H.%M}"
