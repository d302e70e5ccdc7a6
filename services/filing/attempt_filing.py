"""Record that the authority's e-service was down, with the proof, and write the letter that goes by post with the sheet."""

from datetime import datetime

from letters import compose
from letters.compose import letterhead
from letters.language import clock_time
from models.base import ActorId, IncidentId
from models.errors import N_, NotApproved, StepOutOfOrder
from models.filing_events import FilingAttempted, NotificationIssued
from models.incident import Incident
from services.documents.issue import documents_of, keep, kept
from services.documents.sheets import sheet_of
from services.filing.kept_file import read_kept_file
from services.ports.world import World
from services.record import Case, law_for, read_open, require_past, stands, write_down
from services.roles import PREPARES, require_role


def attempt_filing(
    incident_id: IncidentId,
    *,
    tried_at: datetime,
    what_happened: str,
    proof: bytes | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down the attempt at ``tried_at``, keep the ``proof`` (a screenshot), and issue the cover letter.

    Raises NotApproved unless a sheet is issued, StepOutOfOrder if it is filed already, UnreadableFile for a proof
    that is no PDF, page or picture.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(tried_at, now)
    said = {"what_happened": what_happened.strip()}
    if stands(case, FilingAttempted, occurred_at=tried_at, now=now, by=by, content=said):
        return case.incident
    issued = _waiting(case.incident)
    stamp = {"occurred_at": tried_at, "recorded_at": now, "recorded_by": by}
    event = FilingAttempted.model_validate({"what_happened": what_happened, "documents": (), **stamp})
    name = f"anmalan/{len(case.incident.filed_lines) + 1}-med-post-{len(case.incident.attempts) + 1}"
    documents = _cover(case, event, issued, name=name, world=world)
    if proof is not None:
        file = read_kept_file(proof)
        documents[f"{name}-bevis.{file.ending}"] = file.content
    keep(documents, incident=case.incident, world=world)
    return write_down(case, event.model_copy(update={"documents": kept(documents)}), world=world)


def _waiting(incident: Incident) -> NotificationIssued:
    """Return the sheet that is issued and not filed."""
    if not incident.issued:
        raise NotApproved(
            N_("No sheet is issued in {incident}."),
            why=N_("What goes by post is the sheet that was approved."),
            remedy=N_("Draft the notification and have it approved first."),
            incident=incident.id,
        )
    issued = incident.issued[-1]
    if issued.sha256 in {filing.sha256 for filing in incident.filings}:
        raise StepOutOfOrder(
            N_("This sheet of {incident} is filed already."),
            why=N_("The first stamp never moves; everything after it is a supplement."),
            remedy=N_("Draft a supplement with what is new, and have it approved."),
            incident=incident.id,
        )
    return issued


def _cover(
    case: Case, attempt: FilingAttempted, issued: NotificationIssued, *, name: str, world: World
) -> dict[str, bytes]:
    law = law_for(case.incident, world.book)
    sheet = sheet_of(issued.letter, case, register=world.register, law=law, beside=(), at=attempt.recorded_at)
    letter = compose.supervisory_authority_cover_letter(
        sheet=sheet, attempt=attempt, issued=clock_time(issued.occurred_at)
    )
    street, _, town = law.text("se.imy", "postal_address").partition(", ")
    window = (sheet.authority, street, _spaced(town))
    head = letterhead(sheet.controller, recipient=window, date=attempt.recorded_at, reference=case.incident.id, kind="")
    return documents_of(letter, head, name=name, world=world)


def _spaced(town: str) -> str:
    """Return "104 20 Stockholm" as the window has it: two spaces after the postcode, and capitals."""
    postcode, name = town[:6], town[6:].strip()
    return f"{postcode}  {name.upper()}"
