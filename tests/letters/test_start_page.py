from letters.case_page import Link
from letters.start_page import start_page

ROW = {
    "Ärende": "INC-2026-0042",
    "Senast": "2026-04-27 16.10, måndag",
    "Tid": "12 timmar kvar",
    "Skyldighet": "Anmälan till IMY (artikel 33.1)",
    "Vem": "HR-direktör",
}
FORMS = {"Ärende": ["Ny incident", "Fastställ kännedom"], "Beslut": ["Bedöm risk"]}


def test_it_begins_with_what_to_do_when_something_has_happened() -> None:
    assert start_page(waiting=(), rows=(), forms=FORMS).startswith(
        "**Har något hänt?** [Öppna ett ärende](/formular/ny-incident)."
    )


def test_what_waits_leads_to_its_run_and_says_how_to_answer() -> None:
    page = start_page(waiting=[Link("Bedöm risk · INC-2026-0042", "a-run")], rows=[ROW], forms=FORMS)
    assert "- [Bedöm risk · INC-2026-0042](/v2/runs/flow-run/a-run)" in page
    assert "*Svara*" in page
    assert "[INC-2026-0042](/arende/INC-2026-0042)" in page


def test_with_nothing_to_decide_and_nothing_due_it_says_so() -> None:
    page = start_page(waiting=(), rows=(), forms=FORMS)
    assert "Ingen fråga väntar på svar." in page
    assert "Ingen frist löper." in page
    assert "*Svara*" not in page


def test_every_form_has_an_address_without_swedish_letters() -> None:
    page = start_page(waiting=(), rows=(), forms=FORMS)
    assert (
        "**Ärende:** [Ny incident](/formular/ny-incident) · [Fastställ kännedom](/formular/faststall-kannedom)" in page
    )


def test_of_many_it_shows_the_most_urgent_and_how_many_more_there_are() -> None:
    page = start_page(waiting=[Link(f"Fråga {place}", str(place)) for place in range(50)], rows=[], forms=FORMS)
    assert "Fråga 19" in page
    assert "Fråga 20" not in page
    assert "30 till" in page
