"""The world as the services see it. Adapters fit these shapes; the type checker proves it in ``flows.bootstrap``."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from law.statute_book import StatuteBook
from models.base import ActorId, IncidentId, Sha256
from models.confirmation import Verdict
from models.events import Event
from models.letter import Letter, Letterhead
from models.mail import Aside, Incoming, Mail
from models.parties import LoadedRegister, Register
from models.policy import ReminderPolicy
from models.recipient import Channel, DeliveryState, Dispatch, Recipient
from services.time_stamper import TimeStamper


class Timeline(Protocol):
    """The append-only record."""

    def next_id(self, year: int) -> IncidentId:
        """Return the first unused case reference of ``year``."""
        ...

    def find(self, family: str, party: str) -> IncidentId | None:
        """Return the incident of ``party`` in ``family``, if there is one."""
        ...

    def read(self, incident_id: IncidentId) -> tuple[Event, ...]:
        """Return the whole timeline. Raises UnknownReference."""
        ...

    def histories(self) -> Iterator[tuple[Event, ...]]:
        """Yield every timeline, oldest incident first; only a few are in memory at a time."""
        ...

    def append(self, incident_id: IncidentId, *, expected: int, events: Sequence[Event]) -> None:
        """Write ``events`` after the first ``expected`` ones, all or none. Raises TimelineConflict."""
        ...

    def family(self, family: str) -> tuple[IncidentId, ...]:
        """Return the incidents of ``family``, oldest first."""
        ...

    def incidents(self) -> tuple[IncidentId, ...]:
        """Return every incident, oldest first."""
        ...

    def due(self, now: datetime) -> tuple[IncidentId, ...]:
        """Return the incidents a sweep must look at by ``now``: those written to since, and those with a step due."""
        ...

    def next_at(self) -> datetime | None:
        """Return the earliest instant at which any incident is due."""
        ...

    def look_again(self, incident_id: IncidentId, *, length: int, at: datetime | None) -> None:
        """Set when the incident is next due, unless somebody wrote to it after ``length`` events."""
        ...

    def rows(self, incident_id: IncidentId) -> list[tuple[str, int, str, str]]:
        """Return (incident, sequence, payload, hash) of each row, as stored."""
        ...


class Outbox(Protocol):
    """Who was sent what. A claim is made before sending and settled after."""

    def claim(self, dispatch: Dispatch, *, channel: Channel, now: datetime) -> str | None:
        """Return the Message-ID if this message is now ours to send; None if it was sent, refused or claimed before."""
        ...

    def settle(self, dispatch: Dispatch, *, state: DeliveryState, now: datetime, detail: str = "") -> None:
        """Record what became of a claimed message. ``detail`` holds the server's code, never an address."""
        ...

    def counts(self, communication: str) -> dict[tuple[Channel, DeliveryState], int]:
        """Return how many messages of ``communication`` went which way and how they ended."""
        ...

    def states(self, communication: str, letter_sha256: str) -> dict[tuple[str, Channel], DeliveryState]:
        """Return what became of each message of ``communication`` with that letter, by its recipient and channel."""
        ...

    def refused(self, communication: str) -> frozenset[str]:
        """Return the ids of the recipients whose message by e-mail was refused for good."""
        ...

    def message_id(self, dispatch: Dispatch) -> str:
        """Return the Message-ID that this message has, sent or not: a second copy can be recognised by it."""
        ...

    def uncertain(self) -> tuple[Dispatch, ...]:
        """Return the messages that may or may not have arrived, also those claimed and never settled."""
        ...


class Signer(Protocol):
    """Signatures on what machines read, and codes that prove that somebody has read what people read."""

    @property
    def public_key(self) -> str:
        """What a receiver checks our signatures with; it is no secret."""

    def sign(self, content: bytes) -> str:
        """Return the detached signature of ``content``."""

    def is_signed(self, content: bytes, signature: str, public_key: str) -> bool:
        """Tell whether ``signature`` is of exactly ``content``, made by the owner of ``public_key``."""

    def reply_code(self, subject: str) -> str:
        """Return the code that answers what was sent about ``subject``; the same every time."""


class Registers(Protocol):
    """The versions of the register of parties, each with who took it in."""

    def current(self) -> Register | None:
        """Return the newest register; None before the first is taken in."""

    def versions(self) -> tuple[LoadedRegister, ...]:
        """Return every version, oldest first; none where the register is only a file."""

    def keep(self, loaded: LoadedRegister) -> None:
        """Keep ``loaded``. Raises TimelineConflict if its version is there already."""


class Codes(Protocol):
    """One-time codes, each for one person and one content."""

    def make(self, subject: Sha256, actor: ActorId, now: datetime) -> str:
        """Return a new code for ``subject``; an earlier one is void."""
        ...

    def use(self, subject: Sha256, actor: ActorId, code: str, now: datetime) -> Verdict:
        """Use ``code`` for ``subject``: a right one works once, a wrong one counts."""
        ...


class Recipients(Protocol):
    """The people concerned, encrypted with one key per communication."""

    def keep(self, communication: str, recipients: Iterable[Recipient]) -> int:
        """Store ``recipients``, each once, and return how many the communication now holds."""
        ...

    def count(self, communication: str) -> int:
        """Return how many recipients the communication holds."""
        ...

    def fingerprint(self, communication: str) -> Sha256:
        """Return a digest of the list as it stands: any change of it gives another."""
        ...

    def read(self, communication: str) -> Iterator[Recipient]:
        """Yield the recipients in the order of their ids. Raises UnknownReference once they are erased."""
        ...

    def erase(self, communication: str) -> int:
        """Destroy the key, and return how many recipients nobody can read any more."""
        ...


class PostConnection(Protocol):
    """An open conversation with a mail server."""

    async def send(self, mail: Mail) -> None:
        """Hand over one message. Raises TransientPostError, RefusedPostError or UncertainPostError."""
        ...


class Post(Protocol):
    """Electronic mail."""

    def connect(self) -> AbstractAsyncContextManager[PostConnection]:
        """Open one connection for many messages. Raises TransientPostError if the server cannot be reached."""
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


class Printer(Protocol):
    """Letters on paper."""

    def pdf(self, letter: Letter, head: Letterhead) -> bytes:
        """Return the letter as PDF; equal letters give equal bytes."""
        ...


class Archive(Protocol):
    """Issued documents: written once, never changed."""

    def keep(self, incident_id: IncidentId, name: str, content: bytes) -> str:
        """Keep ``content`` as ``name`` and return its SHA-256; raises TimelineConflict if other content has that name."""

    def read(self, incident_id: IncidentId, name: str) -> bytes:
        """Return the document ``name``. Raises UnknownReference."""

    def names(self, incident_id: IncidentId) -> tuple[str, ...]:
        """Return the name of every document kept for the incident, without the manifests; none if nothing is kept."""

    def seal(self, incident_id: IncidentId) -> str:
        """Write the manifest of everything kept for the incident and return the manifest's SHA-256."""


@dataclass(frozen=True)
class World:
    """Everything a step may touch, and the law it goes by. Built in one place, ``flows.bootstrap``."""

    book: StatuteBook
    register: Register
    policy: ReminderPolicy
    timeline: Timeline
    recipients: Recipients
    outbox: Outbox
    post: Post
    mailbox: Mailbox
    printer: Printer
    archive: Archive
    codes: Codes
    registers: Registers
    signer: Signer
    sender: str
    stamper: TimeStamper | None = None
