"""Where the notice to the public is put, and the web it is read on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from models.base import IncidentId


class Site(Protocol):
    """Where published files are put."""

    def put(self, incident_id: IncidentId, files: Mapping[str, bytes]) -> Path:
        """Write ``files`` in place of those of the same names, and return their folder."""


class Web(Protocol):
    """The web as anybody sees it."""

    def page(self, address: str) -> bytes:
        """Return what is served at ``address``. Raises TransientPostError."""
