"""Approve exactly one text. The author cannot, and an edit afterwards voids it."""

from collections.abc import Iterable
from datetime import datetime

from letters.compose import letterhead
from letters.language import named
from models.base import ActorId, IncidentId
from models.confirmation import Act, Subject
from models.errors import N_, NotApproved, NotEntitled
from models.events import Event, LetterApproved
from models.incident import Incident
from services.confirm import require_code
from services.drafts import NOT_NOTIFIED
from services.issue import approved, issue
from services.ports import World
from services.record import read_open, write_down
from services.roles import DECIDES, require_role


def approve_letter(
    incident_id: IncidentId,
    *,
    letter: str,
    sha256: str,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Approve the draft of ``letter`` whose digest is ``sha256``, confirmed by the ``code`` for ``approval_of`` it.

    Raises NotEntitled, NotApproved for another text, NotConfirmed without the right code. The decision not to notify goes nowhere but into the file, so its approval issues it.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    draft = case.incident.drafts.get(letter)
    if draft is None or draft.sha256 != sha256:
        raise NotApproved(
            N_("The draft of {letter} is not the text you saw."),
            why=N_("An approval holds for one text only, and that text has been replaced or was never drafted."),
            remedy=N_("Read the present draft and approve that one."),
            letter=letter,
        )
    if draft.recorded_by == by:
        raise NotEntitled(
            N_("{actor} drafted {letter} and cannot approve it."),
            why=N_("A text is approved by somebody other than its author."),
            remedy=N_("Ask another delegate, or let somebody else draft it."),
            actor=by,
            letter=letter,
        )
    event = LetterApproved(letter=letter, sha256=sha256, occurred_at=now, recorded_at=now, recorded_by=by)
    if event not in case.history:
        require_code(approval_of(incident_id, letter=letter, sha256=sha256, by=by), code, now=now, world=world)
    incident = write_down(case, event, world=world)
    if letter == NOT_NOTIFIED:
        head = letterhead(
            world.register.controller(incident.party), recipient=(), date=now, reference=incident_id, kind=""
        )
        text = approved(letter, incident=incident, world=world)
        issue(text, head, name=_decision_name(sha256, [*case.history, event]), incident=incident, world=world)
    return incident


def approval_of(incident_id: IncidentId, *, letter: str, sha256: str, by: ActorId) -> Subject:
    """Return what a code for the approval of this text is bound to."""
    said = named("letter", letter)
    return Subject(act=Act.APPROVE_LETTER, incident_id=incident_id, actor=by, content=sha256, said=said)


def _decision_name(sha256: str, history: Iterable[Event]) -> str:
    """Return where the decision is kept: new facts may re-open it, and each one that is approved is kept beside the last."""
    approvals = (event for event in history if isinstance(event, LetterApproved) and event.letter == NOT_NOTIFIED)
    version = list(dict.fromkeys(approval.sha256 for approval in approvals)).index(sha256) + 1
    return "beslut/att-inte-anmala" if version == 1 else f"beslut/att-inte-anmala-{version}"
