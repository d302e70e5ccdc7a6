"""Approve exactly one text. The author cannot, and an edit afterwards voids it. What is filed is issued by its approval."""

from collections.abc import Iterable
from datetime import datetime

from letters.compose import letterhead
from letters.language import named
from models.base import ActorId, IncidentId
from models.confirmation import Act, Subject
from models.errors import N_, NotApproved, NotEntitled
from models.events import Event
from models.filing_events import LetterApproved, NotificationIssued
from models.incident import Incident
from services.confirm import require_code
from services.documents.draft_letter import require_delay_explained
from services.documents.drafts import NOT_NOTIFIED
from services.documents.issue import Documents, approved, at_draft, drafted, issue, keep, kept, sheet_documents
from services.documents.let_through import require_fit
from services.documents.sheets import NOTIFICATION, SHEETS, phase_of
from services.ports.world import World
from services.record import Case, law_for, read_open, write_down
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

    A sheet for the authority is issued thereby, and so is the decision not to notify, which goes nowhere but into the
    file. Raises NotEntitled, NotApproved for another text and for a letter to the people that the gate stops, NotConfirmed without the right code, MissingParticular for a
    first notification that has become late since it was drafted and says no reasons.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    _require_draft(case.incident, letter=letter, sha256=sha256, by=by)
    require_fit(drafted(letter, sha256, incident=case.incident, world=world))
    event = LetterApproved(letter=letter, sha256=sha256, occurred_at=now, recorded_at=now, recorded_by=by)
    issued, documents = _issued(case, event, world) if letter in SHEETS else ((), {})
    if event not in case.history:
        require_code(approval_of(incident_id, letter=letter, sha256=sha256, by=by), code, now=now, world=world)
    incident = write_down(case, event, *issued, world=world)
    keep(documents, incident=incident, world=world)
    if letter == NOT_NOTIFIED:
        head = letterhead(
            world.register.controller(incident.party), recipient=(), date=now, reference=incident_id, kind=""
        )
        text = approved(letter, incident=incident, world=world)
        issue(text, head, name=decision_name(sha256, [*case.history, event]), incident=incident, world=world)
    return incident


def approval_of(incident_id: IncidentId, *, letter: str, sha256: str, by: ActorId) -> Subject:
    """Return what a code for the approval of this text is bound to."""
    said = named("letter", letter)
    return Subject(act=Act.APPROVE_LETTER, incident_id=incident_id, actor=by, content=sha256, said=said)


def _require_draft(incident: Incident, *, letter: str, sha256: str, by: ActorId) -> None:
    draft = incident.drafts.get(letter)
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


def _issued(case: Case, approval: LetterApproved, world: World) -> tuple[tuple[Event, ...], Documents]:
    """Return the issuing of the sheet that is approved, and its documents, under a name that no other issue has.

    What is approved a second time is issued already.
    """
    incident, letter, sha256 = case.incident, approval.letter, approval.sha256
    basis = at_draft(case, letter)
    if letter == NOTIFICATION:
        require_delay_explained(basis.incident, at=approval.occurred_at, world=world)
    phase = phase_of(letter, basis, law_for(incident, world.book))
    earlier = next((made for made in incident.issued if (made.letter, made.sha256) == (letter, sha256)), None)
    name = earlier.documents[0].name.rpartition(".")[0] if earlier else _sheet_name(incident, phase.value)
    issued_at = earlier.occurred_at if earlier else approval.occurred_at
    documents = sheet_documents(letter, sha256, issued_at=issued_at, name=name, incident=incident, world=world)
    if earlier is not None:
        return (), documents
    stamp = {"occurred_at": issued_at, "recorded_at": approval.recorded_at, "recorded_by": approval.recorded_by}
    said = {"letter": letter, "phase": phase, "sha256": sha256, "documents": kept(documents)}
    return (NotificationIssued.model_validate({**said, **stamp}),), documents


def _sheet_name(incident: Incident, phase: str) -> str:
    """Return where a sheet is issued: by its place among the filings; one that was never filed keeps its name to itself."""
    name = f"anmalan/{len(incident.filed_lines) + 1}-{phase}"
    taken = sum(1 for made in incident.issued if made.documents[0].name.startswith(name))
    return f"{name}-{taken + 1}" if taken else name


def decision_name(sha256: str, history: Iterable[Event]) -> str:
    """Return where the decision is kept: new facts may re-open it, and each one that is approved is kept beside the last."""
    approvals = (event for event in history if isinstance(event, LetterApproved) and event.letter == NOT_NOTIFIED)
    version = list(dict.fromkeys(approval.sha256 for approval in approvals)).index(sha256) + 1
    return "beslut/att-inte-anmala" if version == 1 else f"beslut/att-inte-anmala-{version}"
