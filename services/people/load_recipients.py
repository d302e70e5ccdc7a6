"""Take in the people a communication is for: those in the rows that can be read, or nobody if one of them cannot."""

from datetime import date, datetime
from typing import NamedTuple

from models.base import ActorId, IncidentId
from models.communication_events import RecipientsLoaded
from models.errors import N_, StepOutOfOrder, UnreadableFile
from models.incident import Incident
from models.people_list import ListReport
from services.people.communication import communication_of
from services.people.found_later import found, laid_aside, lay_aside
from services.ports.world import Listed, World
from services.record import read_open, write_down
from services.roles import PREPARES, require_role


class Loaded(NamedTuple):
    """What was taken in: how many the list now holds, and what was said of it.

    ``later``: letters are out, so it waits for a release of its own; so many on it were ``written_to`` already.
    """

    recipients: int
    report: ListReport
    later: bool = False
    written_to: int = 0


def load_recipients(
    incident_id: IncidentId,
    *,
    listed: Listed,
    checked_on: date | None = None,
    all_or_nothing: bool = False,
    by: ActorId,
    now: datetime,
    world: World,
) -> Loaded:
    """Store the people of a list sealed. Who is there already is updated by it, so to load a list again adds nobody.

    Once letters are released, they are laid aside for the next release. ``checked_on`` is the day on which somebody
    compared the list with the population register; it is put on record. Raises StepOutOfOrder while letters are on their
    way, UnreadableFile if ``all_or_nothing`` and a row cannot be taken, or if ``lay_aside`` refuses the list.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    _require_quiet(case.incident)
    report = listed.check()
    if all_or_nothing and report.refused:
        raise _incomplete(report)
    communication = communication_of(incident_id)
    if case.incident.started is None:
        count = world.recipients.keep(communication, listed.people(world.recipients.namer(communication)))
    else:
        communication = laid_aside(case.incident)
        count = lay_aside(case.incident, listed, world)
    written_to = _written_to(case.incident, world)
    event = RecipientsLoaded(
        communication=communication,
        rows=report.rows,
        refused=report.refused,
        recipients=count,
        written_to=written_to,
        checked_on=checked_on,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    write_down(case, event, world=world)
    return Loaded(count, report, case.incident.started is not None, written_to)


def _written_to(incident: Incident, world: World) -> int:
    if incident.started is None:
        return 0
    waiting = found(incident, incident.started.sha256, world)
    return waiting.people - waiting.unwritten


def _require_quiet(incident: Incident) -> None:
    """Refuse a list while letters are on their way. Raises StepOutOfOrder."""
    if incident.started is not None and incident.completed is None:
        raise StepOutOfOrder(
            N_("The letters of {incident} are on their way."),
            why=N_("Nobody may be added to a list while it is written to: the count would not hold."),
            remedy=N_("Wait until everyone on it has found their end, and load those who were found later then."),
            incident=incident.id,
        )


def _incomplete(report: ListReport) -> UnreadableFile:
    return UnreadableFile(
        N_("{refused} of {rows} rows cannot be read, so nobody was taken in."),
        why=N_("You asked for all or nothing."),
        remedy=N_("Mend the rows (timglas recipients check says what is wrong with each), or take in the others."),
        refused=report.refused,
        rows=report.rows,
    )
