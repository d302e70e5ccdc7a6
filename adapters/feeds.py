"""The calendars that people subscribe to: one file each in a folder that a web server hands out."""

import re
from collections.abc import Collection
from pathlib import Path

from adapters.new_file import new_file

_STAND = re.compile(rb"^X-TIMGLAS-STAND:(\w+)", re.MULTILINE)
_HEAD = 2_000
_READABLE = 0o640


class FolderFeeds:
    """Files ``NAME.ics`` in ``folder``. Whoever reads one meets it whole; our own group may read it, nobody else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> frozenset[str]:
        """Return the names of those that are there."""
        return frozenset(file.stem for file in self._folder.glob("[!.]*.ics"))

    def stand(self, name: str) -> str | None:
        """Return the stand that the calendar says it was made at; None where it says none, or is not there."""
        try:
            with (self._folder / f"{name}.ics").open("rb") as file:
                found = _STAND.search(file.read(_HEAD))
        except FileNotFoundError:
            return None
        return found[1].decode() if found else None

    def put(self, name: str, content: bytes) -> None:
        """Write a calendar in place of the one of that name."""
        with new_file(self._folder / f"{name}.ics") as draft:
            draft.write_bytes(content)
            draft.chmod(_READABLE)

    def drop(self, names: Collection[str]) -> None:
        """Take calendars away."""
        for name in names:
            (self._folder / f"{name}.ics").unlink(missing_ok=True)
