"""What the watch remembers of the last alarm: in a file of its own, because the database may be what is broken."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from models.health import Alarmed

_WAIT_SECONDS = 60


class AlarmFile:
    """A small file in the folder of the installation. Where it cannot be read or written, every alarm is a new one."""

    def __init__(self, home: Path) -> None:
        self._file, self._lock = home / "vakt.json", home / "vakt.lock"

    @property
    def stands(self) -> bool:
        """Whether people were told of something that is not over yet, as far as anybody can tell."""
        return self._file.is_file()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the memory while people are told, so that of two watches at once one tells.

        A watch that does not let go within a minute, or a folder that cannot be written, stops no alarm.
        """
        with ExitStack() as held:
            with suppress(OSError):
                _take(held.enter_context(self._lock.open("ab")))
            yield

    def read(self) -> Alarmed | None:
        """Return the last alarm; None if there is none, or if nobody can tell."""
        try:
            return Alarmed.model_validate_json(self._file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError):
            return None

    def write(self, alarmed: Alarmed | None) -> bool:
        """Remember the alarm, or that there is none any more, and tell whether that could be done."""
        try:
            if alarmed is None:
                self._file.unlink(missing_ok=True)
                return True
            draft = self._file.with_suffix(".ny")
            draft.write_text(alarmed.model_dump_json(), encoding="utf-8")
            draft.replace(self._file)
        except OSError:
            return False
        return True


def _take(lock: BinaryIO) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < until:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
    return None
