"""A list as people keep it, CSV or XLSX, row by row as text, whatever its encoding and delimiter.

A CSV file is read as it streams by. A workbook is unpacked by python-calamine, which holds all of it in memory and is
an order of magnitude faster than what does not; so that happens in a process of its own, with a limit to its memory,
once the sizes in the file's own directory show that it is no bomb.
"""

import csv
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

from adapters.people_list.columns import columns
from adapters.people_list.unpack_workbook import NO_VALUE, SHEETS
from models.errors import N_, UnreadableFile

_ENCODINGS = ("cp1252", "cp850", "mac_roman")
"""What Swedish files were written in before UTF-8: Windows, DOS and the old Macintosh."""
_SWEDISH = frozenset("åäöÅÄÖéÉüÜ")
_SWEDISH_IN_UTF8 = re.compile("|".join("åäöÅÄÖ").encode())
_DELIMITERS = ";,\t|"
_SAMPLE, _CHUNK = 1 << 20, 1 << 20
_LARGEST, _DENSEST, _SMALL = 1_500_000_000, 200, 10_000_000
"""Of a workbook: its size unpacked, how many times larger than packed a part may be, and below what size that matters.

A full sheet of Excel, a million rows of ten columns, is 600 MB in parts packed about tenfold; a bomb is packed a
thousandfold.
"""
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

_LONGEST_RECORD, _HEADING = 100_000, 10_000

_OF_NO_ADDRESS = 3
"""So many delimiters stand in no address that somebody writes in one cell."""

_LOCKED = N_("It cannot be unpacked, is locked with a password, or is larger than any sheet.")
_SAVE = N_("Save the list as CSV in UTF-8, or as an XLSX workbook without a password, and try again.")
_WHY_NOT = {
    SHEETS: (
        N_("More than one of its sheets holds something, and only one of them would be read."),
        N_("Gather everybody in one sheet, and remove or hide the others."),
    ),
    NO_VALUE: (
        N_(
            "It has formulas that show a fault or have no value, and an empty cell may hide that somebody is protected."
        ),
        N_("Mend the formulas, or paste their values over them, save the workbook and try again."),
    ),
}


class OpenList:
    """An open list: its records as text, numbered as the rows of the file, and how one is taken apart."""

    def __init__(self, lines: TextIO, file: Path) -> None:
        self._lines, self._file = lines, file
        self.delimiter, self._first = _delimiter(lines)

    def records(self) -> Iterator[tuple[int, str]]:
        """Yield each record with the number of the line it begins in. A field in quotation marks may go over lines."""
        begun, start = "", 0
        for number, line in enumerate(self._lines, start=self._first):
            if '"' not in line and not begun:
                yield number, line
                continue
            begun, start = (begun + line, start) if begun else (line, number)
            if begun.count('"') % 2 == 0:
                yield start, begun
                begun = ""
            elif len(begun) > _LONGEST_RECORD:
                break
        if begun:
            raise _unreadable(self._file, N_("A quotation mark is not closed, or a field is longer than any address."))

    def cells(self, record: str) -> list[str]:
        """Return the cells of a record.

        One over several lines must be well formed, and none of its cells as long as a row: a mark of one row seems to end
        at that of another, and between them everybody would be gone.
        """
        text = record.rstrip("\r\n")
        several = "\n" in text or "\r" in text
        cells = next(csv.reader([text], delimiter=self.delimiter, strict=several), [])
        if several and any(map(partial(self._is_a_row, len(cells)), cells)):
            raise csv.Error("a cell holds the end of one row and the beginning of another")
        return cells

    def _is_a_row(self, width: int, cell: str) -> bool:
        """Tell whether a cell over several lines takes in as many delimiters as a whole row has; an address has one or two."""
        return "\n" in cell and cell.count(self.delimiter) >= max(width - 1, _OF_NO_ADDRESS)


@contextmanager
def opened(file: Path) -> Iterator[OpenList]:
    """Open ``file``. Raises UnreadableFile."""
    try:
        with file.open("rb") as raw, _lines(raw, file) as lines:
            yield OpenList(lines, file)
    except UnicodeDecodeError:  # it holds a piece of the list, and nobody else may
        raise _unreadable(file, N_("It ends in the middle of a sign, or holds what is no text.")) from None
    except csv.Error:
        raise _unreadable(file, N_("A quotation mark is not closed, or a field is longer than any address.")) from None


@contextmanager
def _lines(raw: BinaryIO, file: Path) -> Iterator[TextIO]:
    start = raw.read(4)
    raw.seek(0)
    if start == _ZIP:
        with _workbook(raw, file) as lines:
            yield lines
    elif start == _OLD_EXCEL:
        raise _unreadable(file, N_("It is a workbook in the format that Excel used before 2007, or it is locked."))
    else:
        with io.TextIOWrapper(raw, encoding=_encoding(raw, file), newline="") as lines:
            yield lines


def _encoding(raw: BinaryIO, file: Path) -> str:
    """Return what the whole file can be read as: UTF-8 if that is possible, else what gives most Swedish letters."""
    start = raw.read(4)
    raw.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) and start != b"\xff\xfe\0\0":
        return "utf-16"
    if b"\0" in start:
        raise _unreadable(file, N_("It is no text and no workbook."))
    doubtful = _first_not_utf8(raw)
    raw.seek(0)
    if doubtful is None:
        return "utf-8-sig"
    if _holds_utf8(raw):
        raise _unreadable(
            file, N_("Some of its lines are in UTF-8 and others are not, so that some names would be wrong.")
        )
    return max(_ENCODINGS, key=lambda encoding: _likeness(doubtful.decode(encoding, "replace")))


def _holds_utf8(raw: BinaryIO) -> bool:
    """Tell whether one of the Swedish letters stands somewhere as UTF-8 writes it: in no older encoding is that a word."""
    kept, found = b"", False
    while not found and (chunk := raw.read(_CHUNK)):
        found = _SWEDISH_IN_UTF8.search(kept + chunk) is not None
        kept = chunk[-1:]
    raw.seek(0)
    return found


def _first_not_utf8(raw: BinaryIO) -> bytes | None:
    """Return the part of the file around what is no UTF-8, or None."""
    kept = b""
    while chunk := raw.read(_CHUNK):
        part = kept + chunk
        try:
            part.decode()
        except UnicodeDecodeError as fault:
            if fault.end < len(part) or fault.reason != "unexpected end of data":
                return part[max(0, fault.start - _SAMPLE) : fault.start + _SAMPLE]
            kept = part[fault.start :]
        else:
            kept = b""
    return kept or None


def _likeness(text: str) -> int:
    foreign = [char for char in text if not char.isascii()]
    return sum(1 if char in _SWEDISH else -1 for char in foreign)


def _delimiter(lines: TextIO) -> tuple[str, int]:
    """Return what parts the first lines, or what Excel's own first line says, and the next line's number.

    That is what makes most columns out of one of them; if several do, what stands there most often.
    """
    if not lines.seekable():
        return ",", 1
    start = lines.read(_SAMPLE)
    lines.seek(0)
    first = start.partition("\n")[0].strip().lower()
    if first.startswith("sep=") and len(first) == len("sep=;"):
        lines.readline()
        return first[-1], 2
    head = [line[:_HEADING] for line in start.splitlines()[:20]]

    def parts(delimiter: str) -> tuple[int, int]:
        named = (len(columns(next(csv.reader([line], delimiter=delimiter), []))) for line in head)
        return max(named, default=0), sum(line.count(delimiter) for line in head)

    return max(_DELIMITERS, key=parts), 1


@contextmanager
def _workbook(raw: BinaryIO, file: Path) -> Iterator[TextIO]:
    """Yield the first sheet as lines of CSV from the process that unpacks it."""
    _require_no_bomb(raw, file)
    command = [sys.executable, "-m", "adapters.people_list.unpack_workbook", str(file.resolve())]
    home = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=home) as child:  # noqa: S603 - our own program, and a path that is an argument of its own
        assert child.stdout is not None  # noqa: S101 - we asked for a pipe
        try:
            if not child.stdout.peek(1) and child.wait():  # type: ignore[attr-defined]
                raise _unreadable(file, *_WHY_NOT.get(child.returncode, (_LOCKED, _SAVE)))
            yield io.TextIOWrapper(child.stdout, encoding="utf-8", newline="")
        finally:
            child.stdout.close()
            child.terminate() if child.poll() is None else None
    if child.returncode not in (0, -15):
        raise _unreadable(file, _LOCKED)


def _require_no_bomb(raw: BinaryIO, file: Path) -> None:
    try:
        parts = zipfile.ZipFile(raw).infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as fault:
        raise _unreadable(file, N_("It begins as a workbook and does not go on as one.")) from fault
    dense = any(part.file_size > max(_SMALL, _DENSEST * part.compress_size) for part in parts)
    if dense or sum(part.file_size for part in parts) > _LARGEST:
        raise _unreadable(file, N_("Unpacked it would be larger than any list of people: it may be made to do harm."))


def _unreadable(file: Path, why: str, remedy: str = _SAVE) -> UnreadableFile:
    return UnreadableFile(
        N_("The file {file} cannot be read as a list."),
        why=why,
        remedy=remedy,
        file=file.name,
    )
