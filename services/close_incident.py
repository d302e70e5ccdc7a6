"""Close the file. Nothing closes while a duty is owed or undecided."""

from datetime import datetime

from law.particulars import missing
from law.statute_book import StatuteBook
from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.events import IncidentClosed
from models.incident import Incident
from services.ports import World
from services.record import duties_of, law_for, read, write_down
from services.roles import DECIDES, require_role


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
    duties = duties_of(incident, book)
    unsettled = [duty.provision for duty in duties if duty.is_open and duty.provision != "gdpr.33.5"]
    holes = [item.key for item in missing("gdpr.33.5", incident.facts, law_for(incident, book))]
    to_document = any(duty.is_open and duty.provision == "gdpr.33.5" for duty in duties)
    if to_document and holes:
        unsettled.append("gdpr.33.5")
    if incident.reopened_by is not None and not incident.is_classified:
        unsettled.append("gdpr.34.1")  # what was told rests on the old facts: somebody must say that it still will do
    if unsettled:
        raise StepOutOfOrder(
            N_("{incident} cannot be closed."),
            why=N_("These are not settled: {provision}."),
            remedy=N_("Fulfil each of them, or record the decision that makes it not required."),
            incident=incident.id,
            provision=tuple(dict.fromkeys(unsettled)),
        )
