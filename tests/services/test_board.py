from models.breach_events import Risk
from services.due.board import Row, board
from tests.services.office import AGENCY, NOTIFICATION, Office, at


def rows(office: Office, when: str) -> tuple[Row, ...]:
    incidents = [office.incident(case) for case in office.world.timeline.incidents()]
    return board(incidents, book=office.world.book, register=office.world.register, now=at(when))


def test_the_most_urgent_stands_first_and_the_settled_last(office: Office) -> None:
    board_case = office.known()
    office.known(AGENCY, aware=at("2023-04-24 13.05"), by="maja.modell")
    found = rows(office, "2023-04-25 12.00")
    limited = [row for row in found if row.duty.due_at and row.duty.is_open]
    assert [row.party for row in limited] == ["Ordningsverket", "Kommunstyrelsen i Exempelkommun"]
    assert found[: len(limited)] == tuple(limited)
    office.decide(board_case, Risk.UNLIKELY, when="2023-04-25 13.00")
    assert not rows(office, "2023-04-25 13.01")[-1].duty.is_open


def test_each_row_says_what_is_left_in_words(office: Office) -> None:
    office.known()
    first = rows(office, "2023-04-27 10.10")[0]
    assert (first.duty.provision, first.overdue) == ("gdpr.33.1", False)
    assert "6 timmar" in first.left
    assert "16.10" in first.due


def test_after_the_time_limit_the_row_says_how_late_it_is(office: Office) -> None:
    office.known()
    first = rows(office, "2023-04-27 18.10")[0]
    assert first.overdue
    assert "2 timmar" in first.left


def test_a_duty_fulfilled_late_says_so_for_ever(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-27 15.00")
    office.file(case, when="2023-04-27 17.10", delay_reasons="Vi väntade på leverantören.")
    (row,) = [row for row in rows(office, "2023-05-24 10.00") if row.duty.provision == "gdpr.33.1"]
    assert "1 timme" in row.status
    assert not row.overdue


def test_looked_at_in_hindsight_the_board_shows_what_was_known_then(office: Office) -> None:
    office.known()
    assert not rows(office, "2023-04-27 16.10")[0].overdue
    assert rows(office, "2023-04-27 16.11")[0].overdue
