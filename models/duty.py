"""What is owed: to whom, by when, whether it is done, and if not required, why not."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from models.base import Instant, Value
from models.errors import N_, StatuteError

Unit = Literal["hours", "days", "weeks", "months"]


class Period(Value):
    """A length of time that keeps its unit: 72 hours are not three days (Regulation 1182/71, Article 3)."""

    amount: int
    unit: Unit

    @property
    def elapsed(self) -> timedelta:
        """The length as exact time. Raises StatuteError for months: they have none."""
        if self.unit == "months":
            raise StatuteError(
                N_("A period of {amount} months has no exact length."),
                why=N_("Months differ in length, so they are counted by the calendar."),
                remedy=N_("Use law.clock.limit, or give the time limit in hours, days or weeks."),
                amount=self.amount,
            )
        return timedelta(**{self.unit: self.amount})


class DutyStatus(StrEnum):
    """Where a duty stands. Overdue is not a status: it is derived from the instant one looks."""

    UNDECIDED = "undecided"
    OWED = "owed"
    ORDERED = "ordered"
    FULFILLED = "fulfilled"
    EXCUSED = "excused"
    NOT_REQUIRED = "not_required"


class Ground(Value):
    """Why a duty is not owed: the provision that lifts it, the person's reasons, and who gave them."""

    provision: str
    because: str
    by: str


class Counted(Value):
    """How a time limit came about: ``period`` from ``start`` on, as the value ``name`` of ``provision`` has it."""

    start: Instant
    period: Period
    provision: str
    name: str = "time_limit"


class Untold(Value):
    """What is left of telling the people concerned (Article 34(1)); never nothing.

    ``unposted`` letters are written and not posted. ``returned`` people are written to another way, because what they were
    sent came back. ``unreachable`` people no letter reaches, and no notice to the public is out (Article 34(3)(c)).
    """

    unposted: int = 0
    returned: int = 0
    unreachable: int = 0

    @property
    def waits(self) -> bool:
        """Whether a letter has yet to leave. What becomes of those out of reach is a person's decision."""
        return bool(self.unposted or self.returned)


class Duty(Value):
    """One paragraph's demand on one incident. ``due_at`` is None only for a duty without a number in the law.

    A deadline that is not law (a promise, a question, a decision that waits) is one too, under the name of its kind;
    ``about`` then tells one of several apart, by an id: a party's, a question's, never a person's name. ``secrecy`` says how the report to the duty's recipient must be kept, where its law says so. ``counted`` shows how
    ``due_at`` was reckoned, unless somebody set the instant itself. ``untold`` is who has not been told yet, beside the
    communication to the people concerned.
    """

    provision: str
    owed_to: str
    status: DutyStatus
    about: str = ""
    since: Instant
    due_at: Instant | None = None
    operate_at: Instant | None = None
    fulfilled_at: Instant | None = None
    ground: Ground | None = None
    secrecy: str | None = None
    counted: Counted | None = None
    untold: Untold | None = None

    @property
    def key(self) -> str:
        """What tells it from every other deadline of its incident, for as long as the incident lives."""
        return f"{self.provision}/{self.about}" if self.about else self.provision

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act or decide."""
        return self.status in (DutyStatus.OWED, DutyStatus.UNDECIDED, DutyStatus.ORDERED)

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the time limit has run out at ``now`` with the duty still open."""
        return self.is_open and self.due_at is not None and now > self.due_at

    @property
    def late_by(self) -> timedelta | None:
        """How long after the time limit it was fulfilled; None if in time or without a limit."""
        if self.fulfilled_at is None or self.due_at is None or self.fulfilled_at <= self.due_at:
            return None
        return self.fulfilled_at - self.due_at
