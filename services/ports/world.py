"""The world as the services see it. Adapters fit these shapes; the type checker proves it in ``flows.bootstrap``."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from law.statute_book import StatuteBook
from models.base import ActorId, IncidentId, Sha256
from models.confirmation import Verdict
from models.letter import Letter, Letterhead
from models.parties import Register
from models.people_list import ListReport
from models.policy import ReminderPolicy
from models.recipient import Recipient
from services.ports.mail import Mailbox, Outbox, Post
from services.ports.printing import Presses, PrintedLetters, PrintRoom
from services.ports.publishing import Feeds, Site, Web
from services.ports.record import Registers, Timeline
from services.ports.signing import Signer, TimeStamper
from services.ports.watch import Heartbeat, Ledger, Overview, Vitals


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

    def put(self, communication: str, recipients: Iterable[Recipient]) -> None:
        """Store ``recipients`` exactly as they are, in place of what was kept of them."""
        ...

    def namer(self, communication: str) -> Callable[[str], str]:
        """Return what gives a person without an id one, from whatever tells them apart."""
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

    def some(self, communication: str, ids: Collection[str]) -> list[Recipient]:
        """Return those of the recipients whose ids are asked for. Raises UnknownReference once they are erased."""
        ...

    def erase(self, communication: str) -> int:
        """Destroy the key, and return how many recipients nobody can read any more."""
        ...

    def is_erased(self, communication: str) -> bool:
        """Tell whether the recipients are there and nobody can read them."""
        ...

    def clear(self, communication: str) -> None:
        """Take away what nobody can read any more, so that another list can be kept."""
        ...


class Listed(Protocol):
    """A list of people, in a file or elsewhere."""

    def check(self) -> ListReport:
        """Judge every row, and store nothing."""
        ...

    def people(self, name_of: Callable[[str], str]) -> Iterator[Recipient]:
        """Yield everybody who can be taken, each once. ``name_of`` gives an id to who has none."""
        ...


class Printer(Protocol):
    """Letters on paper."""

    def pdf(self, letter: Letter, head: Letterhead) -> bytes:
        """Return the letter as PDF; equal letters give equal bytes."""
        ...

    def record(self, letter: Letter, head: Letterhead) -> bytes:
        """Return a record as PDF. It is never refused: a sign that cannot be printed stands as its number."""
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
    """Everything a step may touch, and the law it goes by. Built in one place, ``flows.bootstrap``.

    ``reply_to`` is the address of the mailbox we read, if there is one; ``ui`` is where the desk is reached.
    """

    book: StatuteBook
    register: Register
    policy: ReminderPolicy
    timeline: Timeline
    recipients: Recipients
    outbox: Outbox
    post: Post
    mailbox: Mailbox
    printer: Printer
    press: Presses
    printed: PrintedLetters
    print_room: PrintRoom
    archive: Archive
    codes: Codes
    registers: Registers
    signer: Signer
    ledger: Ledger
    overview: Overview
    heartbeat: Heartbeat
    vitals: Vitals
    site: Site
    feeds: Feeds
    web: Web
    sender: str
    stamper: TimeStamper | None = None
    reply_to: str | None = None
    ui: str = ""
