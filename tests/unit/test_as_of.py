from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.as_of import happened_by, recorded_by, written_late
from models.events import Event
from models.instants import parse_local as at
from models.record_events import ReminderSent
from models.replay import replay
from services.case.correct_awareness import correct_awareness
from services.case.establish_awareness import establish_awareness
from services.case.report_breach import report_breach
from tests.small_world import OFFICER, Desk, small_world

TEN, STEP = at("2026-01-01 10.00"), timedelta(minutes=1)


def reminder(happened: int, written: int) -> ReminderSent:
    return ReminderSent(
        provision="gdpr.33.1",
        steps=(),
        to=(),
        occurred_at=TEN + happened * STEP,
        recorded_at=TEN + written * STEP,
        recorded_by=OFFICER,
    )


HISTORIES = st.lists(
    st.integers(0, 20).flatmap(lambda written: st.builds(reminder, st.integers(-5, written), st.just(written))),
    max_size=8,
).map(tuple)


@given(HISTORIES, st.integers(-10, 25))
def test_what_happened_is_what_was_written_and_what_was_written_late(history: tuple[Event, ...], minute: int) -> None:
    moment = TEN + minute * STEP
    late, recorded = written_late(history, moment), recorded_by(history, moment)
    assert all(event.recorded_at > moment for event in late)
    assert set(happened_by(history, moment)) - set(history[:1]) == (set(recorded) | set(late)) - set(history[:1])


@given(HISTORIES, st.integers(-10, 25))
def test_what_is_known_only_grows(history: tuple[Event, ...], minute: int) -> None:
    earlier, later = TEN + minute * STEP, TEN + (minute + 1) * STEP
    for reading in (recorded_by, happened_by):
        assert set(reading(history, earlier)) <= set(reading(history, later))


def test_a_correction_leaves_what_was_believed_until_then() -> None:
    world = small_world()
    case = report_breach(
        "kommunstyrelsen",
        family="f",
        summary="Nere.",
        source="Mejl",
        reported_at=at("2026-01-01 09.00"),
        by=OFFICER,
        now=at("2026-01-01 09.30"),
        world=world,
    )
    desk = Desk(world, case, at("2026-01-01 10.00"))
    desk.do(establish_awareness, aware_at=at("2026-01-01 08.00"), evidence="Mejl", reasoning="Då visste vi.")
    desk.do(
        correct_awareness,
        when="2026-01-02 10.00",
        aware_at=at("2026-01-01 07.00"),
        because="Ett tidigare mejl.",
        evidence="Loggen",
    )
    history = world.timeline.read(case)
    for reading in (recorded_by, happened_by):
        assert replay(reading(history, at("2026-01-01 12.00"))).aware_at == at("2026-01-01 08.00")
        assert replay(reading(history, at("2026-01-02 10.00"))).aware_at == at("2026-01-01 07.00")
    assert replay(happened_by(history, at("2026-01-01 08.30"))).id == case, "aware before anybody opened the file"
    assert recorded_by(history, at("2026-01-01 08.30")) == ()
    assert happened_by(history, at("2026-01-01 07.30")) == ()
