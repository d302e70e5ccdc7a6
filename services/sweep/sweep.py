"""Take every case that is due: remind, go on sending, and say when to look again. One that fails stops no other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from models.base import IncidentId
from models.errors import TimelineConflict
from models.health import Beat
from models.incident import Incident
from models.overview import Look, OpenDeadline
from models.recipient import DeliveryState
from services.people.communicate import communicate
from services.ports.world import World
from services.record import Case, read
from services.reminding.remind import Due, look_at, prepare, record, unreached
from services.reminding.reminder_post import send_reminders
from services.reminding.write_feeds import write_feeds
from services.sweep.advance import Send, go_on

SWEEP, TAKEN_OVER = "sweep", "sweep by the watch"
"""The names of its heartbeat: as it should be, and while the watch does it."""

CLOCK_MAY_DIFFER = timedelta(minutes=2)
"""A clock that is further behind the last sweep than this was set back."""

_WRONG_ENOUGH = timedelta(hours=1)
"""What a clock that ran ahead by no more than this has sent came early, but it came: it is not sent again."""

_ROUNDS = 2
"""How often a case that changed while it was taken is taken again in the same sweep; the next one has the rest."""

CALENDARS = "kalendrar"
"""What stands in the place of a case where it is the calendars that could not be written: people are reminded all the same."""

_TOGETHER = 20
"""Cases whose messages go over one connection and whose next instants are written in one transaction."""


class Swept(NamedTuple):
    """How many cases were due, and what went wrong, by case."""

    due: int
    faults: dict[IncidentId, Exception]


class _Reminded(NamedTuple):
    """A case whose people are reminded: as it was found, as it stands, and what is left for the next look.

    Mail ``waits`` for its server, or somebody is ``lost``: their mailbox refuses, and the next in line is to be called.
    """

    due: Due
    case: Case
    waits: bool
    lost: bool


async def sweep(*, now: datetime, world: World, name: str = SWEEP, send: Send = communicate) -> Swept:
    """Bring every case that is due by ``now`` up to date, and leave a heartbeat. Safe to run again, and beside another.

    Everybody is reminded before anything else is sent, so that a large communication keeps nobody waiting. The watch,
    which sweeps while nobody else does, has a ``name`` of its own: its heartbeat must not hide that the other is gone.
    """
    beat = Beat(name=name, started_at=now, clock_back_at=_mend_after_the_clock(now, world))
    world.heartbeat.beat(beat)
    due = world.timeline.due(now)
    faults = await _take(due, now, world, send)
    world.heartbeat.beat(beat.model_copy(update={"ended_at": now, "due": len(due), "faults": len(faults)}))
    return Swept(len(due), faults)


async def advance(incident_id: IncidentId, *, now: datetime, world: World, send: Send = communicate) -> Incident:
    """Bring one case up to ``now``. Safe to run again; raises what went wrong, with the rest kept."""
    for fault in (await _take([incident_id], now, world, send)).values():
        raise fault
    return read(incident_id, world.timeline).incident


def _mend_after_the_clock(now: datetime, world: World) -> datetime | None:
    """Return ``now`` if the clock was set back since the last sweep: what was sent ahead of its time goes again in time."""
    last = world.heartbeat.last(SWEEP)
    if last is None or last.started_at <= now + CLOCK_MAY_DIFFER:
        return None
    world.ledger.forget_ahead(now, claimed_after=now + _WRONG_ENOUGH)
    world.timeline.look_at_all(now)
    return now


async def _take(
    ids: Sequence[IncidentId], now: datetime, world: World, send: Send, again: int = _ROUNDS
) -> dict[IncidentId, Exception]:
    """Remind in all of ``ids``, then go on with the rest; a case that changed on the way is taken once more.

    Also one in which somebody else wrote meanwhile: that is no fault as long as the next try succeeds.
    """
    faults: dict[IncidentId, Exception] = {}
    reminded: dict[IncidentId, _Reminded] = {}
    for first in range(0, len(ids), _TOGETHER):
        reminded |= await _remind(ids[first : first + _TOGETHER], faults, now, world)
    changed: list[IncidentId] = []
    taken: list[tuple[_Reminded, datetime | None]] = []
    for incident_id, one in reminded.items():
        with _told(faults, incident_id):
            after, look = await go_on(one.case, now=now, world=world, send=send)
            if after.incident.length > one.case.incident.length or one.lost:
                changed.append(incident_id)
            after_all = one._replace(case=after)
            taken.append((after_all, _soonest(after_all, look, now, world)))
    _note(taken, world)
    with _told(faults, CALENDARS):
        write_feeds({one.case.incident.party for one, _ in taken}, now=now, world=world)
    changed += [key for key, fault in faults.items() if isinstance(fault, TimelineConflict)]
    if not changed or not again:
        return faults
    kept = {key: fault for key, fault in faults.items() if key not in changed}
    return kept | await _take(changed, now, world, send, again - 1)


async def _remind(
    ids: Sequence[IncidentId], faults: dict[IncidentId, Exception], now: datetime, world: World
) -> dict[IncidentId, _Reminded]:
    """Remind in some cases: one connection for their messages. Return those in which nothing went wrong, as they stand."""
    dues: dict[IncidentId, Due] = {}
    rows = world.ledger.rows_of(ids)
    for incident_id in ids:
        with _told(faults, incident_id):
            dues[incident_id] = prepare(incident_id, rows[incident_id], now=now, world=world)
    messages = [message for due in dues.values() for message in due.messages]
    faults.update(await send_reminders(messages, now=now, world=world))
    rows = world.ledger.rows_of(ids)
    reminded: dict[IncidentId, _Reminded] = {}
    for incident_id, due in dues.items():
        with _told(faults, incident_id):
            waits = any(row.state is DeliveryState.DEFERRED for row in rows[incident_id])
            lost = bool(unreached(due, rows[incident_id]))
            reminded[incident_id] = _Reminded(due, record(due, rows[incident_id], now=now, world=world), waits, lost)
    return {key: found for key, found in reminded.items() if key not in faults}


def _note(taken: Sequence[tuple[_Reminded, datetime | None]], world: World) -> None:
    """Write down, in one transaction for some cases at a time, what is open in each and when to look at it again."""
    for first in range(0, len(taken), _TOGETHER):
        some = taken[first : first + _TOGETHER]
        world.overview.keep((one.case.incident.id, _open_deadlines(one.due, one.case.incident)) for one, _ in some)
        world.timeline.look_again(Look(one.case.incident.id, one.case.incident.length, at) for one, at in some)


def _soonest(one: _Reminded, look: datetime | None, now: datetime, world: World) -> datetime | None:
    if one.lost:
        return now
    reminding = look_at(one.due, one.case.incident, waits=one.waits, now=now, world=world)
    return min(filter(None, (look, reminding)), default=None)


def _open_deadlines(due: Due, incident: Incident) -> tuple[OpenDeadline, ...]:
    return tuple(
        OpenDeadline(
            incident=incident.id,
            party=incident.party,
            duty=duty,
            version=max(len(incident.plans.get(duty.key, ())) - 1, 0),
        )
        for duty in due.deadlines
        if duty.is_open
    )


@contextmanager
def _told(faults: dict[IncidentId, Exception], incident_id: IncidentId) -> Iterator[None]:
    try:
        yield
    except Exception as fault:  # noqa: BLE001 - told by case, so that the other cases have their turn
        faults[incident_id] = fault
