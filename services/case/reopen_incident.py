"""Open a closed file again: what becomes known later is handled in the same case, on the same timeline."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.record_events import IncidentReopened
from services.ports.world import World
from services.record import read, write_down
from services.roles import DECIDES, require_role


def reopen_incident(incident_id: IncidentId, *, reasoning: str, by: ActorId, now: datetime, world: World) -> Incident:
    """Record that the case is open again, and why; what was decided and sent stands. Raises StepOutOfOrder if it is open."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    event = IncidentReopened(reasoning=reasoning, occurred_at=now, recorded_at=now, recorded_by=by)
    if event not in case.history and case.incident.closed is None:
        raise StepOutOfOrder(
            N_("{incident} is open already."),
            why=N_("Only a case that was closed can be opened again."),
            remedy=N_("Go on in the case as it is."),
            incident=incident_id,
        )
    return write_down(case, event, world=world)
