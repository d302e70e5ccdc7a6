"""What proves who said something, and since when: signatures, codes that are sent back, time stamps."""

from typing import Protocol

from models.stamp import Stamped


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


class TimeStamper(Protocol):
    """A time-stamping authority."""

    async def stamp(self, statement: bytes) -> Stamped:
        """Have ``statement`` stamped: only its digest leaves us.

        Raises TransientPostError if the authority does not answer, RefusedPostError for a stamp that does not hold.
        """
        ...
