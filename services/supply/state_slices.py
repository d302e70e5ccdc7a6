"""Write down what is known of each controller's own data: one slice each, all of them or none."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.facts import Facts
from models.incident import Incident
from models.parties import Processor
from models.supply_events import SliceEstablished
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import PREPARES, require_role


class Slice(NamedTuple):
    """What is stated of one controller: whether none of its data is in it, in which products, and what."""

    controller: str
    facts: Facts
    unaffected: bool = False
    products: tuple[str, ...] = ()


def state_slices(
    incident_id: IncidentId, slices: Iterable[Slice], *, source: str, by: ActorId, now: datetime, world: World
) -> Incident:
    """Record the ``slices`` with where they come from. A controller that nobody named before is concerned from now on.

    What stands there already, word for word, is not written again. Raises UnknownReference for a controller that the
    register does not hold, StepOutOfOrder in a case that is not a processor's.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    processor = require_processor(case.incident, world)
    events = [
        SliceEstablished(
            controller=stated.controller,
            unaffected=stated.unaffected,
            products=stated.products,
            facts=stated.facts,
            notice_within=world.register.controller(stated.controller).agreement(processor.id).notice_within,
            source=source,
            occurred_at=now,
            recorded_at=now,
            recorded_by=by,
        )
        for stated in slices
    ]
    return write_down(case, *(event for event in events if not _stands(event, case.incident)), world=world)


def require_processor(incident: Incident, world: World) -> Processor:
    """Return the processor whose case it is. Raises StepOutOfOrder for a controller's case."""
    party = world.register.party(incident.party)
    if isinstance(party, Processor):
        return party
    raise StepOutOfOrder(
        N_("{incident} is not a processor's case."),
        why=N_("Article 33(2) obliges a processor to tell its controllers; a controller has none to tell."),
        remedy=N_("Choose the case of the processor."),
        incident=incident.id,
    )


def _stands(event: SliceEstablished, incident: Incident) -> bool:
    """Tell whether the record says all of it already."""
    known = incident.supply.slices.get(event.controller)
    if known is None or known.unaffected != event.unaffected or known.source != event.source:
        return False
    return known.facts.learn(event.facts) == known.facts and event.products in ((), known.products)
