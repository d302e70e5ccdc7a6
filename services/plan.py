"""When each duty is next due for a reminder, and which steps have passed. Pure: the same timeline and instant, the same plan."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, takewhile
from typing import NamedTuple

from models.duty import Duty, DutyStatus
from models.incident import Incident
from models.policy import ReminderPolicy, Steps


class Step(NamedTuple):
    """One reminder: its name in the ledger and its instant. A moved time limit gives new names, so it starts anew."""

    name: str
    at: datetime


_TURNS_ON_THE_RISK = ("gdpr.33.1", "se.brottsdatalagen.3.9")
"""The notifications that a decision on the risk may lift: whoever is reminded of them is reminded of the decision."""


def steps_of(duty: Duty, steps: Steps) -> Iterator[Step]:
    """Yield the reminders of ``duty`` in order, without end: nothing open ever falls silent.

    Steps before aim at the operative time limit, steps after at the legal one; a step from before the duty arose is
    left out.
    """
    if duty.due_at is None or duty.operate_at is None:
        yield from _after(duty.since, steps.since, steps.then_every, duty.key)
        return
    for hours in steps.before:
        at = duty.operate_at - timedelta(hours=hours)
        if at > duty.since:
            yield _step(duty.key, duty.due_at, -hours, at)
    yield from _after(duty.due_at, steps.after, steps.then_every, duty.key)


def passed(duty: Duty, incident: Incident, policy: ReminderPolicy, now: datetime) -> tuple[Step, ...]:
    """Return the steps of ``duty`` due by ``now`` that nobody has been reminded of."""
    sent = {name for reminder in incident.reminders for name in reminder.steps}
    due = takewhile(lambda step: step.at <= now, steps_of(duty, policy.steps(duty.provision)))
    return tuple(step for step in due if step.name not in sent)


def to_remind_of(duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """Return the open duties, without a waiting decision that an open time limit reminds of already."""
    limited = any(duty.status is DutyStatus.OWED and duty.provision in _TURNS_ON_THE_RISK for duty in duties)
    return tuple(duty for duty in duties if duty.is_open and not (limited and duty.status is DutyStatus.UNDECIDED))


def next_at(duties: tuple[Duty, ...], incident: Incident, policy: ReminderPolicy, now: datetime) -> datetime | None:
    """Return when a sweep must look at ``incident`` again: the next reminder of any open duty, or None.

    What a mail server put off, a reminder or a letter, is tried again in a quarter of an hour.
    """
    open_duties = to_remind_of(duties)
    upcoming = [_next(duty, policy, now) for duty in open_duties]
    if incident.is_sending or any(passed(duty, incident, policy, now) for duty in open_duties):
        upcoming.append(now + timedelta(minutes=15))
    return min(upcoming, default=None)


def _next(duty: Duty, policy: ReminderPolicy, now: datetime) -> datetime:
    return next(step.at for step in steps_of(duty, policy.steps(duty.provision)) if step.at > now)


def _after(start: datetime, hours: tuple[int, ...], then_every: int, key: str) -> Iterator[Step]:
    for step in hours:
        yield _step(key, start, step, start + timedelta(hours=step))
    last = hours[-1] if hours else 0
    for step in count(last + then_every, then_every):
        yield _step(key, start, step, start + timedelta(hours=step))


def _step(key: str, anchor: datetime, hours: int, at: datetime) -> Step:
    return Step(f"{key} {anchor:%Y-%m-%dT%H:%MZ} {hours:+d} h", at)
