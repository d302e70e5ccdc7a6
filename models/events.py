"""The vocabulary of the timeline: one class per fact, in the past tense, with a versioned literal for a name.

A correction is a new event that names what it supersedes and why. A changed meaning is a ``.v2``.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt, TypeAdapter, model_validator

from models.base import ActorId, IncidentId, Instant, PlainText, Sha256, Value
from models.duty import DutyStatus, Period
from models.facts import Facts, Trigger
from models.parties import PartyId
from models.publication import Publication
from models.recorded import Recorded
from models.regime import Answers, Regime
from models.reminder import PlannedDeadline
from models.supply_events import Supplied


class Risk(StrEnum):
    """The legal level of risk to people's rights and freedoms; a person decides it (Articles 33(1), 34(1))."""

    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class Phase(StrEnum):
    """Which part of a notification in phases this is (Article 33(4)); the sheet says it, nobody chooses it.

    FINAL leaves nothing to follow, CORRECTION only mends what was wrong, WITHDRAWAL takes the notification back.
    """

    INITIAL = "initial"
    SUPPLEMENT = "supplement"
    FINAL = "final"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class Way(StrEnum):
    """How a filing reached the authority."""

    E_SERVICE = "e_service"
    POST = "post"


class StatedReason(Value):
    """A reason for the engine's advice: the sentence (a message id of the catalogue) and where it is published."""

    text: str
    citation: str


class MissingItem(Value):
    """One particular that a notification lacks: why, and by which day it follows; None if it cannot be determined."""

    key: str
    because: PlainText
    follows_on: date | None = None


class KeptDocument(Value):
    """A document in the archive, by its name there; the timeline vouches for every byte of it."""

    name: str
    sha256: Sha256


class SecrecyMark(Value):
    """The provisions of the Public Access to Information and Secrecy Act that may cover one field; none: openly said."""

    field: str
    provisions: tuple[str, ...]


ExceptionProvision = Literal["gdpr.34.3.a", "gdpr.34.3.b", "gdpr.34.3.c"]
"""The three exceptions from the communication."""


class StatedDuty(Value):
    """A duty as it stood when the engine determined it."""

    provision: str
    status: DutyStatus
    due_at: Instant | None = None


class BreachReported(Recorded):
    """Somebody told of a possible breach. The first event of every timeline; it starts nothing but the file.

    ``concerned`` are the controllers a processor must tell, ``windows`` how soon its contracts say so.
    """

    type: Literal["breach_reported.v1"] = "breach_reported.v1"
    incident_id: IncidentId
    party: PartyId
    owed_as: Literal["controller", "processor"]
    family: str
    summary: PlainText
    source: PlainText
    concerned: tuple[PartyId, ...] = ()
    windows: dict[PartyId, Period] = {}


class BreachRuledOut(Recorded):
    """A delegate found, before awareness, that no personal data breach has happened (Article 4(12)); it stays on file."""

    type: Literal["breach_ruled_out.v1"] = "breach_ruled_out.v1"
    reasoning: PlainText


class AwarenessEstablished(Recorded):
    """The organisation had a reasonable degree of certainty (Guidelines 9/2022, para 31). This starts the clock.

    ``gap_reason`` says why more than a day lay between detection and awareness; ``long_gap`` marks more than two.
    """

    type: Literal["awareness_established.v1"] = "awareness_established.v1"
    aware_at: Instant
    evidence: PlainText
    reasoning: PlainText
    detected_at: Instant | None = None
    gap_reason: PlainText | None = None
    long_gap: bool = False


class AwarenessCorrected(Recorded):
    """The instant was wrong. Open time limits move; the old value stays on record."""

    type: Literal["awareness_corrected.v1"] = "awareness_corrected.v1"
    aware_at: Instant
    supersedes: PositiveInt
    because: PlainText
    evidence: PlainText


class RegimeDetermined(Recorded):
    """Somebody answered what decides which laws apply; ``regimes`` is what followed, several at once are normal.

    ``classified_at`` is when a financial entity classified the incident as major (DORA counts its four hours from it).
    """

    type: Literal["regime_determined.v1"] = "regime_determined.v1"
    answers: Answers
    regimes: tuple[Regime, ...]
    reasoning: PlainText
    classified_at: Instant | None = None


class FactsEstablished(Recorded):
    """Facts became known. With a ``trigger``, the risk must be decided anew even if nothing seems to change."""

    type: Literal["facts_established.v1"] = "facts_established.v1"
    facts: Facts
    source: PlainText
    for_family: bool = False
    trigger: Trigger | None = None


class FactCorrected(Recorded):
    """An earlier statement was wrong: new values replace it, fields in ``withdrawn`` are unknown again."""

    type: Literal["fact_corrected.v1"] = "fact_corrected.v1"
    supersedes: PositiveInt
    because: PlainText
    facts: Facts = Facts()
    withdrawn: tuple[str, ...] = ()


class RiskAssessed(Recorded):
    """The engine's advice and what carried it. Advice only."""

    type: Literal["risk_assessed.v1"] = "risk_assessed.v1"
    level: Risk
    because: tuple[StatedReason, ...]
    unknown: tuple[str, ...] = ()


class RiskDecided(Recorded):
    """A named delegate decided the level of risk, with reasons and with the officer's advice beside it."""

    type: Literal["risk_decided.v1"] = "risk_decided.v1"
    level: Risk
    reasoning: PlainText
    officer_advice: PlainText | None = None
    could_change: PlainText | None = None


class DutiesDetermined(Recorded):
    """What the engine concluded from the facts, and under the law of which day: it shows its work."""

    type: Literal["duties_determined.v1"] = "duties_determined.v1"
    law_of: date
    duties: tuple[StatedDuty, ...]


class ExceptionInvoked(Recorded):
    """A delegate relied on an exception of Article 34(3). ``evidence`` shows that the later measures of (b) hold."""

    type: Literal["exception_invoked.v1"] = "exception_invoked.v1"
    provision: ExceptionProvision
    reasoning: PlainText
    evidence: PlainText | None = None


class AuthorityOrderReceived(Recorded):
    """The authority required the communication by a day, or decided that a condition is met (Article 34(4)).

    ``occurred_at`` is the instant of receipt; a later order takes the place of an earlier one.
    """

    type: Literal["authority_order_received.v1"] = "authority_order_received.v1"
    reference: PlainText
    communicate_by: date | None = None
    condition_met: ExceptionProvision | None = None

    @model_validator(mode="after")
    def _orders_one_thing(self) -> "AuthorityOrderReceived":
        if (self.communicate_by is None) == (self.condition_met is None):
            raise ValueError("an order sets a day for the communication or finds a condition met: exactly one of them")
        return self


class LetterDrafted(Recorded):
    """A text was prepared. ``sha256`` is over the rendered text, so an edit is another draft."""

    type: Literal["letter_drafted.v1"] = "letter_drafted.v1"
    letter: str
    sha256: Sha256


class LetterApproved(Recorded):
    """Somebody other than the author approved exactly this text."""

    type: Literal["letter_approved.v1"] = "letter_approved.v1"
    letter: str
    sha256: Sha256


class MissingExplained(Recorded):
    """Somebody said why particulars are missing, and when each follows or that it cannot be determined (Article 33(4))."""

    type: Literal["missing_explained.v1"] = "missing_explained.v1"
    items: tuple[MissingItem, ...]


class NotificationIssued(Recorded):
    """The approved sheet for the authority was issued, in these documents. Only what was issued can have been filed."""

    type: Literal["notification_issued.v1"] = "notification_issued.v1"
    letter: str
    phase: Phase
    sha256: Sha256
    documents: tuple[KeptDocument, ...]


class FilingAttempted(Recorded):
    """The authority's e-service could not be used. ``documents`` are the proof, if any, and the letter that goes by post."""

    type: Literal["filing_attempted.v1"] = "filing_attempted.v1"
    what_happened: PlainText
    documents: tuple[KeptDocument, ...]


class NotificationSubmitted(Recorded):
    """A person filed the sheet with the authority. ``occurred_at`` is the instant of filing.

    ``bundled_in`` is the incident whose sheet told of this one too (Guidelines 9/2022, II.B.3).
    """

    type: Literal["notification_submitted.v1"] = "notification_submitted.v1"
    phase: Phase
    sha256: Sha256
    stated: Facts
    complete: bool
    way: Way = Way.E_SERVICE
    bundled_in: IncidentId | None = None


class FilingCopyKept(Recorded):
    """The copy of what was filed, as the authority's e-service gave it, is in the archive.

    ``filing`` is the line of the timeline that tells of the filing or of the withdrawal.
    """

    type: Literal["filing_copy_kept.v1"] = "filing_copy_kept.v1"
    filing: PositiveInt
    document: KeptDocument


class FilingCopyMissing(Recorded):
    """There is no copy of what was filed, and why."""

    type: Literal["filing_copy_missing.v1"] = "filing_copy_missing.v1"
    filing: PositiveInt
    because: PlainText


class NotificationsBundled(Recorded):
    """One sheet, that of ``lead``, will tell the authority of several alike breaches; the same in each of their files."""

    type: Literal["notifications_bundled.v1"] = "notifications_bundled.v1"
    lead: IncidentId
    incidents: tuple[IncidentId, ...]
    because: PlainText


class NotificationAcknowledged(Recorded):
    """The authority gave the file a number."""

    type: Literal["notification_acknowledged.v1"] = "notification_acknowledged.v1"
    diary_number: Annotated[str, Field(pattern=r"^(?:IMY|DI)-20\d{2}-\d{1,6}$")]


class NotificationWithdrawn(Recorded):
    """The notification was taken back because no risk was likely after all. The first filing keeps its stamp."""

    type: Literal["notification_withdrawn.v1"] = "notification_withdrawn.v1"
    reasons: PlainText


class AuthorityQuestionReceived(Recorded):
    """The authority asked something, to be answered by a day (Articles 31, 58(1)). ``occurred_at`` is the receipt."""

    type: Literal["authority_question_received.v1"] = "authority_question_received.v1"
    reference: PlainText
    question: PlainText
    answer_by: date


class AuthorityQuestionAnswered(Recorded):
    """The question in line ``question`` of the timeline was answered; ``document`` is the answer, if it was kept."""

    type: Literal["authority_question_answered.v1"] = "authority_question_answered.v1"
    question: PositiveInt
    answer: PlainText
    document: KeptDocument | None = None


class SecrecyMarked(Recorded):
    """Somebody marked what may be secret (OSL 5 kap. 5 §); for a field marked before, the new mark holds."""

    type: Literal["secrecy_marked.v1"] = "secrecy_marked.v1"
    marks: tuple[SecrecyMark, ...]


class TextsTranslated(Recorded):
    """Somebody wrote in English what a fact says in Swedish, for a sheet that other authorities read."""

    type: Literal["texts_translated.v1"] = "texts_translated.v1"
    english: dict[str, PlainText]


class DelayExplained(Recorded):
    """Why a filing came later than the time limit (Article 33(1), second sentence).

    ``warnings`` are reasons like these that authorities have rejected.
    """

    type: Literal["delay_explained.v1"] = "delay_explained.v1"
    reasons: PlainText
    warnings: tuple[StatedReason, ...] = ()


class ParallelReportSubmitted(Recorded):
    """What another law demands was filed with its own recipient. ``occurred_at`` is the instant of filing."""

    type: Literal["parallel_report_submitted.v1"] = "parallel_report_submitted.v1"
    provision: str
    receipt: PlainText


class ParallelDutyLifted(Recorded):
    """A delegate found that the condition of a duty under another law is not met."""

    type: Literal["parallel_duty_lifted.v1"] = "parallel_duty_lifted.v1"
    provision: str
    reasoning: PlainText


class RecipientsLoaded(Recorded):
    """A list of people was taken in: of its ``rows`` some were ``refused``; so many ``recipients`` are there now.

    ``checked_on`` is the day on which somebody compared the list with the population register, so that who is not marked
    there has no protected data; None if nobody says so.
    """

    type: Literal["recipients_loaded.v1"] = "recipients_loaded.v1"
    communication: str
    rows: NonNegativeInt
    refused: NonNegativeInt
    recipients: NonNegativeInt
    checked_on: date | None = None


class CommunicationStarted(Recorded):
    """The letters to people concerned were released. Counts only; who they are stands in the erasable tables.

    A later letter to the same people, with what is new or a correction, is another start of the same communication.
    """

    type: Literal["communication_started.v1"] = "communication_started.v1"
    communication: str
    recipients: NonNegativeInt
    sha256: Sha256
    letter: str = "data_subject_communication"


class CommunicationCompleted(Recorded):
    """Everyone ended in exactly one place; the counts add up to the recipients, or the event is refused.

    ``by_guardians`` are minors whose guardians were written to; ``by_notice`` only the public notice can reach; nobody
    writes to the ``deceased``.
    """

    type: Literal["communication_completed.v1"] = "communication_completed.v1"
    communication: str
    recipients: NonNegativeInt
    emailed: NonNegativeInt
    by_mailbox: NonNegativeInt = 0
    on_paper: NonNegativeInt
    sealed: NonNegativeInt
    by_guardians: NonNegativeInt = 0
    deceased: NonNegativeInt = 0
    by_notice: NonNegativeInt = 0
    unreachable: NonNegativeInt
    uncertain: NonNegativeInt

    @property
    def reached(self) -> int:
        """How many were written to, themselves or through their guardians."""
        return self.emailed + self.by_mailbox + self.on_paper + self.sealed + self.by_guardians

    @model_validator(mode="after")
    def _counts_add_up(self) -> "CommunicationCompleted":
        ends = self.reached + self.deceased + self.by_notice + self.unreachable + self.uncertain
        if ends != self.recipients:
            raise ValueError(f"{self.recipients} recipients went in but {ends} came out")
        return self


class DeliveriesUncertain(Recorded):
    """Nobody knows whether so many messages arrived: a person decides what becomes of them."""

    type: Literal["deliveries_uncertain.v1"] = "deliveries_uncertain.v1"
    communication: str
    messages: NonNegativeInt


class UncertaintySettled(Recorded):
    """A person decided about messages that may have arrived: so many count as arrived, so many are sent once more."""

    type: Literal["uncertainty_settled.v1"] = "uncertainty_settled.v1"
    communication: str
    arrived: NonNegativeInt
    sent_again: NonNegativeInt
    reasoning: PlainText


class DeliveriesReturned(Recorded):
    """Messages came back after everyone had one: so many people must be reached by another way."""

    type: Literal["deliveries_returned.v1"] = "deliveries_returned.v1"
    communication: str
    recipients: PositiveInt


class CommunicationHalted(Recorded):
    """No more letters go out until somebody lets them; what was handed over cannot be taken back."""

    type: Literal["communication_halted.v1"] = "communication_halted.v1"
    communication: str
    reasoning: PlainText


class CommunicationResumed(Recorded):
    """The letters go out again."""

    type: Literal["communication_resumed.v1"] = "communication_resumed.v1"
    communication: str


class PublicNoticePublished(Recorded):
    """The public was told (Article 34(3)(c)); a new version is a new event."""

    type: Literal["public_notice_published.v1"] = "public_notice_published.v1"
    version: PositiveInt
    sha256: Sha256
    channels: tuple[PlainText, ...]


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


class ChainStamped(Recorded):
    """A time-stamping authority (RFC 3161) signed that ``statement`` existed at ``occurred_at``; ``stamp`` is its answer."""

    type: Literal["chain_stamped.v1"] = "chain_stamped.v1"
    length: PositiveInt
    head: Sha256
    statement: KeptDocument
    stamp: KeptDocument


Event = Annotated[
    BreachReported
    | BreachRuledOut
    | AwarenessEstablished
    | AwarenessCorrected
    | RegimeDetermined
    | FactsEstablished
    | FactCorrected
    | RiskAssessed
    | RiskDecided
    | DutiesDetermined
    | ExceptionInvoked
    | AuthorityOrderReceived
    | LetterDrafted
    | LetterApproved
    | MissingExplained
    | NotificationsBundled
    | NotificationIssued
    | FilingAttempted
    | NotificationSubmitted
    | FilingCopyKept
    | FilingCopyMissing
    | NotificationAcknowledged
    | NotificationWithdrawn
    | AuthorityQuestionReceived
    | AuthorityQuestionAnswered
    | SecrecyMarked
    | TextsTranslated
    | DelayExplained
    | ParallelReportSubmitted
    | ParallelDutyLifted
    | Supplied
    | RecipientsLoaded
    | CommunicationStarted
    | CommunicationCompleted
    | DeliveriesUncertain
    | UncertaintySettled
    | DeliveriesReturned
    | CommunicationHalted
    | CommunicationResumed
    | PublicNoticePublished
    | RemindersPlanned
    | Publication
    | ReminderSent
    | ReminderAcknowledged
    | ReminderPassedOn
    | IncidentClosed
    | PersonalDataErased
    | IncidentArchived
    | ChainAnchored
    | ChainStamped,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads one event from JSON, and refuses what is not in the vocabulary."""


def to_json(event: Event) -> str:
    """Return the text that is stored and hashed: compact JSON without the unknown facts."""
    return event.model_dump_json(exclude_none=True)


def from_json(payload: str) -> Event:
    """Return the event stored as ``payload``. Raises pydantic.ValidationError for a word outside the vocabulary."""
    return EVENT.validate_json(payload)
