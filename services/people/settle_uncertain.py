"""Decide what becomes of messages that may or may not have arrived: they count as arrived, or they are sent once more."""

from collections.abc import Collection
from datetime import datetime

from models.base import ActorId, IncidentId
from models.communication_events import UncertaintySettled
from models.delivery import Doubt, End, Settlement
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.incident import Incident
from models.recipient import DeliveryState
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import DECIDES, require_role

_ENDS = {
    Settlement.ARRIVED: End(DeliveryState.SENT, "by decision"),
    Settlement.SEND_AGAIN: End(DeliveryState.WAITING),
}


def settle_uncertain(
    incident_id: IncidentId,
    *,
    verdict: Settlement,
    reasoning: str,
    only: Collection[str] = (),
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record the decision and carry it out; for those whose ids are in ``only``, or for all.

    The decision is recorded first. If we die before it is carried out, the messages are uncertain still, and asked
    about again. Raises StepOutOfOrder if nothing is uncertain, UnknownReference if one of the ids is not.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    doubts = _meant(uncertain_of(case.incident, world), only, case.incident)
    again = verdict is Settlement.SEND_AGAIN
    event = UncertaintySettled(
        communication=doubts[0].dispatch.communication,
        arrived=0 if again else len(doubts),
        sent_again=len(doubts) if again else 0,
        reasoning=reasoning,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    incident = write_down(case, event, world=world)
    world.outbox.settle([(doubt.dispatch, _ENDS[verdict]) for doubt in doubts], now=now)
    return incident


def uncertain_of(incident: Incident, world: World) -> tuple[Doubt, ...]:
    """Return the messages of the incident's letters that may or may not have arrived."""
    return world.outbox.uncertain(incident.started.communication) if incident.started else ()


def _meant(doubts: tuple[Doubt, ...], only: Collection[str], incident: Incident) -> tuple[Doubt, ...]:
    unknown = set(only) - {doubt.dispatch.recipient for doubt in doubts}
    if unknown:
        raise UnknownReference(
            N_("There is no uncertain message to {recipients} in {incident}."),
            why=N_("Each of them was sent, refused, or is still in line."),
            remedy=N_("List the uncertain messages first."),
            recipients=tuple(sorted(unknown)),
            incident=incident.id,
        )
    meant = tuple(doubt for doubt in doubts if not only or doubt.dispatch.recipient in only)
    if not meant:
        raise StepOutOfOrder(
            N_("Nothing is uncertain in {incident}."),
            why=N_("The server has answered for every message that was sent."),
            remedy=N_("There is nothing to decide."),
            incident=incident.id,
        )
    return meant
