"""What the authority got and answered, and who was told, in counts: no person concerned stands here."""

from collections.abc import Iterator

from letters.breach_register import WAYS
from letters.chronicle import who
from letters.dossier.matter import Matter, Part, Row
from letters.language import capital, clock_time, label, moment, named, number, say, spoken
from letters.senders import full_name
from models.communication_events import CommunicationCompleted, CommunicationStarted, PublicNoticePublished
from models.errors import N_
from models.events import Event
from models.filing_events import (
    FilingAttempted,
    FilingCopyKept,
    FilingCopyMissing,
    NotificationAcknowledged,
    NotificationSubmitted,
    NotificationWithdrawn,
    ParallelReportSubmitted,
    Phase,
)
from models.record_events import KeptDocument
from models.supply_events import ControllerInformed


def receipts(matter: Matter) -> tuple[Part, ...]:
    """Return what was filed with authorities, when, and what they acknowledged."""
    return tuple(_receipts(matter))


def deliveries(matter: Matter) -> tuple[Part, ...]:
    """Return every communication to people, the public or controllers: how many, which way, and how it ended."""
    return tuple(_deliveries(matter))


def _receipts(matter: Matter) -> Iterator[Part]:
    for event in matter.history:
        if isinstance(event, NotificationSubmitted):
            whole = say(N_("Stated to be complete") if event.complete else N_("Stated to be incomplete"))
            rows = ((say(N_("Content")), whole), *_beside(event), _text(event.sha256))
            yield label(event.phase), (*_when(event, matter), *rows)
        elif isinstance(event, FilingCopyKept):
            rows = tuple(_kept(event.document, matter))
            yield say(N_("Copy of what was filed")), (*_when(event, matter), _of(event.filing), *rows)
        elif isinstance(event, FilingCopyMissing):
            rows = (_of(event.filing), (say(N_("Why there is none")), event.because))
            yield say(N_("Copy of what was filed")), (*_when(event, matter), *rows)
        elif isinstance(event, FilingAttempted):
            rows = (
                (say(N_("What happened")), event.what_happened),
                *(row for one in event.documents for row in _kept(one, matter)),
            )
            yield say(N_("Attempt while the service was down")), (*_when(event, matter), *rows)
        elif isinstance(event, NotificationWithdrawn):
            yield label(Phase.WITHDRAWAL), (*_when(event, matter), (say(N_("Reasons")), event.reasons))
        elif isinstance(event, NotificationAcknowledged):
            rows = (*_when(event, matter), (say(N_("The authority's file number")), event.diary_number))
            yield say(N_("Acknowledgement of the authority")), rows
        elif isinstance(event, ParallelReportSubmitted):
            rows = (*_when(event, matter), (say(N_("Receipt")), event.receipt))
            yield capital(named("provision", event.provision)), rows


def _deliveries(matter: Matter) -> Iterator[Part]:
    for event in matter.history:
        if isinstance(event, CommunicationStarted):
            rows = ((say(N_("Recipients")), number(event.recipients)), _text(event.sha256))
            yield say(N_("Letters released")), (*_when(event, matter), *rows)
        elif isinstance(event, CommunicationCompleted):
            yield say(N_("Letters sent")), (*_when(event, matter), *_counts(event))
        elif isinstance(event, PublicNoticePublished):
            rows = ((say(N_("Published in")), capital(spoken(event.channels))), _text(event.sha256))
            yield say(N_("The public informed")), (*_when(event, matter), *rows)
        elif isinstance(event, ControllerInformed):
            told = full_name(matter.register.party(event.controller))
            yield say(N_("{party} informed"), party=told), (*_when(event, matter), _text(event.sha256))


def _counts(event: CommunicationCompleted) -> Iterator[Row]:
    yield say(N_("Recipients")), number(event.recipients)
    for name in WAYS:
        if count := getattr(event, name):
            yield capital(named("field", name)), number(count)
    yield say(N_("Sum")), say(N_("{count} in, {count} out"), count=event.recipients)


def _when(event: Event, matter: Matter) -> Iterator[Row]:
    yield say(N_("When")), capital(moment(event.occurred_at))
    yield say(N_("Written down")), f"{capital(clock_time(event.recorded_at))}, {who(event, matter.register)}"


def _beside(event: NotificationSubmitted) -> Iterator[Row]:
    yield say(N_("Filed by")), label(event.way)
    if event.bundled_in:
        yield say(N_("Told in the notification of")), event.bundled_in


def _of(line: int) -> Row:
    return say(N_("Concerns")), say(N_("Line {line} of the timeline"), line=line)


def _kept(document: KeptDocument, matter: Matter) -> Iterator[Row]:
    """Yield a document's place in the file and its checksum; of one that is not there, that it is not."""
    here = {one.path for one in matter.documents}
    path = f"handlingar/{document.name}"
    said = path if path in here else say(N_("{path}, which is not in this file"), path=path)
    yield say(N_("File")), said
    yield say(N_("SHA-256")), document.sha256


def _text(sha256: str) -> Row:
    return say(N_("SHA-256 of the text")), sha256
