"""The contents of a case file, every name with its bytes: read from a folder or a ZIP, or packed as the one ZIP it can be."""

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What an operating system leaves in a folder that somebody has opened."""


class Fault(NamedTuple):
    """What is wrong, and where: a file, or a line of the timeline."""

    where: str
    what: str


class Unreadable(Exception):
    """This is no case file at all. The message says so in Swedish."""


class Contents(NamedTuple):
    """Every file by its name inside the case file, and what was wrong already when they were read."""

    files: dict[str, bytes]
    faults: list[Fault]


def read_contents(path: Path) -> Contents:
    """Return what lies in the folder or the ZIP ``path``. Raises Unreadable."""
    if path.is_dir():
        return _folder(path)
    try:
        packed = path.read_bytes()
    except OSError as fault:
        raise Unreadable(f"{path.name} går inte att läsa. Ange mappen med akten, eller akten som ZIP-fil.") from fault
    return _unpacked(packed, path.name)


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return ``files`` below ``folder`` as a ZIP; equal files always give the same bytes.

    Nothing is compressed, so that they do not depend on anybody's compressor. Every file bears the time of the manifest.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", _made_at(files))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def _made_at(files: Mapping[str, bytes]) -> tuple[int, int, int, int, int, int]:
    try:
        stamp = str(json.loads(files["manifest.json"])["made_at"])
        year, month, day, hour, minute = (
            int(part) for part in stamp[:16].replace("T", "-").replace(":", "-").split("-")
        )
    except (KeyError, TypeError, ValueError):
        return (1980, 1, 1, 0, 0, 0)
    return (year, month, day, hour, minute, 0) if 1980 <= year <= 2107 else (1980, 1, 1, 0, 0, 0)


def _folder(folder: Path) -> Contents:
    files, faults = {}, []
    for where, _, names in os.walk(folder):
        for name in names:
            path = Path(where, name)
            inside = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file():
                faults.append(Fault(inside, "är ingen vanlig fil utan en genväg till något utanför akten."))
            elif name not in LITTER:
                files[inside] = path.read_bytes()
    return Contents(files, faults)


def _unpacked(packed_file: bytes, name: str) -> Contents:
    faults: list[Fault] = []
    try:
        with zipfile.ZipFile(io.BytesIO(packed_file)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            folders = {entry.filename.partition("/")[0] for entry in entries}
            files = {entry.filename.partition("/")[2]: _entry(archive, entry, faults) for entry in entries}
    except (OSError, ValueError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zipfile.LargeZipFile) as fault:
        raise Unreadable(f"{name} är ingen hel ZIP-fil. Den är skadad, ändrad eller något helt annat.") from fault
    whole = len(folders) == 1 and packed(files, *folders) == packed_file
    if not whole and not faults:
        faults.append(
            Fault(
                name,
                "är inte packad som Timglas packade den. Någon har packat om den eller ändrat något utanför filerna i "
                "den. Packa upp den och kontrollera mappen, så syns det om själva akten är hel.",
            )
        )
    return Contents(files, faults)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, faults: list[Fault]) -> bytes:
    """Return the bytes of one file; none of a damaged one, or of one that was compressed (Timglas compresses nothing)."""
    name = entry.filename.partition("/")[2]
    if entry.compress_type != zipfile.ZIP_STORED:
        faults.append(Fault(name, "är komprimerad: ZIP-filen är ompackad. Packa upp den och kontrollera mappen."))
        return b""
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, EOFError):
        faults.append(Fault(name, "är ändrad eller skadad inuti ZIP-filen."))
        return b""
