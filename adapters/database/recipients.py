"""The people concerned, sealed with the key of their communication."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, Engine, bindparam, delete, func, select, update
from sqlmodel import col

from adapters.database.engine import insert_new, patiently, writing
from adapters.database.keys import Key, Keyring, unknown
from models.recipient import Recipient
from models.tables import CommunicationKeyRow, RecipientRow

_BATCH = 1000
_communication, _id, _sealed = (
    col(RecipientRow.communication),
    col(RecipientRow.recipient_id),
    col(RecipientRow.sealed),
)


class SealedRecipients:
    """Recipients under the keys of ``keyring``. Only the ids are legible; they must say nothing about the person."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine, self._keyring = engine, keyring

    def keep(self, communication: str, recipients: Iterable[Recipient]) -> int:
        """Store ``recipients``, each once, and return how many the communication now holds.

        Batches are kept as they come, so a broken import is simply run again. Who is kept already is updated by what
        the new list says (``Recipient.updated``). Raises UnknownReference if the communication has been erased.
        """
        self._make_key(communication)
        stream = iter(recipients)
        while batch := list(islice(stream, _BATCH)):
            people: dict[str, Recipient] = {}
            for one in batch:
                people[one.id] = people[one.id].updated(one) if one.id in people else one
            with writing(self._engine) as connection:
                key = self._keyring.open(connection, communication)
                kept = _kept(connection, communication, key, tuple(people))
                new = [_row(key, communication, one) for one in people.values() if one.id not in kept]
                insert_new(connection, RecipientRow, ("communication", "recipient_id", "sealed"), new)
                _change(connection, key, communication, kept, people)
        return self.count(communication)

    def put(self, communication: str, recipients: Iterable[Recipient]) -> None:
        """Store ``recipients`` exactly as they are, in place of what was kept of them. Raises UnknownReference once erased."""
        stream = iter(recipients)
        while people := {one.id: one for one in islice(stream, _BATCH)}:
            with writing(self._engine) as connection:
                key = self._keyring.open(connection, communication)
                kept = _kept(connection, communication, key, tuple(people))
                new = [_row(key, communication, one) for one in people.values() if one.id not in kept]
                insert_new(connection, RecipientRow, ("communication", "recipient_id", "sealed"), new)
                changed = [one for one in people.values() if one.id in kept and one != kept[one.id]]
                _rewrite(connection, key, communication, changed)

    def namer(self, communication: str) -> Callable[[str], str]:
        """Return what gives a person without an id one, from whatever tells them apart. Raises UnknownReference."""
        self._make_key(communication)
        with writing(self._engine) as connection:
            return self._keyring.open(connection, communication).name

    def count(self, communication: str) -> int:
        """Return how many recipients the communication holds, legible or erased."""
        with self._engine.connect() as connection:
            return _count(connection, communication)

    def fingerprint(self, communication: str) -> str:
        """Return the SHA-256 of the sealed list as it stands: any change of it gives another."""
        digest, rows = hashlib.sha256(), select(_id, _sealed).where(_communication == communication).order_by(_id)
        with self._engine.connect() as connection:
            for recipient_id, sealed in connection.execute(rows.execution_options(yield_per=_BATCH)):
                digest.update(f"{recipient_id}\0".encode() + hashlib.sha256(sealed).digest())
        return digest.hexdigest()

    def read(self, communication: str) -> Iterator[Recipient]:
        """Return the recipients in the order of their ids, a batch at a time, with no transaction open in between.

        Raises UnknownReference at once if there is no key (any more), and on the way if it is destroyed meanwhile.
        """
        with self._engine.connect() as connection:
            self._keyring.open(connection, communication)
        return self._opened(communication)

    def some(self, communication: str, ids: Collection[str]) -> list[Recipient]:
        """Return those of the recipients whose ids are asked for. Raises UnknownReference once they are erased.

        They are asked for once their messages are claimed, so the database is waited for if it is away.
        """

        def read() -> list[Recipient]:
            with self._engine.connect() as connection:
                key = self._keyring.open(connection, communication)
                return list(_kept(connection, communication, key, ids).values())

        return patiently(read)

    def erase(self, communication: str) -> int:
        """Destroy the key, and return how many recipients nobody can read any more.

        To erase again returns the same count. Raises UnknownReference if there never was such a communication.
        """
        destroyed, count = self._keyring.destroy(communication), self.count(communication)
        if not destroyed and not count:
            raise unknown(communication)
        return count

    def is_erased(self, communication: str) -> bool:
        """Tell whether the recipients are there and nobody can read them."""
        return bool(self.count(communication)) and not self._keyring.holds(communication)

    def clear(self, communication: str) -> None:
        """Take away the rows of an erased communication, which can be kept anew then; those with a key stay."""
        keyed = select(col(CommunicationKeyRow.communication)).where(
            col(CommunicationKeyRow.communication) == communication
        )
        with writing(self._engine) as connection:
            connection.execute(delete(RecipientRow).where(_communication == communication, ~keyed.exists()))

    def _make_key(self, communication: str) -> None:
        with writing(self._engine) as connection:
            if not _count(connection, communication):
                self._keyring.make(connection, communication)

    def _opened(self, communication: str) -> Iterator[Recipient]:
        own = select(_id, _sealed).where(_communication == communication).order_by(_id).limit(_BATCH)
        batch = own
        while True:
            with self._engine.connect() as connection:
                key = self._keyring.open(connection, communication)
                rows = connection.execute(batch).all()
            yield from (_read(key, communication, *row) for row in rows)
            if len(rows) < _BATCH:
                return
            batch = own.where(_id > rows[-1].recipient_id)


def _kept(connection: Connection, communication: str, key: Key, ids: Collection[str]) -> dict[str, Recipient]:
    rows = select(_id, _sealed).where(_communication == communication, _id.in_(ids))
    return {row.recipient_id: _read(key, communication, *row) for row in connection.execute(rows)}


def _change(
    connection: Connection, key: Key, communication: str, kept: dict[str, Recipient], people: dict[str, Recipient]
) -> None:
    updated = (one.updated(people[one.id]) for one in kept.values())
    _rewrite(connection, key, communication, [one for one in updated if one != kept[one.id]])


def _rewrite(connection: Connection, key: Key, communication: str, changed: Sequence[Recipient]) -> None:
    if changed:
        mine = update(RecipientRow).where(_communication == communication, _id == bindparam("who"))
        rows = [{"who": one.id, "sealed": _row(key, communication, one)[2]} for one in changed]
        connection.execute(mine.values(sealed=bindparam("sealed")), rows)


def _row(key: Key, communication: str, one: Recipient) -> tuple[str, str, bytes]:
    plain = one.model_dump_json(exclude_defaults=True).encode()
    return communication, one.id, key.seal(plain, _place(communication, one.id))


def _read(key: Key, communication: str, recipient_id: str, sealed: bytes) -> Recipient:
    return Recipient.model_validate_json(key.open(sealed, _place(communication, recipient_id)))


def _place(communication: str, recipient_id: str) -> bytes:
    """Return what the seal is bound to. No id holds the separator: neither database stores it in a text."""
    return f"{communication}\0{recipient_id}".encode()


def _count(connection: Connection, communication: str) -> int:
    return connection.scalar(select(func.count()).where(_communication == communication)) or 0
