"""A processor's notice to one controller as a machine reads it: format 1, published as ``docs/notice.v1.schema.json``.

The letter is drawn from the same value, so what people and machines are told cannot differ. A field left out is unknown.
"""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt, StringConstraints

from models.base import IncidentId, Instant, PlainText, Value
from models.facts import Facts
from models.supply_events import Milestone, NoticeKind, ReplyCode, Tier

OrganisationNumber = Annotated[str, StringConstraints(pattern=r"^\d{6}-\d{4}$")]


class Sender(Value):
    """The processor, and how it is reached at any hour."""

    name: str
    organisation_number: OrganisationNumber
    contact: str
    email: str
    phone: str


class Addressee(Value):
    """The one controller the notice is for; in a municipality a board."""

    name: str
    organisation: str
    organisation_number: OrganisationNumber
    customer_number: str = ""


class StatedTime(Value):
    """When something happened in the chain, according to one source; a span where the source is not exact."""

    tier: Tier
    organisation: PlainText
    milestone: Milestone
    not_before: Instant
    not_after: Instant
    source: PlainText


class Notice(Value):
    """What Article 33(2) owes one controller: the shared facts with its own laid over them, and nobody else's.

    ``aware_at`` is when the processor became aware, ``basis`` how it knows what concerns this controller. A withdrawal
    says that none of the controller's data is in it; only then may ``next_update_at`` be missing.
    """

    format: Literal["timglas.notice.v1"] = "timglas.notice.v1"
    reference: IncidentId
    version: PositiveInt
    kind: NoticeKind
    sent_at: Instant
    sender: Sender
    addressee: Addressee
    products: tuple[str, ...] = ()
    sub_processors: tuple[str, ...] = ()
    aware_at: Instant
    times: tuple[StatedTime, ...] = ()
    facts: Facts = Field(default=Facts())
    basis: PlainText | None = None
    answer_by: Instant
    reply_code: ReplyCode
    next_update_at: Instant | None = None

    @property
    def octets(self) -> bytes:
        """The notice as the file that is signed and sent."""
        return (self.model_dump_json(exclude_none=True, indent=1) + "\n").encode()
