"""Record which law the processing falls under: purpose decides, not organisation."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.events import Regime, RegimeDetermined
from models.incident import Incident
from services.ports import World
from services.record import read, write_down
from services.roles import PREPARES, require_role


def determine_regime(
    incident_id: IncidentId,
    *,
    regime: Regime,
    reasoning: str,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down ``regime`` with its reasons."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    event = RegimeDetermined(regime=regime, reasoning=reasoning, occurred_at=now, recorded_at=now, recorded_by=by)
    return write_down(case, event, world=world)
