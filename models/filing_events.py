"""The words of the notification to the authority: drafted, approved, issued, filed, answered (Article 33)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from models.base import IncidentId, PlainText, Sha256, Value
from models.breach_events import StatedReason
from models.facts import Facts
from models.record_events import KeptDocument
from models.recorded import Recorded


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


class MissingItem(Value):
    """One particular that a notification lacks: why, and by which day it follows; None if it cannot be determined."""

    key: str
    because: PlainText
    follows_on: date | None = None


class SecrecyMark(Value):
    """The provisions of the Public Access to Information and Secrecy Act that may cover one field; none: openly said."""

    field: str
    provisions: tuple[str, ...]


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

    ``promised`` is what the sheet promised for a day of its own; what a later filing no longer promises is told in it.
    ``bundled_in`` is the incident whose sheet told of this one too (Guidelines 9/2022, II.B.3).
    """

    type: Literal["notification_submitted.v1"] = "notification_submitted.v1"
    phase: Phase
    sha256: Sha256
    stated: Facts
    complete: bool
    way: Way = Way.E_SERVICE
    promised: tuple[MissingItem, ...] = ()
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
