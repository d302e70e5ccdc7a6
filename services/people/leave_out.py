"""Letters that were written and may not go that way any more: on record by their numbers, and their people open again."""

from collections.abc import Iterable
from datetime import datetime

from letters.language import counted, number
from models.communication_events import CommunicationStarted
from models.delivery import End
from models.incident import Incident
from models.recipient import DeliveryState, Dispatch
from services.people.print_letters import POST
from services.people.return_letters import told as came_of_it
from services.ports.world import World


def leave_out(release: CommunicationStarted, keys: Iterable[str], *, now: datetime, world: World) -> None:
    """Settle that the letters of ``release`` in the envelopes ``keys`` go nowhere.

    It comes before the event that says so: that makes the case due, and the sweep looks for what is settled.
    """
    communication, letter = f"{release.communication}/{POST}", release.sha256
    dispatches = (Dispatch(communication=communication, recipient=key, letter_sha256=letter) for key in keys)
    world.outbox.settle([(one, End(DeliveryState.LEFT_OUT)) for one in dispatches], now=now)


def told(incident: Incident, batch: int) -> str:
    """Say which letters of the batch are left out, and what follows for their people; nothing if none is."""
    numbers = incident.left_out.get(batch, ())
    if not numbers:
        return ""
    said = counted(
        "{number} letter is left out, because it may not go this way any more: {marks}.",
        "{number} letters are left out, because they may not go this way any more: {marks}.",
        len(numbers),
    ).format(number=number(len(numbers)), marks=", ".join(f"{batch}-{one:06}" for one in numbers))
    return f"{said} {came_of_it(incident)}"
