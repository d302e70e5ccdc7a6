"""Record that a suspicion was no personal data breach. The decision stays on file (Article 33(5); 4(12))."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.breach_events import BreachRuledOut
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import DECIDES, require_role


def rule_out_breach(incident_id: IncidentId, *, reasoning: str, by: ActorId, now: datetime, world: World) -> Incident:
    """Write down why no personal data were lost, altered, disclosed or accessed.

    Raises StepOutOfOrder once awareness is established: then it is a matter of risk, or of correcting the awareness.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    event = BreachRuledOut(reasoning=reasoning, occurred_at=now, recorded_at=now, recorded_by=by)
    if case.incident.aware_at is not None and event not in case.history:
        raise StepOutOfOrder(
            N_("Awareness is established in {incident}, so the breach cannot be ruled out."),
            why=N_("From awareness on there is a breach, and what may be decided is how great the risk is."),
            remedy=N_("Decide that a risk is unlikely, and say in the reasons that no personal data were concerned."),
            incident=incident_id,
        )
    return write_down(case, event, world=world)
