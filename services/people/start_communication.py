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
from services.documents.drafts import COMMUNICATION, CORRECTION
from services.documents.issue import approved
from services.people.batches import in_no_batch
from services.people.communication import communication_of
from services.people.found_later import NOBODY, Found, found, laid_aside, next_round
from services.ports.world import World
from services.record import read, read_open, write_down
from services.roles import DECIDES, require_role


def release_of(incident_id: IncidentId, *, letter: str = COMMUNICATION, by: ActorId, world: World) -> Subject:
    """Return what a code for the release is bound to: the approved text, and exactly the lists it goes to."""
    incident = read(incident_id, world.timeline).incident
    approval = incident.approvals.get(letter)
    lists = [(world.recipients.count(one), world.recipients.fingerprint(one)) for one in _lists(incident, letter)]
    later = _later(incident, letter, world)
    count = later.unwritten if _is_out(incident, letter) else lists[0][0] + later.new
    return Subject(
        act=Act.RELEASE_LETTERS,
        incident_id=incident_id,
        actor=by,
        content=digest_of([approval and approval.sha256, *(part for one in lists for part in one)]),
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

    ``letter`` is the first one, a later one with what is new, or the correction; or one that is out already, for those
    who were found since. Raises NotApproved without an approved letter, NotConfirmed without the code, StepOutOfOrder
    without recipients, while an earlier letter is on its way, or while letters of an earlier release wait to be taken out.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    is_out = _is_out(case.incident, letter)
    later = _later(case.incident, letter, world)
    if is_out and later == NOBODY:
        return case.incident
    approved(letter, incident=case.incident, world=world)
    communication = communication_of(incident_id)
    count = world.recipients.count(communication) + later.new
    _require_turn(case.incident, count)
    if is_out:
        _require_unwritten(case.incident, later)
    _require_taken_out(case.incident, world)
    require_code(release_of(incident_id, letter=letter, by=by, world=world), code, now=now, world=world)
    event = CommunicationStarted(
        communication=communication,
        recipients=count,
        sha256=case.incident.approvals[letter].sha256,
        letter=letter,
        round=next_round(case.incident),
        found=later.unwritten if is_out else 0,
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


def _require_taken_out(incident: Incident, world: World) -> None:
    """Refuse another release while printed letters are in no print file: only those of the last one can be taken out."""
    waiting = in_no_batch(incident, world)
    if waiting:
        raise StepOutOfOrder(
            N_("{waiting} printed letters of {incident} are in no print file yet."),
            why=N_("After the next release they could not be taken out, and their people would be counted as told."),
            remedy=N_(
                "Take out the print files first, of the sealed and the digital letters too. Then release this one."
            ),
            waiting=waiting,
            incident=incident.id,
        )


def _lists(incident: Incident, letter: str) -> tuple[str, ...]:
    own = communication_of(incident.id)
    return (own,) if letter == CORRECTION else (own, laid_aside(incident))


def _later(incident: Incident, letter: str, world: World) -> Found:
    """Return who was found since and is let in; nobody by a correction: they have nothing to correct."""
    approval = incident.approvals.get(letter)
    return NOBODY if letter == CORRECTION else found(incident, approval.sha256 if approval else None, world)


def _is_out(incident: Incident, letter: str) -> bool:
    """Tell whether the letter, as it is approved, was released before."""
    approval = incident.approvals.get(letter)
    return approval is not None and any(approval.sha256 == earlier.sha256 for earlier in incident.releases)


def _require_unwritten(incident: Incident, later: Found) -> None:
    if not later.unwritten:
        raise StepOutOfOrder(
            N_("Everybody on the new list of {incident} has the letter already."),
            why=N_("Of {count} people on it, each has had it, and nobody gets it twice."),
            remedy=N_("There is nobody to write to. Is it a new letter you mean? Draft it and have it approved first."),
            incident=incident.id,
            count=later.people,
        )
