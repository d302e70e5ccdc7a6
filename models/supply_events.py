"""The words of the supply chain: what a processor tells each of its controllers (Article 33(2)), and what comes back.

A *slice* is what concerns one controller and nobody else.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import PositiveInt, StringConstraints, model_validator

from models.base import Instant, PlainText, Sha256
from models.duty import Period
from models.facts import Facts
from models.parties import PartyId
from models.recorded import Recorded


class Tier(StrEnum):
    """Where in the chain somebody stands (Articles 4(7), 4(8), 28(4))."""

    SUB_PROCESSOR = "sub_processor"
    PROCESSOR = "processor"
    CONTROLLER = "controller"


class Milestone(StrEnum):
    """What a time in the chain is the time of."""

    BEGAN = "began"
    DETECTED = "detected"
    CONTAINED = "contained"
    TOLD = "told"
    RESTORED = "restored"


class NoticeKind(StrEnum):
    """What a notice does to the one before it."""

    FIRST = "first"
    UPDATE = "update"
    NARROWED = "narrowed"
    WIDENED = "widened"
    WITHDRAWN = "withdrawn"


class Answered(StrEnum):
    """How a controller confirmed that a notice arrived."""

    REPLY = "reply"
    SYSTEM = "system"
    TELEPHONE = "telephone"
    OTHER = "other"


ReplyCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$")]
"""What a controller writes back to confirm a notice: eight signs that nobody mistakes for each other, in two groups."""


class TierTimeStated(Recorded):
    """Somebody says when something happened in the chain, to the minute or as a span.

    Sources that disagree are each an event of their own: none replaces another. ``sender`` is whose notice states it;
    None for what somebody here wrote down.
    """

    type: Literal["tier_time_stated.v1"] = "tier_time_stated.v1"
    tier: Tier
    organisation: PlainText
    milestone: Milestone
    not_before: Instant
    not_after: Instant
    source: PlainText
    sender: PlainText | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "TierTimeStated":
        if self.not_before > self.not_after:
            raise ValueError("a span of time ends when it begins or later")
        return self


class SliceEstablished(Recorded):
    """What is known of one controller's data, laid over what all share. ``unaffected``: none of it is in it.

    ``notice_within`` is the contract's window as it was agreed when the slice was stated.
    """

    type: Literal["slice_established.v1"] = "slice_established.v1"
    controller: PartyId
    unaffected: bool = False
    products: tuple[str, ...] = ()
    facts: Facts = Facts()
    notice_within: Period | None = None
    source: PlainText


class NoticesPrepared(Recorded):
    """Notices were written, one per controller. ``sha256`` is over all of them, so another text is another bundle.

    ``answer_by`` is when the controllers are asked to have confirmed, ``next_update_at`` when they are promised to hear
    more; a bundle of withdrawals alone promises nothing.
    """

    type: Literal["notices_prepared.v1"] = "notices_prepared.v1"
    sha256: Sha256
    notices: PositiveInt
    answer_by: Instant
    next_update_at: Instant | None = None


class NoticesApproved(Recorded):
    """Somebody other than the author released exactly these notices."""

    type: Literal["notices_approved.v1"] = "notices_approved.v1"
    sha256: Sha256


class ControllerInformed(Recorded):
    """A processor's notice went to one controller. ``sha256`` is over its text, ``signed_sha256`` over the signed file."""

    type: Literal["controller_informed.v1"] = "controller_informed.v1"
    controller: PartyId
    sha256: Sha256
    signed_sha256: Sha256 | None = None
    version: PositiveInt = 1
    kind: NoticeKind = NoticeKind.FIRST
    contact: PositiveInt = 1
    answer_by: Instant | None = None
    next_update_at: Instant | None = None


class ControllerChased(Recorded):
    """A controller was silent, or a message did not arrive: the notice went on to the next of its contact points.

    ``contact`` counts them from 1, in the order of the register.
    """

    type: Literal["controller_chased.v1"] = "controller_chased.v1"
    controller: PartyId
    version: PositiveInt
    contact: PositiveInt


class NoticeAnswered(Recorded):
    """A controller confirmed that it has the notice. ``occurred_at`` is when the answer arrived."""

    type: Literal["notice_answered.v1"] = "notice_answered.v1"
    controller: PartyId
    version: PositiveInt
    how: Answered


class NoticeReceived(Recorded):
    """A processor's notice reached us. ``occurred_at`` is when it arrived, read or not; the first arrival counts.

    ``signed_by`` is the key that its signature fits, None for a notice that somebody typed in or passed on. ``facts``
    are what the sender states, whoever is right; ``counted`` names those that became ours. ``aware_at`` is when the
    sender says that it became aware.
    """

    type: Literal["notice_received.v1"] = "notice_received.v1"
    sender: PlainText
    reference: PlainText
    version: PositiveInt = 1
    kind: NoticeKind = NoticeKind.FIRST
    sha256: Sha256
    signed_by: str | None = None
    sent_at: Instant | None = None
    aware_at: Instant | None = None
    next_update_at: Instant | None = None
    facts: Facts = Facts()
    counted: tuple[str, ...] = ()


class NoticeConfirmed(Recorded):
    """We told the processor that its notice arrived."""

    type: Literal["notice_confirmed.v1"] = "notice_confirmed.v1"
    sha256: Sha256


Supplied = (
    TierTimeStated
    | SliceEstablished
    | NoticesPrepared
    | NoticesApproved
    | ControllerInformed
    | ControllerChased
    | NoticeAnswered
    | NoticeReceived
    | NoticeConfirmed
)
"""What the timeline tells of the chain."""
