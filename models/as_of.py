"""What a timeline says of an instant. There are two answers, and they differ by what was written down late.

What stood on record by then cannot have been made up afterwards: it is the one that proves what was known. What had
happened by then is what people knew or had done, also where somebody wrote it down only later. A correction had not
happened before it was made, so both answers keep what was believed until then.
"""

from collections.abc import Iterable
from datetime import datetime

from models.events import Event


def recorded_by(history: Iterable[Event], at: datetime) -> tuple[Event, ...]:
    """Return what was written down by ``at``."""
    return tuple(event for event in history if event.recorded_at <= at)


def happened_by(history: tuple[Event, ...], at: datetime) -> tuple[Event, ...]:
    """Return what had happened by ``at``, whenever it was written down.

    The report, which opens the file, is always there with the rest: without it there is no case to speak of.
    """
    happened = tuple(event for event in history[1:] if event.occurred_at <= at)
    return (*history[:1], *happened) if happened or (history and history[0].occurred_at <= at) else ()


def written_late(history: Iterable[Event], at: datetime) -> tuple[Event, ...]:
    """Return what had happened by ``at`` and was written down after it: the difference between the two answers."""
    return tuple(event for event in history if event.occurred_at <= at < event.recorded_at)
