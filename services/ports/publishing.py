"""Where the notice to the public is put, and calendars to subscribe to, and the web it is read on."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

from models.base import IncidentId


class Site(Protocol):
    """Where published files are put."""

    def put(self, incident_id: IncidentId, files: Mapping[str, bytes]) -> Path:
        """Write ``files`` in place of those of the same names, and return their folder."""


class Feeds(Protocol):
    """Where the calendars lie that people subscribe to."""

    def names(self) -> frozenset[str]:
        """Return the names of those that are there."""

    def stand(self, name: str) -> str | None:
        """Return the stand that the calendar says it was made at; None where it says none, or is not there."""

    def put(self, name: str, content: bytes) -> None:
        """Write a calendar in place of the one of that name."""

    def drop(self, names: Collection[str]) -> None:
        """Take calendars away."""


class Web(Protocol):
    """The web as anybody sees it."""

    def page(self, address: str) -> bytes:
        """Return what is served at ``address``. Raises TransientPostError."""
