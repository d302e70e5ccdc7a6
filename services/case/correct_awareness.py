"""Correct when the organisation became aware. Open time limits move; the old time stays on record."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.breach_events import AwarenessCorrected
from models.incident import Incident
from services.ports.world import World
from services.record import read_open, require_awareness, require_past, write_down
from services.roles import PREPARES, require_role


def correct_awareness(
    incident_id: IncidentId,
    *,
    aware_at: datetime,
    because: str,
    evidence: str,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Move the start of the clock to ``aware_at``. Raises StepOutOfOrder before awareness, or for a time to come."""
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_awareness(case.incident)
    require_past(aware_at, now)
    event = AwarenessCorrected(
        aware_at=aware_at,
        supersedes=case.incident.awareness_sequence or 1,
        because=because,
        evidence=evidence,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    earlier = (past for past in case.history if isinstance(past, AwarenessCorrected))
    if any(event.model_copy(update={"supersedes": past.supersedes}) == past for past in earlier):
        return case.incident
    return write_down(case, event, world=world)
