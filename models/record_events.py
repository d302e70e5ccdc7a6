"""The words about the record itself: reminded, closed, erased, archived, anchored; and a document as it is kept."""

from typing import Literal

from pydantic import NonNegativeInt, PositiveInt

from models.base import ActorId, Instant, PlainText, Sha256, Value
from models.recorded import Recorded
from models.reminder import PlannedDeadline


class KeptDocument(Value):
    """A document in the archive, by its name there; the timeline vouches for every byte of it."""

    name: str
    sha256: Sha256


class RemindersPlanned(Recorded):
    """Deadlines started, moved or ended, and how they are reminded of: fixed, so that a new policy does not reach them."""

    type: Literal["reminders_planned.v1"] = "reminders_planned.v1"
    planned: tuple[PlannedDeadline, ...]


class ReminderSent(Recorded):
    """Somebody was reminded of the deadline ``provision`` (its key). ``steps`` holds every step that this covers."""

    type: Literal["reminder_sent.v1"] = "reminder_sent.v1"
    provision: str
    steps: tuple[str, ...]
    to: tuple[ActorId, ...]


class ReminderAcknowledged(Recorded):
    """Whoever recorded it has the deadlines in hand: nobody is reminded of them before ``until``, or their time limit."""

    type: Literal["reminder_acknowledged.v1"] = "reminder_acknowledged.v1"
    deadlines: tuple[str, ...]
    until: Instant


class ReminderPassedOn(Recorded):
    """Whoever recorded it cannot take care of the deadlines: the next in line is called at once."""

    type: Literal["reminder_passed_on.v1"] = "reminder_passed_on.v1"
    deadlines: tuple[str, ...]


class IncidentClosed(Recorded):
    """A delegate closed the file; possible only with every duty settled."""

    type: Literal["incident_closed.v1"] = "incident_closed.v1"
    reasoning: PlainText
    lessons: PlainText


class IncidentReopened(Recorded):
    """A delegate opened the closed file again; what was decided, filed and sent stands."""

    type: Literal["incident_reopened.v1"] = "incident_reopened.v1"
    reasoning: PlainText


class PersonalDataErased(Recorded):
    """The keys to the recipients' data were destroyed; counts and hashes stay."""

    type: Literal["personal_data_erased.v1"] = "personal_data_erased.v1"
    communication: str
    recipients: NonNegativeInt


class IncidentArchived(Recorded):
    """The file was written out. ``head`` is the last hash of the chain it holds."""

    type: Literal["incident_archived.v1"] = "incident_archived.v1"
    head: Sha256
    manifest: Sha256


class ChainAnchored(Recorded):
    """The registrar's mailbox got the end of the chain, so that it stands outside this database too.

    ``head`` is the hash of line ``length``; ``statement`` says the same, and the digest of every document until then.
    """

    type: Literal["chain_anchored.v1"] = "chain_anchored.v1"
    length: PositiveInt
    head: Sha256
    statement: KeptDocument
    to: ActorId


class HandedToRegistrar(Recorded):
    """The registrar's mailbox got what line ``line`` tells of, to be entered in the diary: these documents."""

    type: Literal["handed_to_registrar.v1"] = "handed_to_registrar.v1"
    line: PositiveInt
    documents: tuple[KeptDocument, ...]
    to: ActorId


class ChainStamped(Recorded):
    """A time-stamping authority (RFC 3161) signed that ``statement`` existed at ``occurred_at``; ``stamp`` is its answer."""

    type: Literal["chain_stamped.v1"] = "chain_stamped.v1"
    length: PositiveInt
    head: Sha256
    statement: KeptDocument
    stamp: KeptDocument
