"""Which documents of a case the registrar enters in the diary: what left the house, what was decided, what was kept."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from law.secrecy import secrecy_provisions
from letters.compose.diary_entry import DiaryEntry, Mark
from models.filing_events import (
    AuthorityQuestionAnswered,
    FilingAttempted,
    FilingCopyKept,
    LetterApproved,
    NotificationIssued,
    NotificationSubmitted,
    NotificationWithdrawn,
    SecrecyMarked,
)
from models.parties import Controller
from models.record_events import KeptDocument
from services.documents.approve_letter import decision_name
from services.documents.drafts import NOT_NOTIFIED, WITHDRAWAL
from services.documents.issue import kept
from services.ports.world import World
from services.record import Case, law_for

LARGEST = 10_000_000
"""How many bytes one mail to the registrar carries; most mail servers take 20 million, and a mail is a third larger."""

Found = tuple[str, bool, tuple[KeptDocument, ...]]
"""The kind of a document, whether the authority got it, and its files."""


def diary_entries(case: Case, world: World, *, done: Collection[int] = ()) -> tuple[DiaryEntry, ...]:
    """Return every document that is to be entered in the diary, in the order of the timeline, but of the lines ``done``."""
    party = world.register.party(case.incident.party)
    if not isinstance(party, Controller):
        return ()
    authority, held = law_for(case.incident, world.book).text("se.imy", "name"), None
    found: list[DiaryEntry] = []
    for line, event in enumerate(case.history, start=1):
        if line in done:
            continue
        kind, handed_in, documents = _told_by(event, case, line, world)
        held = held or (frozenset(world.archive.names(case.incident.id)) if documents else None)
        if not documents or not {one.name for one in documents} <= (held or frozenset()):
            continue  # nothing to enter, or its files are not kept yet: the step is about to be run again
        carried, too_large = _that_fit(documents, case, world)
        found.append(
            DiaryEntry(
                incident=case.incident.id,
                line=line,
                kind=kind,
                at=event.occurred_at,
                controller=party,
                recipient=authority if handed_in else None,
                their_number=case.incident.diary_number,
                marks=tuple(_marks(case)),
                documents=carried,
                too_large=too_large,
            )
        )
    return tuple(found)


def _told_by(event: object, case: Case, line: int, world: World) -> Found:  # noqa: PLR0911 - one arm a word
    match event:
        case NotificationSubmitted(bundled_in=None):
            return event.phase.value, True, _issued(case, line, sha256=event.sha256)
        case NotificationWithdrawn():
            return "withdrawal", True, _issued(case, line, letter=WITHDRAWAL)
        case FilingAttempted():
            return "by_post", True, _for_the_diary(event.documents)
        case FilingCopyKept() if event.filing in case.incident.filed_lines:
            return "copy", True, (event.document,)
        case AuthorityQuestionAnswered(document=KeptDocument()):
            return "answer", True, (event.document,) if event.document else ()
        case LetterApproved(letter=letter) if letter == NOT_NOTIFIED:
            return "not_notified", False, _decision(event.sha256, case, line, world)
    return "", False, ()


def _issued(case: Case, line: int, *, sha256: str | None = None, letter: str | None = None) -> tuple[KeptDocument, ...]:
    """Return the files of the sheet that was filed in ``line``: the last one issued before it."""
    before = (event for event in reversed(case.history[:line]) if isinstance(event, NotificationIssued))
    made = next((event for event in before if sha256 == event.sha256 or letter == event.letter), None)
    return _for_the_diary(made.documents) if made else ()


def _decision(sha256: str, case: Case, line: int, world: World) -> tuple[KeptDocument, ...]:
    name = f"{decision_name(sha256, case.history[:line])}.pdf"
    if name not in world.archive.names(case.incident.id):
        return ()
    return kept({name: world.archive.read(case.incident.id, name)})


def _for_the_diary(documents: Iterable[KeptDocument]) -> tuple[KeptDocument, ...]:
    """Return what a diary keeps of a document in several forms: PDF/A and JSON, and whatever was handed in."""
    return tuple(one for one in documents if not one.name.endswith((".txt", ".html")))


def _that_fit(
    documents: tuple[KeptDocument, ...], case: Case, world: World
) -> tuple[tuple[KeptDocument, ...], tuple[KeptDocument, ...]]:
    carried: list[KeptDocument] = []
    left: list[KeptDocument] = []
    room = LARGEST
    for one in documents:
        size = len(world.archive.read(case.incident.id, one.name))
        (carried if size <= room else left).append(one)
        room -= size if size <= room else 0
    return tuple(carried), tuple(left)


def _marks(case: Case) -> Iterator[Mark]:
    known, marked = secrecy_provisions(), dict[str, datetime]()
    for event in case.history:
        if isinstance(event, SecrecyMarked):
            marked |= {mark.field: event.occurred_at for mark in event.marks}
    for field, keys in case.incident.secrecy.items():
        provisions = tuple(known[key].citation if key in known else key for key in keys)
        yield Mark(field, provisions, marked[field])
