"""The documentation of Article 33(5): what the register of breaches holds about one incident, whatever became of it."""

from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from models.base import IncidentId, Instant, Value
from models.breach_events import Risk
from models.duty import DutyStatus
from models.facts import Cause, Facts
from models.instants import local
from models.parties import PartyId


class Standing(StrEnum):
    """Where an incident stands in the register. KEPT_ELSEWHERE: its content may not be kept here (1 kap. 4 § DSL)."""

    SUSPECTED = "suspected"
    RULED_OUT = "ruled_out"
    OPEN = "open"
    CLOSED = "closed"
    KEPT_ELSEWHERE = "kept_elsewhere"


class Entry(Value):
    """One incident of the register: the facts, the effects and the remedial action, and why what was decided.

    Instants are exact; ``hours`` and ``late_hours`` count from ``clock_at``, where the time limit runs from, and from
    its end. ``notification`` and ``communication`` say how the duties of Articles 33(1) and 34(1) stand, None where
    there is none. ``title`` reveals nothing. The last groups hold sentences and, in ``undocumented``, the keys of the
    particulars of Article 33(5) that nobody has stated. ``masks`` says of what is left out why: by the name of the
    column, the provision of the secrecy act.
    """

    incident: IncidentId
    title: str
    party: PartyId
    party_name: str
    owed_as: Literal["controller", "processor"]
    family: str
    standing: Standing
    reported_at: Instant
    aware_at: Instant | None = None

    summary: str | None = None
    source: str | None = None
    facts: Facts = Facts()
    ruled_out_because: str | None = None

    advice: Risk | None = None
    risk: Risk | None = None
    decided_at: Instant | None = None
    decided_by: str | None = None
    reasoning: str | None = None
    officer_advice: str | None = None
    earlier_decisions: tuple[str, ...] = ()

    notification: DutyStatus | None = None
    clock_at: Instant | None = None
    due_at: Instant | None = None
    filed_at: Instant | None = None
    hours: float | None = None
    late_hours: float | None = None
    delay_reasons: str | None = None
    not_notified_because: str | None = None
    withdrawn_because: str | None = None
    diary_number: str | None = None
    supplements: int | None = None
    complete_at: Instant | None = None

    communication: DutyStatus | None = None
    told_at: Instant | None = None
    told: str | None = None
    not_informed_because: str | None = None

    other_duties: tuple[str, ...] = ()
    open_duties: tuple[str, ...] = ()
    undocumented: tuple[str, ...] = ()
    closed_at: Instant | None = None
    lessons: str | None = None
    events: int
    masks: dict[str, str] = {}

    @property
    def counted_on(self) -> date:
        """The day, in Swedish time, whose year the incident counts to: of awareness, or of the report without any."""
        return local(self.aware_at or self.reported_at).date()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to find out, decide or act."""
        return self.standing in (Standing.SUSPECTED, Standing.OPEN)

    @property
    def is_late(self) -> bool:
        """Whether it was notified after the time limit, or is not notified although the limit has run out."""
        return self.late_hours is not None


FREE_TEXT = ("summary", "source", "ruled_out_because", "reasoning", "officer_advice", "delay_reasons", "lessons")
"""What somebody wrote in words of their own and is no fact: it may be marked as secret as facts may."""

SAME_WORDS = {
    "reasoning": ("earlier_decisions", "not_notified_because", "withdrawn_because", "not_informed_because"),
}
"""The columns in which a free text stands again."""


class Selection(NamedTuple):
    """Which entries: a value that is None, or empty, leaves nothing out. The days are those the incidents count to."""

    year: int | None = None
    first: date | None = None
    last: date | None = None
    parties: tuple[PartyId, ...] = ()
    standing: Standing | None = None
    cause: Cause | None = None
    notified: bool | None = None
    late: bool | None = None
    still_open: bool | None = None

    def holds(self, entry: Entry) -> bool:
        """Tell whether ``entry`` is among the selected."""
        day = entry.counted_on
        return (
            self.year in (None, day.year)
            and (self.first or day) <= day <= (self.last or day)
            and (not self.parties or entry.party in self.parties)
            and self.standing in (None, entry.standing)
            and self.cause in (None, entry.facts.cause)
            and self.notified in (None, entry.filed_at is not None)
            and self.late in (None, entry.is_late)
            and self.still_open in (None, entry.is_open)
        )
