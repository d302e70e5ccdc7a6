"""Register a filing in the file of each incident that its sheet told of: what it said, its documents, its receipts."""

from collections.abc import Iterator

from law.obligations import is_late
from models.as_of import recorded_by
from models.base import IncidentId
from models.events import Event
from models.filing_events import NotificationIssued, NotificationSubmitted
from models.incident import Incident
from models.replay import replay
from services.documents.issue import Documents, keep, kept
from services.documents.sheets import is_complete
from services.filing.explain_delay import explained
from services.ports.world import World
from services.record import Case, law_for, read, write_down


def register_told_with(
    other: IncidentId, lead: Case, issued: NotificationIssued, filing: NotificationSubmitted, *, world: World
) -> None:
    """Register in ``other`` that the sheet of ``lead`` was filed, and keep the sheet there too, unless it stands there.

    What it states of ``other`` is what stood on record when the sheet was drafted. One that became late by waiting has
    the reasons for bundling for its own.
    """
    case = read(other, world.timeline)
    if issued.sha256 in {made.sha256 for made in case.incident.filings}:
        return
    drafted = lead.incident.drafts[issued.letter]
    basis = replay(recorded_by(case.history, drafted.recorded_at))
    stated = {
        "stated": basis.facts,
        "complete": is_complete(basis, law_for(basis, world.book), at=issued.occurred_at),
        "promised": (),
        "bundled_in": lead.incident.id,
    }
    event = filing.model_copy(update=stated)
    documents = sheet_of_lead(issued, lead.incident.id, world)
    there = issued.model_copy(
        update={
            "documents": kept(documents),
            "occurred_at": filing.occurred_at,
            "recorded_at": filing.recorded_at,
            "recorded_by": filing.recorded_by,
        }
    )
    keep(documents, incident=case.incident, world=world)
    write_down(case, *_reasons(case.incident, event, world), there, event, world=world)


def sheet_of_lead(issued: NotificationIssued, lead: IncidentId, world: World) -> Documents:
    """Return the documents of a sheet as they are kept in the file of another incident that it told of."""
    stem = issued.documents[0].name.rpartition(".")[0]
    return {
        one.name.replace(stem, name_beside(lead), 1): world.archive.read(lead, one.name) for one in issued.documents
    }


def name_beside(lead: IncidentId) -> str:
    """Return under which name the sheet of ``lead`` is kept in the file of an incident that it told of."""
    return f"anmalan/samlad-{lead.lower()}"


def told_in(lead: Incident, world: World) -> Iterator[tuple[Case, int]]:
    """Yield the case of each incident that the first sheet of ``lead`` told of, and the line that registers it there."""
    for other in lead.told_with:
        case = read(other, world.timeline)
        lines = (
            line
            for line, event in enumerate(case.history, start=1)
            if isinstance(event, NotificationSubmitted) and event.bundled_in == lead.id
        )
        yield from ((case, line) for line in lines)


def _reasons(incident: Incident, filing: NotificationSubmitted, world: World) -> tuple[Event, ...]:
    if incident.delay is not None or not is_late(incident, law_for(incident, world.book), at=filing.occurred_at):
        return ()
    because = incident.bundle.because if incident.bundle else ""
    return (explained(because, occurred_at=filing.occurred_at, now=filing.recorded_at, by=filing.recorded_by),)
