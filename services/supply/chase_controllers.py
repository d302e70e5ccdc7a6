"""A controller that does not answer: the notice goes to its next contact point, until there is none left to try."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from letters import compose
from models.base import ENGINE, IncidentId
from models.incident import Incident
from models.recipient import DeliveryState
from models.supply_events import ControllerChased, ControllerInformed
from services.ports.world import World
from services.post.post import deliver
from services.record import read, write_down
from services.supply.notice_mail import contacts_of, end_of, outgoing, told
from services.supply.state_slices import require_processor


class Chase(NamedTuple):
    """When the next contact point of a silent controller is tried, and which one, counted from 1."""

    informed: ControllerInformed
    contact: int
    at: datetime


async def chase_controllers(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Send the notice on to the next contact point of everyone who should have answered by ``now``, and record it."""
    case = read(incident_id, world.timeline)
    processor = require_processor(case.incident, world)
    due = [chase for chase in chases(case.incident, world) if chase.at <= now]
    mails = []
    for chase in due:
        one = told(case.incident, chase.informed, world)
        said = compose.controller_notice_unanswered(one.notice, one.letter)
        mails.append((chase, one, outgoing(one, said, chase.contact, processor, now, world)))
    await deliver((mail for _, _, mail in mails), now=now, world=world)
    tried = [
        _chased(chase, now)
        for chase, one, _ in mails
        if end_of(one, chase.contact, world) is not DeliveryState.DEFERRED
    ]
    return write_down(case, *tried, world=world)


def chases(incident: Incident, world: World) -> Iterator[Chase]:
    """Yield the next step towards everyone who is silent and has a contact point left.

    The first is due when the answer was to have come, each later one when the contact point before it has had as long;
    at once where the last message did not arrive.
    """
    for controller, informed in incident.supply.silent.items():
        chased = [
            one for one in incident.supply.chased if (one.controller, one.version) == (controller, informed.version)
        ]
        tried = max((informed.contact, *(one.contact for one in chased)))
        if informed.answer_by is None or tried >= len(contacts_of(controller, world)):
            continue
        patience = informed.answer_by - informed.occurred_at
        bounced = end_of(told(incident, informed, world), tried, world) is DeliveryState.REFUSED
        asked_at = chased[-1].occurred_at if chased else informed.occurred_at
        due = asked_at if bounced else asked_at + patience
        yield Chase(informed, tried + 1, due)


def _chased(chase: Chase, now: datetime) -> ControllerChased:
    return ControllerChased(
        controller=chase.informed.controller,
        version=chase.informed.version,
        contact=chase.contact,
        occurred_at=now,
        recorded_at=now,
        recorded_by=ENGINE,
    )
