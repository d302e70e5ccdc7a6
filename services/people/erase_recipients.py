"""Destroy the key to the people a communication was for, and see that nobody can read them any more."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.record_events import PersonalDataErased
from services.documents.draft_names import preview_name
from services.people.batches import batches_of, file_name, require_posted
from services.people.communication import communication_of
from services.people.found_later import laid_aside
from services.ports.world import World
from services.record import read, write_down
from services.roles import DECIDES, require_role


def erase_recipients(incident_id: IncidentId, *, by: ActorId, now: datetime, world: World) -> Incident:
    """Erase the list and what was printed from it, for good, and record how many it held. To erase again destroys and records nothing more.

    Raises StepOutOfOrder while letters are on their way or not posted, UnknownReference if there never was a list.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    if case.incident.started is not None and case.incident.completed is None:
        raise StepOutOfOrder(
            N_("The letters of {incident} are still on their way."),
            why=N_("Who has no letter yet could not be found again."),
            remedy=N_("Wait until everyone has found their end, and erase the list then."),
            incident=incident_id,
        )
    communication = communication_of(incident_id)
    already = world.recipients.is_erased(communication)
    if not already:
        require_posted(case.incident, world)
    world.print_room.clear(preview_name(incident_id))
    for made in batches_of(case.incident, world):
        world.print_room.clear(file_name(incident_id, made.batch.number))
    aside = laid_aside(case.incident)
    if world.recipients.count(aside):
        world.recipients.erase(aside)
    count = world.recipients.erase(communication)
    if count and not world.recipients.is_erased(communication):
        raise RuntimeError(f"the key of {communication} is still there")
    if already or not count:
        return case.incident
    event = PersonalDataErased(
        communication=communication, recipients=count, occurred_at=now, recorded_at=now, recorded_by=by
    )
    return write_down(case, event, world=world)
