"""Do what a case needs besides its reminders: send on, take in what came back, tend controllers, tell the registrar."""

from collections.abc import Awaitable
from datetime import datetime
from typing import NamedTuple, Protocol

from models.base import IncidentId
from models.errors import TimglasError
from models.incident import Incident
from services.evidence.anchor_chain import TRY_AGAIN, anchor_chain, next_anchor
from services.filing.hand_to_registrar import hand_to_registrar, waiting_for_registrar
from services.people.communicate import communicate
from services.people.returned import reopen_returned
from services.ports.world import World
from services.record import Case, read
from services.supply.tend_controllers import next_try, tend_controllers


class Send(Protocol):
    """How letters that were released are sent: here and now, or by somebody else who is told to."""

    def __call__(self, incident_id: IncidentId, *, now: datetime, world: World) -> Awaitable[Incident]:
        """Send what is not sent yet, and return the incident as it stands then."""
        ...


class Advanced(NamedTuple):
    """The case as it stands, and when it needs something besides a reminder next; None if it does not."""

    case: Case
    look_at: datetime | None


async def go_on(case: Case, *, now: datetime, world: World, send: Send = communicate) -> Advanced:
    """Do what is due in ``case`` by ``now``. Safe to run again; raises what sending raises, with the rest kept.

    A case in which nothing is due is not read again: a sweep asks this of everyone it reminds.
    """
    incident_id, incident = case.incident.id, case.incident
    if incident.started is not None:
        incident = reopen_returned(incident_id, now=now, world=world)
        if incident.is_sending and _may_go_on(incident, now, world):
            await send(incident_id, now=now, world=world)
    if incident.owed_as == "processor":
        await tend_controllers(incident_id, now=now, world=world)
    handing, anchored_at = bool(waiting_for_registrar(case, world)), next_anchor(case, world)
    fault: TimglasError | None = None
    try:
        if handing:
            await hand_to_registrar(incident_id, now=now, world=world)
    except TimglasError as refused:
        fault = refused  # the chain has its turn all the same
    if anchored_at is not None and anchored_at <= now:
        await anchor_chain(incident_id, now=now, world=world)
    if fault is not None:
        raise fault
    after = case if not handing and _stands(case, anchored_at, now) else read(incident_id, world.timeline)
    anchor_at = next_anchor(after, world)
    hand_at = now if waiting_for_registrar(after, world) else None
    ours = (max(at, now + TRY_AGAIN) for at in (anchor_at, hand_at) if at)
    upcoming = (*ours, next_try(after.incident, now, world))
    return Advanced(after, min(filter(None, upcoming), default=None))


def _stands(case: Case, anchored_at: datetime | None, now: datetime) -> bool:
    """Tell whether nothing can have been written in the case."""
    incident = case.incident
    anchored = anchored_at is not None and anchored_at <= now
    return incident.started is None and incident.owed_as != "processor" and not anchored


def _may_go_on(incident: Incident, now: datetime, world: World) -> bool:
    """Tell whether there may be something to do: what was put off, or is in somebody's hands, is left alone till then."""
    started = incident.started
    opens_at = world.outbox.opens_at(started.communication, started.sha256, now=now) if started else None
    return opens_at is None or opens_at <= now
