"""Mail that comes in, each message handed over once: the ledger is ours, whatever kind of mailbox it lies in."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from sqlalchemy import Engine, select, update
from sqlmodel import col

from adapters.database.engine import insert, writing
from models.base import Sha256
from models.errors import N_, TimglasError, UnknownReference
from models.mail import Aside, Incoming
from models.tables import IncomingRow

LEASE = timedelta(minutes=15)
"""How long a claimed message is its reader's alone. A reader needs seconds, so the rest is margin."""
_TRIES = 3
_DIED = "no end"
"""Why a message is put aside that was handed over three times and never came to an end: reading it kills the reader."""

_key, _state = col(IncomingRow.key), col(IncomingRow.state)


class _State(StrEnum):
    CLAIMED = "claimed"
    DONE = "done"
    ASIDE = "aside"


class Found(NamedTuple):
    """A message as it lies in a mailbox; ``place`` is how that mailbox finds it again."""

    place: str
    content: bytes
    arrived_at: datetime


class OpenBox(Protocol):
    """A mailbox one is looking into."""

    def messages(self) -> Iterator[Found]:
        """Yield what lies in the inbox, oldest first, one at a time."""
        ...

    def file(self, found: Found, *, understood: bool) -> None:
        """Move a message out of the inbox: to those done with, or to those a person must read."""
        ...


class Box(Protocol):
    """A mailbox of one kind or another."""

    def open(self) -> AbstractContextManager[OpenBox]:
        """Look into it. Raises TransientPostError if it cannot be reached."""
        ...


class SqlMailbox:
    """The mailbox of one installation, which may lie in several places. What became of a message stands in the database; where it lies only follows.

    So a message is safe if we die at any point, and two who read the same mailbox share it.
    """

    def __init__(self, engine: Engine, *boxes: Box) -> None:
        self._engine, self._boxes = engine, boxes

    def claim(self, now: datetime) -> Iterator[Incoming]:
        """Yield each message that nobody has done with or holds, as ours for ``LEASE``; then move it where it belongs.

        Raises in the end what kept it from a mailbox, or from a file: the others are read all the same.
        """
        faults: list[TimglasError] = []
        for place in self._boxes:
            try:
                with place.open() as box:
                    yield from self._claim(box, now)
            except TimglasError as fault:
                faults.append(fault)
        if faults:
            first, *others = faults
            raise ExceptionGroup("Not every mailbox could be read", faults) if others else first

    def done(self, key: Sha256, now: datetime) -> None:
        """Record that the message was taken care of. Raises UnknownReference if nobody holds it."""
        self._end(key, _State.DONE, now)

    def put_aside(self, key: Sha256, now: datetime, *, why: str) -> None:
        """Record that a person must read the message. Raises UnknownReference if nobody holds it."""
        self._end(key, _State.ASIDE, now, why)

    def aside(self) -> tuple[Aside, ...]:
        """Return what waits for a person, oldest first."""
        columns = (_key, col(IncomingRow.why), col(IncomingRow.ended_at))
        waiting = select(*columns).where(_state == _State.ASIDE).order_by(col(IncomingRow.ended_at), _key)
        with self._engine.connect() as connection:
            return tuple(Aside(key=row.key, why=row.why, at=row.ended_at) for row in connection.execute(waiting))

    def _claim(self, box: OpenBox, now: datetime) -> Iterator[Incoming]:
        for found in box.messages():
            key = hashlib.sha256(found.content).hexdigest()
            if self._take(key, now):
                yield Incoming(key=key, arrived_at=found.arrived_at, content=found.content)
            state = self._state(key)
            if state is not _State.CLAIMED:
                box.file(found, understood=state is _State.DONE)

    def _take(self, key: Sha256, now: datetime) -> bool:
        """Claim the message if it is new or its claim has run out; one statement, so of two who ask one gets it."""
        until, tries = col(IncomingRow.claimed_until), col(IncomingRow.tries)
        new = {"key": key, "state": _State.CLAIMED, "claimed_until": now + LEASE, "tries": 1, "why": ""}
        with writing(self._engine) as connection:
            again = insert(connection, IncomingRow).on_conflict_do_update(
                index_elements=[_key],
                set_={"claimed_until": now + LEASE, "tries": tries + 1},
                where=(_state == _State.CLAIMED) & (until <= now),
            )
            count = connection.scalar(again.returning(tries), new)
        if count is not None and count > _TRIES:
            self.put_aside(key, now, why=_DIED)
            return False
        return count is not None

    def _state(self, key: Sha256) -> _State:
        with self._engine.connect() as connection:
            return _State(connection.scalars(select(_state).where(_key == key)).one())

    def _end(self, key: Sha256, state: _State, now: datetime, why: str = "") -> None:
        mine = update(IncomingRow).where(_key == key, _state == _State.CLAIMED)
        with writing(self._engine) as connection:
            if connection.execute(mine.values(state=state, ended_at=now, why=why)).rowcount == 0:
                raise UnknownReference(
                    N_("There is no claimed message {key}."),
                    why=N_("Only what was handed over, and has no end yet, can be ended."),
                    remedy=N_("Claim the message first."),
                    key=key,
                )
