"""Who was reminded of what: every step to every person is claimed once, before it is sent, and settled after."""

import base64
import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, and_, bindparam, delete, func, or_, select, tuple_, update
from sqlmodel import col

from adapters.database.engine import insert, writing
from models.base import IncidentId
from models.recipient import DeliveryState
from models.reminder import Entry, LedgerRow, StepClaim
from models.tables import ReminderRow

_key = (col(ReminderRow.incident_id), col(ReminderRow.deadline), col(ReminderRow.step), col(ReminderRow.person))
_state, _claimed_at, _step_at = col(ReminderRow.state), col(ReminderRow.claimed_at), col(ReminderRow.step_at)
_columns = (*_key, col(ReminderRow.message_id), _state, _claimed_at)
_OPEN = (DeliveryState.CLAIMED, DeliveryState.UNCERTAIN)
_NAMES = tuple(f"this_{number}" for number in range(len(_key)))
_this = and_(*(column == bindparam(name) for column, name in zip(_key, _NAMES, strict=True)))
"""One row by its key. SQLite reads the whole table for a list of ten keys, and a row each by the index."""

_AT_ONCE = 500
"""Rows in one statement: databases limit how many values it may hold."""
_TOKEN_LENGTH = 26


class SqlLedger:
    """The ledger of one installation. ``key`` makes its Message-IDs unguessable; ``domain`` ends them."""

    def __init__(self, engine: Engine, key: bytes, domain: str) -> None:
        self._engine, self._key, self._domain = engine, hashlib.sha256(b"timglas reminders" + key).digest(), domain

    def message_id(self, entries: Iterable[Entry]) -> str:
        """Return the Message-ID of the message that reminds of ``entries``: always the same, and nobody can guess it.

        Whoever answers quotes it, so it says which reminder the answer is to.
        """
        sorted_ones = sorted(entries)
        digest = hmac.new(self._key, repr([tuple(one) for one in sorted_ones]).encode(), hashlib.sha256).digest()
        token = base64.b32encode(digest).decode().lower()[:_TOKEN_LENGTH]
        return f"<{sorted_ones[0].incident.lower()}.{token}@{self._domain}>"

    def claim(self, wanted: Sequence[StepClaim], *, now: datetime) -> frozenset[Entry]:
        """Return those of ``wanted`` that are now ours to send: nobody has, or a mail server put them off.

        All in one transaction, and each row asks and answers in one statement: of two who claim one wins.
        """
        table = ReminderRow
        ours: set[Entry] = set()
        with writing(self._engine) as connection:
            for first in range(0, len(wanted), _AT_ONCE):
                statement = insert(connection, table)
                again = statement.on_conflict_do_update(
                    index_elements=_key,
                    set_={
                        "state": DeliveryState.CLAIMED,
                        "message_id": statement.excluded.message_id,
                        "claimed_at": now,
                        "ended_at": None,
                        "detail": "",
                    },
                    where=_state == DeliveryState.DEFERRED,
                )
                rows = [_row(claim, now) for claim in wanted[first : first + _AT_ONCE]]
                ours.update(Entry(*row) for row in connection.execute(again.values(rows).returning(*_key)))
        return frozenset(ours)

    def settle(self, ends: Sequence[tuple[Collection[Entry], DeliveryState, str]], *, now: datetime) -> None:
        """Record what became of claimed entries: for each group its end, and the server's code; never an address.

        What was sent stays sent, unless it bounces (REFUSED).
        """
        alike: dict[tuple[DeliveryState, str], list[Entry]] = {}
        for some, state, detail in ends:
            if some:
                alike.setdefault((state, detail), []).extend(some)
        with writing(self._engine) as connection:
            for (state, detail), entries in alike.items():
                settled = (*_OPEN, DeliveryState.SENT) if state is DeliveryState.REFUSED else _OPEN
                mine = update(ReminderRow).where(_this, or_(*(_state == one for one in settled)))
                ended = mine.values(state=state, ended_at=now, detail=detail)
                connection.execute(ended, [_named(entry) for entry in entries])

    def rows(self, incident_id: IncidentId) -> tuple[LedgerRow, ...]:
        """Return every row of the incident, in the order in which they came due."""
        return tuple(self.rows_of([incident_id])[incident_id])

    def rows_of(self, incidents: Collection[IncidentId]) -> dict[IncidentId, list[LedgerRow]]:
        """Return the same of each of ``incidents``, asked for at once."""
        found: dict[IncidentId, list[LedgerRow]] = {incident: [] for incident in incidents}
        for row in self._read(select(*_columns).where(_key[0].in_(incidents)).order_by(_step_at, *_key)):
            found[row.entry.incident].append(row)
        return found

    def unsettled(self) -> tuple[LedgerRow, ...]:
        """Return what was put off, may or may not have arrived, or was claimed and has no end."""
        return self._read(select(*_columns).where(_state.in_((*_OPEN, DeliveryState.DEFERRED))).order_by(_claimed_at))

    def refused(self, since: datetime) -> tuple[LedgerRow, ...]:
        """Return what was refused or came back since then, to people whom nothing has reached after it."""
        lost = self._read(
            select(*_columns).where(_claimed_at > since, _state == DeliveryState.REFUSED).order_by(_claimed_at, *_key)
        )
        people = {row.entry.person for row in lost}
        newest = select(_key[3], func.max(_claimed_at)).where(_claimed_at > since, _state == DeliveryState.SENT)
        with self._engine.connect() as connection:
            found = connection.execute(newest.where(_key[3].in_(people)).group_by(_key[3]))
            reached: dict[str, datetime] = dict(found.tuples().all())
        return tuple(row for row in lost if row.claimed_at > reached.get(row.entry.person, since))

    def settle_uncertain(self, entries: Collection[Entry], *, arrived: bool, now: datetime) -> int:
        """Record what a person found out of entries that may or may not have arrived; those that did not go again."""
        uncertain = update(ReminderRow).where(tuple_(*_key).in_(entries), _state.in_(_OPEN))
        state = DeliveryState.SENT if arrived else DeliveryState.DEFERRED
        with writing(self._engine) as connection:
            return connection.execute(uncertain.values(state=state, ended_at=now, detail="by hand")).rowcount

    def forget_ahead(self, now: datetime, *, claimed_after: datetime) -> int:
        """Forget what a clock that ran ahead sent for a time ahead of ``now``, so that it goes then; return how much."""
        ahead = delete(ReminderRow).where(_claimed_at > claimed_after, _step_at > now)
        with writing(self._engine) as connection:
            return connection.execute(ahead).rowcount

    def _read(self, query: Select[Any]) -> tuple[LedgerRow, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return tuple(LedgerRow(Entry(*row[:4]), row[4], DeliveryState(row[5]), row[6]) for row in rows)


def _named(entry: Entry) -> dict[str, str]:
    return dict(zip(_NAMES, entry, strict=True))


def _row(claim: StepClaim, now: datetime) -> dict[str, object]:
    return {
        **dict(zip(("incident_id", "deadline", "step", "person"), claim.entry, strict=True)),
        "step_at": claim.step_at,
        "message_id": claim.message_id,
        "state": DeliveryState.CLAIMED,
        "claimed_at": now,
        "ended_at": None,
        "detail": "",
    }
