"""A folder as a mailbox: files ending in .eml that somebody or something drops there, or a Maildir."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from adapters.mail.mailbox import Found
from models.errors import N_, UnreadableFile

DONE, ASIDE = "klart", "att-lasa"
STILL_WRITING_SECONDS = 2.0
"""A file younger than this may still be being copied; it is read the next time."""


class DropFolder:
    """Messages as files: ``*.eml`` in ``folder``, and what a Maildir there holds in ``new`` and ``cur``.

    What was read moves to ``klart``, what a person must read to ``att-lasa``, named by its digest: the name it came with
    may tell of a person.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open(self) -> Iterator["DropFolder"]:
        """Make the folders if they are not there, for their owner only."""
        for folder in (self._folder, self._folder / DONE, self._folder / ASIDE):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self

    def messages(self) -> Iterator[Found]:
        """Yield what lies in the inbox, oldest first. Raises UnreadableFile in the end, if something cannot be read."""
        faults: list[OSError] = []
        for path in sorted(self._files(), key=written):
            try:
                at = written(path)
                found = Found(str(path), path.read_bytes(), datetime.fromtimestamp(at, UTC))
            except FileNotFoundError:  # another reader has filed it since we listed the folder
                continue
            except OSError as fault:  # what lies behind it is read all the same
                faults.append(fault)
                continue
            if time.time() - at >= STILL_WRITING_SECONDS:
                yield found
        tell_of(faults)

    def file(self, found: Found, *, understood: bool) -> None:
        """Move the file; if another reader was first, it lies there already."""
        name = hashlib.sha256(found.content).hexdigest()
        with suppress(FileNotFoundError):
            Path(found.place).replace(self._folder / (DONE if understood else ASIDE) / f"{name}.eml")

    def _files(self) -> Iterator[Path]:
        yield from self._folder.glob("*.eml")
        for part in ("new", "cur"):
            yield from (path for path in (self._folder / part).glob("*") if path.is_file())


def tell_of(faults: list[OSError]) -> None:
    """Raise UnreadableFile if there are any: how many, and why the first, but no name of a file."""
    if faults:
        raise UnreadableFile(
            N_("Not all that has come in can be read; files that cannot be opened: {count} ({fault})."),
            why=N_("The user that Timglas runs as may not read them, or the disk is damaged. All else has been read."),
            remedy=N_(
                "Let that user read every file in the folder for incoming mail, or move them away. They are tried again each minute."
            ),
            count=len(faults),
            fault=faults[0].strerror,
        )


def written(path: Path) -> float:
    """Return when the file was written; long ago if it is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
