"""Answer a reminder: take it in hand for a while, so that nobody is reminded meanwhile, or pass it on to the next in line."""

from datetime import datetime, timedelta

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.parties import Role
from models.record_events import ReminderAcknowledged, ReminderPassedOn
from services.due.deadlines import deadlines_of
from services.ports.world import World
from services.record import Case, read, write_down
from services.reminding.plan import running
from services.roles import PREPARES, require_role

ANSWERS = (*PREPARES, Role.HEAD_OF_ADMINISTRATION, Role.ON_CALL)
"""Who may answer a reminder: everybody who may get one."""


def acknowledge(
    incident_id: IncidentId,
    *,
    hours: int | None = None,
    answered_at: datetime | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> ReminderAcknowledged:
    """Record that ``by`` has the open deadlines in hand for ``hours``, and return the event, which says until when.

    No answer holds longer than the policy allows, and the plan lets none hold past a time limit. Raises NotEntitled;
    StepOutOfOrder if nothing in the case is reminded of.
    """
    case, deadlines = _answered(incident_id, by, world)
    limits, at = world.policy.acknowledgement, answered_at or now
    event = ReminderAcknowledged(
        deadlines=deadlines,
        until=at + timedelta(hours=min(hours or limits.hours, limits.at_most)),
        occurred_at=at,
        recorded_at=now,
        recorded_by=by,
    )
    _once(case, event, world)
    return event


def pass_on(
    incident_id: IncidentId, *, answered_at: datetime | None = None, by: ActorId, now: datetime, world: World
) -> Incident:
    """Record that ``by`` cannot take care of the open deadlines: whoever is next in line is called by the next sweep.

    Raises NotEntitled; StepOutOfOrder if nothing in the case is reminded of.
    """
    case, deadlines = _answered(incident_id, by, world)
    event = ReminderPassedOn(deadlines=deadlines, occurred_at=answered_at or now, recorded_at=now, recorded_by=by)
    return _once(case, event, world)


def _once(case: Case, event: ReminderAcknowledged | ReminderPassedOn, world: World) -> Incident:
    """Write the answer down, unless the same one was written down before, at whatever time."""
    alike = (one.model_copy(update={"recorded_at": event.recorded_at}) for one in case.incident.answers)
    return case.incident if event in alike else write_down(case, event, world=world)


def _answered(incident_id: IncidentId, by: ActorId, world: World) -> tuple[Case, tuple[str, ...]]:
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=ANSWERS, register=world.register)
    runs = running(case.incident, deadlines_of(case.incident, world.book))
    if not runs:
        raise StepOutOfOrder(
            N_("There is nothing to acknowledge in {incident}."),
            why=N_(
                "Nobody is reminded of anything there: everything is settled, or its first reminder is not planned yet."
            ),
            remedy=N_("Look at the case. If something is open, wait a minute and try again."),
            incident=incident_id,
        )
    return case, tuple(run.duty.key for run in runs)
