"""The people concerned, sealed with one key per communication: destroy the key, and nobody can read them again."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, Row, delete, func, select
from sqlmodel import col

from adapters.database import insert, shred, writing
from models.errors import N_, UnknownReference
from models.recipient import Recipient
from models.tables import CommunicationKeyRow, RecipientRow

_BATCH = 1000
_NONCE = 12
_KEY_BYTES = 32
_communication, _id = col(RecipientRow.communication), col(RecipientRow.recipient_id)


class SealedRecipients:
    """Recipients under AES-256-GCM. A communication's key lies in the database, wrapped by ``master_key`` (32 bytes).

    The seal is bound to its place (communication and recipient), so a row moved elsewhere does not open. Only the ids
    are legible; they must say nothing about the person.
    """

    def __init__(self, engine: Engine, master_key: bytes) -> None:
        if len(master_key) != _KEY_BYTES:
            raise ValueError(f"the master key has {len(master_key)} bytes and must have {_KEY_BYTES}")
        self._engine, self._master = engine, AESGCM(master_key)

    def keep(self, communication: str, recipients: Iterable[Recipient]) -> int:
        """Store ``recipients``, each once, and return how many the communication now holds.

        Batches are kept as they come, so a broken import is simply run again: what is kept is not replaced.
        Raises UnknownReference if the communication has been erased.
        """
        key = self._new_or_known_key(communication)
        stream = iter(recipients)
        while batch := list(islice(stream, _BATCH)):
            rows = [_sealed_row(key, communication, recipient) for recipient in batch]
            with writing(self._engine) as connection:
                _wrapped_key(connection, communication)  # held until the rows are in: nobody erases in between
                connection.execute(insert(connection, RecipientRow).on_conflict_do_nothing(), rows)
        return self.count(communication)

    def count(self, communication: str) -> int:
        """Return how many recipients the communication holds, legible or erased."""
        with self._engine.connect() as connection:
            return _count(connection, communication)

    def fingerprint(self, communication: str) -> str:
        """Return the SHA-256 of the sealed list as it stands: any change of it gives another."""
        digest, rows = hashlib.sha256(), select(_id, col(RecipientRow.sealed)).where(_communication == communication)
        with self._engine.connect() as connection:
            for recipient_id, sealed in connection.execute(rows.order_by(_id).execution_options(yield_per=_BATCH)):
                digest.update(f"{recipient_id}\0".encode() + hashlib.sha256(sealed).digest())
        return digest.hexdigest()

    def read(self, communication: str) -> Iterator[Recipient]:
        """Return the recipients in the order of their ids, a batch at a time, with no transaction open in between.

        Raises UnknownReference at once if there is no key (any more), and on the way if it is destroyed meanwhile.
        """
        with self._engine.connect() as connection:
            _wrapped_key(connection, communication)
        return self._opened(communication)

    def some(self, communication: str, ids: Collection[str]) -> list[Recipient]:
        """Return those of the recipients whose ids are asked for. Raises UnknownReference once they are erased."""
        asked = select(_id, col(RecipientRow.sealed)).where(_communication == communication, _id.in_(ids))
        with self._engine.connect() as connection:
            key = self._key(connection, communication)
            rows = connection.execute(asked).all()
        return [_opened(key, communication, row) for row in rows]

    def erase(self, communication: str) -> int:
        """Destroy the key, also in the database's files, and return how many recipients nobody can read any more.

        To erase again returns the same count. Raises UnknownReference if there never was such a communication.
        """
        with writing(self._engine) as connection:
            own = col(CommunicationKeyRow.communication) == communication
            destroyed = connection.execute(delete(CommunicationKeyRow).where(own)).rowcount
            count = _count(connection, communication)
        if not destroyed and not count:
            raise _unknown(communication)
        shred(self._engine, CommunicationKeyRow)
        return count

    def _new_or_known_key(self, communication: str) -> AESGCM:
        wrapped = _encrypt(self._master, AESGCM.generate_key(bit_length=256), communication.encode())
        with writing(self._engine) as connection:
            if not _count(connection, communication):
                row = {"communication": communication, "wrapped_key": wrapped}
                connection.execute(insert(connection, CommunicationKeyRow).on_conflict_do_nothing(), row)
            return self._key(connection, communication)

    def _opened(self, communication: str) -> Iterator[Recipient]:
        own = select(_id, col(RecipientRow.sealed)).where(_communication == communication).order_by(_id).limit(_BATCH)
        batch = own
        while True:
            with self._engine.connect() as connection:
                key = self._key(connection, communication)
                rows = connection.execute(batch).all()
            for row in rows:
                yield _opened(key, communication, row)
            if len(rows) < _BATCH:
                return
            batch = own.where(_id > rows[-1].recipient_id)

    def _key(self, connection: Connection, communication: str) -> AESGCM:
        return AESGCM(_decrypt(self._master, _wrapped_key(connection, communication), communication.encode()))


def _sealed_row(key: AESGCM, communication: str, recipient: Recipient) -> dict[str, object]:
    sealed = _encrypt(key, recipient.model_dump_json().encode(), _place(communication, recipient.id))
    return {"communication": communication, "recipient_id": recipient.id, "sealed": sealed}


def _opened(key: AESGCM, communication: str, row: Row[Any]) -> Recipient:
    plain = _decrypt(key, row.sealed, _place(communication, row.recipient_id))
    return Recipient.model_validate_json(plain)


def _place(communication: str, recipient_id: str) -> bytes:
    """Return what the seal is bound to. No id holds the separator: neither database stores it in a text."""
    return f"{communication}\0{recipient_id}".encode()


def _encrypt(key: AESGCM, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, plain, context)


def _decrypt(key: AESGCM, sealed: bytes, context: bytes) -> bytes:
    """Return the plain bytes. Raises cryptography's InvalidTag if key, content or place is another."""
    return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], context)


def _wrapped_key(connection: Connection, communication: str) -> bytes:
    """Return the key as stored, and hold it against erasure until the transaction ends."""
    own = select(col(CommunicationKeyRow.wrapped_key)).where(col(CommunicationKeyRow.communication) == communication)
    wrapped = connection.scalar(own.with_for_update(read=True))
    if wrapped is None:
        raise _unknown(communication)
    return wrapped


def _count(connection: Connection, communication: str) -> int:
    return connection.scalar(select(func.count()).where(_communication == communication)) or 0


def _unknown(communication: str) -> UnknownReference:
    return UnknownReference(
        N_("The recipients of {communication} cannot be read."),
        why=N_("They were never kept, or they have been erased: their key does not exist."),
        remedy=N_("Check the reference; what has been erased cannot be brought back."),
        communication=communication,
    )
