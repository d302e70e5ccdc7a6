"""What must be said when a case is shown as it stood: which of the two answers it is, and how they differ."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from letters.chronicle import heading, who
from letters.language import clock_time, moment
from models.events import Event
from models.parties import Register


def then(at: datetime, late: Iterable[Event], *, happened: bool, register: Register) -> Iterator[str]:
    """Yield what stands above the case at ``at``; ``late`` had happened by then and was written down after."""
    lines = [f"- {_written_late(event, register)}" for event in late]
    if happened:
        yield f"Så var det {moment(at)}." + (" Det här antecknades senare och är medräknat:" if lines else "")
    else:
        yield f"Så stod det antecknat {moment(at)}."
    if lines and not happened:
        yield "Det här hade hänt men var inte antecknat. Lägg till --happened för att visa läget med det medräknat:"
    yield from lines
    yield ""


def late_data(event: Event) -> dict[str, Any]:
    """Return which event it is, when it happened and when it was written down, for programs."""
    return {"type": event.type, "occurred_at": event.occurred_at, "recorded_at": event.recorded_at}


def _written_late(event: Event, register: Register) -> str:
    happened, written = clock_time(event.occurred_at), clock_time(event.recorded_at)
    return f"{heading(event)}: {happened}, antecknat {written} av {who(event, register).lower()}."
