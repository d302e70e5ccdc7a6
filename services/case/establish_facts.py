"""Write down what became known, for one incident or for its whole family."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.breach_events import FactsEstablished
from models.facts import Facts, Trigger
from models.incident import Incident
from services.ports.world import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role


def establish_facts(
    incident_id: IncidentId,
    *,
    facts: Facts,
    source: str,
    known_at: datetime,
    trigger: Trigger | None = None,
    for_family: bool = False,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record ``facts`` with their source and the moment they became known.

    A ``trigger`` re-opens the risk decision. Raises StepOutOfOrder where the Security Protection Act keeps the content
    out of this system, and for a ``known_at`` to come: a trigger may start the clock then.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(known_at, now)
    event = FactsEstablished(
        facts=facts,
        source=source,
        trigger=trigger,
        for_family=for_family,
        occurred_at=known_at,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
