"""A list as people keep it, CSV or XLSX, row by row as text, whatever its encoding and delimiter.

A CSV file is read as it streams by. A workbook is unpacked by python-calamine, which holds all of it in memory and is
an order of magnitude faster than what does not; so that happens in a process of its own, with a limit to its memory,
once the sizes in the file's own directory show that it is no bomb.
"""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from models.errors import N_, UnreadableFile

_ENCODINGS = ("cp1252", "cp850", "mac_roman")
"""What Swedish files were written in before UTF-8: Windows, DOS and the old Macintosh."""
_SWEDISH = frozenset("åäöÅÄÖéÉüÜ")
_DELIMITERS = ";,\t|"
_SAMPLE, _CHUNK = 1 << 20, 1 << 20
_LARGEST, _DENSEST, _SMALL = 1_500_000_000, 200, 10_000_000
"""Of a workbook: its size unpacked, how many times larger than packed a part may be, and below what size that matters.

A full sheet of Excel, a million rows of ten columns, is 600 MB in parts packed about tenfold; a bomb is packed a
thousandfold.
"""
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

_LONGEST_RECORD = 100_000


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
        """Return the cells of a record."""
        return next(csv.reader([record.rstrip("\r\n")], delimiter=self.delimiter), [])


@contextmanager
def opened(file: Path) -> Iterator[OpenList]:
    """Open ``file``. Raises UnreadableFile."""
    with file.open("rb") as raw:
        start = raw.read(4)
        raw.seek(0)
        if start == _ZIP:
            with _workbook(raw, file) as lines:
                yield OpenList(lines, file)
        elif start == _OLD_EXCEL:
            raise _unreadable(file, N_("It is a workbook in the format that Excel used before 2007, or it is locked."))
        else:
            with io.TextIOWrapper(raw, encoding=_encoding(raw, file), newline="") as lines:
                yield OpenList(lines, file)


def _encoding(raw: BinaryIO, file: Path) -> str:
    """Return what the whole file can be read as: UTF-8 if that is possible, else what gives most Swedish letters."""
    start = raw.read(4)
    raw.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in start:
        raise _unreadable(file, N_("It is no text and no workbook."))
    doubtful = _first_not_utf8(raw)
    raw.seek(0)
    if doubtful is None:
        return "utf-8-sig"
    return max(_ENCODINGS, key=lambda encoding: _likeness(doubtful.decode(encoding, "replace")))


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
    """Return what stands most often in the first lines, or what Excel's own first line says, and the next line's number."""
    if not lines.seekable():
        return ",", 1
    start = lines.read(_SAMPLE)
    lines.seek(0)
    first = start.partition("\n")[0].strip().lower()
    if first.startswith("sep=") and len(first) == len("sep=;"):
        lines.readline()
        return first[-1], 2
    head = "\n".join(start.splitlines()[:20])
    return max(_DELIMITERS, key=head.count), 1


@contextmanager
def _workbook(raw: BinaryIO, file: Path) -> Iterator[TextIO]:
    """Yield the first sheet as lines of CSV from the process that unpacks it."""
    _require_no_bomb(raw, file)
    command = [sys.executable, "-m", "adapters.people_list.unpack_workbook", str(file.resolve())]
    home = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=home) as child:  # noqa: S603 - our own program, and a path that is an argument of its own
        assert child.stdout is not None  # noqa: S101 - we asked for a pipe
        try:
            yield io.TextIOWrapper(child.stdout, encoding="utf-8", newline="")
        finally:
            child.stdout.close()
            child.terminate() if child.poll() is None else None
    if child.returncode not in (0, -15):
        raise _unreadable(file, N_("It cannot be unpacked, is locked with a password, or is larger than any sheet."))


def _require_no_bomb(raw: BinaryIO, file: Path) -> None:
    try:
        parts = zipfile.ZipFile(raw).infolist()
    except zipfile.BadZipFile as fault:
        raise _unreadable(file, N_("It begins as a workbook and does not go on as one.")) from fault
    dense = any(part.file_size > max(_SMALL, _DENSEST * part.compress_size) for part in parts)
    if dense or sum(part.file_size for part in parts) > _LARGEST:
        raise _unreadable(file, N_("Unpacked it would be larger than any list of people: it may be made to do harm."))


def _unreadable(file: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        N_("The file {file} cannot be read as a list."),
        why=why,
        remedy=N_("Save the list as CSV in UTF-8, or as an XLSX workbook without a password, and try again."),
        file=file.name,
    )
