"""Remind whoever must act: what is due for one person in one case goes in one message, claimed before it is sent.

Everything missed since the last time is in it, so an outage is caught up once. What was sent is written down in the
case after; a run that dies in between leaves it to the next, which finds it in the ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from models.base import ENGINE, ActorId, IncidentId
from models.duty import Duty
from models.events import Event
from models.incident import Incident
from models.parties import Role
from models.recipient import DeliveryState
from models.record_events import ReminderPassedOn, ReminderSent
from models.reminder import LedgerRow
from services.due.deadlines import deadlines_of
from services.ports.world import World
from services.record import Case, read, write_down
from services.reminding.line import due_steps, line_changes_at
from services.reminding.messages import Message, Scribe
from services.reminding.plan import next_at, planned_anew, running

TRY_AGAIN, SEND_ON = timedelta(minutes=5), timedelta(minutes=15)
"""When to come back to a reminder that a mail server put off, and to the letters of a communication."""

_ROLES = frozenset(Role)
_GONE = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


class Due(NamedTuple):
    """One case as a sweep found it, with the messages that are due."""

    case: Case
    deadlines: tuple[Duty, ...]
    messages: tuple[Message, ...]


def prepare(incident_id: IncidentId, rows: Sequence[LedgerRow], *, now: datetime, world: World) -> Due:
    """Return what is due in the case by ``now``, with its deadlines planned; ``rows`` is what the ledger has of it.

    Raises UnknownReference, TimelineConflict.
    """
    case = read(incident_id, world.timeline)
    deadlines = deadlines_of(case.incident, world.book)
    planned = planned_anew(case.incident, deadlines, world.policy, now)
    if planned is not None:
        write_down(case, planned, world=world)
        case = read(incident_id, world.timeline)
    return Due(case, deadlines, tuple(_messages(case.incident, deadlines, rows, now, world)))


def record(due: Due, rows: Sequence[LedgerRow], *, now: datetime, world: World) -> Case:
    """Write down what the ledger (``rows``) says has gone and the timeline does not, and return the case with it.

    Raises TimelineConflict; run it again then.
    """
    told = {(step, person) for sent in due.case.incident.reminders for step in sent.steps for person in sent.to}
    sent_now = {entry for message in due.messages for entry in message.entries}
    untold: dict[tuple[str, ActorId], list[str]] = defaultdict(list)
    for row in rows:
        entry = row.entry
        if row.state in _GONE and (entry in sent_now or (entry.step, entry.person) not in told):
            untold[entry.deadline, entry.person].append(entry.step)
    stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": ENGINE}
    instead = (ReminderPassedOn.model_validate({"deadlines": (one,), **stamp}) for one in unreached(due, rows))
    events: tuple[Event, ...] = (*_sent(untold, now), *instead)
    if not events:
        return due.case
    incident = write_down(due.case, *events, world=world)
    return Case(incident, (*due.case.history, *events))


def unreached(due: Due, rows: Sequence[LedgerRow]) -> tuple[str, ...]:
    """Return the deadlines that somebody's mailbox refused to be told of, and for which nobody was called instead.

    Once for each mailbox: its later refusals are no news.
    """
    found: list[str] = []
    for run in running(due.case.incident, due.deadlines):
        first: dict[ActorId, LedgerRow] = {}
        for row in sorted(rows, key=lambda row: row.claimed_at):
            if row.state is DeliveryState.REFUSED and row.entry.deadline == run.duty.key:
                first.setdefault(row.entry.person, row)
        called = [one.occurred_at for one in run.answers if one.recorded_by == ENGINE]
        if any(_is_lost(row, called) for row in first.values()):
            found.append(run.duty.key)
    return tuple(found)


def look_at(due: Due, incident: Incident, *, waits: bool, now: datetime, world: World) -> datetime | None:
    """Return when a sweep must look at the case again: at the next step of any open deadline, or soon if mail ``waits``."""
    party = world.register.party(incident.party)
    upcoming: list[datetime] = []
    for run in running(incident, due.deadlines):
        upcoming += [next_at(run, now), *line_changes_at(run, party, world.register, now)]
    later = (now + TRY_AGAIN if waits else None, now + SEND_ON if incident.is_sending else None)
    return min([*upcoming, *filter(None, later)], default=None)


def _is_lost(first: LedgerRow, called: Iterable[datetime]) -> bool:
    """Tell whether nobody was called instead since a mailbox first refused: whoever was called themselves, since after that."""
    was_called = first.entry.step.rpartition(" ")[2] in _ROLES
    return not any(at > first.claimed_at if was_called else at >= first.claimed_at for at in called)


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
