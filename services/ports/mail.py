"""Mail as the services see it: the line in which messages wait, the server that takes them, and what comes in."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from models.base import Sha256
from models.delivery import Claim, Doubt, End, Pace
from models.mail import Aside, Incoming, Mail
from models.recipient import Channel, DeliveryState, Dispatch


class Outbox(Protocol):
    """Who was sent what. A message is queued, claimed before it is sent, and its end is recorded after."""

    def queue(self, dispatches: Iterable[Dispatch], *, channel: Channel) -> None:
        """Put in line what is not there yet; what is in line, on its way or ended stays as it is."""
        ...

    def record(
        self,
        dispatches: Iterable[Dispatch],
        *,
        channel: Channel,
        now: datetime,
        state: DeliveryState = DeliveryState.SENT,
    ) -> None:
        """Record as sent, or as unprintable, what needed no claim, because doing it again gives the same: a letter on paper."""
        ...

    def claim(
        self, communication: str, letter: str, *, limit: int, now: datetime, urgent: bool = False
    ) -> tuple[Claim, ...]:
        """Return up to ``limit`` messages with that letter, now ours to send; none while the communication is halted.

        A claim is ours alone until it runs out. What is ``urgent`` waits neither for the provider's limits nor for a
        server that asked for patience.
        """
        ...

    def settle(self, ends: Iterable[tuple[Dispatch, End]], *, now: datetime) -> None:
        """Record what became of claimed messages. Raises UnknownReference if nobody had claimed one of them."""
        ...

    def expire(self, communication: str, *, now: datetime) -> None:
        """Call uncertain what was claimed so long ago that its sender must have died."""
        ...

    def halt(self, communication: str) -> None:
        """Let nobody claim a message of the communication from now on."""
        ...

    def go_on(self, communication: str) -> None:
        """Take back the halt."""
        ...

    def opens_at(self, communication: str, letter: str, *, now: datetime, urgent: bool = False) -> datetime | None:
        """Return when something is to be done here: at once (``now``), later, or never as things stand (None)."""
        ...

    def last_claimed(self, communication: str) -> datetime | None:
        """Return when a message of ``communication`` was last taken from the line to be sent; None if none ever was."""
        ...

    def pace(self) -> Pace:
        """Return how fast messages went the last time, and what the provider's limits allow."""
        ...

    def counts(self, communication: str, letter_sha256: str | None = None) -> dict[tuple[Channel, DeliveryState], int]:
        """Return how many messages of ``communication``, with that letter or any, go which way and where they stand."""
        ...

    def states(self, communication: str, letter_sha256: str) -> dict[tuple[str, Channel], DeliveryState]:
        """Return where each message of ``communication`` with that letter stands, by its recipient and channel."""
        ...

    def failed(self, communication: str, letter_sha256: str | None = None) -> dict[tuple[str, Channel], DeliveryState]:
        """Return how each message failed, with that letter or any, by its recipient and channel: refused, left out and so on."""
        ...

    def stuck(self, kind: str) -> tuple[str, ...]:
        """Return the communications of that ``kind``, which ends their name, with a message refused or uncertain."""
        ...

    def message_id(self, dispatch: Dispatch) -> str:
        """Return the Message-ID that this message has, sent or not: a second copy can be recognised by it."""
        ...

    def uncertain(self, communication: str) -> tuple[Doubt, ...]:
        """Return the messages that may or may not have arrived, oldest first."""
        ...

    def find(self, token: str) -> Dispatch | None:
        """Return the message whose Message-ID begins with ``token``."""
        ...


class PostConnection(Protocol):
    """Open conversations with a mail server."""

    @property
    def room(self) -> int:
        """How many messages to claim at a time: as many as go in an instant, since a crash leaves that many uncertain."""
        ...

    async def send(self, mails: Sequence[Mail]) -> Sequence[End]:
        """Hand over messages and return what became of each, in their order; WAITING is what nothing left us of.

        Raises TransientPostError if the server cannot be reached any more, and ValueError for a message that cannot be
        written, both before anything left us. Not to be cancelled.
        """
        ...


class Post(Protocol):
    """Electronic mail."""

    def connect(self) -> AbstractAsyncContextManager[PostConnection]:
        """Connect for many messages. Raises TransientPostError if the server cannot be reached."""
        ...


class Mailbox(Protocol):
    """Mail that comes in. A message is claimed, then done with or put aside; none is lost, none is handed over twice."""

    def claim(self, now: datetime) -> Iterator[Incoming]:
        """Yield, one at a time, each message that nobody has done with or holds. It is ours for a quarter of an hour.

        Without an end it is handed over again after that, three times in all; then it is put aside. Go on to the next
        one only after ``done`` or ``put_aside``: that is when the message leaves the inbox. Raises TransientPostError
        if the mailbox cannot be reached.
        """
        ...

    def done(self, key: Sha256, now: datetime) -> None:
        """Record that the message was taken care of."""
        ...

    def put_aside(self, key: Sha256, now: datetime, *, why: str) -> None:
        """Record that a person must read the message. ``why`` names no person."""
        ...

    def aside(self) -> tuple[Aside, ...]:
        """Return what waits for a person, oldest first."""
        ...
