"""Record why a notification comes later than the time limit. Its sheet cannot be drafted before that."""

from datetime import datetime

from law.lateness import warnings
from models.base import ActorId, IncidentId
from models.breach_events import StatedReason
from models.errors import N_, StepOutOfOrder
from models.filing_events import DelayExplained
from models.incident import Incident
from services.ports.world import World
from services.record import read_open, require_awareness, write_down
from services.roles import PREPARES, require_role


def explain_delay(incident_id: IncidentId, *, reasons: str, by: ActorId, now: datetime, world: World) -> Incident:
    """Write down the ``reasons``, with a warning for each that authorities have rejected before.

    They may be given before the time limit has run out, when it is clear that it will. Raises StepOutOfOrder once the
    first notification is filed.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_awareness(case.incident)
    if case.incident.filings:
        raise StepOutOfOrder(
            N_("The first notification of {incident} is filed already."),
            why=N_("Its reasons went with it, and the first stamp never moves."),
            remedy=N_("Tell the authority what is new in a supplement."),
            incident=incident_id,
        )
    return write_down(case, explained(reasons, occurred_at=now, now=now, by=by), world=world)


def explained(reasons: str, *, occurred_at: datetime, now: datetime, by: ActorId) -> DelayExplained:
    """Return the reasons as they are recorded, each kind that authorities have rejected beside them."""
    found = tuple(StatedReason(text=known.text, citation=known.citation) for known in warnings(reasons))
    return DelayExplained(reasons=reasons, warnings=found, occurred_at=occurred_at, recorded_at=now, recorded_by=by)
