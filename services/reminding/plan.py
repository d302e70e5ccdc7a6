"""When each deadline is due for a reminder. Pure: the same timeline and instant, the same plan."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count, takewhile
from typing import NamedTuple

from models.base import ENGINE
from models.duty import Duty, DutyStatus
from models.incident import Incident
from models.parties import Role
from models.policy import Plan, ReminderPolicy
from models.record_events import ReminderAcknowledged, ReminderPassedOn, RemindersPlanned
from models.reminder import AGAIN, AT_WORK, EVENING, STARTS, PlannedDeadline
from services.due.working_days import at_work, evening_before

_DAY = timedelta(days=1)

_TURNS_ON_THE_RISK = ("gdpr.33.1", "se.brottsdatalagen.3.9")
"""The notifications that a decision on the risk may lift: whoever is reminded of them is reminded of the decision."""


class Step(NamedTuple):
    """One reminder: its name in the ledger and its instant. A moved time limit gives new names, so it starts anew.

    With a ``role`` it calls that role in addition; without one it goes to everybody who is reminded by then.
    """

    name: str
    at: datetime
    role: Role | None = None


class Running(NamedTuple):
    """An open deadline, the plan it started with, and what people have answered to its reminders."""

    duty: Duty
    planned: PlannedDeadline
    plan: Plan
    answers: tuple[ReminderAcknowledged | ReminderPassedOn, ...]

    @property
    def anchor(self) -> str:
        """What begins the names of its steps."""
        return f"{self.duty.key} {self.duty.due_at or self.duty.since:%Y-%m-%dT%H:%MZ}"


def to_remind_of(deadlines: Iterable[Duty]) -> tuple[Duty, ...]:
    """Return the open deadlines, without a waiting decision that an open time limit reminds of already."""
    found = tuple(deadlines)
    limited = any(duty.status is DutyStatus.OWED and duty.provision in _TURNS_ON_THE_RISK for duty in found)
    return tuple(duty for duty in found if duty.is_open and not (limited and duty.status is DutyStatus.UNDECIDED))


def planned_anew(
    incident: Incident, deadlines: Iterable[Duty], policy: ReminderPolicy, now: datetime
) -> RemindersPlanned | None:
    """Return what has started, moved or ended since it was last written down; None if nothing has.

    What moves keeps the plan it started with; what opens again starts with the policy of today.
    """
    last = {key: plans[-1] for key, plans in incident.plans.items()}
    open_ones = {duty.key: duty for duty in to_remind_of(deadlines)}
    changed = [
        *(_planned(duty, last.get(duty.key), incident.party, policy, now) for duty in open_ones.values()),
        *(_ended(one, now) for key, one in last.items() if one.plan is not None and key not in open_ones),
    ]
    new = tuple(one for one in changed if one is not None)
    return RemindersPlanned(planned=new, occurred_at=now, recorded_at=now, recorded_by=ENGINE) if new else None


def running(incident: Incident, deadlines: Iterable[Duty]) -> tuple[Running, ...]:
    """Return the deadlines that are reminded of, each with its plan; those not planned yet are left out."""
    found: list[Running] = []
    for duty in to_remind_of(deadlines):
        plans = incident.plans.get(duty.key, ())
        if plans and (plan := plans[-1].plan) is not None:
            given = (one for one in incident.answers if duty.key in one.deadlines and one.occurred_at >= duty.since)
            found.append(Running(duty, plans[-1], plan, tuple(given)))
    return tuple(found)


def steps_of(run: Running, until: datetime) -> tuple[Step, ...]:
    """Return every step of the deadline in order, the endless ones as far as ``until``: where answers have put them.

    Steps before aim at the operative time limit, steps after at the legal one; a step from before the deadline arose
    is left out. The night and the days off add steps and remove none.
    """
    own = [step for planned in _planned_steps(run, until + _DAY) for step in _with_extra(planned, run)]
    at_once, windows = _called_at_once(own, run.answers), tuple(_windows(run))
    patience = timedelta(hours=run.plan.patience)
    placed = (
        (at_once[step.name], timedelta()) if step.name in at_once else (step, patience if step.role else timedelta())
        for step in own
    )
    steps = (step._replace(at=_postponed(step.at, windows, patience)) for step, patience in placed)
    again = (Step(f"{run.anchor} {AGAIN} {ends:%Y-%m-%dT%H:%MZ}", ends) for ends in _reminded_again(windows, run))
    return tuple(sorted((*steps, *again), key=lambda step: (step.at, step.name)))


def passed(run: Running, now: datetime) -> tuple[Step, ...]:
    """Return the steps whose time has come by ``now``."""
    return tuple(takewhile(lambda step: step.at <= now, steps_of(run, now)))


def next_at(run: Running, now: datetime) -> datetime:
    """Return when the next step comes; there always is one."""
    counts_from = max(now, run.duty.due_at or run.duty.since)
    horizon = counts_from + timedelta(hours=run.plan.steps.then_every) + _DAY
    return min(step.at for step in steps_of(run, horizon) if step.at > now)


def _planned(
    duty: Duty, last: PlannedDeadline | None, party: str, policy: ReminderPolicy, now: datetime
) -> PlannedDeadline | None:
    runs_on = last is not None and last.plan is not None
    same = last is not None and (last.due_at, last.due_at or last.since) == (duty.due_at, duty.due_at or duty.since)
    if runs_on and same:
        return None
    plan = last.plan if runs_on and last is not None else policy.plan(party, duty.provision)
    return PlannedDeadline(deadline=duty.key, at=now, since=duty.since, due_at=duty.due_at, plan=plan)


def _ended(last: PlannedDeadline, now: datetime) -> PlannedDeadline:
    return last.model_copy(update={"at": now, "plan": None})


def _planned_steps(run: Running, until: datetime) -> Iterator[tuple[Step, bool]]:
    """Yield the steps as the plan has them, and of each whether it comes ahead of what it reminds of."""
    duty, steps = run.duty, run.plan.steps
    if duty.due_at is None or duty.operate_at is None:
        yield from ((step, False) for step in _after(run, duty.since, steps.since, until))
        yield from ((_call(run, duty.since, hours, role), False) for role, hours in steps.call_since.items())
        return
    if steps.announce and duty.status is not DutyStatus.UNDECIDED:
        yield Step(f"{run.anchor} {STARTS}", run.planned.at), False
    before = (_step(run, duty.operate_at, -hours) for hours in steps.before)
    yield from ((step, True) for step in before if step.at > duty.since)
    yield from ((_call(run, duty.operate_at, -hours, role), True) for role, hours in steps.call_before.items())
    yield from ((step, False) for step in _after(run, duty.due_at, steps.after, until))


def _after(run: Running, start: datetime, hours: tuple[int, ...], until: datetime) -> Iterator[Step]:
    yield from (_step(run, start, step) for step in hours)
    last, every = hours[-1] if hours else 0, run.plan.steps.then_every
    yield from takewhile(
        lambda step: step.at <= until, (_step(run, start, step) for step in count(last + every, every))
    )


def _step(run: Running, start: datetime, hours: int) -> Step:
    return Step(f"{run.anchor} {hours:+d} h", start + timedelta(hours=hours))


def _call(run: Running, start: datetime, hours: int, role: Role) -> Step:
    """Call ``role``, but not before those who were told first have had a while to answer."""
    step = _step(run, start, hours)
    return Step(f"{step.name} {role}", max(step.at, run.planned.at + timedelta(hours=run.plan.patience)), role)


def _with_extra(planned: tuple[Step, bool], run: Running) -> Iterator[Step]:
    step, ahead = planned
    yield step
    if step.name.endswith(f" {STARTS}"):
        return
    night, hours = run.plan.night, run.plan.working_hours
    evening = evening_before(step.at, night) if night else None
    working = at_work(step.at, hours, ahead=ahead) if hours else None
    for at, name in ((evening, EVENING), (working, AT_WORK)):
        if at is not None and at > run.duty.since:
            yield Step(f"{step.name} {name}", at, step.role)


def _called_at_once(
    steps: Iterable[Step], answers: Iterable[ReminderAcknowledged | ReminderPassedOn]
) -> dict[str, Step]:
    """Return, by name, the calls that come earlier because somebody cannot: for each who cannot, the next in line."""
    line = sorted((step for step in steps if step.role), key=lambda step: step.at)
    moved: dict[str, Step] = {}
    for answer in answers:
        waiting = [step for step in line if step.at > answer.occurred_at and step.name not in moved]
        if isinstance(answer, ReminderPassedOn) and waiting:
            its_own = (step for step in waiting if step.role is waiting[0].role)
            moved |= {step.name: step._replace(at=answer.occurred_at) for step in its_own}
    return moved


def _windows(run: Running) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when until when nobody is reminded: never past the time limit, nor after whoever answered gave it up."""
    operate_at = run.duty.operate_at
    for answer in run.answers:
        if isinstance(answer, ReminderAcknowledged):
            limit = [operate_at] if operate_at and operate_at > answer.occurred_at else []
            given_up = [
                later.occurred_at
                for later in run.answers
                if isinstance(later, ReminderPassedOn)
                and later.recorded_by == answer.recorded_by
                and later.occurred_at >= answer.occurred_at
            ]
            yield answer.occurred_at, min([answer.until, *limit, *given_up])


def _postponed(at: datetime, windows: tuple[tuple[datetime, datetime], ...], patience: timedelta) -> datetime:
    """Return when a step comes that would have come while somebody has it in hand, or too soon after."""
    for begins, ends in windows:
        if begins <= at < ends + patience:
            at = ends + patience
    return at


def _reminded_again(windows: tuple[tuple[datetime, datetime], ...], run: Running) -> Iterator[datetime]:
    """Yield when an answer runs out without another one in its place; at the time limit there is a step already."""
    for _, ends in windows:
        taken_over = any(begins <= ends < later for begins, later in windows)
        if not taken_over and ends != run.duty.operate_at:
            yield ends
