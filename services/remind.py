"""Remind the people who can act. Everything missed since the last time goes in one message a duty, not twelve."""

import hashlib
from datetime import datetime

from law.particulars import missing
from letters import compose
from models.base import ENGINE, ActorId, IncidentId
from models.duty import Duty, DutyStatus
from models.events import ReminderSent
from models.incident import Incident
from models.letter import Letter
from models.parties import Register, Role
from models.recipient import DeliveryState, Dispatch
from services.deadlines import deadlines_of
from services.plan import Step, passed, to_remind_of
from services.ports import World
from services.post import Outgoing, deliver, mail_of
from services.record import law_for, read, write_down

REMINDED = (Role.OFFICER, Role.DELEGATE, Role.LEGAL, Role.INCIDENT_MANAGER)


_CONTENT_OF = {"gdpr.33.1": "gdpr.33.3", "gdpr.33.4": "gdpr.33.3", "gdpr.34.1": "gdpr.34.2"}
"""Where it stands what the text that a duty asks for must contain."""


async def remind(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Send what is due by ``now`` for every open duty, and record it. Raises TransientPostError; run it again then."""
    incident = read(incident_id, world.timeline).incident
    for duty in to_remind_of(deadlines_of(incident, world.book)):
        if steps := passed(duty, incident, world.policy, now):
            incident = await _remind_of(duty, steps[-1], incident, world, now)
    return incident


async def _remind_of(duty: Duty, step: Step, incident: Incident, world: World, now: datetime) -> Incident:
    """Send one message to each, and record what it covers. While a server puts one off, nothing is: the step stays due."""
    to, letter = _people(incident, world.register), _letter(duty, incident, world, now)
    communication = f"{incident.id}/{step.name}"
    await deliver([_outgoing(actor, letter, step, incident, world, now) for actor in to], now=now, world=world)
    case = read(incident.id, world.timeline)
    covered = passed(duty, case.incident, world.policy, now)
    states = {state for _, state in world.outbox.counts(communication)}
    if not covered or states & {DeliveryState.DEFERRED, DeliveryState.WAITING}:
        return case.incident
    refused = world.outbox.refused(communication)
    event = ReminderSent(
        provision=duty.provision,
        steps=tuple(step.name for step in covered),
        to=tuple(actor for actor in to if actor not in refused),
        occurred_at=now,
        recorded_at=now,
        recorded_by=ENGINE,
    )
    return write_down(case, event, world=world)


def _people(incident: Incident, register: Register) -> tuple[ActorId, ...]:
    roles = register.party(incident.party).roles
    return tuple(dict.fromkeys(roles[role] for role in REMINDED if role in roles))


def _letter(duty: Duty, incident: Incident, world: World, now: datetime) -> Letter:
    party = world.register.party(incident.party)
    if duty.due_at is None or duty.status is DutyStatus.UNDECIDED:
        return compose.decision_reminder(
            incident=incident, duty=duty, controller=party, register=world.register, now=now
        )
    asked = _CONTENT_OF.get(duty.provision)
    holes = tuple(item.key for item in missing(asked, incident.facts, law_for(incident, world.book))) if asked else ()
    compose_it = compose.deadline_passed if duty.is_overdue(now) else compose.deadline_reminder
    return compose_it(incident=incident, duty=duty, controller=party, register=world.register, missing=holes, now=now)


def _outgoing(  # noqa: PLR0917 - private, and read once
    actor: ActorId, letter: Letter, step: Step, incident: Incident, world: World, now: datetime
) -> Outgoing:
    # The step is the key, not the text: that says how long is left, and another sweep would say it otherwise.
    key = hashlib.sha256(step.name.encode()).hexdigest()
    dispatch = Dispatch(communication=f"{incident.id}/{step.name}", recipient=actor, letter_sha256=key)
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
