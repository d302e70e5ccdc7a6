"""Take in the people a communication is for: those in the rows that can be read, or nobody if one of them cannot."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple, Protocol

from models.base import ActorId, IncidentId
from models.communication_events import RecipientsLoaded
from models.errors import N_, StepOutOfOrder, UnreadableFile
from models.people_list import ListReport
from models.recipient import Recipient
from services.people.start_communication import communication_of
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import PREPARES, require_role


class Listed(Protocol):
    """A list of people, in a file or elsewhere."""

    def check(self) -> ListReport:
        """Judge every row, and store nothing."""
        ...

    def people(self, name_of: Callable[[str], str]) -> Iterator[Recipient]:
        """Yield everybody who can be taken, each once. ``name_of`` gives an id to who has none."""
        ...


class Loaded(NamedTuple):
    """What was taken in: how many the communication now holds, and what was said of the list."""

    recipients: int
    report: ListReport


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

    ``checked_on`` is the day on which somebody compared it with the population register; it is put on record. Raises
    StepOutOfOrder once letters are released, UnreadableFile if ``all_or_nothing`` and a row cannot be taken.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    if case.incident.started is not None:
        raise StepOutOfOrder(
            N_("The letters of {incident} are released already."),
            why=N_("Nobody may be added to a list after it was approved and counted."),
            remedy=N_("Open a case of its own for the people found later, or write to them by hand and note it."),
            incident=incident_id,
        )
    report = listed.check()
    if all_or_nothing and report.refused:
        raise _incomplete(report)
    communication = communication_of(incident_id)
    count = world.recipients.keep(communication, listed.people(world.recipients.namer(communication)))
    event = RecipientsLoaded(
        communication=communication,
        rows=report.rows,
        refused=report.refused,
        recipients=count,
        checked_on=checked_on,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    write_down(case, event, world=world)
    return Loaded(count, report)


def _incomplete(report: ListReport) -> UnreadableFile:
    return UnreadableFile(
        N_("{refused} of {rows} rows cannot be read, so nobody was taken in."),
        why=N_("You asked for all or nothing."),
        remedy=N_("Mend the rows (timglas recipients check says what is wrong with each), or take in the others."),
        refused=report.refused,
        rows=report.rows,
    )
