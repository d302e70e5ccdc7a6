"""Add a dated line to the log of the notice to the public; it is read once a version that holds it is out."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.incident import Incident
from models.publication import PublicStatusNoted
from services.ports.world import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role


def note_status(
    incident_id: IncidentId, *, text: str, happened_at: datetime, by: ActorId, now: datetime, world: World
) -> Incident:
    """Record ``text`` as what happened at ``happened_at``. Raises StepOutOfOrder for a time to come."""
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(happened_at, now)
    event = PublicStatusNoted(text=text, occurred_at=happened_at, recorded_at=now, recorded_by=by)
    return write_down(case, event, world=world)
