"""The record as services see it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from models.base import IncidentId
from models.events import Event
from models.overview import Look
from models.parties import LoadedRegister, Register


class Timeline(Protocol):
    """The append-only record."""

    def next_id(self, year: int) -> IncidentId:
        """Return the first unused case reference of ``year``."""
        ...

    def find(self, family: str, party: str) -> IncidentId | None:
        """Return the incident of ``party`` in ``family``, if there is one."""
        ...

    def read(self, incident_id: IncidentId) -> tuple[Event, ...]:
        """Return the whole timeline. Raises UnknownReference."""
        ...

    def histories(self) -> Iterator[tuple[Event, ...]]:
        """Yield every timeline, oldest incident first; only a few are in memory at a time."""
        ...

    def append(self, incident_id: IncidentId, *, expected: int, events: Sequence[Event]) -> None:
        """Write ``events`` after the first ``expected`` ones, all or none. Raises TimelineConflict."""
        ...

    def family(self, family: str) -> tuple[IncidentId, ...]:
        """Return the incidents of ``family``, oldest first."""
        ...

    def of_party(self, party: str) -> tuple[IncidentId, ...]:
        """Return the incidents of ``party``, oldest first."""

    def incidents(self) -> tuple[IncidentId, ...]:
        """Return every incident, oldest first."""
        ...

    def released(self) -> tuple[IncidentId, ...]:
        """Return the incidents of which letters to people were released, and that were not closed since; oldest first."""
        ...

    def due(self, now: datetime) -> tuple[IncidentId, ...]:
        """Return the incidents a sweep must look at by ``now``: those written to since, and those with a step due."""
        ...

    def next_at(self) -> datetime | None:
        """Return the earliest instant at which any incident is due."""
        ...

    def look_again(self, looks: Iterable[Look]) -> None:
        """Set when each incident is next due, unless somebody wrote to it after the events that were read."""
        ...

    def look_at_all(self, now: datetime) -> None:
        """Make everything due that would have been later: a clock that ran ahead said when."""
        ...

    def rows(self, incident_id: IncidentId) -> list[tuple[str, int, str, str]]:
        """Return (incident, sequence, payload, hash) of each row, as stored."""
        ...


class Registers(Protocol):
    """The versions of the register of parties, each with who took it in."""

    def current(self) -> Register | None:
        """Return the newest register; None before the first is taken in."""

    def versions(self) -> tuple[LoadedRegister, ...]:
        """Return every version, oldest first; none where the register is only a file."""

    def keep(self, loaded: LoadedRegister) -> None:
        """Keep ``loaded``. Raises TimelineConflict if its version is there already."""
