"""Turn an approved draft into the documents that are kept: PDF, plain text and HTML of the same blocks."""

from letters import html, plain
from models.errors import N_, NotApproved
from models.events import CommunicationStarted
from models.incident import Incident
from models.letter import Audience, Letter, Letterhead
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


def released(started: CommunicationStarted, *, incident: Incident, world: World) -> Letter:
    """Return the text that was released, also when a later one has been drafted since. Raises NotApproved."""
    name = draft_name(started.letter, started.sha256)
    stored = Letter.model_validate_json(world.archive.read(incident.id, name))
    if plain.sha256(stored) != started.sha256:
        raise _refusal(started.letter)
    return stored


def issue(letter: Letter, head: Letterhead, *, name: str, incident: Incident, world: World) -> None:
    """Keep ``letter`` and its variants in the archive under ``name``, each in three forms, for good."""
    for audience in (Audience.PERSON, *(one.audience for one in letter.variants)):
        text = letter.to(audience)
        place = name if audience is Audience.PERSON else f"{name}-{audience}"
        world.archive.keep(incident.id, f"{place}.pdf", world.printer.pdf(text, head))
        world.archive.keep(incident.id, f"{place}.txt", plain.text(text).encode())
        world.archive.keep(incident.id, f"{place}.html", html.html(text).encode())


def _refusal(letter: str) -> NotApproved:
    return NotApproved(
        N_("{letter} has not been approved as it stands."),
        why=N_("Nothing is issued that differs from what was approved."),
        remedy=N_("Have the present draft approved by a delegate."),
        letter=letter,
    )
