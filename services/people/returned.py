"""Letters that come back after everyone had one: the people they were for are open again, and the case goes on."""

from datetime import datetime

from models.base import ENGINE, IncidentId
from models.communication_events import CommunicationStarted, DeliveriesReturned
from models.incident import Incident
from models.route import instead_of
from services.people.communicate import moved, where_they_stand
from services.people.communication import came_back_of
from services.people.print_letters import POST
from services.ports.world import World
from services.record import read, write_down


def reopen_returned(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Record how many people must be reached by another way because their letter came back; nothing if none must."""
    case = read(incident_id, world.timeline)
    started, completed = case.incident.started, case.incident.completed
    if started is None or completed is None or not _news(started, world):
        return case.incident
    if world.recipients.is_erased(started.communication):
        return case.incident  # nobody can say any more whom it was for
    count = moved(completed, where_they_stand(case.incident, started, world))
    if not count:
        return case.incident
    event = DeliveriesReturned(
        communication=started.communication, recipients=count, occurred_at=now, recorded_at=now, recorded_by=ENGINE
    )
    return write_down(case, event, world=world)


def _news(started: CommunicationStarted, world: World) -> bool:
    """Tell, without reading every recipient, whether something came back that no letter on paper has taken the place of."""
    printed = world.outbox.states(f"{started.communication}/{POST}", started.sha256)
    failed = came_back_of(started.communication, world)
    instead = {instead_of(key) for key, channel in printed if (key, channel) not in failed}
    return any(instead_of(key) not in instead for key, _ in failed)
