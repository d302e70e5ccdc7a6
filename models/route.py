"""Where the letter to one person goes: exactly one way, with its reason, and each envelope it takes."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from models.base import Value
from models.parties import PostalAddress
from models.recipient import Channel


class Way(StrEnum):
    """The one way to a person. PUBLIC: only a published notice can reach them. DECEASED: nobody is written to."""

    EMAIL = "email"
    MAILBOX = "mailbox"
    PAPER = "paper"
    SEALED = "sealed"
    GUARDIANS = "guardians"
    DECEASED = "deceased"
    PUBLIC = "public"
    UNREACHABLE = "unreachable"


class RouteReason(StrEnum):
    """Why this way and no other."""

    PROTECTED = "protected"
    PROTECTION_UNKNOWN = "protection_unknown"
    FAMILY_PROTECTED = "family_protected"
    PROTECTED_WITHOUT_NUMBER = "protected_without_number"
    DECEASED = "deceased"
    MINOR = "minor"
    EMAIL_GIVEN = "email_given"
    MAILBOX_FOUND = "mailbox_found"
    ADDRESS_GIVEN = "address_given"
    EARLIER_WAY_FAILED = "earlier_way_failed"
    NO_WAY_GIVEN = "no_way_given"
    EVERY_WAY_FAILED = "every_way_failed"
    HAS_IT = "has_it"


ON_PAPER_INSTEAD, SEALED_INSTEAD = ".0", ".s"
"""End the key of a letter on paper to whom one to a digital mailbox was printed before, and of a sealed letter to whom an
open one was: each is printed once."""


def whose(key: str) -> str:
    """Return the id of the person whom the letter in the envelope ``key`` is for; of a guardian's, the child's."""
    return key.partition(".")[0]


def instead_of(key: str) -> str:
    """Return the key of the printed letter that the one with this ``key`` takes the place of; the key itself if of none."""
    return key.removesuffix(SEALED_INSTEAD).removesuffix(ON_PAPER_INSTEAD)


class Envelope(Value):
    """One letter on its way. ``key`` is the recipient of its dispatch: the person's id, with ``.1`` for a guardian.

    A letter to a guardian names the child in ``for_child``; where nobody knows the guardian, ``name`` is empty.
    """

    key: str
    channel: Channel
    name: str
    email: str | None = None
    address: PostalAddress | None = None
    number: str | None = None
    for_child: str | None = None


class Route(Value):
    """The way to the person ``recipient``. ``envelopes`` is empty where nobody is written to."""

    recipient: str
    way: Way
    reason: RouteReason
    envelopes: tuple[Envelope, ...] = ()


class Known(NamedTuple):
    """What is known beside the person: of the family, of earlier tries, and of a notice to the public.

    ``failed`` holds (key of the envelope, channel) of what was refused, bounced, came back or was left out. ``replaced``
    holds the keys under which this very letter was printed to go openly, and did not reach anybody. ``dead`` holds the
    identity numbers of those on the list who have died.
    """

    family_protected: bool = False
    failed: Collection[tuple[str, Channel]] = frozenset()
    notice: bool = False
    replaced: Collection[str] = frozenset()
    dead: Collection[str] = frozenset()


NOTHING_KNOWN = Known()
