"""Open one incident per party concerned."""

from datetime import datetime

from models.base import ENGINE, ActorId, IncidentId
from models.breach_events import BreachReported
from models.incident import Incident
from models.instants import local
from models.parties import Controller
from services.ports.world import World
from services.record import Case, write_down


def report_breach(
    party: str,
    *,
    family: str,
    summary: str,
    source: str,
    reported_at: datetime,
    concerned: tuple[str, ...] = (),
    by: ActorId,
    now: datetime,
    world: World,
) -> IncidentId:
    """Open the incident of ``party`` in ``family`` and return its reference; the one there is, if there is one.

    Raises UnknownReference for a party or person the register does not hold.
    """
    owed_as = "controller" if isinstance(world.register.party(party), Controller) else "processor"
    if by != ENGINE:
        world.register.person(by)
    known = world.timeline.find(family, party)
    if known is not None:
        return known
    customers = [world.register.controller(controller) for controller in concerned]
    report = BreachReported(
        incident_id=world.timeline.next_id(local(now).year),
        party=party,
        owed_as=owed_as,
        family=family,
        summary=summary,
        source=source,
        concerned=tuple(controller.id for controller in customers),
        windows={one.id: window for one in customers if (window := one.agreement(party).notice_within)},
        occurred_at=reported_at,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(Case(Incident(), ()), report, world=world).id
