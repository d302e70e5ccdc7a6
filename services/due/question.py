"""One decision that the law wants from a person: what is asked, by when, of whom, and on what it rests."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from letters.language import named, say, soon
from models.base import ActorId, IncidentId
from models.errors import N_
from models.parties import Party, Role


class Kind(StrEnum):
    """What a person is asked to decide or to register."""

    REGIME = "regime"
    AWARENESS = "awareness"
    RISK = "risk"
    APPROVAL = "approval"
    FILING = "filing"
    COPY = "copy"
    WITHDRAWAL = "withdrawal"
    AUTHORITY = "authority"
    COMMUNICATION = "communication"
    UNCERTAIN = "uncertain"
    CLOSING = "closing"


_NAMES = {
    Kind.REGIME: N_("Choose the law"),
    Kind.AWARENESS: N_("Establish awareness"),
    Kind.RISK: N_("Decide the risk"),
    Kind.APPROVAL: N_("Approve {letter}"),
    Kind.FILING: N_("Register the notification"),
    Kind.COPY: N_("Keep the copy of the notification"),
    Kind.WITHDRAWAL: N_("Register the withdrawal"),
    Kind.AUTHORITY: N_("Answer the authority's question"),
    Kind.COMMUNICATION: N_("Tell the people concerned"),
    Kind.UNCERTAIN: N_("Settle uncertain messages"),
    Kind.CLOSING: N_("Close the case"),
}


class Question(NamedTuple):
    """One decision that waits: by when, whose it is, what it rests on, and the advice by the fields of its form.

    A different ``basis`` makes it another question: whoever answers must have seen what stands on file. ``letter`` is
    the text that waits for approval, ``author`` who wrote it and so may not approve it, ``line`` the line of the
    timeline that is answered.
    """

    incident: IncidentId
    kind: Kind
    due_at: datetime | None
    roles: tuple[Role, ...]
    basis: str
    advice: dict[str, str]
    letter: str | None = None
    author: ActorId | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        """The question whatever it rests on; a newer one in the same place takes over."""
        return f"{self.incident}/{self.kind}/{self.letter or self.line or ''}"

    @property
    def key(self) -> str:
        """The question and its basis in one word."""
        return f"{self.place}/{self.basis}"

    @property
    def what(self) -> str:
        """What is asked for, in Swedish, as in "Bedöm risk"."""
        return say(_NAMES[self.kind], letter=named("letter", self.letter or ""))

    @property
    def name(self) -> str:
        """The question in Swedish, as in "Bedöm risk · INC-2026-0042 · senast torsdag 27 april kl. 16.10"."""
        what = self.what
        if self.due_at is None:
            return f"{what} · {self.incident}"
        return say(N_("{what} · {incident} · by {when}"), what=what, incident=self.incident, when=soon(self.due_at))

    def whose(self, party: Party) -> tuple[ActorId, ...]:
        """Return who may answer, the first in line first."""
        bearers = (actor for role in self.roles for actor in party.who(role))
        return tuple(dict.fromkeys(actor for actor in bearers if actor != self.author))
