"""Turn an approved draft into the documents that are kept: PDF, plain text and HTML of the same blocks."""

from letters import html, plain
from models.errors import N_, NotApproved
from models.incident import Incident
from models.letter import Letter, Letterhead
from services.draft_letter import draft_name
from services.ports import World


def approved(letter: str, *, incident: Incident, world: World) -> Letter:
    """Return the approved text of ``letter``. Raises NotApproved unless the last draft is the one approved."""
    draft, approval = incident.drafts.get(letter), incident.approvals.get(letter)
    if draft is None or approval is None or approval.sha256 != draft.sha256:
        raise _refusal(letter)
    stored = Letter.model_validate_json(world.archive.read(incident.id, draft_name(letter, draft.sha256)))
    if plain.sha256(stored) != approval.sha256:
        raise _refusal(letter)
    return stored


def issue(letter: Letter, head: Letterhead, *, name: str, incident: Incident, world: World) -> None:
    """Keep ``letter`` in the archive under ``name`` in three forms, for good."""
    world.archive.keep(incident.id, f"{name}.pdf", world.printer.pdf(letter, head))
    world.archive.keep(incident.id, f"{name}.txt", plain.text(letter).encode())
    world.archive.keep(incident.id, f"{name}.html", html.html(letter).encode())


def _refusal(letter: str) -> NotApproved:
    return NotApproved(
        N_("{letter} has not been approved as it stands."),
        why=N_("Nothing is issued that differs from what was approved."),
        remedy=N_("Have the present draft approved by a delegate."),
        letter=letter,
    )
