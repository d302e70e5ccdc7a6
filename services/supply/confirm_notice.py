"""Tell a processor that its notice is taken in, with its reply code."""

from datetime import datetime

from letters import compose
from letters.senders import full_name
from models.base import ENGINE
from models.incident import Incident
from models.parties import Role
from models.recipient import Dispatch
from models.supply_events import NoticeConfirmed
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of, require_sent
from services.record import read, write_down
from services.supply.receive_notice import Received


async def confirm_notice(received: Received, *, now: datetime, world: World) -> Incident:
    """Mail the confirmation, once, and record it. Raises a PostError if it did not go: run it again then."""
    case = read(received.incident, world.timeline)
    digest = received.sha256
    arrival = next((one for one in case.incident.supply.received if one.sha256 == digest), None)
    if arrival is None or any(one.sha256 == digest for one in case.incident.supply.confirmed):
        return case.incident
    controller = world.register.controller(case.incident.party)
    letter = compose.notice_confirmation(
        notice=received.notice,
        incident=case.incident,
        controller=controller,
        register=world.register,
        arrived_at=arrival.occurred_at,
    )
    dispatch = Dispatch(
        communication=f"{received.incident}/gdpr.33.2/confirmation/{digest[:16]}",
        recipient=received.notice.sender.organisation_number,
        letter_sha256=digest,
    )
    officer = controller.roles.get(Role.OFFICER)
    mail = mail_of(
        letter,
        to=received.notice.sender.answer_to,
        sender_name=full_name(controller),
        reply_to=world.register.person(officer).email if officer else controller.email,
        incident=received.incident,
        now=now,
        world=world,
    )
    await deliver([Outgoing(dispatch, mail)], now=now, world=world)
    require_sent(dispatch.communication, world.outbox)
    event = NoticeConfirmed(sha256=digest, occurred_at=now, recorded_at=now, recorded_by=ENGINE)
    return write_down(case, event, world=world)
