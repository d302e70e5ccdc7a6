"""Printed letters: what is one person's own, sealed with the key of the communication; what they share, stored once."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, exists, func, select, update
from sqlmodel import col

from adapters.database.engine import insert, insert_new, writing
from adapters.database.keys import Keyring
from models.recipient import Channel, DeliveryState
from models.sheet import Batch, Frame, Place, Sheet, Untaken
from models.tables import BatchRow, DispatchRow, FrameRow, LedgerRow, PrintedRow

_COLUMNS = ("communication", "letter_sha256", "recipient", "channel", "frame", "sealed", "sha256", "pages")
_LEDGER = ("communication", "letter_sha256", "recipient", "batch", "number", "first_page")


class SealedLetters:
    """The printed letters of one installation, under the keys of ``keyring``. A letter is known by its text's SHA-256."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine, self._keyring = engine, keyring

    def keep(self, communication: str, letter: str, sheets: Collection[Sheet], frames: Iterable[Frame]) -> None:
        """Keep ``sheets`` and the ``frames`` they stand in; what is kept already stays as it is."""
        with writing(self._engine) as connection:
            key = self._keyring.open(connection, communication)
            rows = [
                (communication, letter, one.key, one.channel.value, one.frame, sealed, one.sha256, one.pages)
                for one in sheets
                for sealed in (key.seal(one.content, _place(communication, letter, one.key)),)
            ]
            own = {"id": None, "prefix": None, "number": None, "rows": None, "pages": None}
            for frame in frames:
                row = {name: getattr(frame, name) for name in own}
                connection.execute(insert(connection, FrameRow).on_conflict_do_nothing(), row)
            insert_new(connection, PrintedRow, _COLUMNS, rows)

    def kept(self, communication: str, letter: str, keys: Collection[str]) -> frozenset[str]:
        """Return those of ``keys`` whose letter is printed."""
        own = select(col(PrintedRow.recipient)).where(*_of(PrintedRow, communication, letter))
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(own.where(col(PrintedRow.recipient).in_(keys))))

    def read(self, communication: str, letter: str, keys: Collection[str]) -> tuple[Sheet, ...]:
        """Return the letters in the envelopes ``keys``, in their order. Raises UnknownReference once they are erased."""
        own = select(PrintedRow).where(*_of(PrintedRow, communication, letter), col(PrintedRow.recipient).in_(keys))
        with self._engine.connect() as connection:
            key = self._keyring.open(connection, communication)
            rows = connection.execute(own.order_by(col(PrintedRow.recipient))).all()
        return tuple(
            Sheet(
                row.recipient,
                Channel(row.channel),
                row.frame,
                key.open(row.sealed, _place(communication, letter, row.recipient)),
                row.sha256,
                row.pages,
            )
            for row in rows
        )

    def frame(self, frame_id: str) -> Frame:
        """Return a frame that was kept."""
        with self._engine.connect() as connection:
            row = connection.execute(select(FrameRow).where(col(FrameRow.id) == frame_id)).one()
        return Frame(bytes(row.prefix), row.number, bytes(row.rows), row.pages)

    def loose(self, communication: str, letter: str, channel: Channel) -> frozenset[str]:
        """Return the keys of the letters written to go that way that stand in no batch."""
        key = col(PrintedRow.recipient)
        taken = exists().where(*_of(LedgerRow, communication, letter), col(LedgerRow.recipient) == key)
        own = select(key).where(*_of(PrintedRow, communication, letter), col(PrintedRow.channel) == channel.value)
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(own.where(~taken)))

    def untaken(self, communication: str, recorded: str) -> tuple[Untaken, ...]:
        """Return, for each way, the letters that stand in no batch, of those ``recorded`` in the outbox under that name."""
        channel, written_at = col(DispatchRow.channel), func.min(col(DispatchRow.claimed_at))
        same = (col(LedgerRow.letter_sha256) == col(DispatchRow.letter_sha256)) & (
            col(LedgerRow.recipient) == col(DispatchRow.recipient)
        )
        taken = exists().where(col(LedgerRow.communication) == communication, same)
        written = col(DispatchRow.state) != DeliveryState.UNPRINTABLE
        own = select(channel, func.count(), written_at).where(
            col(DispatchRow.communication) == recorded, written, ~taken
        )
        with self._engine.connect() as connection:
            rows = connection.execute(own.group_by(channel).order_by(channel))
            return tuple(Untaken(Channel(name), count, since) for name, count, since in rows)

    def keep_batch(self, communication: str, letter: str, batch: Batch, ledger: Iterable[Place]) -> None:
        """Record that ``batch`` was printed, and where in it each letter stands."""
        with writing(self._engine) as connection:
            row = {"communication": communication, "letter_sha256": letter, **batch._asdict()}
            connection.execute(insert(connection, BatchRow), row)
            rows = [(communication, letter, one.key, batch.number, one.number, one.first_page) for one in ledger]
            insert_new(connection, LedgerRow, _LEDGER, rows)

    def batches(self, communication: str, letter: str) -> tuple[Batch, ...]:
        """Return the batches, in their order."""
        own = select(BatchRow).where(*_of(BatchRow, communication, letter)).order_by(col(BatchRow.number))
        with self._engine.connect() as connection:
            rows = connection.execute(own).all()
        return tuple(
            Batch(row.number, Channel(row.channel), row.letters, row.pages, row.sha256, row.made_at, row.posted_at)
            for row in rows
        )

    def ledger(self, communication: str, letter: str, batch: int) -> tuple[Place, ...]:
        """Return where in the batch each letter stands, in the order of the pages."""
        places = (col(LedgerRow.recipient), col(LedgerRow.number), col(LedgerRow.first_page))
        own = select(*places).where(*_of(LedgerRow, communication, letter), col(LedgerRow.batch) == batch)
        with self._engine.connect() as connection:
            return tuple(Place(*row) for row in connection.execute(own.order_by(col(LedgerRow.number))))

    def rewritten(self, communication: str, letter: str, batch: Batch, ledger: Iterable[Place]) -> None:
        """Record what the ``batch`` is and where each letter stands, now that its file is written once more."""
        own = update(BatchRow).where(*_of(BatchRow, communication, letter), col(BatchRow.number) == batch.number)
        row = col(LedgerRow.recipient) == bindparam("whose")
        moved = update(LedgerRow).where(*_of(LedgerRow, communication, letter), row)
        places = [{"whose": one.key, "page": one.first_page} for one in ledger]
        with writing(self._engine) as connection:
            connection.execute(own.values(letters=batch.letters, pages=batch.pages, sha256=batch.sha256))
            connection.execute(moved.values(first_page=bindparam("page")), places)

    def post(self, communication: str, letter: str, batch: int, *, at: datetime) -> None:
        """Record when the batch was posted; the first time that is said holds."""
        own = update(BatchRow).where(*_of(BatchRow, communication, letter), col(BatchRow.number) == batch)
        with writing(self._engine) as connection:
            connection.execute(own.where(col(BatchRow.posted_at).is_(None)).values(posted_at=at))

    def count(self, communication: str) -> int:
        """Return how many letters were printed, legible or erased."""
        with self._engine.connect() as connection:
            return _count(connection, PrintedRow, communication)

    def waiting(self, communication: str) -> int:
        """Return how many of them stand in no batch."""
        with self._engine.connect() as connection:
            return _count(connection, PrintedRow, communication) - _count(connection, LedgerRow, communication)


def _count(connection: Connection, table: type[PrintedRow | LedgerRow], communication: str) -> int:
    return connection.scalar(select(func.count()).where(col(table.communication) == communication)) or 0


def _of(
    table: type[PrintedRow | BatchRow | LedgerRow], communication: str, letter: str
) -> tuple[ColumnElement[bool], ...]:
    return col(table.communication) == communication, col(table.letter_sha256) == letter


def _place(communication: str, letter: str, key: str) -> bytes:
    return f"{communication}\0{letter}\0{key}".encode()
