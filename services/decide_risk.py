"""Record a delegate's decision on the level of risk, with the officer's advice beside it."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.events import Risk, RiskDecided
from models.incident import Incident
from services.ports import World
from services.record import read_open, require_awareness, write_down
from services.roles import DECIDES, require_role


def decide_risk(
    incident_id: IncidentId,
    *,
    level: Risk,
    reasoning: str,
    officer_advice: str | None = None,
    could_change: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down ``level`` and why. Raises StepOutOfOrder before awareness, NotEntitled for anyone but a delegate."""
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    require_awareness(case.incident)
    event = RiskDecided(
        level=level,
        reasoning=reasoning,
        officer_advice=officer_advice,
        could_change=could_change,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
