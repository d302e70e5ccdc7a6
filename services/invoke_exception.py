"""Record that a delegate relies on an exception of Article 34(3)."""

from datetime import datetime
from typing import Literal

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.events import ExceptionInvoked, Risk
from models.incident import Incident
from services.ports import World
from services.record import read, write_down
from services.roles import DECIDES, require_role


def invoke_exception(
    incident_id: IncidentId,
    *,
    provision: Literal["gdpr.34.3.a", "gdpr.34.3.b", "gdpr.34.3.c"],
    reasoning: str,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down the exception and why it applies. Raises StepOutOfOrder unless a high risk has been decided."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    decision = case.incident.decision
    if decision is None or decision.level is not Risk.HIGH:
        raise StepOutOfOrder(
            N_("There is no duty to except from in {incident}."),
            why=N_("Article 34 asks for letters only at a high risk, and no such decision stands."),
            remedy=N_("Decide the risk first."),
            incident=incident_id,
        )
    event = ExceptionInvoked(provision=provision, reasoning=reasoning, occurred_at=now, recorded_at=now, recorded_by=by)
    return write_down(case, event, world=world)
