"""A person concerned: who they are, how they can be reached, and what forbids it. Never in the timeline."""

from datetime import date
from enum import StrEnum

from pydantic import PositiveInt

from models.base import Value
from models.identity import born_on, is_minor
from models.parties import PostalAddress


class Protection(StrEnum):
    """Protected personal data in the population register. Whatever is not known to be NONE is treated as protected."""

    NONE = "none"
    SECRECY_MARKED = "secrecy_marked"
    PROTECTED_REGISTRATION = "protected_registration"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How one letter goes."""

    EMAIL = "email"
    MAILBOX = "mailbox"
    PAPER = "paper"
    SEALED = "sealed"
    NONE = "none"


class DeliveryState(StrEnum):
    """Where one message stands. CLAIMED is in somebody's hands; one whose claim runs out is UNCERTAIN: a person decides.

    WAITING goes at once and DEFERRED later, both by themselves. REFUSED: a server would not have it, or it bounced;
    RETURNED: the post brought the letter back.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    RETURNED = "returned"
    UNCERTAIN = "uncertain"


class Guardian(Value):
    """A person who has custody of a minor and is written to instead."""

    name: str
    number: str | None = None
    email: str | None = None
    address: PostalAddress | None = None
    protection: Protection = Protection.UNKNOWN


class Recipient(Value):
    """A data subject as the letter needs them.

    ``id`` outlives the person's data and says nothing about them. ``number`` is an identity number of twelve digits
    (``models.identity``); ``born`` is known without one. ``mailbox`` is set where somebody found that the person has a
    digital mailbox. ``turn`` is the release that first wrote to them as they are here: 1, or a later one for who was
    found, or found anew, once others had their letter.
    """

    id: str
    name: str
    number: str | None = None
    born: date | None = None
    email: str | None = None
    phone: str | None = None
    address: PostalAddress | None = None
    protection: Protection = Protection.UNKNOWN
    language: str = "sv"
    guardians: tuple[Guardian, ...] = ()
    deceased: bool = False
    emigrated: bool = False
    mailbox: bool = False
    turn: PositiveInt = 1

    @property
    def key(self) -> str:
        """What the person's own letters are kept under: their id, with the turn for who is written to anew."""
        return self.id if self.turn == 1 else f"{self.id}.t{self.turn}"

    def merged(self, other: "Recipient") -> "Recipient":
        """Return this person with what ``other``, another entry of the same, knows besides.

        What is filled in stays; what is empty is taken over. Protection, death and emigration that either knows of hold.
        """
        mine, theirs = ({name: getattr(one, name) for name in type(self).model_fields} for one in (self, other))
        added = {name: value for name, value in theirs.items() if not mine[name] and value}
        strictest = max(self.protection, other.protection, key=STRICTNESS.index)
        return self.model_copy(update={**added, "protection": strictest})

    def updated(self, newer: "Recipient") -> "Recipient":
        """Return this person as a later list has them. What it leaves out stays, and so does protection once known."""
        merged = newer.merged(self)
        answered = self.protection is Protection.UNKNOWN and newer.protection is Protection.NONE
        return merged.model_copy(update={"protection": Protection.NONE}) if answered else merged

    def guarded(self, newer: "Recipient") -> "Recipient":
        """Return this person, who has the letter, with what of a later list forbids to write to them in the open again."""
        known = newer.protection not in (Protection.NONE, Protection.UNKNOWN)
        strictest = max(self.protection, newer.protection, key=STRICTNESS.index) if known else self.protection
        return self.model_copy(update={"protection": strictest, "deceased": self.deceased or newer.deceased})

    def is_minor(self, on: date) -> bool:
        """Tell whether the person is known to be under age on that day; an age nobody knows is no child's."""
        born = self.born or (born_on(self.number) if self.number else None)
        return born is not None and is_minor(born, on=on)


STRICTNESS = (Protection.NONE, Protection.UNKNOWN, Protection.SECRECY_MARKED, Protection.PROTECTED_REGISTRATION)


class Dispatch(Value):
    """One message to one recipient: the unique key of the outbox, and the source of its Message-ID."""

    communication: str
    recipient: str
    letter_sha256: str
