"""How the services see what prints: presses, the letters they printed, and the files for the print house."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from models.letter import Letter, Letterhead
from models.recipient import Channel
from models.sheet import Batch, DigitalPost, Frame, Place, PrintedBatch, Sheet, Untaken


class Press(Protocol):
    """A press for one letter to one kind of envelope."""

    @property
    def frame(self) -> Frame:
        """What all its letters share."""
        ...

    def sheet(self, key: str, channel: Channel, window: Sequence[str], about: str = "") -> Sheet:
        """Return the letter in the envelope ``key``. Raises MissingParticular if it cannot be printed."""
        ...

    def proof(self, sheet: Sheet, window: Sequence[str], about: str = "") -> None:
        """Read the letter back. Raises Misprint unless it says just that in the window and of the child."""
        ...


class Presses(Protocol):
    """Makes presses. ``address``: there is one in the window. ``about``: a line names a child."""

    def __call__(self, letter: Letter, head: Letterhead, *, address: bool, about: bool) -> Press:
        """Return a press for ``letter`` under ``head``."""
        ...


class PrintedLetters(Protocol):
    """Printed letters, sealed with the key of their communication, and the batches they were printed in.

    A letter is known by the SHA-256 of its text, one copy of it by the key of its envelope.
    """

    def keep(self, communication: str, letter: str, sheets: Collection[Sheet], frames: Iterable[Frame]) -> None:
        """Keep ``sheets`` and the ``frames`` they stand in; what is kept already stays as it is."""
        ...

    def kept(self, communication: str, letter: str, keys: Collection[str]) -> frozenset[str]:
        """Return those of ``keys`` whose letter is printed."""
        ...

    def read(self, communication: str, letter: str, keys: Collection[str]) -> Sequence[Sheet]:
        """Return the letters in the envelopes ``keys``, in their order. Raises UnknownReference once they are erased."""
        ...

    def frame(self, frame_id: str) -> Frame:
        """Return a frame that was kept."""
        ...

    def loose(self, communication: str, letter: str, channel: Channel) -> frozenset[str]:
        """Return the keys of the letters written to go that way that stand in no batch."""
        ...

    def untaken(self, communication: str, recorded: str) -> tuple[Untaken, ...]:
        """Return, for each way, the letters that stand in no batch, of those ``recorded`` in the outbox under that name."""
        ...

    def keep_batch(self, communication: str, letter: str, batch: Batch, ledger: Iterable[Place]) -> None:
        """Record that ``batch`` was printed, and where in it each letter stands."""
        ...

    def batches(self, communication: str, letter: str) -> tuple[Batch, ...]:
        """Return the batches, in their order."""
        ...

    def ledger(self, communication: str, letter: str, batch: int) -> tuple[Place, ...]:
        """Return where in the batch each letter stands, in the order of the pages."""
        ...

    def rewritten(self, communication: str, letter: str, batch: Batch, ledger: Iterable[Place]) -> None:
        """Record what the ``batch`` is and where each letter stands, now that its file is written once more."""
        ...

    def post(self, communication: str, letter: str, batch: int, *, at: datetime) -> None:
        """Record when the batch was posted; the first time that is said holds."""
        ...

    def count(self, communication: str) -> int:
        """Return how many letters were printed, legible or erased."""
        ...

    def waiting(self, communication: str) -> int:
        """Return how many of them stand in no batch."""
        ...


class PrintRoom(Protocol):
    """Print files, for the print house or the office's own printer. They lie there in plain, and no longer than needed."""

    def write(
        self,
        name: str,
        number: int,
        letters: Iterable[tuple[Sheet, Frame | None, Sequence[str]]],
        *,
        left_out: Collection[int] = (),
    ) -> PrintedBatch:
        """Write a file with the letters, each with what its lines must say, and read it back. Raises Misprint.

        They are numbered from 1, but for the numbers ``left_out``.
        """
        ...

    def pack(
        self,
        name: str,
        post: DigitalPost,
        letters: Iterable[tuple[Sheet, Frame | None, str]],
        *,
        left_out: Collection[int] = (),
    ) -> PrintedBatch:
        """Write a file with the letters for digital mailboxes, each with a number, and read it back. Raises Misprint."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Let nobody else take out letters meanwhile: two at once would give their files one number."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Put another file beside the print files."""
        ...

    def holds(self, name: str) -> bool:
        """Tell whether the print file ``name`` lies there."""
        ...

    def clear(self, name: str) -> None:
        """Remove the print file ``name`` and what belongs to it, if they are there."""
        ...
