"""Release the approved letter to the people concerned. From here on the engine sends; nobody needs to press again."""

from datetime import datetime

from letters.language import say
from models.base import ActorId, IncidentId
from models.communication_events import CommunicationStarted
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from services.confirm import require_code
from services.documents.draft_names import preview_name
from services.documents.drafts import COMMUNICATION
from services.documents.issue import approved
from services.ports.world import World
from services.record import read, read_open, write_down
from services.roles import DECIDES, require_role


def communication_of(incident_id: IncidentId) -> str:
    """Return the id under which the recipients and messages of the incident's letters are kept."""
    return f"{incident_id}/gdpr.34.1"


def release_of(incident_id: IncidentId, *, letter: str = COMMUNICATION, by: ActorId, world: World) -> Subject:
    """Return what a code for the release is bound to: the approved text, and exactly the list it goes to."""
    incident = read(incident_id, world.timeline).incident
    count = world.recipients.count(communication_of(incident_id))
    approval = incident.approvals.get(letter)
    listed = world.recipients.fingerprint(communication_of(incident_id))
    return Subject(
        act=Act.RELEASE_LETTERS,
        incident_id=incident_id,
        actor=by,
        content=digest_of([approval and approval.sha256, count, listed]),
        said=say(N_("{count} recipients"), count=count),
    )


def start_communication(
    incident_id: IncidentId,
    *,
    letter: str = COMMUNICATION,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record the release, confirmed by the ``code`` for ``release_of`` it.

    ``letter`` is the first one, a later one with what is new, or the correction. Raises NotApproved without an approved
    letter, StepOutOfOrder without recipients or while an earlier letter is on its way, NotConfirmed without the code.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    approval = case.incident.approvals.get(letter)
    if approval is not None and any(approval.sha256 == earlier.sha256 for earlier in case.incident.releases):
        return case.incident
    approved(letter, incident=case.incident, world=world)
    communication = communication_of(incident_id)
    count = world.recipients.count(communication)
    _require_turn(case.incident, count)
    require_code(release_of(incident_id, letter=letter, by=by, world=world), code, now=now, world=world)
    event = CommunicationStarted(
        communication=communication,
        recipients=count,
        sha256=case.incident.approvals[letter].sha256,
        letter=letter,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    world.print_room.clear(preview_name(incident_id))
    return write_down(case, event, world=world)


def _require_turn(incident: Incident, count: int) -> None:
    if incident.is_sending:
        raise StepOutOfOrder(
            N_("An earlier letter in {incident} is still on its way."),
            why=N_("A person who got two letters at once would not know which of them holds."),
            remedy=N_("Wait until everyone has the first one, and release this one then."),
            incident=incident.id,
        )
    if count == 0:
        raise StepOutOfOrder(
            N_("There is nobody to write to in {incident}."),
            why=N_("No recipients have been loaded."),
            remedy=N_("Load the list of people concerned first."),
            incident=incident.id,
        )
