"""The year's report for the board, counted from the register of breaches in one reading."""

from collections.abc import Iterable
from datetime import date, datetime

from law.statute_book import StatuteBook
from models.breach_register import Entry
from models.duty import Period
from models.errors import N_, StatuteError
from models.instants import local
from models.yearly_report import OpenAction, YearlyReport
from services.tally import Tally


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
        limit=_limit(book, min(date(year, 12, 31), local(now).date())),
        at=now,
    )


def _limit(book: StatuteBook, day: date) -> Period:
    limit = book.on(day).period("gdpr.33.1")
    if limit is None:
        raise StatuteError(
            N_("{provision} has no number."),
            why=N_("The notification to the authority has a time limit in hours."),
            remedy=N_("Mend the file of the provision in law/statutes."),
            provision="gdpr.33.1",
        )
    return limit
