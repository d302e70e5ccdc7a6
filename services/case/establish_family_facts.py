"""Write down what became known for a whole family: the same words, once in the timeline of each case; a decision never."""

from collections.abc import Iterator
from datetime import datetime

from models.base import ActorId, IncidentId
from models.facts import Facts, Trigger
from models.incident import Incident
from services.case.establish_facts import establish_facts
from services.ports.world import World
from services.record import read
from services.roles import PREPARES


def establish_family_facts(
    incident_id: IncidentId,
    *,
    facts: Facts,
    source: str,
    known_at: datetime,
    trigger: Trigger | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> tuple[Incident, ...]:
    """Record ``facts`` in the case and in every other of its family that ``by`` may state facts in; this case first.

    Each case concludes for itself what follows. Raises what ``establish_facts`` raises. Safe to run again: what stands
    there already is not written twice.
    """
    return tuple(
        establish_facts(
            one,
            facts=facts,
            source=source,
            known_at=known_at,
            trigger=trigger,
            for_family=True,
            by=by,
            now=now,
            world=world,
        )
        for one in (incident_id, *_kin(incident_id, by, world))
    )


def _kin(incident_id: IncidentId, by: ActorId, world: World) -> Iterator[IncidentId]:
    """Yield the other cases of the family in which ``by`` may state facts; what is classified stays out."""
    family = read(incident_id, world.timeline).incident.family
    for one in world.timeline.family(family):
        other = read(one, world.timeline).incident
        party = world.register.party(other.party)
        may = any(by in party.who(role) for role in PREPARES)
        if one != incident_id and may and not other.is_classified:
            yield one
