"""What a processor's case needs by now of its controllers: the rest of the notices, and those that nobody answered."""

from datetime import datetime, timedelta

from models.base import IncidentId
from models.incident import Incident
from services.ports.world import World
from services.record import read
from services.supply.chase_controllers import chase_controllers, chases
from services.supply.send_notices import send_notices

_PATIENCE = timedelta(minutes=15)
"""How long a mail server that asked for patience is left alone."""


async def tend_controllers(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Go on sending, then turn to the next contact points of those who are silent. Raises TransientPostError."""
    incident = read(incident_id, world.timeline).incident
    if incident.is_classified or incident.closed is not None:
        return incident
    if incident.supply.is_sending:
        await send_notices(incident_id, now=now, world=world)
    return await chase_controllers(incident_id, now=now, world=world)


def next_try(incident: Incident, now: datetime, world: World) -> datetime | None:
    """Return when something is next to be done towards a controller; None if nothing is."""
    if incident.owed_as != "processor" or incident.closed is not None:
        return None
    upcoming = [max(chase.at, now + _PATIENCE) for chase in chases(incident, world)]
    return min((*upcoming, *((now + _PATIENCE,) if incident.supply.is_sending else ())), default=None)
