"""The year's report for the board, counted from the register of breaches in one reading."""

from collections.abc import Iterable
from datetime import date, datetime

from law.duties import notification_limit
from law.statute_book import StatuteBook
from models.breach_register import Entry
from models.instants import local
from models.yearly_report import OpenAction, YearlyReport
from services.evidence.tally import Tally


def yearly_report(entries: Iterable[Entry], year: int, *, book: StatuteBook, now: datetime) -> YearlyReport:
    """Return the report of ``year`` as it stands at ``now``; ``entries`` are all there are, of every year.

    What is open counts whichever year it is from, up to ``year``.
    """
    tallies, earliest, still_open = (Tally(year), Tally(year - 1)), year, list[OpenAction]()
    for entry in entries:
        counted = entry.counted_on.year
        earliest = min(earliest, counted)
        for tally in tallies:
            tally.add(entry)
        if counted <= year:
            still_open += [
                OpenAction(incident=entry.incident, party_name=entry.party_name, what=what)
                for what in entry.open_duties
            ]
    this, before = (tally.figures() for tally in tallies)
    return YearlyReport(
        this=this,
        before=before if earliest < year else None,
        open=tuple(still_open),
        limit=notification_limit(book.on(min(date(year, 12, 31), local(now).date()))),
        at=now,
    )
