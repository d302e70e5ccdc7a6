"""Write down when something happened higher up in the chain, and who says so; sources that disagree stay side by side."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.incident import Incident
from models.supply_events import Milestone, Tier, TierTimeStated
from services.ports.world import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role


def state_tier_time(
    incident_id: IncidentId,
    *,
    tier: Tier,
    organisation: str,
    milestone: Milestone,
    not_before: datetime,
    not_after: datetime,
    source: str,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record the time, exact where both ends are the same. Raises StepOutOfOrder for one that has not come."""
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(not_before, now)
    event = TierTimeStated(
        tier=tier,
        organisation=organisation,
        milestone=milestone,
        not_before=not_before,
        not_after=not_after,
        source=source,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
