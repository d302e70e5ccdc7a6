"""Release the approved letter to the people concerned. From here on the engine sends; nobody needs to press again."""

from datetime import datetime

from letters.language import say
from models.base import ActorId, IncidentId
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, StepOutOfOrder
from models.events import CommunicationStarted
from models.incident import Incident
from services.confirm import require_code
from services.drafts import COMMUNICATION
from services.issue import approved
from services.ports import World
from services.record import read, read_open, write_down
from services.roles import DECIDES, require_role


def communication_of(incident_id: IncidentId) -> str:
    """Return the id under which the recipients and messages of the incident's letters are kept."""
    return f"{incident_id}/gdpr.34.1"


def release_of(incident_id: IncidentId, *, by: ActorId, world: World) -> Subject:
    """Return what a code for the release is bound to: the approved text, and how many it goes to."""
    incident = read(incident_id, world.timeline).incident
    count = world.recipients.count(communication_of(incident_id))
    approval = incident.approvals.get(COMMUNICATION)
    return Subject(
        act=Act.RELEASE_LETTERS,
        incident_id=incident_id,
        actor=by,
        content=digest_of([approval and approval.sha256, count]),
        said=say(N_("{count} recipients"), count=count),
    )


def start_communication(
    incident_id: IncidentId,
    *,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record the release, confirmed by the ``code`` for ``release_of`` it.

    Raises NotApproved without an approved letter, StepOutOfOrder without recipients, NotConfirmed without the code.
    """
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
    require_code(release_of(incident_id, by=by, world=world), code, now=now, world=world)
    event = CommunicationStarted(
        communication=communication,
        recipients=count,
        sha256=case.incident.approvals[COMMUNICATION].sha256,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
