"""The register of Article 33(5), drawn from the timelines: every incident, also what was not notified or no breach."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from models.breach_register import Entry, Selection
from models.events import Event
from models.replay import replay
from services.evidence.register_entry import entry_of
from services.ports.world import World


def entries(
    histories: Iterable[tuple[Event, ...]], selection: Selection, *, now: datetime, world: World
) -> Iterator[Entry]:
    """Yield the selected entries as they stand at ``now``, one at a time, in the order of ``histories``."""
    for history in histories:
        entry = entry_of(replay(history), book=world.book, register=world.register, now=now)
        if selection.holds(entry):
            yield entry
