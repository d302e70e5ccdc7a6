"""Close the file. Nothing closes while a duty is owed or undecided."""

from datetime import datetime

from law.statute_book import StatuteBook
from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.events import IncidentClosed
from models.incident import Incident
from services.ports import World
from services.record import read, write_down
from services.roles import DECIDES, require_role
from services.unsettled import unsettled


def close_incident(
    incident_id: IncidentId,
    *,
    reasoning: str,
    lessons: str,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record the closing. Raises StepOutOfOrder naming every duty still open and every hole in the documentation."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    event = IncidentClosed(reasoning=reasoning, lessons=lessons, occurred_at=now, recorded_at=now, recorded_by=by)
    if event not in case.history:
        _require_settled(case.incident, world.book)
    return write_down(case, event, world=world)


def _require_settled(incident: Incident, book: StatuteBook) -> None:
    open_ones = unsettled(incident, book)
    if open_ones:
        raise StepOutOfOrder(
            N_("{incident} cannot be closed."),
            why=N_("These are not settled: {provision}."),
            remedy=N_("Fulfil each of them, or record the decision that makes it not required."),
            incident=incident.id,
            provision=open_ones,
        )
