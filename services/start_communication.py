"""Release the approved letter to the people concerned. From here on the engine sends; nobody needs to press again."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.events import CommunicationStarted
from models.incident import Incident
from services.drafts import COMMUNICATION
from services.issue import approved
from services.ports import World
from services.record import read_open, write_down
from services.roles import DECIDES, require_role


def communication_of(incident_id: IncidentId) -> str:
    """Return the id under which the recipients and messages of the incident's letters are kept."""
    return f"{incident_id}/gdpr.34.1"


def start_communication(
    incident_id: IncidentId,
    *,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record the release. Raises NotApproved without an approved letter, StepOutOfOrder without recipients."""
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    if case.incident.started is not None:
        return case.incident
    approved(COMMUNICATION, incident=case.incident, world=world)
    communication = communication_of(incident_id)
    count = world.recipients.count(communication)
    if count == 0:
        raise StepOutOfOrder(
            N_("There is nobody to write to in {incident}."),
            why=N_("No recipients have been loaded."),
            remedy=N_("Load the list of people concerned first."),
            incident=incident_id,
        )
    event = CommunicationStarted(
        communication=communication,
        recipients=count,
        sha256=case.incident.approvals[COMMUNICATION].sha256,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
