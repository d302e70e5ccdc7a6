from datetime import timedelta

import pytest

from law.awareness import gap
from models.errors import MissingParticular
from models.facts import Facts
from models.instants import local, parse_local
from services.case.correct_awareness import correct_awareness
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.record import duties_of
from tests.small_world import BOOK, Desk, at

AWARE = parse_local("2026-02-10 10.00")
LAW = BOOK.on(local(AWARE).date())
WORDS = {"evidence": "Loggen", "reasoning": "Personuppgifter är med."}


@pytest.mark.parametrize(
    "before, must_be_explained, is_long",
    [
        (timedelta(0), False, False),
        (timedelta(hours=24), False, False),
        (timedelta(hours=24, seconds=1), True, False),
        (timedelta(hours=48), True, False),
        (timedelta(hours=48, seconds=1), True, True),
    ],
)
def test_a_day_of_investigation_needs_no_reason_and_two_days_are_marked(
    before: timedelta, *, must_be_explained: bool, is_long: bool
) -> None:
    found = gap(AWARE - before, AWARE, LAW)
    assert (found.length, found.must_be_explained, found.is_long) == (before, must_be_explained, is_long)


def test_what_nobody_detected_before_has_no_gap() -> None:
    assert gap(None, AWARE, LAW).length == timedelta()
    assert gap(AWARE + timedelta(hours=1), AWARE, LAW).length == timedelta()


def test_more_than_a_day_between_detection_and_awareness_is_refused_without_a_reason(desk: Desk) -> None:
    with pytest.raises(MissingParticular, match="1 day, 0:00:01 lie between detection and awareness"):
        desk.do(establish_awareness, aware_at=AWARE, detected_at=AWARE - timedelta(days=1, seconds=1), **WORDS)
    assert desk.words == ["breach_reported"]


def test_a_day_to_the_second_is_not(desk: Desk) -> None:
    desk.do(establish_awareness, aware_at=AWARE, detected_at=AWARE - timedelta(days=1), **WORDS)
    assert desk.incident.aware_at == AWARE


def test_with_a_reason_the_gap_is_recorded_and_two_days_are_marked(desk: Desk) -> None:
    noticed = AWARE - timedelta(days=3)
    desk.do(establish_awareness, aware_at=AWARE, detected_at=noticed, gap_reason="Vi läste loggarna.", **WORDS)
    event = desk.world.timeline.read(desk.case)[1]
    assert (event.detected_at, event.gap_reason, event.long_gap) == (noticed, "Vi läste loggarna.", True)  # type: ignore[union-attr]


def test_the_facts_may_say_when_it_was_detected(desk: Desk) -> None:
    desk.do(establish_facts, facts=Facts(detected_at=AWARE - timedelta(days=2)), source="Loggen", known_at=AWARE)
    with pytest.raises(MissingParticular, match="lie between detection"):
        desk.do(establish_awareness, aware_at=AWARE, **WORDS)


def test_a_correction_says_why_in_any_case(desk: Desk) -> None:
    desk.do(establish_awareness, aware_at=AWARE, detected_at=AWARE, **WORDS)
    desk.do(
        correct_awareness, when="2026-02-14 10.00", aware_at=at("2026-02-13 10.00"), because="Fel.", evidence="Logg"
    )
    assert desk.duties["gdpr.33.1"].due_at == at("2026-02-16 10.00")


def test_until_awareness_the_worst_case_stands_on_the_board_but_nothing_is_concluded(desk: Desk) -> None:
    (worst,) = duties_of(desk.incident, BOOK)
    assert (worst.status, worst.due_at) == ("undecided", at("2026-02-13 10.00"))
    assert "duties_determined" not in desk.words
