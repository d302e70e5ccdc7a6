"""Do whatever an incident needs by now: remind, go on sending, and say when to look again."""

from datetime import datetime

from models.base import IncidentId
from models.incident import Incident
from services.anchor_chain import TRY_AGAIN, anchor_chain, next_anchor
from services.communicate import communicate
from services.deadlines import deadlines_of
from services.plan import next_at
from services.ports import World
from services.record import read
from services.remind import remind
from services.tend_controllers import next_try, tend_controllers


async def advance(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Bring ``incident_id`` up to ``now``. Safe to run again; raises what sending raises, with the rest kept."""
    incident = await remind(incident_id, now=now, world=world)
    if incident.is_sending:
        incident = await communicate(incident_id, now=now, world=world)
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
