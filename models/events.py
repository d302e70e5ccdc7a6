"""The vocabulary of the timeline: one class per fact, in the past tense, with a versioned literal for a name.

A correction is a new event that names what it supersedes and why. A changed meaning is a ``.v2``.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter

from models.breach_events import (
    AuthorityOrderReceived,
    AwarenessCorrected,
    AwarenessEstablished,
    BreachReported,
    BreachRuledOut,
    DutiesDetermined,
    ExceptionInvoked,
    FactCorrected,
    FactsEstablished,
    RegimeDetermined,
    RiskAssessed,
    RiskDecided,
)
from models.communication_events import (
    CommunicationCompleted,
    CommunicationHalted,
    CommunicationResumed,
    CommunicationStarted,
    DeliveriesReturned,
    DeliveriesUncertain,
    LettersLeftOut,
    LettersPosted,
    LettersReturned,
    PrintFileLost,
    PublicNoticePublished,
    RecipientsLoaded,
    UncertaintySettled,
)
from models.filing_events import (
    AuthorityQuestionAnswered,
    AuthorityQuestionReceived,
    DelayExplained,
    FilingAttempted,
    FilingCopyKept,
    FilingCopyMissing,
    LetterApproved,
    LetterDrafted,
    MissingExplained,
    NotificationAcknowledged,
    NotificationIssued,
    NotificationsBundled,
    NotificationSubmitted,
    NotificationWithdrawn,
    ParallelDutyLifted,
    ParallelReportSubmitted,
    SecrecyMarked,
    TextsTranslated,
)
from models.publication import Publication
from models.record_events import (
    ChainAnchored,
    ChainStamped,
    HandedToRegistrar,
    IncidentArchived,
    IncidentClosed,
    IncidentReopened,
    PersonalDataErased,
    ReminderAcknowledged,
    ReminderPassedOn,
    ReminderSent,
    RemindersPlanned,
)
from models.supply_events import Supplied

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
    | LettersPosted
    | LettersLeftOut
    | PrintFileLost
    | LettersReturned
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
    | IncidentReopened
    | PersonalDataErased
    | IncidentArchived
    | ChainAnchored
    | ChainStamped
    | HandedToRegistrar,
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
