"""Say why particulars are missing from the notification, and when they follow (Article 33(4))."""

from datetime import date, datetime

from letters.vocabulary import PARTICULARS
from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.filing_events import MissingExplained, MissingItem
from models.incident import Incident
from models.instants import local
from services.ports.world import World
from services.record import read_open, require_awareness, write_down
from services.roles import PREPARES, require_role


def explain_missing(
    incident_id: IncidentId, *, items: tuple[MissingItem, ...], by: ActorId, now: datetime, world: World
) -> Incident:
    """Write down the reason and the day of each of ``items``; a day of None says that it cannot be determined.

    Raises UnknownReference for what is no particular, StepOutOfOrder for a day that has passed.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_awareness(case.incident)
    for item in items:
        _require_particular(item.key)
        _require_ahead(item.follows_on, now)
    event = MissingExplained(items=items, occurred_at=now, recorded_at=now, recorded_by=by)
    return write_down(case, event, world=world)


def _require_particular(key: str) -> None:
    if key not in PARTICULARS:
        raise UnknownReference(
            N_("{particular} is nothing that a notification tells."),
            why=N_("These can be explained: {known}."),
            remedy=N_("Check the spelling."),
            particular=key,
            known=", ".join(PARTICULARS),
        )


def _require_ahead(day: date | None, now: datetime) -> None:
    if day is not None and day < local(now).date():
        raise StepOutOfOrder(
            N_("That day has passed."),
            why=N_("What is promised to the authority lies ahead."),
            remedy=N_("Name a day that you can keep."),
        )
