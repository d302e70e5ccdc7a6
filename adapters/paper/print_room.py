"""The print file of a batch on disk: written, and then read back from the disk page by page before anybody gets it."""

import csv
import fcntl
import mmap
import os
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from adapters.new_file import new_file
from adapters.paper.mailbox_drop import write_drop
from adapters.paper.print_file import PrintFile
from adapters.paper.reading import UNMARKED, Reading
from models.errors import N_, Misprint, TimelineConflict
from models.sheet import DROP, PDF, DigitalPost, Frame, Place, PrintedBatch, Sheet, numbers


class PrintRoom:
    """Writes print files in ``folder``, for its owner alone to read.

    ``duplex``: paper is printed on both sides, and each letter begins on a sheet of its own.
    """

    def __init__(self, folder: Path, *, duplex: bool = True) -> None:
        self._folder, self._duplex = folder, duplex

    def write(
        self,
        name: str,
        number: int,
        letters: Iterable[tuple[Sheet, Frame | None, Sequence[str]]],
        *,
        left_out: Collection[int] = (),
    ) -> PrintedBatch:
        """Write ``name``.pdf with the letters, and ``name``-sidor.csv that says on which pages each of them is.

        With each letter comes what its lines must say. They are numbered from 1; the numbers ``left_out`` are nobody's in
        this file, and all others keep theirs. Raises TimelineConflict if there is such a file already; Misprint if a page
        read back from the disk says something else: then there is none.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / f"{name}.pdf"
        if file.exists():
            raise _taken(file.name)
        with new_file(file) as draft, draft.open("w+b") as out:
            printing, expected = PrintFile(out, number, duplex=self._duplex), _Expected()
            places: list[Place] = []
            for letter, (sheet, frame, lines) in zip(numbers(left_out), letters, strict=False):
                places.append(Place(sheet.key, letter, printing.add(sheet, frame, number=letter)))
                expected.add(sheet, lines, alone=frame is None)
            sha256 = printing.close()
            out.flush()
            self._proof(out, number, places, expected)
            os.fsync(out.fileno())
            _write_ledger(self._folder / f"{name}-sidor.csv", places, expected.pages)
        return PrintedBatch(sha256, printing.pages, tuple(places))

    def pack(
        self,
        name: str,
        post: DigitalPost,
        letters: Iterable[tuple[Sheet, Frame | None, str]],
        *,
        left_out: Collection[int] = (),
    ) -> PrintedBatch:
        """Write the letters for digital mailboxes, each with a number, and read them back. Raises Misprint."""
        return write_drop(self._folder / f"{name}{DROP}", post, letters, left_out=left_out)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else on this machine take out letters meanwhile; whoever comes second waits."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        with Path(f"{self._folder}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # it ends with the file, also where the process dies
            yield

    def put(self, name: str, content: bytes) -> None:
        """Put another file beside the print files, whole or not at all."""
        with new_file(self._folder / name) as draft:
            draft.write_bytes(content)

    def holds(self, name: str) -> bool:
        """Tell whether the print file ``name`` lies there."""
        return any((self._folder / f"{name}{ending}").exists() for ending in (PDF, DROP))

    def clear(self, name: str) -> None:
        """Remove the print file ``name`` and what belongs to it, if they are there."""
        for file in (self._folder / f"{name}.pdf", *self._folder.glob(f"{name}-*")):
            file.unlink(missing_ok=True)

    def _proof(self, out: BinaryIO, number: int, places: Sequence[Place], expected: "_Expected") -> None:
        with closing(mmap.mmap(out.fileno(), 0, access=mmap.ACCESS_READ)) as mapped:
            reading = Reading(mapped)
            pages = reading.pages()
            for nth, (letter, count) in enumerate(zip((one.number for one in places), expected.pages, strict=True), 1):
                for place in range(1, count + 1):
                    page = next(pages)
                    mark, lines = _shown(reading, page)
                    right = mark == f"{number}-{letter:06}-{place}/{count}"
                    if not (right and (expected.first(nth, lines, reading, page) if place == 1 else not lines)):
                        raise _misprint(letter)
                if self._duplex and count % 2 and _shown(reading, next(pages)) != ("", []):
                    raise _misprint(letter)
            if next(pages, None) is not None:
                raise _misprint(places[-1].number if places else 0)


class _Expected:
    """What the file must say: of each letter its pages and a number for its lines. The lines are not remembered."""

    def __init__(self) -> None:
        self.pages, self._said, self._alone = array("H"), array("q"), dict[int, str]()

    def add(self, sheet: Sheet, lines: Sequence[str], *, alone: bool) -> None:
        """Expect a letter; ``alone``: it shares nothing, and its lines stand among the rest of its text."""
        self.pages.append(sheet.pages)
        self._said.append(_digest(lines))
        if alone:
            self._alone[len(self.pages)] = _squeezed(lines)

    def first(self, nth: int, lines: list[str], reading: Reading, page: int) -> bool:
        """Tell whether the first page of the ``nth`` letter, from 1, says what it must."""
        if nth in self._alone:
            return self._alone[nth] in _squeezed(text for _, text in reading.behind(page))
        return _digest(lines) == self._said[nth - 1]


def _shown(reading: Reading, page: int) -> tuple[str, list[str]]:
    """Return what a page shows of its own: the number of the sheet, and the lines of the person."""
    shown = list(reading.shown(page))
    mark = "".join(text for mark, text in shown if mark == UNMARKED)
    return mark, [text for mark, text in shown if mark != UNMARKED]


def _digest(lines: Iterable[str]) -> int:
    """Return a number for what lines say, whatever the blanks between the words."""
    return hash("\n".join(" ".join(line.split()) for line in lines))


def _squeezed(lines: Iterable[str]) -> str:
    return "".join("".join(lines).split())


def _write_ledger(file: Path, places: Iterable[Place], pages: Sequence[int]) -> None:
    with new_file(file) as draft, draft.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("brev", "mottagare", "första sidan", "sista sidan"))
        for place, count in zip(places, pages, strict=True):
            rows.writerow((place.number, place.key, place.first_page, place.first_page + count - 1))


def _misprint(letter: int) -> Misprint:
    return Misprint(
        N_("Letter {letter} in the print file does not say what it should."),
        why=N_("The file was read back from the disk, and another name, address or page stands there."),
        remedy=N_("The file is gone again. Check that the disk is not full or broken, and print the batch once more."),
        letter=letter,
    )


def _taken(name: str) -> TimelineConflict:
    return TimelineConflict(
        N_("There is a file {name} in that folder already."),
        why=N_("A print file is never written over: it may be on its way to the print house."),
        remedy=N_("Choose an empty folder."),
        name=name,
    )
