"""Record the moment the organisation became aware. This starts the clock."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.events import AwarenessEstablished
from models.incident import Incident
from services.ports import World
from services.record import read, require_past, write_down
from services.roles import PREPARES, require_role


def establish_awareness(
    incident_id: IncidentId,
    *,
    aware_at: datetime,
    evidence: str,
    reasoning: str,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Start the clock at ``aware_at``. Raises StepOutOfOrder if it runs already or the moment lies ahead of ``now``."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(aware_at, now)
    event = AwarenessEstablished(
        aware_at=aware_at,
        evidence=evidence,
        reasoning=reasoning,
        occurred_at=aware_at,
        recorded_at=now,
        recorded_by=by,
    )
    if case.incident.aware_at is not None and event not in case.history:
        raise StepOutOfOrder(
            N_("Awareness is established already in {incident}."),
            why=N_("Two starting points would give two time limits."),
            remedy=N_("If the time is wrong, correct it and say why; the old time stays on record."),
            incident=incident_id,
        )
    return write_down(case, event, world=world)
