"""What a case file is written from: the case, its deadlines, its documents, and what is left out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from models.duty import Duty
from models.events import Event
from models.incident import Incident
from models.parties import Party, Register

Row = tuple[str, str]
"""A label and its text."""

Part = tuple[str, tuple[Row, ...]]
"""A heading and the rows below it."""


class Document(NamedTuple):
    """One document as it lies in the case file: its path there, its length in bytes, its SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def stem(self) -> str:
        """The path without its ending: what the forms of one document have in common."""
        return self.path.rpartition(".")[0]


class LeftOut(NamedTuple):
    """How many documents of one kind the archive holds and the case file does not; ``named`` are those of no known kind."""

    drafts: int = 0
    letters_to_persons: int = 0
    named: tuple[str, ...] = ()


class Matter(NamedTuple):
    """One case at the instant ``at``.

    ``latest`` is, by the key of a deadline in hours, the latest reading of its limit that can be argued (Regulation
    1182/71). ``uncertain`` are the provisions whose number was not read in the official text, with when it was last
    looked at. ``head`` is the hash of the last line of the timeline.
    """

    incident: Incident
    history: tuple[Event, ...]
    deadlines: tuple[Duty, ...]
    latest: Mapping[str, datetime]
    uncertain: Mapping[str, date]
    documents: tuple[Document, ...]
    left_out: LeftOut
    register: Register
    head: str
    at: datetime

    @property
    def party(self) -> Party:
        """Whose case it is."""
        return self.register.party(self.incident.party)
