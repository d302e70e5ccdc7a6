from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from law.clock import readings
from models.duty import Duty, DutyStatus, Period
from models.incident import Incident
from models.instants import local, parse_local
from models.parties import Role
from models.policy import Night, Plan, ReminderPolicy, Steps, WorkingHours
from models.record_events import ReminderAcknowledged, ReminderPassedOn
from models.reminder import PlannedDeadline
from models.replay import evolve
from services.reminding.plan import Running, next_at, passed, planned_anew, running, steps_of, to_remind_of

HOUR = timedelta(hours=1)
STEPS = Steps(before=(48, 24, 12, 6, 2), after=(0, 6), since=(4, 24), then_every=24)
CALLS = STEPS.model_copy(update={"call_before": {Role.STAND_IN: 22, Role.HEAD_OF_ADMINISTRATION: 11, Role.ON_CALL: 5}})
PLAN = Plan(steps=STEPS, to=(Role.OFFICER, Role.LEGAL))
POLICY = ReminderPolicy(to=(Role.OFFICER,), deadlines={"default": STEPS})
NIGHT = Night(begins=time(22), ends=time(6), evening=time(21))
WORKING = WorkingHours(begins=time(8), ends=time(16))
MONDAY = parse_local("2023-04-24 16.10")
DUE = parse_local("2023-04-27 16.10")


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


def run_of(duty: Duty, plan: Plan = PLAN, *answers: ReminderAcknowledged | ReminderPassedOn) -> Running:
    planned = PlannedDeadline(deadline=duty.key, at=duty.since, since=duty.since, due_at=duty.due_at, plan=plan)
    return Running(duty, planned, plan, answers)


def steps(run: Running, until: datetime | None = None) -> list[tuple[str, datetime]]:
    """What a step is, without the deadline and its anchor, and when it comes."""
    horizon = until or (run.duty.due_at or run.duty.since) + 7 * HOUR
    return [(step.name.split(" ", 2)[2], step.at) for step in steps_of(run, horizon) if step.at <= horizon]


def names(run: Running, until: datetime | None = None) -> list[str]:
    return [name for name, _ in steps(run, until)]


def taken(at: datetime, hours: int, by: str = "sara.exempel") -> ReminderAcknowledged:
    stamp = {"occurred_at": at, "recorded_at": at, "recorded_by": by}
    return ReminderAcknowledged(deadlines=("gdpr.33.1", "gdpr.34.1"), until=at + hours * HOUR, **stamp)  # type: ignore[arg-type]


def passed_on(at: datetime, by: str = "sara.exempel") -> ReminderPassedOn:
    return ReminderPassedOn(deadlines=("gdpr.33.1",), occurred_at=at, recorded_at=at, recorded_by=by)


instants = some.datetimes(datetime(2023, 1, 1), datetime(2028, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001


@given(instants)
def test_every_step_before_comes_strictly_before_the_time_limit_and_after_the_duty_arose(since: datetime) -> None:
    duty = limited(since)
    assert duty.due_at is not None
    early = [at for name, at in steps(run_of(duty)) if name.startswith("-")]
    assert len(early) == 5
    assert all(since < at < duty.due_at for at in early)


@given(instants)
def test_the_steps_come_in_order_each_with_a_name_of_its_own(since: datetime) -> None:
    whole = PLAN.model_copy(update={"steps": CALLS, "night": NIGHT, "working_hours": WORKING})
    for duty in (limited(since), unlimited(since)):
        found = steps(run_of(duty, whole), since + 500 * HOUR)
        assert all(earlier[1] <= later[1] for earlier, later in pairwise(found))
        assert len({name for name, _ in found}) == len(found)


@given(since=instants, answered=some.booleans())
def test_nothing_open_ever_falls_silent(since: datetime, *, answered: bool) -> None:
    late = since + timedelta(days=400)
    answers = [taken(late - HOUR, 12)] if answered else []
    for duty in (limited(since), unlimited(since)):
        due = next_at(run_of(duty, PLAN, *answers), late)
        assert late < due <= late + 24 * HOUR


@given(instants)
def test_night_and_days_off_add_steps_and_take_none_away(since: datetime) -> None:
    for duty in (limited(since), unlimited(since)):
        plain = set(steps(run_of(duty), since + 300 * HOUR))
        with_both = PLAN.model_copy(update={"night": NIGHT, "working_hours": WORKING})
        assert plain <= set(steps(run_of(duty, with_both), since + 300 * HOUR))


@given(instants)
def test_what_falls_in_the_night_is_sent_when_people_are_awake_too(since: datetime) -> None:
    duty = limited(since)
    found = dict(steps(run_of(duty, PLAN.model_copy(update={"night": NIGHT}))))
    for name, at in [(name, at) for name, at in found.items() if name.startswith("-") and "kväll" not in name]:
        if 6 <= local(at).hour < 22:
            assert f"{name} kväll" not in found
            continue
        evening = found.get(f"{name} kväll")
        if evening is None:
            assert at - since < 11 * HOUR, "only an evening from before the deadline arose is left out"
        else:
            assert local(evening).time() == time(21)
            assert timedelta() < at - evening < 11 * HOUR


def test_in_the_night_of_spring_the_steps_aim_at_the_earlier_reading() -> None:
    duty = limited(parse_local("2026-03-27 09.30"))
    assert duty.due_at == parse_local("2026-03-30 10.30")
    assert dict(steps(run_of(duty)))["-2 h"] == parse_local("2026-03-30 07.30")


def test_in_the_night_of_autumn_the_steps_aim_at_the_legal_time_limit() -> None:
    duty = limited(parse_local("2026-10-23 09.30"))
    assert duty.due_at == parse_local("2026-10-26 08.30")
    found = dict(steps(run_of(duty, PLAN.model_copy(update={"night": NIGHT}))))
    assert found["-2 h"] == parse_local("2026-10-26 06.30")
    assert found["-6 h"] == parse_local("2026-10-26 02.30")
    assert found["-6 h kväll"] == parse_local("2026-10-25 21.00"), "sweden.md, test 4: pulled forward to the evening"


def test_in_the_hour_that_comes_twice_every_step_comes_once() -> None:
    duty = limited(parse_local("2026-10-22 02.30"))
    at = [at for name, at in steps(run_of(duty)) if name in ("-2 h", "+0 h")]
    assert at == [parse_local("2026-10-24 23.30") + HOUR, parse_local("2026-10-25 02.30 sommartid")]


def test_before_a_holiday_the_reminder_comes_while_people_are_at_work() -> None:
    duty = limited(parse_local("2027-03-24 15.00"))  # the Wednesday before Easter; Good Friday is the 26th
    found = dict(steps(run_of(duty, PLAN.model_copy(update={"working_hours": WORKING}))))
    assert duty.operate_at == parse_local("2027-03-27 15.00")
    assert found["-24 h"] == parse_local("2027-03-26 15.00")
    assert found["-24 h arbetstid"] == found["-2 h arbetstid"] == parse_local("2027-03-25 15.00")
    assert "-48 h arbetstid" not in found, "a Thursday is a working day"


def test_what_is_late_over_easter_comes_again_when_people_are_back() -> None:
    duty = limited(parse_local("2027-03-25 15.00"))  # sweden.md, test 7: due on Easter Sunday, in the night of spring
    found = dict(
        steps(run_of(duty, PLAN.model_copy(update={"working_hours": WORKING})), parse_local("2027-04-01 00.00"))
    )
    assert found["+0 h"] == parse_local("2027-03-28 16.00")
    assert found["+0 h arbetstid"] == parse_local("2027-03-30 08.00")


def test_a_step_from_before_the_duty_arose_is_left_out() -> None:
    long_before = PLAN.model_copy(update={"steps": Steps(before=(336, 72, 24), after=(0,), then_every=24)})
    assert names(run_of(limited(MONDAY), long_before))[:2] == ["frist", "-24 h"]


def test_a_time_limit_is_told_of_when_it_starts_but_not_while_it_is_only_suspected() -> None:
    assert names(run_of(limited(MONDAY)))[0] == "frist"
    assert "frist" not in names(run_of(limited(MONDAY, DutyStatus.UNDECIDED)))


def test_what_nobody_need_act_on_yet_is_not_announced() -> None:
    quiet = PLAN.model_copy(update={"steps": STEPS.model_copy(update={"announce": False})})
    assert names(run_of(limited(MONDAY), quiet))[0] == "-48 h"


def test_a_duty_without_a_number_counts_from_when_it_arose() -> None:
    since = parse_local("2023-05-09 11.00")
    hours = [(at - since) / HOUR for _, at in steps(run_of(unlimited(since)), since + 72 * HOUR)]
    assert hours == [4, 24, 48, 72]


def test_a_policy_without_steps_still_repeats() -> None:
    since = parse_local("2023-05-09 11.00")
    bare = PLAN.model_copy(update={"steps": Steps(then_every=12)})
    assert [(at - since) / HOUR for _, at in steps(run_of(unlimited(since), bare), since + 24 * HOUR)] == [12, 24]


def test_a_policy_that_says_nothing_until_long_after_the_time_limit_knows_when_that_is() -> None:
    quiet = PLAN.model_copy(update={"steps": Steps(before=(48,), then_every=24)})
    assert next_at(run_of(limited(MONDAY), quiet), DUE - 47 * HOUR) == DUE + 24 * HOUR
    supplement = PLAN.model_copy(update={"steps": Steps(then_every=24, announce=False)})
    assert next_at(run_of(limited(MONDAY), supplement), MONDAY) == DUE + 24 * HOUR


def test_what_has_passed_is_what_is_due_by_now_to_the_second() -> None:
    run, step = run_of(limited(MONDAY)), parse_local("2023-04-26 16.10")
    assert [one.name[-5:] for one in passed(run, step - timedelta(seconds=1))] == ["frist", "-48 h"]
    assert [one.name[-5:] for one in passed(run, step)] == ["frist", "-48 h", "-24 h"]


def test_others_are_called_when_so_many_hours_are_left() -> None:
    run = run_of(limited(MONDAY), PLAN.model_copy(update={"steps": CALLS}))
    called = [(step.role, (step.at - DUE) / HOUR) for step in steps_of(run, DUE) if step.role]
    assert called == [(Role.STAND_IN, -22), (Role.HEAD_OF_ADMINISTRATION, -11), (Role.ON_CALL, -5)]


def test_nobody_is_called_before_the_first_ones_have_had_a_while_to_answer() -> None:
    duty, found_late = limited(MONDAY), DUE - 3 * HOUR
    planned = PlannedDeadline(deadline=duty.key, at=found_late, since=MONDAY, due_at=DUE, plan=PLAN)
    run = Running(duty, planned, PLAN.model_copy(update={"steps": CALLS}), ())
    assert {step.at for step in steps_of(run, DUE) if step.role} == {found_late + HOUR}


def test_while_somebody_has_it_in_hand_nobody_is_reminded_and_then_everybody_is() -> None:
    at = DUE - 25 * HOUR
    run = run_of(limited(MONDAY), PLAN.model_copy(update={"steps": CALLS}), taken(at, 4))
    found = dict(steps(run))
    assert not [name for name, when in found.items() if at <= when < at + 4 * HOUR]
    assert found["-24 h"] == at + 4 * HOUR
    assert "åter 2023-04-26T17:10Z" in found
    assert found["-22 h stand_in"] == at + 5 * HOUR, "and only then is somebody called, after a while to answer"


def test_an_answer_never_holds_past_the_time_limit() -> None:
    run = run_of(limited(MONDAY), PLAN, taken(DUE - 3 * HOUR, 12))
    assert [(name, (at - DUE) / HOUR) for name, at in steps(run) if at > DUE - 3 * HOUR] == [
        ("+0 h", 0),
        ("-2 h", 0),
        ("+6 h", 6),
    ]


def test_who_answers_again_is_left_alone_again() -> None:
    first, second = taken(DUE - 25 * HOUR, 4), taken(DUE - 22 * HOUR, 4)
    found = steps(run_of(limited(MONDAY), PLAN, first, second))
    assert not [name for name, at in found if DUE - 25 * HOUR <= at < DUE - 18 * HOUR]
    assert [name for name, _ in found if name.startswith("åter")] == ["åter 2023-04-26T20:10Z"]


def test_an_answer_to_an_earlier_round_says_nothing_of_this_one() -> None:
    incident = Incident(id="INC-2023-0001", party="kommunstyrelsen")
    for event in (planned_anew(incident, [limited(MONDAY)], POLICY, MONDAY), taken(MONDAY - HOUR, 12)):
        assert event is not None
        incident = evolve(incident, event)
    (run,) = running(incident, [limited(MONDAY)])
    assert run.answers == ()


def test_who_cannot_has_the_next_in_line_called_at_once() -> None:
    at = DUE - 40 * HOUR
    run = run_of(limited(MONDAY), PLAN.model_copy(update={"steps": CALLS}), passed_on(at))
    called = {step.role: step.at for step in steps_of(run, DUE) if step.role}
    assert called == {Role.STAND_IN: at, Role.HEAD_OF_ADMINISTRATION: DUE - 11 * HOUR, Role.ON_CALL: DUE - 5 * HOUR}
    run = run_of(
        limited(MONDAY), PLAN.model_copy(update={"steps": CALLS}), passed_on(at), passed_on(at + HOUR, "bo.exempel")
    )
    called = {step.role: step.at for step in steps_of(run, DUE) if step.role}
    assert called[Role.HEAD_OF_ADMINISTRATION] == at + HOUR


def test_who_gives_it_up_ends_their_own_answer_and_nobody_elses() -> None:
    at = DUE - 40 * HOUR
    given_up = run_of(limited(MONDAY), PLAN, taken(at, 12), passed_on(at + HOUR))
    assert ("åter 2023-04-25T23:10Z", at + HOUR) in steps(given_up)
    another = run_of(limited(MONDAY), PLAN, taken(at, 12), passed_on(at + HOUR, "bo.exempel"))
    assert ("åter 2023-04-26T10:10Z", at + 12 * HOUR) in steps(another)


@pytest.mark.parametrize("status", [DutyStatus.FULFILLED, DutyStatus.EXCUSED, DutyStatus.NOT_REQUIRED])
def test_a_settled_duty_is_nothing_to_remind_of(status: DutyStatus) -> None:
    assert to_remind_of((limited(MONDAY, status),)) == ()


def test_a_waiting_decision_is_left_to_the_time_limit_that_runs_beside_it() -> None:
    notify, letters = limited(MONDAY), unlimited(MONDAY, DutyStatus.UNDECIDED)
    assert to_remind_of((notify, letters)) == (notify,)
    filed = notify.model_copy(update={"status": DutyStatus.FULFILLED})
    assert to_remind_of((filed, letters)) == (letters,)


def test_letters_that_are_owed_are_reminded_of_beside_a_running_time_limit() -> None:
    duties = (limited(MONDAY), unlimited(MONDAY))
    assert to_remind_of(duties) == duties


def test_a_deadline_keeps_the_plan_it_started_with_while_it_moves_and_starts_anew_when_it_opens_again() -> None:
    other = POLICY.model_copy(update={"deadlines": {"default": STEPS.model_copy(update={"before": (1,)})}})
    incident = Incident(id="INC-2023-0001", party="kommunstyrelsen")
    duty, moved = limited(MONDAY), limited(MONDAY - 5 * HOUR)
    done = moved.model_copy(update={"status": DutyStatus.FULFILLED})
    plans = []
    for number, (now, policy) in enumerate([(duty, POLICY), (moved, other), (done, other), (moved, other)]):
        event = planned_anew(incident, [now], policy, MONDAY + number * HOUR)
        assert event is not None
        incident = evolve(incident, event)
        assert planned_anew(incident, [now], other, MONDAY + 100 * HOUR) is None, "what is planned stays planned"
        plan = event.planned[0].plan
        plans.append(plan and plan.steps.before)
    assert plans == [(48, 24, 12, 6, 2), (48, 24, 12, 6, 2), None, (1,)]
    assert len(incident.plans["gdpr.33.1"]) == 4
