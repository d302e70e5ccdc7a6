"""Count the entries of a year as they pass by, so that none of them has to be kept."""

from collections import Counter

from models.breach_events import Risk
from models.breach_register import Entry, Standing
from models.duty import DutyStatus
from models.facts import Cause, Quantity
from models.yearly_report import PartyYear, Year

_LEFT_TO_TELL = (DutyStatus.UNDECIDED, DutyStatus.OWED, DutyStatus.ORDERED)
"""Some may have been told by then, and not everybody who must be."""


class Tally:
    """The counts of one year, growing entry by entry."""

    def __init__(self, year: int) -> None:
        self._year, self._hours = year, list[float]()
        self._counts, self._standings = Counter[str](), Counter[Standing]()
        self._causes, self._risks = Counter[Cause | None](), Counter[Risk | None]()
        self._parties: dict[str, tuple[str, Counter[str]]] = {}

    def add(self, entry: Entry) -> None:
        """Count ``entry`` if it counts to the year."""
        if entry.counted_on.year != self._year:
            return
        self._standings[entry.standing] += 1
        self._hours += [entry.hours] if entry.hours is not None else []
        _, own = self._parties.setdefault(entry.party, (entry.party_name, Counter()))
        own.update(name for name, holds in _of_a_party(entry).items() if holds)
        if entry.standing in (Standing.OPEN, Standing.CLOSED):
            self._counts.update(name for name, holds in _of_a_breach(entry).items() if holds)
            self._counts["people"] += _people(entry.facts.n_subjects) or 0
            self._causes[entry.facts.cause] += 1
            self._risks[entry.risk] += 1

    def figures(self) -> Year:
        """Return what was counted."""
        return Year(
            year=self._year,
            hours=tuple(sorted(self._hours)),
            standings=self._standings,
            causes=self._causes,
            risks=self._risks,
            parties={party: PartyYear(name=name, **counts) for party, (name, counts) in self._parties.items()},
            **self._counts,
        )


def _of_a_party(entry: Entry) -> dict[str, bool]:
    return {
        "incidents": True,
        "notified": entry.filed_at is not None,
        "late": entry.is_late,
        "open": entry.is_open,
    }


def _of_a_breach(entry: Entry) -> dict[str, bool]:
    return {
        "as_processor": entry.owed_as == "processor",
        "late": entry.is_late and entry.filed_at is not None,
        "overdue": entry.is_late and entry.filed_at is None,
        "not_notified": entry.notification is DutyStatus.NOT_REQUIRED,
        "informed": entry.told_at is not None and entry.communication not in _LEFT_TO_TELL,
        "unknown_people": _people(entry.facts.n_subjects) is None,
    }


def _people(count: Quantity | None) -> int | None:
    """Return how many people a quantity tells of: its lower end, or the upper one if that is all there is."""
    if count is None:
        return None
    return count.at_most if count.at_least is None else count.at_least
