"""Do whatever an incident needs by now: remind, go on sending, and say when to look again."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol

from models.base import IncidentId
from models.incident import Incident
from services.anchor_chain import TRY_AGAIN, anchor_chain, next_anchor
from services.communicate import communicate
from services.deadlines import deadlines_of
from services.plan import next_at
from services.ports import World
from services.record import read
from services.remind import remind
from services.returned import reopen_returned
from services.tend_controllers import next_try, tend_controllers


class Send(Protocol):
    """How letters that were released are sent: here and now, or by somebody else who is told to."""

    def __call__(self, incident_id: IncidentId, *, now: datetime, world: World) -> Awaitable[Incident]:
        """Send what is not sent yet, and return the incident as it stands then."""
        ...


async def advance(incident_id: IncidentId, *, now: datetime, world: World, send: Send = communicate) -> Incident:
    """Bring ``incident_id`` up to ``now``. Safe to run again; raises what sending raises, with the rest kept."""
    await remind(incident_id, now=now, world=world)
    incident = reopen_returned(incident_id, now=now, world=world)
    if incident.is_sending and _may_go_on(incident, now, world):
        incident = await send(incident_id, now=now, world=world)
    if incident.owed_as == "processor":
        incident = await tend_controllers(incident_id, now=now, world=world)
    await anchor_chain(incident_id, now=now, world=world)
    case = read(incident_id, world.timeline)
    incident, anchored_at = case.incident, next_anchor(case, world)
    upcoming = (
        max(anchored_at, now + TRY_AGAIN) if anchored_at else None,
        next_at(deadlines_of(incident, world.book), incident, world.policy, now),
        next_try(incident, now, world),
    )
    due = min(filter(None, upcoming), default=None)
    world.timeline.look_again(incident_id, length=incident.length, at=due)
    return incident


def _may_go_on(incident: Incident, now: datetime, world: World) -> bool:
    """Tell whether there may be something to do: what was put off, or is in somebody's hands, is left alone till then."""
    started = incident.started
    opens_at = world.outbox.opens_at(started.communication, started.sha256, now=now) if started else None
    return opens_at is None or opens_at <= now
