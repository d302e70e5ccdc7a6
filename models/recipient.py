"""A person concerned, and the one way the letter reaches them. These values never enter the timeline."""

from enum import StrEnum

from models.base import Value
from models.parties import PostalAddress


class Protection(StrEnum):
    """Protected personal data in the population register. Whatever is not known to be NONE is treated as protected."""

    NONE = "none"
    SECRECY_MARKED = "secrecy_marked"
    PROTECTED_REGISTRATION = "protected_registration"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How the letter goes."""

    EMAIL = "email"
    PAPER = "paper"
    SEALED = "sealed"
    NONE = "none"


class DeliveryState(StrEnum):
    """What became of one message. CLAIMED without an end is uncertain: a person decides, never a retry."""

    CLAIMED = "claimed"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class Recipient(Value):
    """A data subject as the letter needs them."""

    id: str
    name: str
    email: str | None = None
    address: PostalAddress | None = None
    protection: Protection = Protection.UNKNOWN

    @property
    def channel(self) -> Channel:
        """The way for this person: protected identity fails closed, then e-mail, then paper."""
        if self.protection is not Protection.NONE:
            return Channel.SEALED
        if self.email is not None:
            return Channel.EMAIL
        return Channel.PAPER if self.address is not None else Channel.NONE


class Dispatch(Value):
    """One message to one recipient: the unique key of the outbox, and the source of its Message-ID."""

    communication: str
    recipient: str
    letter_sha256: str
