"""Remind the people who can act. Everything missed since the last time goes in one message a duty, not twelve."""

from datetime import datetime

from law.particulars import missing
from letters import compose, plain
from models.base import ENGINE, ActorId, IncidentId
from models.duty import Duty, DutyStatus
from models.events import ReminderSent
from models.incident import Incident
from models.letter import Letter
from models.parties import Register, Role
from models.recipient import Dispatch
from services.plan import Step, passed, to_remind_of
from services.ports import World
from services.post import Outgoing, deliver, mail_of
from services.record import duties_of, law_for, read, write_down

REMINDED = (Role.OFFICER, Role.DELEGATE, Role.LEGAL, Role.INCIDENT_MANAGER)


async def remind(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Send what is due by ``now`` for every open duty, and record it. Raises TransientPostError; run it again then."""
    incident = read(incident_id, world.timeline).incident
    for duty in to_remind_of(duties_of(incident, world.book)):
        steps = passed(duty, incident, world.policy, now)
        if not steps:
            continue
        to = _people(incident, world.register)
        letter = _letter(duty, incident, world, now)
        mails = [_outgoing(actor, letter, steps[-1], incident, world, now) for actor in to]
        await deliver(mails, now=now, world=world)
        event = ReminderSent(
            provision=duty.provision,
            steps=tuple(step.name for step in steps),
            to=to,
            occurred_at=now,
            recorded_at=now,
            recorded_by=ENGINE,
        )
        incident = write_down(read(incident_id, world.timeline), event, world=world)
    return incident


def _people(incident: Incident, register: Register) -> tuple[ActorId, ...]:
    roles = register.party(incident.party).roles
    return tuple(dict.fromkeys(roles[role] for role in REMINDED if role in roles))


def _letter(duty: Duty, incident: Incident, world: World, now: datetime) -> Letter:
    party = world.register.party(incident.party)
    if duty.due_at is None or duty.status is DutyStatus.UNDECIDED:
        return compose.decision_reminder(
            incident=incident, duty=duty, controller=party, register=world.register, now=now
        )
    holes = tuple(item.key for item in missing("gdpr.33.3", incident.facts, law_for(incident, world.book)))
    compose_it = compose.deadline_passed if duty.is_overdue(now) else compose.deadline_reminder
    return compose_it(incident=incident, duty=duty, controller=party, register=world.register, missing=holes, now=now)


def _outgoing(  # noqa: PLR0917 - private, and read once
    actor: ActorId, letter: Letter, step: Step, incident: Incident, world: World, now: datetime
) -> Outgoing:
    dispatch = Dispatch(communication=f"{incident.id}/{step.name}", recipient=actor, letter_sha256=plain.sha256(letter))
    mail = mail_of(
        letter,
        to=world.register.person(actor).email,
        sender_name="Timglas",
        reply_to=world.register.party(incident.party).email,
        incident=incident.id,
        now=now,
        world=world,
    )
    return Outgoing(dispatch, mail)
