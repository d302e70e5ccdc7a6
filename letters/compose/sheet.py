"""What one sheet for the authority is of: which case, in which phase, at which instant, and what it lacks."""

from datetime import date, datetime
from typing import NamedTuple

from letters.language import day, say
from models.breach_events import Risk
from models.errors import N_
from models.filing_events import MissingItem, Phase
from models.incident import Incident
from models.instants import local
from models.parties import Controller, Register

Lacking = tuple[MissingItem, ...]


class Sheet(NamedTuple):
    """One sheet at the instant ``at``; ``due_at`` is the time limit of Article 33(1), ``authority`` who gets it.

    ``lacks`` holds the particulars that are missing, each with its reason and the day on which it follows, None if it
    cannot be determined. ``beside`` are the other incidents that it tells of, ``late_beside`` those of them whose own time
    limit has run out, ``secrecy`` the sentences on what may be secret. ``e_service`` is where the form stands.
    """

    incident: Incident
    controller: Controller
    register: Register
    phase: Phase
    at: datetime
    due_at: datetime
    supplement_by: datetime
    authority: str
    e_service: str
    lacks: Lacking = ()
    secrecy: tuple[str, ...] = ()
    beside: tuple[Incident, ...] = ()
    late_beside: tuple[str, ...] = ()

    @property
    def follows(self) -> Lacking:
        """What is promised for later."""
        return tuple(item for item in self.lacks if item.follows_on is not None)

    @property
    def is_late(self) -> bool:
        """Whether the time limit has run out by the instant of the sheet."""
        return self.at > self.due_at

    @property
    def next_on(self) -> date:
        """The day by which the first of what is missing follows; the authority's own if nothing is promised."""
        days = [item.follows_on for item in self.follows if item.follows_on is not None]
        return min(days, default=local(self.supplement_by).date())

    @property
    def last_on(self) -> date:
        """The day by which the last of what is missing follows: what nobody has promised a day of its own."""
        days = [item.follows_on for item in self.follows if item.follows_on is not None]
        return max(days, default=local(self.supplement_by).date())

    def lacking(self, key: str) -> MissingItem | None:
        """Return what is said of the particular ``key``, if it is missing."""
        return next((item for item in self.lacks if item.key == key), None)


def why_later(incident: Incident) -> str | None:
    """Return why the notification comes more than 72 hours after awareness where new facts overtook a decision."""
    overtaken = [made for made in incident.decisions if made.level is Risk.UNLIKELY]
    if incident.clock_moved_to is None or not overtaken:
        return None
    said = N_("On {decided} it was decided that a risk was unlikely: {reasons} On {moved} new facts changed that.")
    decided = overtaken[-1]
    return say(said, decided=day(decided.occurred_at), reasons=decided.reasoning, moved=day(incident.clock_moved_to))
