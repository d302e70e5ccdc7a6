"""What changed in a case between two instants: facts, deadlines, and everything that was decided or done. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from law.statute_book import StatuteBook
from models.breach_events import DutiesDetermined, RiskAssessed
from models.events import Event
from models.incident import Incident
from models.parties import Register
from models.replay import replay
from services.due.board import Row, board

Reading = Callable[[tuple[Event, ...], datetime], tuple[Event, ...]]
"""Which events count at an instant: ``models.as_of.recorded_by`` or ``happened_by``."""


_CONCLUSIONS = (DutiesDetermined, RiskAssessed)
"""What the engine concludes from the rest; it shows in the deadlines and in the advice."""


class Moved(NamedTuple):
    """A deadline that stands otherwise, or has run out meanwhile; None where there was or is none."""

    before: Row | None
    after: Row | None


class Difference(NamedTuple):
    """A case at two instants. ``facts`` names the fields that differ; ``news`` is what was done or happened, in order.

    ``before`` is an empty incident if there was no case yet.
    """

    before: Incident
    after: Incident
    facts: tuple[str, ...]
    deadlines: tuple[Moved, ...]
    news: tuple[Event, ...]


def difference(
    history: tuple[Event, ...],
    *,
    start: datetime,
    end: datetime,
    reading: Reading,
    book: StatuteBook,
    register: Register,
) -> Difference:
    """Return what changed from ``start`` to ``end``, the deadlines in the order of urgency at the end."""
    old, new = reading(history, start), reading(history, end)
    before, after = replay(old), replay(new)
    rows = board([after], book=book, register=register, now=end)
    earlier = {row.duty.key: row for row in (board([before], book=book, register=register, now=start) if old else ())}
    moved = [Moved(earlier.pop(row.duty.key, None), row) for row in rows]
    gone = [Moved(row, None) for row in earlier.values()]
    return Difference(
        before=before,
        after=after,
        facts=before.facts.differing(after.facts),
        deadlines=tuple(move for move in (*moved, *gone) if _state(move.before) != _state(move.after)),
        news=tuple(event for event in new if event not in old and not isinstance(event, _CONCLUSIONS)),
    )


def _state(row: Row | None) -> tuple[object, ...]:
    if row is None:
        return ()
    duty = row.duty
    return duty.status, duty.due_at, duty.fulfilled_at, duty.ground, row.overdue
