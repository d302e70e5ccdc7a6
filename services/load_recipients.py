"""Take in the people a communication is for, all of them or none."""

from collections.abc import Iterable

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.recipient import Recipient
from services.ports import World
from services.record import read_open
from services.roles import PREPARES, require_role
from services.start_communication import communication_of


def load_recipients(incident_id: IncidentId, *, people: Iterable[Recipient], by: ActorId, world: World) -> int:
    """Store ``people`` sealed, and return how many the communication now holds. Loading a list again adds nobody.

    Raises StepOutOfOrder once the letters are released: a delegate approved that list and no longer one.
    """
    incident = read_open(incident_id, world.timeline).incident
    require_role(incident, by=by, among=PREPARES, register=world.register)
    if incident.started is not None:
        raise StepOutOfOrder(
            N_("The letters of {incident} are released already."),
            why=N_("Nobody may be added to a list after it was approved and counted."),
            remedy=N_("Open a case of its own for the people found later, or write to them by hand and note it."),
            incident=incident_id,
        )
    return world.recipients.keep(communication_of(incident_id), people)
