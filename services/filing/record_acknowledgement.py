"""Record the number the authority gave the file."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.filing_events import NotificationAcknowledged
from models.incident import Incident
from services.filing.told_together import told_in
from services.ports.world import World
from services.record import read, require_past, write_down
from services.roles import FILES, require_role


def record_acknowledgement(
    incident_id: IncidentId,
    *,
    diary_number: str,
    received_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down ``diary_number``, also for the incidents that the first sheet told of and that have none.

    Raises StepOutOfOrder if nothing has been filed.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=FILES, register=world.register)
    require_past(received_at, now)
    if not case.incident.filings:
        raise StepOutOfOrder(
            N_("Nothing has been filed in {incident}."),
            why=N_("The authority acknowledges a notification, and none is registered."),
            remedy=N_("Register the filing first."),
            incident=incident_id,
        )
    event = NotificationAcknowledged(
        diary_number=diary_number, occurred_at=received_at, recorded_at=now, recorded_by=by
    )
    for other, _ in told_in(case.incident, world):
        if other.incident.diary_number is None:
            write_down(other, event, world=world)
    return write_down(case, event, world=world)
