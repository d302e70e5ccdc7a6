"""Turn an approved draft into the documents that are kept: PDF, plain text and HTML of the same blocks."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from letters import html, plain
from letters.senders import english_letterhead, letterhead
from letters.sheet_html import sheet_html
from models.communication_events import CommunicationStarted
from models.errors import N_, NotApproved, UnknownReference
from models.filing_events import LetterDrafted, NotificationIssued
from models.incident import Incident
from models.letter import Audience, Letter, Letterhead
from models.record_events import KeptDocument
from models.replay import replay
from services.documents.draft_names import ENGLISH, FORM, draft_name
from services.documents.sheets import SHEETS
from services.ports.world import World
from services.record import Case

Documents = dict[str, bytes]
"""The content of documents by their names in the archive."""


def approved(letter: str, *, incident: Incident, world: World) -> Letter:
    """Return the approved text of ``letter``. Raises NotApproved unless the last draft is the one approved."""
    draft, approval = incident.drafts.get(letter), incident.approvals.get(letter)
    if draft is None or approval is None or approval.sha256 != draft.sha256:
        raise _refusal(letter)
    return drafted(letter, draft.sha256, incident=incident, world=world)


def issued_sheet(letter: str, *, incident: Incident, world: World) -> NotificationIssued:
    """Return the issue of the approved sheet ``letter``, each document of it as it was issued. Raises NotApproved."""
    approved(letter, incident=incident, world=world)
    sha256 = incident.approvals[letter].sha256
    found = next((made for made in incident.issued if made.sha256 == sha256), None)
    if found is None:
        raise NotApproved(
            N_("{letter} has not been issued."),
            why=N_("Only the sheet that was issued can have been filed."),
            remedy=N_("Have it approved again; that issues it."),
            letter=letter,
        )
    for one in found.documents:
        require_as_kept(one, incident=incident, world=world)
    return found


def require_as_kept(document: KeptDocument, *, incident: Incident, world: World) -> None:
    """Refuse a document that is not, byte for byte, what the timeline says was kept. Raises NotApproved."""
    if hashlib.sha256(world.archive.read(incident.id, document.name)).hexdigest() != document.sha256:
        raise NotApproved(
            N_("{document} in {incident} is not the document that was issued."),
            why=N_("Somebody has changed it in the archive since, so nobody knows what was filed or handed over."),
            remedy=N_("Draft the text anew and have it approved. Let the archive be, and call whoever runs Timglas."),
            document=document.name,
            incident=incident.id,
        )


def drafted(letter: str, sha256: str, *, incident: Incident, world: World) -> Letter:
    """Return the draft of ``letter`` with that digest as it was kept. Raises NotApproved if it has been changed since."""
    stored = Letter.model_validate_json(world.archive.read(incident.id, draft_name(letter, sha256)))
    if plain.sha256(stored) != sha256:
        raise _refusal(letter)
    return stored


def released(started: CommunicationStarted, *, incident: Incident, world: World) -> Letter:
    """Return the text that was released, also when a later one has been drafted since. Raises NotApproved."""
    name = draft_name(started.letter, started.sha256)
    stored = Letter.model_validate_json(world.archive.read(incident.id, name))
    if plain.sha256(stored) != started.sha256:
        raise _refusal(started.letter)
    return stored


def at_draft(case: Case, letter: str) -> Case:
    """Return the case as it stood when the last draft of ``letter`` was made; as it stands now if there is none."""
    drafts = [place for place, event in enumerate(case.history) if _drafts(event, letter)]
    if not drafts:
        return case
    history = case.history[: drafts[-1]]
    return Case(replay(history), history)


def documents_of(letter: Letter, head: Letterhead, *, name: str, world: World) -> Documents:
    """Return ``letter`` under ``name``, and each of its variants, in three forms.

    A sheet for the authority is a page to copy from.
    """
    found: Documents = {}
    for audience in (Audience.PERSON, *(one.audience for one in letter.variants)):
        text = letter.to(audience)
        place = name if audience is Audience.PERSON else f"{name}-{audience}"
        found[f"{place}.pdf"] = world.printer.pdf(text, head)
        found[f"{place}.txt"] = plain.text(text).encode()
        found[f"{place}.html"] = (sheet_html(text) if text.name in SHEETS else html.html(text)).encode()
    return found


def sheet_documents(
    letter: str, sha256: str, *, issued_at: datetime, name: str, incident: Incident, world: World
) -> Documents:
    """Return every document of the sheet ``letter``: its three forms, and those kept beside its draft: the European form, and English."""
    party = world.register.controller(incident.party)
    head = letterhead(party, recipient=(), date=issued_at, reference=incident.id, kind="")
    text = drafted(letter, sha256, incident=incident, world=world)
    found = documents_of(text, head, name=name, world=world)
    if form := _beside(letter, sha256, FORM, incident, world):
        found[f"{name}.json"] = form
    if english := _beside(letter, sha256, ENGLISH, incident, world):
        text = Letter.model_validate_json(english)
        head = english_letterhead(party, date=issued_at, reference=incident.id)
        found |= documents_of(text, head, name=f"{name}-en", world=world)
    return found


def keep(documents: Mapping[str, bytes], *, incident: Incident, world: World) -> None:
    """Keep ``documents`` for good. What is kept already, byte for byte, is left as it is."""
    for name, content in documents.items():
        world.archive.keep(incident.id, name, content)


def kept(documents: Mapping[str, bytes]) -> tuple[KeptDocument, ...]:
    """Return what the timeline says of ``documents``: their names and hashes."""
    return tuple(
        KeptDocument(name=name, sha256=hashlib.sha256(content).hexdigest()) for name, content in documents.items()
    )


def issue(letter: Letter, head: Letterhead, *, name: str, incident: Incident, world: World) -> None:
    """Keep ``letter`` and its variants in the archive under ``name``, each in three forms, for good."""
    keep(documents_of(letter, head, name=name, world=world), incident=incident, world=world)


def _beside(letter: str, sha256: str, kind: str, incident: Incident, world: World) -> bytes | None:
    try:
        return world.archive.read(incident.id, draft_name(letter, sha256, kind))
    except UnknownReference:
        return None


def _drafts(event: object, letter: str) -> bool:
    return isinstance(event, LetterDrafted) and event.letter == letter


def _refusal(letter: str) -> NotApproved:
    return NotApproved(
        N_("{letter} has not been approved as it stands."),
        why=N_("Nothing is issued that differs from what was approved."),
        remedy=N_("Have the present draft approved by a delegate."),
        letter=letter,
    )
