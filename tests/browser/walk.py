"""A case at the desk as its people walk it, from the first report to the notification: what they saw on the way."""

from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.browser.officer import Officer
from tests.running import Running, ago, until

SARA = "sara.exempel – dataskyddsombud"
NUMBER = "811218-9876"


@dataclass
class Walk:
    """What was seen, by a short name, what axe found on each page, and in which case."""

    seen: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    case: str = ""


def walk(desk: Running, officer: Officer) -> Walk:
    """Walk the case."""
    walked = Walk()
    _report(desk, officer, walked)
    _state(desk, officer, walked)
    _become_aware(desk, officer, walked)
    _decide(desk, officer, walked)
    _approve(desk, officer, walked)
    _file(desk, officer, walked)
    _look_around(desk, officer, walked)
    return walked


def _report(desk: Running, officer: Officer, walked: Walk) -> None:
    walked.seen["start"] = officer.reads("/", "Har något hänt?")
    officer.page.get_by_role("link", name="Öppna ett ärende").click()
    officer.chooses("Vilka berörs?", "kommunstyrelsen", of_several=True)
    officer.types("Gemensam händelse", "klasslista")
    officer.types("Vad har hänt, kort?", f"Listan gällde {NUMBER}.")
    officer.types("Var kommer uppgiften ifrån?", "Rektor ringde dataskyddsombudet")
    officer.types("När rapporterades det?", "2026-10-25 02.30")
    walked.seen["who"] = "\n".join(officer.choices("Vem är du?"))
    officer.chooses("Vem är du?", "sara.exempel")
    officer.submits()
    walked.seen["number refused"] = officer.refusal("Vad har hänt, kort?")
    walked.seen["time refused"] = officer.refusal("När rapporterades det?")
    walked.seen["form"] = officer.page.locator("body").inner_text()
    officer.takes_picture("formular", height=1000)
    officer.types("Vad har hänt, kort?", "En klasslista mejlades till alla vårdnadshavare på skolan.")
    officer.types("När rapporterades det?", ago(hours=3))
    walked.seen["opened"] = officer.submits_and_reads("Ny incident", "/arende/INC-")
    walked.case = desk.case


def _state(desk: Running, officer: Officer, walked: Walk) -> None:
    officer.opens_form("uppgifter-om-incidenten", desk.case)
    walked.seen["filled in"] = officer.filled_in("Ärende")
    officer.types("Vad som har hänt", "En klasslista med kontaktuppgifter mejlades till alla vårdnadshavare på skolan.")
    officer.chooses("Typ av incident", "Konfidentialitet", of_several=True)
    officer.chooses("Orsak", "Den mänskliga faktorn")
    officer.types("Antal registrerade", "cirka 120")
    officer.chooses("Barn är berörda", "Ja")
    officer.shows("Ärende")
    officer.takes_picture("uppgifter", height=1000)
    officer.types("Var kommer uppgiften ifrån?", "Rektor")
    officer.types("När blev det känt?", ago(hours=3))
    officer.chooses("Vem är du?", "sara.exempel")
    officer.submits_and_reads("Uppgifter om incidenten", desk.case)
    facts = {
        "people": {"data_subject_categories": ["elever"]},
        "data": {"data_categories": ["kontaktuppgifter"]},
        "consequences": {"consequences_described": "Någon kan få veta var barnen bor."},
        "measures": {"measures_taken": ["Mottagarna har ombetts radera mejlet."]},
    }
    stated = {"incident_id": desk.case, "facts": facts, "source": "Rektor", "known_at": ago(hours=2), "by": SARA}
    walked.seen["stated"] = desk.fills_in("Uppgifter om incidenten", **stated)


def _become_aware(desk: Running, officer: Officer, walked: Walk) -> None:
    asked = until(lambda: _knows(desk, "Fastställ kännedom", "Någon kan få veta"), "the question with the new facts")
    officer.opens(f"/v2/runs/flow-run/{asked}")
    expect(officer.page.get_by_text("Frågan väntar på svar")).to_be_visible()
    officer.unfolds_menu()
    officer.takes_picture("svara", height=560)
    walked.seen["awareness"] = officer.opens_question(asked)
    officer.chooses("Vem är du?", "sara.exempel")
    officer.types("Vad visar det?", "Telefonanteckning hos rektor")
    officer.types("Skäl", "Rektor bekräftade att listan hade gått ut.")
    officer.answers()
    walked.seen["aware"] = desk.ended(asked)
    until(lambda: desk.runs("Frist", tag=desk.case), "the marker")
    walked.seen["yellow"] = officer.reads("/tavla", "Frist art. 33.1")


def _decide(desk: Running, officer: Officer, walked: Walk) -> None:
    risk = desk.waiting("Bedöm risk", desk.case)
    walked.seen["risk"] = officer.opens_question(risk)
    officer.takes_picture("fraga", height=1100)
    officer.chooses("Vem är du?", "anna.exempel")
    officer.chooses("Beslut om risken", "Hög risk")
    officer.types("Skäl", "Kontaktuppgifter till barn har spridits utanför skolan.")
    officer.answers()
    walked.seen["decided"] = desk.ended(risk)


def _approve(desk: Running, officer: Officer, walked: Walk) -> None:
    walked.seen["sheet"] = desk.fills_in("Anmälan till IMY", incident_id=desk.case, by=SARA)
    asked = desk.waiting("Godkänn anmälan till IMY", desk.case)
    walked.seen["approval"] = officer.opens_question(asked)
    officer.chooses("Vem är du?", "anna.exempel")
    officer.answers()
    walked.seen["code sent"] = desk.ended(asked)
    again = desk.waiting("Godkänn anmälan till IMY", desk.case, after=asked)
    walked.seen["code asked"] = officer.opens_question(again)
    officer.types("Kod", desk.code(desk.case))
    officer.shows("Kod")
    officer.takes_picture("kod", height=900)
    officer.answers()
    walked.seen["approved"] = desk.ended(again)


def _file(desk: Running, officer: Officer, walked: Walk) -> None:
    filing = desk.waiting("Registrera anmälan", desk.case)
    officer.opens_question(filing)
    officer.chooses("Vem är du?", "sara.exempel")
    officer.types("När anmälde ni?", ago(minutes=0))
    officer.answers()
    walked.seen["filed"] = desk.ended(filing)
    until(lambda: "Anmäld i tid" in _markers(desk), "the marker to turn green")
    officer.opens("/tavla")
    green = officer.page.get_by_text("Anmäld i tid").first
    expect(green).to_be_visible()
    walked.seen["green"] = officer.page.locator("main").last.inner_text()
    walked.seen["colour"] = green.evaluate("one => getComputedStyle(one).color")
    officer.takes_picture("tavla", height=640)


def _look_around(desk: Running, officer: Officer, walked: Walk) -> None:
    walked.seen["case"] = officer.reads(f"/arende/{desk.case}", "Anmält till IMY")
    walked.faults["case"] = officer.faults(".prose")
    officer.takes_picture("arende", height=1240)
    walked.seen["table"] = officer.reads("/frister", "Komplettering till IMY")
    officer.reads("/", "Fristerna i färg")
    walked.faults["start"] = officer.faults(".prose")
    officer.takes_picture("start", height=1160)
    officer.page.goto(f"{officer.address}/arende/INC-2026-9999")
    expect(officer.page.get_by_role("heading", name="Sidan görs i ordning")).to_be_visible()
    walked.faults["not yet"] = officer.faults("body")


def _knows(desk: Running, question: str, fact: str) -> str | None:
    run = desk.waiting(question, desk.case)
    return run if fact in desk.text_of(run) else None


def _markers(desk: Running) -> list[str]:
    return [run["state"]["name"] for run in desk.runs("Frist", tag=desk.case)]
