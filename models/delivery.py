"""What became of one message, and the key it is known by while it is on its way."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from models.recipient import DeliveryState, Dispatch


class Claim(NamedTuple):
    """A message that is now ours to send, for the ``tries``-th time, always under the same Message-ID."""

    dispatch: Dispatch
    message_id: str
    tries: int = 1


class End(NamedTuple):
    """What became of one try.

    WAITING: nothing of it left the house, so that it may go at any time. DEFERRED: the server asked for patience with
    it, ``until`` then. ``detail`` holds the server's code or its name for the message, never its words: they may name
    the address.
    """

    state: DeliveryState
    detail: str = ""
    until: datetime | None = None


class Pace(NamedTuple):
    """How fast e-mail goes: so many in a second, measured or assumed, and no more than ``limits`` say within each span."""

    per_second: float
    measured: bool = False
    limits: tuple[tuple[timedelta, int], ...] = ()


class Doubt(NamedTuple):
    """A message that may or may not have arrived: when it was sent, and its id, which the server's log knows it by."""

    dispatch: Dispatch
    message_id: str
    sent_at: datetime
    fault: str


class ReturnReason(StrEnum):
    """Why the post brought a letter back, as it stands on the envelope."""

    UNKNOWN_AT_ADDRESS = "unknown_at_address"
    MOVED = "moved"
    ADDRESS_INCOMPLETE = "address_incomplete"
    NOT_COLLECTED = "not_collected"
    NOT_ACCEPTED = "not_accepted"
    NOT_SAID = "not_said"


class Settlement(StrEnum):
    """What a person decides about messages that may have arrived.

    Sent once more, a message has the same Message-ID, so that whoever gets it twice can tell.
    """

    ARRIVED = "arrived"
    SEND_AGAIN = "send_again"
