"""A printed letter as it is kept: a frame that many share, and the content that is one person's own."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

from models.recipient import Channel

PDF, DROP = ".pdf", "-digital-post.zip"
"""How the name of a print file ends, and that of a file for digital mailboxes."""

WHOLE = ""
"""The frame of a letter that shares none: its content is the whole file."""


@dataclass(frozen=True)
class Frame:
    """What all letters of a stencil share: ``prefix``, and ``rows`` that end the file, with three values to fill in.

    The letter of each person is this and their content, whatever the program that made it looks like by then.
    ``number`` is that of the object that holds the content, ``pages`` how many the letter has.
    """

    prefix: bytes
    number: int
    rows: bytes
    pages: int

    @cached_property
    def id(self) -> str:
        """The SHA-256 of the prefix and the rows."""
        whole = self._begun.copy()
        whole.update(self.rows)
        return str(whole.hexdigest())

    def letter(self, content: bytes) -> bytes:
        """Return the whole letter, a PDF file."""
        return self.prefix + self.tail(content)

    def tail(self, content: bytes) -> bytes:
        """Return what of the letter is not ``prefix``."""
        body = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (self.number, len(content), content)
        digest = hashlib.blake2b(content, digest_size=16, key=self._key).hexdigest().encode()
        return body + self.rows % (digest, digest, len(self.prefix) + len(body))

    def sha256(self, content: bytes) -> str:
        """Return the SHA-256 of the whole letter."""
        digest = self._begun.copy()
        digest.update(self.tail(content))
        return str(digest.hexdigest())

    @cached_property
    def _begun(self) -> Any:
        return hashlib.sha256(self.prefix)

    @cached_property
    def _key(self) -> bytes:
        return bytes(self._begun.digest())


class Sheet(NamedTuple):
    """One printed letter. ``key`` is that of its envelope, ``frame`` the id of the frame or WHOLE.

    ``sha256`` is that of the whole PDF file; it stays when the content can no longer be read.
    """

    key: str
    channel: Channel
    frame: str
    content: bytes
    sha256: str
    pages: int


class Batch(NamedTuple):
    """Letters that were printed together: how many, on how many pages, and the SHA-256 of the file they stand in."""

    number: int
    channel: Channel
    letters: int
    pages: int
    sha256: str
    made_at: datetime
    posted_at: datetime | None = None


class Untaken(NamedTuple):
    """Letters that were written and stand in no batch: which way they go, how many, and when the first was written."""

    channel: Channel
    letters: int
    since: datetime


class Place(NamedTuple):
    """Where in its batch a letter stands: its number, and its first page; both from 1.

    ``first_page`` is 0 for a letter that is left out of the file; nobody else gets its number.
    """

    key: str
    number: int
    first_page: int


def numbers(left_out: Collection[int]) -> Iterator[int]:
    """Yield the numbers of a batch's letters in their order, from 1 and without end, but for those ``left_out``."""
    return (number for number in count(1) if number not in left_out)


class PrintedBatch(NamedTuple):
    """A print file as it was written and read back: its SHA-256, its pages, and where each letter stands."""

    sha256: str
    pages: int
    places: tuple[Place, ...]


class DigitalPost(NamedTuple):
    """What all letters to digital mailboxes share."""

    sender: str
    organisation_number: str
    subject: str
    text: str
    phone: str
    email: str
    website: str
