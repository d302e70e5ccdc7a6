"""One reminder as the ledger knows it: which step of which deadline goes to whom; and the plan a deadline started with."""

from typing import NamedTuple

from models.base import ActorId, IncidentId, Instant, Value
from models.policy import Plan
from models.recipient import DeliveryState

STARTS, SETTLED, AGAIN, EVENING, AT_WORK = "frist", "klar", "åter", "kväll", "arbetstid"
"""What a step is, in its name: a limit told of, one settled, an answer run out; sent the evening before, or at work."""


class PlannedDeadline(Value):
    """From ``at`` on, a deadline runs as said here, under the plan it started with; without a plan it has ended."""

    deadline: str
    at: Instant
    since: Instant
    due_at: Instant | None = None
    plan: Plan | None = None


class Entry(NamedTuple):
    """The key of the ledger: one step of one deadline of one incident, to one person."""

    incident: IncidentId
    deadline: str
    step: str
    person: ActorId


class LedgerRow(NamedTuple):
    """What became of an entry: when it was claimed, in which message it went, and how that ended."""

    entry: Entry
    message_id: str
    state: DeliveryState
    claimed_at: Instant


class StepClaim(NamedTuple):
    """An entry somebody wants to send: when its step was due, and the message it would go in."""

    entry: Entry
    step_at: Instant
    message_id: str
