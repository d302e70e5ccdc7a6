"""Write down what became known, for one incident or for its whole family."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.events import FactsEstablished, Regime
from models.facts import Facts, Trigger
from models.incident import Incident
from services.ports import World
from services.record import read, require_past, write_down
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
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    if case.incident.regime is not None and case.incident.regime.regime is Regime.SECURITY_PROTECTION:
        raise StepOutOfOrder(
            N_("{incident} falls under the Security Protection Act."),
            why=N_("Articles 33 and 34 do not apply to it, and its content must not be stored here."),
            remedy=N_("Turn to the head of security protection; record nothing more in this case."),
            incident=incident_id,
        )
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
