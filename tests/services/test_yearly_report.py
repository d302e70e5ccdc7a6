"""The year's report: which entries its figures count, what is open, and on which side of the line a notification lies."""

from datetime import date, datetime
from typing import Any

import pytest

from letters.compose import yearly_report as letter_of
from letters.compose.yearly_tables import causes, figures, hours_chart, risks
from models.breach_events import Risk
from models.breach_register import Entry, Standing
from models.duty import DutyStatus, Period
from models.facts import Cause, Facts, Quantity
from models.instants import parse_local as at
from models.letter import Chart
from models.yearly_report import Year, YearlyReport
from services.evidence.yearly_report import yearly_report
from tests.small_world import BOOK

NOW = at("2027-01-08 10.00")
LIMIT = Period(amount=72, unit="hours")


def entry(number: int, when: str = "2026-03-02 10.00", **given: Any) -> Entry:
    frame = {
        "incident": f"INC-2026-{number:04}",
        "title": "Personuppgiftsincident",
        "party": "kommunstyrelsen",
        "party_name": "Kommunstyrelsen i Exempelkommun",
        "owed_as": "controller",
        "family": "",
        "standing": Standing.CLOSED,
        "reported_at": at(when),
        "aware_at": at(when),
        "events": 1,
    }
    return Entry.model_validate({**frame, **given})


def filed(number: int, hours: float, **given: Any) -> Entry:
    late = {"late_hours": hours - 72} if hours > 72 else {}
    return entry(number, **{"filed_at": at("2026-03-09 10.00"), "hours": hours, **late, **given})


def suspected(number: int, **given: Any) -> Entry:
    return entry(number, standing=Standing.SUSPECTED, aware_at=None, **given)


def made(*entries: Entry, year: int = 2026, now: datetime = NOW) -> YearlyReport:
    return yearly_report(entries, year, book=BOOK, now=now)


def test_every_incident_counts_and_what_was_a_breach_counts_as_one() -> None:
    year = made(
        filed(1, 10, standing=Standing.OPEN),
        entry(2, notification=DutyStatus.NOT_REQUIRED, told_at=NOW),
        suspected(3),
        entry(4, standing=Standing.RULED_OUT, aware_at=None, notification=DutyStatus.NOT_REQUIRED),
        entry(5, standing=Standing.KEPT_ELSEWHERE),
    ).this
    assert (year.incidents, year.breaches, year.notified, year.open) == (5, 2, 1, 2)
    assert (year.not_notified, year.informed) == (1, 1), "neither a suspicion nor what is kept elsewhere counts"


def test_late_are_those_that_were_notified_late_and_overdue_those_that_are_not_notified_at_all() -> None:
    year = made(filed(1, 72), filed(2, 72.01), filed(3, 20), entry(4, late_hours=3.0)).this
    assert (year.late, year.overdue, year.notified, year.share_late) == (1, 1, 3, 0.5)
    assert year.median_hours == 72


def test_without_notifications_there_is_no_median_and_no_share() -> None:
    year = made(entry(1)).this
    assert (year.median_hours, year.share_late) == (None, None)
    assert ("Andel för sena", "–") in figures(year, None).rows


def test_an_unknown_number_of_people_is_not_nought() -> None:
    known = (Quantity(at_least=20, at_most=30), Quantity(at_most=5), Quantity(at_least=7))
    year = made(
        *(entry(n, facts=Facts(n_subjects=count)) for n, count in enumerate(known)), entry(9), suspected(10)
    ).this
    assert (year.people, year.unknown_people) == (20 + 5 + 7, 1)


def test_the_year_before_stands_beside_and_without_older_incidents_there_is_none() -> None:
    assert made(entry(1), entry(2, "2025-06-01 10.00")).before == Year(
        year=2025,
        standings={Standing.CLOSED: 1},
        unknown_people=1,
        causes={None: 1},
        risks={None: 1},
        parties=made(entry(2)).this.parties,
    )
    quiet = made(entry(1), entry(2, "2019-06-01 10.00")).before
    assert quiet is not None
    assert quiet.incidents == 0, "a year without incidents, in an installation that is older than that"
    assert made(entry(1)).before is None


def test_what_is_open_is_told_whichever_year_it_is_from_but_not_from_later_ones() -> None:
    still_open = {"standing": Standing.OPEN, "open_duties": ("Anmälan: ska göras",)}
    report = made(
        entry(1, "2024-03-02 10.00", **still_open), entry(2, **still_open), entry(3, "2027-01-02 10.00", **still_open)
    )
    assert [action.incident for action in report.open] == ["INC-2026-0001", "INC-2026-0002"]


def test_the_time_limit_is_the_one_in_the_statute_book() -> None:
    assert made().limit == BOOK.on(date(2026, 12, 31)).period("gdpr.33.1") == LIMIT


@pytest.mark.parametrize(
    "hours, label, beyond",
    [
        (0, "0–12", False),
        (12, "0–12", False),
        (12.01, "12–24", False),
        (72, "60–72", False),
        (72.01, "72–84", True),
        (96, "84–96", True),
        (96.01, "över 96", True),
        (5000, "över 96", True),
    ],
)
def test_a_bar_ends_with_its_hour_and_the_line_stands_after_the_last_one_in_time(
    hours: float, label: str, *, beyond: bool
) -> None:
    (bar,) = [bar for bar in hours_chart(Year(year=2026, hours=(hours,)), LIMIT).bars if bar.count]
    assert (bar.label, bar.beyond) == (label, beyond)


def test_the_bars_hold_every_notification_and_the_words_tell_every_bar() -> None:
    year = Year(year=2026, hours=(1, 2, 30, 71, 72, 80, 200))
    chart = hours_chart(year, LIMIT)
    assert sum(bar.count for bar in chart.bars) == year.notified
    assert all(f"{bar.label} timmar: {bar.count}" in chart.alt for bar in chart.bars if bar.count)
    assert "5 anmälningar lämnades inom 72 timmar och 2 senare" in chart.alt


def test_another_time_limit_is_cut_into_its_own_parts() -> None:
    chart = hours_chart(Year(year=2030, hours=(90, 97)), Period(amount=96, unit="hours"))
    assert [bar.label for bar in chart.bars if bar.count] == ["80–96", "96–112"]
    assert chart.limit == "96 timmar"


def test_the_most_common_cause_comes_first_and_one_that_is_not_stated_says_so() -> None:
    year = Year(year=2026, causes={None: 1, Cause.TECHNICAL_FAULT: 2, Cause.HUMAN_FACTOR: 9}, risks={Risk.RISK: 12})
    before = Year(year=2025, causes={Cause.ORGANISATIONAL: 3})
    assert causes(year, before).rows == (
        ("Den mänskliga faktorn", "9", "0"),
        ("Tekniskt fel", "2", "0"),
        ("Inte angivet", "1", "0"),
        ("Brist i organisatoriska rutiner och processer", "0", "3"),
    )


def test_the_levels_of_risk_stand_in_their_order_also_those_that_nothing_has() -> None:
    year = Year(year=2026, risks={Risk.HIGH: 2, None: 1})
    assert [row[1] for row in risks(year, None).rows] == ["0", "0", "2", "1"]


def test_a_year_without_notifications_has_no_chart() -> None:
    kinds = [type(block) for block in letter_of(made(entry(1))).blocks]
    assert Chart not in kinds
    assert Chart in [type(block) for block in letter_of(made(filed(1, 10))).blocks]


def test_nothing_of_what_a_case_is_about_reaches_the_board() -> None:
    told = {
        "summary": "HEMLIGT",
        "reasoning": "HEMLIGT",
        "lessons": "HEMLIGT",
        "facts": Facts(what_happened="HEMLIGT", measures_before="HEMLIGT"),
    }
    report = letter_of(made(filed(1, 80, delay_reasons="HEMLIGT", **told), entry(2, **told)))
    assert "HEMLIGT" not in report.model_dump_json()
