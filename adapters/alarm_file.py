"""What the watch remembers of the last alarm: in a file of its own, because the database may be what is broken."""

from pathlib import Path

from pydantic import ValidationError

from models.health import Alarmed


class AlarmFile:
    """A small file in the folder of the installation. Where it cannot be read or written, every alarm is a new one."""

    def __init__(self, home: Path) -> None:
        self._file = home / "vakt.json"

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
