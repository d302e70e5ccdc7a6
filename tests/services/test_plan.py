from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from law.clock import readings
from models.duty import Duty, DutyStatus, Period
from models.incident import Incident
from models.instants import parse_local
from models.policy import ReminderPolicy, Steps
from services.plan import next_at, passed, steps_of, to_remind_of

HOUR = timedelta(hours=1)
STEPS = Steps(before=(48, 24, 12, 6, 2), after=(0, 6), since=(4, 24), then_every=24)
POLICY = ReminderPolicy(default=STEPS)


def limited(since: datetime, status: DutyStatus = DutyStatus.OWED) -> Duty:
    read = readings(since, Period(amount=72, unit="hours"))
    return Duty(
        provision="gdpr.33.1",
        owed_to="supervisory_authority",
        status=status,
        since=since,
        due_at=read.strict,
        operate_at=read.operate,
    )


def unlimited(since: datetime, status: DutyStatus = DutyStatus.OWED) -> Duty:
    return Duty(provision="gdpr.34.1", owed_to="data_subject", status=status, since=since)


instants = some.datetimes(datetime(2023, 1, 1), datetime(2028, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001


@given(instants)
def test_every_step_before_comes_strictly_before_the_time_limit_and_after_the_duty_arose(since: datetime) -> None:
    duty = limited(since)
    assert duty.due_at is not None
    early = [
        step for step in islice(steps_of(duty, STEPS), 12) if not step.name.endswith(("+0 h",)) and " -" in step.name
    ]
    assert len(early) == 5
    assert all(since < step.at < duty.due_at for step in early)


@given(instants)
def test_the_steps_come_in_order_each_with_a_name_of_its_own(since: datetime) -> None:
    for duty in (limited(since), unlimited(since)):
        first = list(islice(steps_of(duty, STEPS), 20))
        assert all(earlier.at < later.at for earlier, later in pairwise(first))
        assert len({step.name for step in first}) == len(first)


@given(instants)
def test_nothing_open_ever_falls_silent(since: datetime) -> None:
    for duty in (limited(since), unlimited(since)):
        late = since + timedelta(days=400)
        due = next_at((duty,), Incident(), ReminderPolicy(default=STEPS), late)
        assert due is not None
        assert due <= late + 24 * HOUR


def test_in_the_night_of_spring_the_steps_aim_at_the_earlier_reading() -> None:
    duty = limited(parse_local("2026-03-27 09.30"))
    assert duty.due_at == parse_local("2026-03-30 10.30")
    last = [step for step in islice(steps_of(duty, STEPS), 6) if step.name.endswith("-2 h")]
    assert [step.at for step in last] == [parse_local("2026-03-30 07.30")]


def test_in_the_night_of_autumn_the_steps_aim_at_the_legal_time_limit() -> None:
    duty = limited(parse_local("2026-10-23 09.30"))
    assert duty.due_at == parse_local("2026-10-26 08.30")
    last = [step for step in islice(steps_of(duty, STEPS), 6) if step.name.endswith("-2 h")]
    assert [step.at for step in last] == [parse_local("2026-10-26 06.30")]


def test_a_step_from_before_the_duty_arose_is_left_out() -> None:
    since = parse_local("2023-04-24 16.10")
    long_before = Steps(before=(336, 72, 24), after=(0,), then_every=24)
    assert [step.name.rpartition(" -")[2] for step in islice(steps_of(limited(since), long_before), 1)] == ["24 h"]


def test_a_duty_without_a_number_counts_from_when_it_arose() -> None:
    since = parse_local("2023-05-09 11.00")
    hours = [(step.at - since) / HOUR for step in islice(steps_of(unlimited(since), STEPS), 4)]
    assert hours == [4, 24, 48, 72]


def test_a_policy_without_steps_still_repeats() -> None:
    since = parse_local("2023-05-09 11.00")
    bare = Steps(then_every=12)
    assert [(step.at - since) / HOUR for step in islice(steps_of(unlimited(since), bare), 2)] == [12, 24]


def test_what_has_passed_is_what_is_due_by_now_to_the_second() -> None:
    duty = limited(parse_local("2023-04-24 16.10"))
    step = parse_local("2023-04-26 16.10")
    assert len(passed(duty, Incident(), POLICY, step - timedelta(seconds=1))) == 1
    assert len(passed(duty, Incident(), POLICY, step)) == 2


@pytest.mark.parametrize("status", [DutyStatus.FULFILLED, DutyStatus.EXCUSED, DutyStatus.NOT_REQUIRED])
def test_a_settled_duty_is_nothing_to_remind_of(status: DutyStatus) -> None:
    duty = limited(parse_local("2023-04-24 16.10"), status)
    assert to_remind_of((duty,)) == ()
    assert next_at((duty,), Incident(), POLICY, parse_local("2023-04-25 10.00")) is None


def test_a_waiting_decision_is_left_to_the_time_limit_that_runs_beside_it() -> None:
    since = parse_local("2023-04-24 16.10")
    notify, letters = limited(since), unlimited(since, DutyStatus.UNDECIDED)
    assert to_remind_of((notify, letters)) == (notify,)
    filed = notify.model_copy(update={"status": DutyStatus.FULFILLED})
    assert to_remind_of((filed, letters)) == (letters,)


def test_letters_that_are_owed_are_reminded_of_beside_a_running_time_limit() -> None:
    since = parse_local("2023-04-24 16.10")
    duties = (limited(since), unlimited(since))
    assert to_remind_of(duties) == duties


def test_what_is_due_and_not_recorded_is_looked_at_again_in_a_quarter_of_an_hour() -> None:
    duty = limited(parse_local("2023-04-24 16.10"))
    now = parse_local("2023-04-26 16.10")
    assert next_at((duty,), Incident(), POLICY, now) == now + timedelta(minutes=15)
