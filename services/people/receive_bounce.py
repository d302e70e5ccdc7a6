"""Take in what a mail server says of a message it could not deliver: the person it was for is reached by another way."""

from datetime import datetime

from models.delivery import End
from models.mail import Incoming
from models.overview import Look
from models.recipient import DeliveryState, Dispatch
from services.ports.world import World
from services.post.bounces import finding_of, tokens_of
from services.record import read


async def read_bounce(message: Incoming, now: datetime, world: World) -> bool:
    """Record that a message of ours came back; what only says that somebody is away, or that it takes time, is read too.

    The case is looked at again at once. Tells False for what is about none of our messages.
    """
    dispatch = _about(message, world)
    finding = finding_of(message) if dispatch else None
    if dispatch is None or finding is None:
        return False
    if finding.failed:
        world.outbox.settle([(dispatch, End(DeliveryState.REFUSED, finding.reason))], now=now)
        incident = read(dispatch.communication.partition("/")[0], world.timeline).incident
        world.timeline.look_again([Look(incident.id, incident.length, now)])
    return True


def _about(message: Incoming, world: World) -> Dispatch | None:
    """Return which message of ours it is about. Its token is known only to whoever has seen that message."""
    found = (world.outbox.find(token) for token in dict.fromkeys(tokens_of(message)))
    return next((dispatch for dispatch in found if dispatch is not None), None)
