"""Close the file. Nothing closes while a duty is owed or undecided."""

from datetime import datetime

from law.statute_book import StatuteBook
from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.record_events import IncidentClosed
from services.due.unsettled import unsettled
from services.people.batches import require_posted
from services.ports.world import World
from services.record import read, write_down
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
    """Record the closing. Raises StepOutOfOrder naming every duty still open, every hole in the documentation, letters not posted."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    event = IncidentClosed(reasoning=reasoning, lessons=lessons, occurred_at=now, recorded_at=now, recorded_by=by)
    if event not in case.history:
        require_posted(case.incident, world)
        _require_settled(case.incident, world.book)
        _require_answers(case.incident)
        _require_copies(case.incident)
        _require_told(case.incident)
    return write_down(case, event, world=world)


def _require_answers(incident: Incident) -> None:
    """Refuse to close while the authority waits for an answer. Raises StepOutOfOrder."""
    if incident.unanswered:
        raise StepOutOfOrder(
            N_("{incident} cannot be closed."),
            why=N_("The authority has asked something that nobody has answered."),
            remedy=N_("Answer the authority, and register the answer."),
            incident=incident.id,
        )


def _require_copies(incident: Incident) -> None:
    """Refuse to close before each filing has its copy, or the reason why there is none. Raises StepOutOfOrder."""
    if incident.without_copy and not incident.is_classified:
        raise StepOutOfOrder(
            N_("{incident} cannot be closed."),
            why=N_("The copy of what was filed is not kept, and nobody has said why."),
            remedy=N_("Keep the copy that the e-service gave, or write down why there is none."),
            incident=incident.id,
        )


def _require_told(incident: Incident) -> None:
    """Refuse to close while people who were found later wait for their letter. Raises StepOutOfOrder."""
    if incident.found is not None:
        raise StepOutOfOrder(
            N_("{incident} cannot be closed."),
            why=N_("{count} people who were found later are on a list, and nobody has released the letter to them."),
            remedy=N_("Release the letter to them. If the list is wrong, erase the lists of the case, and say why."),
            incident=incident.id,
            count=incident.found.recipients,
        )


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
