"""What is kept of a case to find it again without reading its timeline: when to look, and what is open."""

from typing import NamedTuple

from models.base import IncidentId, Instant, Value
from models.duty import Duty


class Look(NamedTuple):
    """When to look at an incident again, as said by somebody who had read ``length`` events; None is never."""

    incident: IncidentId
    length: int
    at: Instant | None


def marker_of(incident: IncidentId, duty: Duty) -> str:
    """Return the key of the run that shows a time limit in Prefect: another limit is another marker."""
    return f"{incident}/{duty.key}/{duty.due_at.isoformat() if duty.due_at else ''}"


class OpenDeadline(Value):
    """One open deadline of one case. ``version`` counts how often it moved: the number of its calendar file."""

    incident: IncidentId
    party: str
    duty: Duty
    version: int = 0
