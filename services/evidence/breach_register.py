"""The register of Article 33(5), drawn from the timelines: every incident, also what was not notified or no breach."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from models.breach_register import Entry, Selection
from models.events import Event
from models.replay import replay
from services.evidence.mask import masked
from services.evidence.register_entry import entry_of
from services.ports.world import World


def entries(
    histories: Iterable[tuple[Event, ...]], selection: Selection, *, now: datetime, world: World, mask: bool = False
) -> Iterator[Entry]:
    """Yield the selected entries as they stand at ``now``, one at a time, in the order of ``histories``.

    With ``mask`` what may be secret is left out, before they are selected: a choice must not tell what a mask hides.
    """
    for history in histories:
        incident = replay(history)
        entry = entry_of(incident, book=world.book, register=world.register, now=now)
        entry = masked(entry, incident) if mask else entry
        if selection.holds(entry):
            yield entry
