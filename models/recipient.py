"""A person concerned: who they are, how they can be reached, and what forbids it. Never in the timeline."""

from collections.abc import Iterable
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
    RETURNED: the post brought the letter back. LEFT_OUT: printed and never posted, since it may not go this way any more.
    UNPRINTABLE: no letter on paper could be made of it, for a sign in the name or the address that the typeface lacks.
    """

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    RETURNED = "returned"
    LEFT_OUT = "left_out"
    UNPRINTABLE = "unprintable"
    UNCERTAIN = "uncertain"


class Guardian(Value):
    """A person who has custody of a minor and is written to instead. ``turn`` is the release that first wrote to them."""

    name: str
    number: str | None = None
    email: str | None = None
    address: PostalAddress | None = None
    protection: Protection = Protection.UNKNOWN
    turn: PositiveInt = 1

    def is_one(self, other: "Guardian") -> bool:
        """Tell whether both are one person: by their numbers or, where one of them has none, by their names."""
        if self.number and other.number:
            return self.number == other.number
        return bare_name(self.name) == bare_name(other.name)

    def merged(self, other: "Guardian") -> "Guardian":
        """Return this guardian with what ``other``, another entry of the same, knows besides; the stricter protection holds."""
        return self.model_copy(update=_filled(self, other))


class Recipient(Value):
    """A data subject as the letter needs them.

    ``id`` outlives the person's data and says nothing about them. ``number`` is an identity number of twelve digits
    (``models.identity``); ``born`` is known without one. ``mailbox`` is set where somebody found that the person has a
    digital mailbox. ``turn`` is the release that first wrote to them as they are here: 1, or a later one for who was
    found, or found anew, once others had their letter. ``living``: the list says so in so many words. ``kin_protected``: a list that waited for its release told that
    somebody in this minor's family is protected.
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
    living: bool = False
    emigrated: bool = False
    mailbox: bool = False
    kin_protected: bool = False
    turn: PositiveInt = 1

    @property
    def key(self) -> str:
        """What the person's own letters are kept under: their id, with the turn for who is written to anew."""
        return self.id if self.turn == 1 else f"{self.id}.t{self.turn}"

    def merged(self, other: "Recipient") -> "Recipient":
        """Return this person with what ``other``, another entry of the same, knows besides.

        What is filled in stays; what is empty is taken over, and so is every guardian. Protection, death and emigration
        that either knows of hold.
        """
        guardians = _united(self.guardians, other.guardians)
        return self.model_copy(update={**_filled(self, other), "guardians": guardians})

    def updated(self, newer: "Recipient") -> "Recipient":
        """Return this person as a later list has them. What it leaves out stays, and so does protection once known.

        It says who the guardians are, if it names any. One who is no longer named stays if they are protected. Whoever is
        taken for dead lives again only if it says so in so many words: to be left in the dark is worse than a letter too many.
        """
        answered = newer.model_copy(update={"guardians": tuple(map(self._as_guarded, newer.guardians))})
        deceased = newer.deceased or (self.deceased and not newer.living)
        update = _filled(answered, self) | {
            "protection": _answered(self.protection, newer.protection),
            "deceased": deceased,
        }
        if newer.guardians:
            update["guardians"] = _united(answered.guardians, _protected(self.guardians))
        return answered.model_copy(update=update)

    def guarded(self, newer: "Recipient") -> "Recipient":
        """Return this person, who has the letter, with what of a later list forbids to write to them in the open again."""
        strictest = stricter(self.protection, newer.protection) if is_known(newer.protection) else self.protection
        guardians = _united(self.guardians, _protected(newer.guardians))
        deceased = self.deceased or newer.deceased
        return self.model_copy(update={"protection": strictest, "deceased": deceased, "guardians": guardians})

    def further(self, newer: "Recipient", *, turn: int) -> tuple[Guardian, ...]:
        """Return the guardians to write to in ``turn`` whom a later list names besides those whom this child's letter went to.

        Where none was named, it went to "the guardian of" at the child's own address: whoever lives there has it.
        Protected ones are none to write to: ``guarded`` takes them over.
        """
        home = self.address if not self.guardians else None
        new = (one for one in newer.guardians if not any(one.is_one(known) for known in self.guardians))
        return tuple(
            one.model_copy(update={"turn": self.turn if one.address and one.address == home else turn})
            for one in new
            if not is_known(one.protection)
        )

    def is_minor(self, on: date) -> bool:
        """Tell whether the person is known to be under age on that day; an age nobody knows is no child's."""
        born = self.born or (born_on(self.number) if self.number else None)
        return born is not None and is_minor(born, on=on)

    def _as_guarded(self, newer: Guardian) -> Guardian:
        """Return ``newer``, a guardian in a later list, with the protection that is known of them."""
        older = next((one for one in self.guardians if one.is_one(newer)), newer)
        return newer.model_copy(update={"protection": _answered(older.protection, newer.protection)})


_STRICTNESS = (Protection.NONE, Protection.UNKNOWN, Protection.SECRECY_MARKED, Protection.PROTECTED_REGISTRATION)


def stricter(one: Protection, other: Protection) -> Protection:
    """Return the one of two that forbids more."""
    return max(one, other, key=_STRICTNESS.index)


def is_known(protection: Protection) -> bool:
    """Tell whether somebody said that there is ``protection``, and it is not merely unknown."""
    return protection not in (Protection.NONE, Protection.UNKNOWN)


def bare_name(name: str) -> str:
    """Return what two ways of writing a name have in common: ``Ek, Anna`` is ``Anna Ek``."""
    return " ".join(sorted(name.casefold().replace(",", " ").split()))


def _answered(older: Protection, newer: Protection) -> Protection:
    """Return what holds after a later list: it answers what was unknown, and lifts nothing."""
    answers = older is Protection.UNKNOWN and newer is Protection.NONE
    return newer if answers else stricter(older, newer)


def _filled(one: Recipient | Guardian, other: Recipient | Guardian) -> dict[str, object]:
    """Return what is empty in ``one`` and known of ``other``, and the stricter protection."""
    theirs = {name: getattr(other, name) for name in type(one).model_fields}
    added: dict[str, object] = {name: value for name, value in theirs.items() if value and not getattr(one, name)}
    return added | {"protection": stricter(one.protection, other.protection)}


def _protected(guardians: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    return tuple(one for one in guardians if is_known(one.protection))


def each_once(guardians: Iterable[Guardian]) -> tuple[Guardian, ...]:
    """Return ``guardians`` without those that are named twice."""
    return _united((), tuple(guardians))


def _united(first: tuple[Guardian, ...], more: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """Return the guardians of both, each once, those of ``first`` in their places: letters are kept under them."""
    united = list(first)
    for one in more:
        place = next((place for place, known in enumerate(united) if known.is_one(one)), None)
        if place is None:
            united.append(one)
        else:
            united[place] = united[place].merged(one)
    return tuple(united)


class Dispatch(Value):
    """One message to one recipient: the unique key of the outbox, and the source of its Message-ID."""

    communication: str
    recipient: str
    letter_sha256: str
