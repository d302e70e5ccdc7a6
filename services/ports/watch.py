"""What the watch needs of the world: the ledger of reminders, the overview of deadlines, the heartbeat."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from models.base import IncidentId
from models.health import Beat
from models.overview import OpenDeadline
from models.recipient import DeliveryState
from models.reminder import Entry, LedgerRow, StepClaim


class Ledger(Protocol):
    """Who was reminded of what: each step to each person is claimed once before it is sent, and settled after."""

    def message_id(self, entries: Iterable[Entry]) -> str:
        """Return the Message-ID of the message that reminds of ``entries``: always the same, and nobody can guess it."""
        ...

    def claim(self, wanted: Sequence[StepClaim], *, now: datetime) -> frozenset[Entry]:
        """Return those of ``wanted`` that are now ours to send: nobody has, or a mail server put them off."""
        ...

    def settle(self, ends: Sequence[tuple[Collection[Entry], DeliveryState, str]], *, now: datetime) -> None:
        """Record what became of claimed entries: for each group its end, and the server's code; never an address."""
        ...

    def rows(self, incident_id: IncidentId) -> tuple[LedgerRow, ...]:
        """Return every row of the incident, in the order in which they came due."""
        ...

    def rows_of(self, incidents: Collection[IncidentId]) -> Mapping[IncidentId, Sequence[LedgerRow]]:
        """Return the same of each of ``incidents``, asked for at once."""
        ...

    def unsettled(self) -> tuple[LedgerRow, ...]:
        """Return what was put off, may or may not have arrived, or was claimed and has no end; the oldest first."""
        ...

    def refused(self, since: datetime) -> tuple[LedgerRow, ...]:
        """Return what was refused or came back since then, to people whom nothing has reached after it; the oldest first."""
        ...

    def settle_uncertain(self, entries: Collection[Entry], *, arrived: bool, now: datetime) -> int:
        """Record what a person found out of entries that may or may not have arrived; those that did not go again."""
        ...

    def forget_ahead(self, now: datetime, *, claimed_after: datetime) -> int:
        """Forget what a clock that ran ahead sent for a time ahead of ``now``, so that it goes then; return how much."""
        ...


class Overview(Protocol):
    """The open deadlines of every case by urgency, and which cases Prefect does not show as they stand."""

    def keep(self, cases: Iterable[tuple[IncidentId, tuple[OpenDeadline, ...]]]) -> None:
        """Write the open deadlines of ``cases`` anew."""
        ...

    def urgent(self, limit: int, party: str | None = None) -> tuple[OpenDeadline, ...]:
        """Return the most urgent open deadlines, those without a number last; of one ``party`` if it is named."""
        ...

    def limits(self, limit: int, party: str | None = None) -> tuple[OpenDeadline, ...]:
        """Return those that have a number, the first to run out first, in no more time for many open ones than for few."""
        ...

    def count(self, *, due_by: datetime | None = None) -> int:
        """Return how many deadlines are open; with ``due_by``, how many of them have run out by then."""
        ...

    def unshown(self, limit: int) -> tuple[IncidentId, ...]:
        """Return cases that Prefect does not show as they stand."""
        ...

    def shown(self, cases: Iterable[tuple[IncidentId, int]]) -> None:
        """Note that Prefect shows ``cases`` as they stood after so many events."""
        ...

    def show_again(self) -> None:
        """Have every case shown again: Prefect has forgotten."""
        ...


class Heartbeat(Protocol):
    """When what must be awake last ran."""

    def beat(self, beat: Beat) -> None:
        """Write down the newest beat."""
        ...

    def last(self, name: str) -> Beat | None:
        """Return the newest beat of ``name``; None if there never was one."""
        ...


class Vitals(Protocol):
    """The machine and its database."""

    def database_fault(self) -> str | None:
        """Return what keeps the database from being read and written; None if nothing does."""
        ...

    def free_megabytes(self) -> int:
        """Return how much room is left where the database and the documents lie."""
        ...

    def mail_lying_since(self, before: datetime, *, but: Collection[str] = ()) -> int:
        """Return how many messages of the outbox a person must see to.

        Uncertain, claimed since ``before`` with no end, or put off so often that the server means it; not what is halted,
        nor what is uncertain of the kinds that end with ``but``: others tell of these, if it still matters.
        """
        ...
