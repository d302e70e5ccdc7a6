"""The smaller parts of the world: the register's versions, signatures, what is published, and the web it is read on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from models.base import IncidentId
from models.parties import LoadedRegister, Register


class Registers(Protocol):
    """The versions of the register of parties, each with who took it in."""

    def current(self) -> Register | None:
        """Return the newest register; None before the first is taken in."""

    def versions(self) -> tuple[LoadedRegister, ...]:
        """Return every version, oldest first; none where the register is only a file."""

    def keep(self, loaded: LoadedRegister) -> None:
        """Keep ``loaded``. Raises TimelineConflict if its version is there already."""


class Signer(Protocol):
    """Signatures on what machines read, and codes that prove that somebody has read what people read."""

    @property
    def public_key(self) -> str:
        """What a receiver checks our signatures with; it is no secret."""

    def sign(self, content: bytes) -> str:
        """Return the detached signature of ``content``."""

    def is_signed(self, content: bytes, signature: str, public_key: str) -> bool:
        """Tell whether ``signature`` is of exactly ``content``, made by the owner of ``public_key``."""

    def reply_code(self, subject: str) -> str:
        """Return the code that answers what was sent about ``subject``; the same every time."""


class Site(Protocol):
    """Where published files are put."""

    def put(self, incident_id: IncidentId, files: Mapping[str, bytes]) -> Path:
        """Write ``files`` in place of those of the same names, and return their folder."""


class Web(Protocol):
    """The web as anybody sees it."""

    def page(self, address: str) -> bytes:
        """Return what is served at ``address``. Raises TransientPostError."""
