"""One key per communication, wrapped by the master key: destroy it, and nobody can read what was sealed with it.

Sealed is AES-256-GCM with a nonce of its own for each text, bound to its place, so that what is moved elsewhere does not
open.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, delete, select
from sqlmodel import col

from adapters.database.engine import insert, shred, writing
from models.errors import N_, UnknownReference, WrongKey
from models.tables import CommunicationKeyRow

_NONCE = 12
_KEY_BYTES = 32
_own = col(CommunicationKeyRow.communication)
_NAME_DIGITS = 20
"""Of the name of a recipient without an id of their own, in hexadecimal: 80 bits, so no two in a list are alike."""


class Key:
    """The key of one communication, opened."""

    def __init__(self, secret: bytes) -> None:
        self._secret, self._cipher = secret, AESGCM(secret)

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Return ``plain`` sealed for ``place``."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Return what was sealed for ``place``. Raises cryptography's InvalidTag if key, content or place is another."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)

    def name(self, identity: str) -> str:
        """Return an id for whoever has this ``identity``: always the same, and meaningless to who lacks the key."""
        return f"p{hmac.digest(self._secret, identity.encode(), 'sha256').hex()[:_NAME_DIGITS]}"


class Keyring:
    """The keys of one installation, wrapped by ``master_key`` (32 bytes)."""

    def __init__(self, engine: Engine, master_key: bytes) -> None:
        if len(master_key) != _KEY_BYTES:
            raise ValueError(f"the master key has {len(master_key)} bytes and must have {_KEY_BYTES}")
        self._engine, self._master = engine, Key(master_key)

    def make(self, connection: Connection, communication: str) -> None:
        """Make a key for ``communication``, unless it has one."""
        wrapped = self._master.seal(AESGCM.generate_key(bit_length=8 * _KEY_BYTES), communication.encode())
        row = {"communication": communication, "wrapped_key": wrapped}
        connection.execute(insert(connection, CommunicationKeyRow).on_conflict_do_nothing(), row)

    def open(self, connection: Connection, communication: str) -> Key:
        """Return the key, and hold it against erasure until the transaction ends.

        Raises UnknownReference if there is none (any more), WrongKey if the master key does not open it.
        """
        wrapped = _wrapped(connection, communication)
        try:
            return Key(self._master.open(wrapped, communication.encode()))
        except InvalidTag as fault:
            raise _not_ours(communication) from fault

    def holds(self, communication: str) -> bool:
        """Tell whether there is a key, so that what was sealed can be read."""
        with self._engine.connect() as connection:
            return connection.scalar(select(_own).where(_own == communication)) is not None

    def destroy(self, communication: str) -> bool:
        """Destroy the key, also in the database's files. Tell whether there was one."""
        with writing(self._engine) as connection:
            destroyed = connection.execute(delete(CommunicationKeyRow).where(_own == communication)).rowcount
        shred(self._engine, CommunicationKeyRow)
        return bool(destroyed)


def _wrapped(connection: Connection, communication: str) -> bytes:
    own = select(col(CommunicationKeyRow.wrapped_key)).where(_own == communication)
    wrapped = connection.scalar(own.with_for_update(read=True))
    if wrapped is None:
        raise unknown(communication)
    return bytes(wrapped)


def unknown(communication: str) -> UnknownReference:
    """Return the refusal to read what was never kept, or can no longer be read."""
    return UnknownReference(
        N_("The recipients of {communication} cannot be read."),
        why=N_("They were never kept, or they have been erased: their key does not exist."),
        remedy=N_("Check the reference; what has been erased cannot be brought back."),
        communication=communication,
    )


def _not_ours(communication: str) -> WrongKey:
    return WrongKey(
        N_("The key of {communication} does not open."),
        why=N_("It was wrapped with another master key than the one that Timglas was started with."),
        remedy=N_("Start Timglas with the master key of this installation, from the same source as before."),
        communication=communication,
    )
