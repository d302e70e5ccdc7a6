"""Remind whoever must act: what is due for one person in one case goes in one message, claimed before it is sent.

Everything missed since the last time is in it, so an outage is caught up once. What was sent is written down in the
case after; a run that dies in between leaves it to the next, which finds it in the ledger.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from models.base import ENGINE, ActorId, IncidentId
from models.duty import Duty
from models.incident import Incident
from models.recipient import DeliveryState
from models.record_events import ReminderSent
from models.reminder import LedgerRow
from services.due.deadlines import deadlines_of
from services.ports.world import World
from services.record import Case, read, write_down
from services.reminding.line import due_steps, line_changes_at
from services.reminding.messages import Message, Scribe
from services.reminding.plan import next_at, planned_anew, running

TRY_AGAIN, SEND_ON = timedelta(minutes=5), timedelta(minutes=15)
"""When to come back to a reminder that a mail server put off, and to the letters of a communication."""

_GONE = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


class Due(NamedTuple):
    """One case as a sweep found it, with the messages that are due."""

    case: Case
    deadlines: tuple[Duty, ...]
    messages: tuple[Message, ...]


def prepare(incident_id: IncidentId, *, now: datetime, world: World) -> Due:
    """Return what is due in the case by ``now``, with its deadlines planned. Raises UnknownReference, TimelineConflict."""
    case = read(incident_id, world.timeline)
    deadlines = deadlines_of(case.incident, world.book)
    planned = planned_anew(case.incident, deadlines, world.policy, now)
    if planned is not None:
        write_down(case, planned, world=world)
        case = read(incident_id, world.timeline)
    rows = world.ledger.rows(incident_id)
    return Due(case, deadlines, tuple(_messages(case.incident, deadlines, rows, now, world)))


def record(due: Due, *, now: datetime, world: World) -> Case:
    """Write down what the ledger says has gone and the timeline does not, and return the case with it.

    Raises TimelineConflict; run it again then.
    """
    told = {(step, person) for sent in due.case.incident.reminders for step in sent.steps for person in sent.to}
    sent_now = {entry for message in due.messages for entry in message.entries}
    untold: dict[tuple[str, ActorId], list[str]] = defaultdict(list)
    for row in world.ledger.rows(due.case.incident.id):
        entry = row.entry
        if row.state in _GONE and (entry in sent_now or (entry.step, entry.person) not in told):
            untold[entry.deadline, entry.person].append(entry.step)
    events = tuple(_sent(untold, now))
    if not events:
        return due.case
    incident = write_down(due.case, *events, world=world)
    return Case(incident, (*due.case.history, *events))


def look_at(due: Due, incident: Incident, *, now: datetime, world: World) -> datetime | None:
    """Return when a sweep must look at the case again: at the next step of any open deadline, or soon if mail waits."""
    party = world.register.party(incident.party)
    upcoming: list[datetime] = []
    for run in running(incident, due.deadlines):
        upcoming += [next_at(run, now), *line_changes_at(run, party, world.register, now)]
    waits = any(row.state is DeliveryState.DEFERRED for row in world.ledger.rows(incident.id))
    later = (now + TRY_AGAIN if waits else None, now + SEND_ON if incident.is_sending else None)
    return min([*upcoming, *filter(None, later)], default=None)


def _messages(
    incident: Incident, deadlines: tuple[Duty, ...], rows: Sequence[LedgerRow], now: datetime, world: World
) -> Iterator[Message]:
    party, scribe = world.register.party(incident.party), Scribe(incident, now, world)
    taken = {row.entry for row in rows if row.state is not DeliveryState.DEFERRED}
    told = {(entry.deadline, entry.step) for entry in taken}
    found = [one for run in running(incident, deadlines) for one in due_steps(run, party, world.register, now)]
    for person in dict.fromkeys(one.to.person for one in found):
        mine = [one for one in found if one.to.person == person and one.entry(incident.id) not in taken]
        if mine:
            yield scribe.reminder(person, mine, told)
    yield from scribe.settled(deadlines, rows)


def _sent(untold: dict[tuple[str, ActorId], list[str]], now: datetime) -> Iterator[ReminderSent]:
    """Yield one event for each deadline and set of steps, with everybody who got just those."""
    alike: dict[tuple[str, tuple[str, ...]], list[ActorId]] = defaultdict(list)
    for (deadline, person), steps in untold.items():
        alike[deadline, tuple(steps)].append(person)
    stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": ENGINE}
    for (deadline, covered), people in alike.items():
        yield ReminderSent.model_validate({"provision": deadline, "steps": covered, "to": tuple(people), **stamp})
