"""A processor tells one controller what it knows of that controller's data, and of nobody else's (Article 33(2))."""

from datetime import datetime

from letters import compose, plain
from letters.compose import letterhead
from models.base import ActorId, IncidentId
from models.errors import N_, UnknownReference
from models.events import ControllerInformed
from models.facts import Facts
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Processor, Register
from models.recipient import Dispatch
from services.issue import issue
from services.ports import World
from services.post import Outgoing, deliver, mail_of, require_sent
from services.record import read_open, write_down
from services.roles import DECIDES, require_role


async def inform_controller(
    incident_id: IncidentId,
    *,
    controller: str,
    facts: Facts,
    version: int,
    next_update_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Send ``controller`` its own notice, built from the shared facts with its own ``facts`` laid over them.

    Raises UnknownReference if the controller is not one of those concerned, and a PostError if the notice did not go:
    what never left fulfils nothing.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    to, processor = _parties(case.incident, controller, world.register)
    notice = compose.controller_notice_from_processor(
        incident=case.incident,
        processor=processor,
        controller=to,
        register=world.register,
        facts=case.incident.facts.learn(facts),
        version=version,
        sent_at=now,
        next_update_at=next_update_at,
    )
    head = letterhead(processor, recipient=(), date=now, reference=incident_id, kind="")
    issue(notice, head, name=f"till-personuppgiftsansvariga/{to.id}-{version}", incident=case.incident, world=world)
    outgoing = _outgoing(notice, case.incident, to, version, world, now)
    await deliver([outgoing], now=now, world=world)
    require_sent(outgoing.dispatch.communication, world.outbox)
    event = ControllerInformed(
        controller=to.id, sha256=plain.sha256(notice), occurred_at=now, recorded_at=now, recorded_by=by
    )
    return write_down(case, event, world=world)


def _parties(incident: Incident, controller: str, register: Register) -> tuple[Controller, Processor]:
    processor = register.party(incident.party)
    if incident.report is None or controller not in incident.report.concerned or not isinstance(processor, Processor):
        raise UnknownReference(
            N_("{party} is not among the controllers that {incident} concerns."),
            why=N_("Only those whose data are in it are told, each of its own."),
            remedy=N_("Check which controllers the report names."),
            party=controller,
            incident=incident.id,
        )
    return register.controller(controller), processor


def _outgoing(  # noqa: PLR0917 - private, and read once
    notice: Letter, incident: Incident, to: Controller, version: int, world: World, now: datetime
) -> Outgoing:
    processor = world.register.party(incident.party)
    dispatch = Dispatch(
        communication=f"{incident.id}/gdpr.33.2/{to.id}-{version}",
        recipient=to.id,
        letter_sha256=plain.sha256(notice),
    )
    mail = mail_of(
        notice,
        to=to.email,
        sender_name=processor.name,
        reply_to=processor.email,
        incident=incident.id,
        now=now,
        world=world,
    )
    return Outgoing(dispatch, mail)
