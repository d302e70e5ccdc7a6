"""What a board is told of a year of breaches: counts, and not a word of what any single incident was about."""

from statistics import median

from models.base import IncidentId, Instant, Value
from models.breach_events import Risk
from models.breach_register import Standing
from models.duty import Period
from models.facts import Cause
from models.parties import PartyId


class PartyYear(Value):
    """One organisation's year: how many incidents, and of them notified, late, and still open."""

    name: str
    incidents: int = 0
    notified: int = 0
    late: int = 0
    open: int = 0


class Year(Value):
    """The figures of the incidents that count to ``year``.

    ``standings`` counts every incident; the rest counts those that were breaches: ``causes`` and ``risks`` with None for
    what nobody has stated, ``people`` concerned as far as their number is known, and ``unknown_people`` the breaches in
    which it is not. ``hours`` is how long each notification took, from where its time limit runs. ``late`` were notified
    after it; ``overdue`` are not notified although it has run out.
    """

    year: int
    standings: dict[Standing, int] = {}
    as_processor: int = 0
    hours: tuple[float, ...] = ()
    late: int = 0
    overdue: int = 0
    not_notified: int = 0
    informed: int = 0
    people: int = 0
    unknown_people: int = 0
    causes: dict[Cause | None, int] = {}
    risks: dict[Risk | None, int] = {}
    parties: dict[PartyId, PartyYear] = {}

    @property
    def incidents(self) -> int:
        """Every incident, whatever it turned out to be."""
        return sum(self.standings.values())

    @property
    def breaches(self) -> int:
        """What was a personal data breach: the organisation became aware of it."""
        return self.standings.get(Standing.OPEN, 0) + self.standings.get(Standing.CLOSED, 0)

    @property
    def open(self) -> int:
        """In how many somebody still has to find out, decide or act."""
        return self.standings.get(Standing.OPEN, 0) + self.standings.get(Standing.SUSPECTED, 0)

    @property
    def notified(self) -> int:
        """How many were notified to the authority."""
        return len(self.hours)

    @property
    def share_late(self) -> float | None:
        """How many of those that were notified or should have been were, or are, late; None if there were none."""
        due = self.notified + self.overdue
        return (self.late + self.overdue) / due if due else None

    @property
    def median_hours(self) -> float | None:
        """The time within which half of the notifications were made; None if there were none."""
        return median(self.hours) if self.hours else None


class OpenAction(Value):
    """One thing that somebody still has to do or decide."""

    incident: IncidentId
    party_name: str
    what: str


class YearlyReport(Value):
    """A year beside the one before, None where no incident is that old; what is open ``at``; and the time limit."""

    this: Year
    before: Year | None
    open: tuple[OpenAction, ...]
    limit: Period
    at: Instant
