"""Halt the letters that are going out, and let them go on."""

from datetime import datetime

from models.base import ENGINE, ActorId, IncidentId
from models.communication_events import CommunicationHalted, CommunicationResumed
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from services.ports.world import World
from services.record import Case, read, read_open, write_down
from services.roles import DECIDES, PREPARES, require_role


def halt_communication(
    incident_id: IncidentId, *, reasoning: str, by: ActorId, now: datetime, world: World
) -> Incident:
    """Let no more letters out of the house, from this moment: the batch that is being handed over comes to its end.

    Also those on paper that are all written and nobody has posted, when everything else is gone.
    Also the engine itself may do it, when a run is cancelled. Raises StepOutOfOrder if nothing is going out.
    """
    case = read(incident_id, world.timeline)
    if by != ENGINE:
        require_role(case.incident, by=by, among=PREPARES, register=world.register)
    communication = _going_out(case)
    world.outbox.halt(communication)
    if case.incident.halted is not None:
        return case.incident
    event = CommunicationHalted(
        communication=communication, reasoning=reasoning, occurred_at=now, recorded_at=now, recorded_by=by
    )
    return write_down(case, event, world=world)


def resume_communication(incident_id: IncidentId, *, by: ActorId, now: datetime, world: World) -> Incident:
    """Let the letters go out again: the same text to the same people, as it was released. Raises StepOutOfOrder.

    Also those on paper that were all written when they were halted, and wait to be taken out.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    communication = _going_out(case)
    if case.incident.halted is not None:
        event = CommunicationResumed(communication=communication, occurred_at=now, recorded_at=now, recorded_by=by)
        case = case._replace(incident=write_down(case, event, world=world))
    world.outbox.go_on(communication)
    return case.incident


def _going_out(case: Case) -> str:
    started, incident = case.incident.started, case.incident
    over = incident.completed is not None and incident.halted is None and not incident.unposted
    if started is None or over:
        raise StepOutOfOrder(
            N_("No letters are going out in {incident}."),
            why=N_("They have not been released, or everyone has one already."),
            remedy=N_("Look at the case to see where it stands."),
            incident=case.incident.id,
        )
    return started.communication
