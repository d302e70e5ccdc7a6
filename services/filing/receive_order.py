"""Record what the authority decided about the communication: do it by a day, or a condition is met (Article 34(4))."""

from datetime import date, datetime

from models.base import ActorId, IncidentId
from models.breach_events import AuthorityOrderReceived, ExceptionProvision
from models.errors import N_, MissingParticular
from models.incident import Incident
from services.ports.world import World
from services.record import read, require_awareness, require_past, write_down
from services.roles import PREPARES, require_role


def receive_order(
    incident_id: IncidentId,
    *,
    reference: str,
    received_at: datetime,
    communicate_by: date | None = None,
    condition_met: ExceptionProvision | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down the decision under the authority's own ``reference``, with its day or the condition it found met.

    No exception and no decision on the risk lifts an order; a later decision of the authority takes its place. Raises
    MissingParticular unless it is exactly one of the two, StepOutOfOrder before awareness.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_awareness(case.incident)
    require_past(received_at, now)
    if (communicate_by is None) == (condition_met is None):
        raise MissingParticular(
            N_("It is not clear what the authority decided in {incident}."),
            why=N_("It either requires the communication by a day, or finds a condition of Article 34(3) met."),
            remedy=N_("Give the day, or the condition, but not both."),
            incident=incident_id,
        )
    event = AuthorityOrderReceived(
        reference=reference,
        communicate_by=communicate_by,
        condition_met=condition_met,
        occurred_at=received_at,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
