import re

from letters.case_page import Link, case_page, question_page
from models.delivery import Doubt
from models.facts import Facts
from models.recipient import Dispatch
from models.regime import Regime
from services.documents.drafts import compose_letter
from services.due.case_file import case_file
from services.record import read
from tests.services.office import DELEGATE, NOTIFICATION, OFFICER, Office, at


def page(office: Office, case: str, **given: object) -> str:
    file = case_file(read(case, office.world.timeline), office.world)
    return case_page(file, **{"steps": (), "limits": {}, **given})  # type: ignore[arg-type]


def test_a_suspicion_says_that_the_time_limit_may_be_running(office: Office) -> None:
    assert "Räkna med att fristerna redan löper" in page(office, office.report())


def test_what_somebody_wrote_is_text_and_never_markup(office: Office) -> None:
    case = office.known()
    office.facts(
        case, Facts(service_impact="# Stopp\n<b>*allt*</b> | [läs](http://x.example)"), when="2023-04-25 09.00"
    )
    (line,) = [line for line in page(office, case).splitlines() if "Stopp" in line]
    assert r"\# Stopp \<b\>\*allt\*\</b\> \| \[läs\](http://x.example)" in line


def test_each_fact_stands_with_the_time_it_became_known(office: Office) -> None:
    case = office.known()
    office.facts(case, Facts(threat_to_publish=True), when="2023-05-09 12.00", known_at="2023-05-09 11.00")
    assert "- **Hot om publicering:** Ja (känt sedan 2023-05-09 11.00)" in page(office, case)


def test_a_decision_is_shown_with_who_made_it_and_is_asked_no_more(office: Office) -> None:
    case = office.notified()
    shown = page(office, case)
    assert "Risken är bedömd: **Risk** (HR-direktör, onsdag 26 april 2023 kl. 10.15)." in shown
    assert "Anmält till IMY onsdag 26 april 2023 kl. 15.20." in shown
    assert "Ta fram underlaget till anmälan" not in shown


def test_the_next_steps_lead_to_the_runs_that_wait(office: Office) -> None:
    shown = page(office, office.known(), steps=[Link("Bedöm risk", "0-1")], limits={"gdpr.33.1": "0-2"})
    assert "- [Bedöm risk](/v2/runs/flow-run/0-1)" in shown
    assert "[torsdag 27 april 2023 kl. 16.10](/v2/runs/flow-run/0-2)" in shown


def test_what_falls_under_the_security_protection_act_is_not_written_out(office: Office) -> None:
    case = office.known()
    office.regime(case, Regime.SECURITY_PROTECTION, when="2023-04-25 09.00")
    shown = page(office, case)
    assert "säkerhetsskyddschefen" in shown
    assert "Rekryteringssystemet" not in shown


def test_a_text_to_approve_stands_whole_above_its_form(office: Office) -> None:
    case = office.known()
    office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    record = read(case, office.world.timeline)
    letter = compose_letter(NOTIFICATION, record, at=record.history[-1].recorded_at, world=office.world)
    shown = question_page(case_file(record, office.world), kind="approval", whose=[DELEGATE], text=letter)
    assert f"## {letter.subject}" in shown
    assert "- **Orsak:** Antagonistiskt angrepp" in shown
    assert len(re.findall(r"^### ", shown, flags=re.MULTILINE)) >= 3
    assert "Frågan är till: HR-direktör." in shown


def test_what_to_look_at_stands_above_the_text_to_approve(office: Office) -> None:
    case = office.known()
    office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    record = read(case, office.world.timeline)
    letter = compose_letter(NOTIFICATION, record, at=record.history[-1].recorded_at, world=office.world)
    file = case_file(record, office.world)
    shown = question_page(file, kind="approval", whose=[DELEGATE], text=letter, remarks=["Brevet är lite tungt."])
    above, _, below = shown.partition(f"## {letter.subject}")
    assert "- Brevet är lite tungt." in above
    assert "Brevet är lite tungt." not in below
    assert "Se över" not in question_page(file, kind="approval", whose=[DELEGATE], text=letter)


def test_what_is_new_since_the_question_was_asked_is_told_with_what_was_known_then(office: Office) -> None:
    case = office.known()
    record = read(case, office.world.timeline)
    before = record.incident.facts.model_copy(update={"malicious": None})
    shown = question_page(case_file(record, office.world), kind="awareness", whose=[OFFICER], before=before)
    news = shown.partition("## Nytt sedan sist")[2].partition("##")[0]
    assert news.strip() == "- **Uppsåtlig handling:** Ja (tidigare: okänt)"


def test_a_question_asked_for_the_first_time_tells_of_no_news(office: Office) -> None:
    record = read(office.known(), office.world.timeline)
    assert "Nytt sedan sist" not in question_page(case_file(record, office.world), kind="risk", whose=[DELEGATE])


def doubts(count: int) -> list[Doubt]:
    sent = at("2023-05-15 11.05")
    dispatches = [
        Dispatch(communication="INC-2023-0001/gdpr.34.1", recipient=f"p{number:020x}", letter_sha256="0" * 64)
        for number in range(1, count + 1)
    ]
    return [Doubt(one, f"<{one.recipient}@exempelkommun.example>", sent, "timeout") for one in dispatches]


def test_each_message_that_may_have_arrived_stands_above_its_form_as_the_servers_log_knows_it(office: Office) -> None:
    file = case_file(read(office.known(), office.world.timeline), office.world)
    shown = question_page(file, kind="uncertain", whose=[DELEGATE], doubts=doubts(2))
    assert (
        "- p00000000000000000002, skickat måndag 15 maj 2023 kl. 11.05, "
        "Message-ID `<p00000000000000000002@exempelkommun.example>`" in shown
    )
    assert "kommandot" not in shown.partition("Välj sedan")[0]


def test_of_very_many_messages_the_rest_are_left_to_the_command(office: Office) -> None:
    file = case_file(read(office.known(), office.world.timeline), office.world)
    shown = question_page(file, kind="uncertain", whose=[DELEGATE], doubts=doubts(1030))
    assert shown.count("Message-ID `") == 20
    assert f"och 1 010 till: kommandot `timglas uncertain {file.incident.id}` visar alla" in shown


def test_what_nobody_decides_on_the_facts_is_not_asked_below_all_of_them(office: Office) -> None:
    file = case_file(read(office.known(), office.world.timeline), office.world)
    shown = {
        kind: question_page(file, kind=kind, whose=[DELEGATE], doubts=doubts(1))
        for kind in ("risk", "uncertain", "copy")
    }
    assert [kind for kind, text in shown.items() if "Det här vet vi" in text] == ["risk"]
