"""Send reminders: claim a few in one transaction, hand them over, settle them in one. A crash leaves those few uncertain."""

from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import NamedTuple

from models.base import IncidentId
from models.delivery import End
from models.errors import TransientPostError
from models.recipient import DeliveryState
from models.reminder import Entry
from services.ports.mail import PostConnection
from services.ports.world import World
from services.reminding.messages import Message

_TOGETHER = 10
"""Messages in one claim: each claim and each settling waits for the disk, and what is claimed is what a crash may lose."""

_NOT_TRIED = End(DeliveryState.DEFERRED, "not tried")


class _Ours(NamedTuple):
    """A message, and the rows of it that were claimed for us: a rival may have the others."""

    message: Message
    entries: frozenset[Entry]


async def send_reminders(messages: Sequence[Message], *, now: datetime, world: World) -> dict[IncidentId, Exception]:
    """Send each message that nobody has sent, and return what went wrong, by case; what was not sent is put off.

    A server that puts one message off is no fault: that message is tried again. One that cannot be reached is.
    """
    faults: dict[IncidentId, Exception] = {}
    async with AsyncExitStack() as stack:
        server: PostConnection | TransientPostError | None = None
        for batch in _batches(messages):
            claimed = world.ledger.claim([claim for message in batch for claim in message.claims], now=now)
            ours = [_Ours(message, mine) for message in batch if (mine := message.entries & claimed)]
            server = await _connected(stack, world) if server is None and ours else server
            ends = await _ends(ours, server, faults)
            world.ledger.settle(
                [(one.entries, *_told(end)) for one, end in zip(ours, ends, strict=True) if end], now=now
            )
    return faults


async def _connected(stack: AsyncExitStack, world: World) -> PostConnection | TransientPostError:
    """Return the server, or what keeps us from it: it is not asked again in this sweep."""
    try:
        return await stack.enter_async_context(world.post.connect())
    except TransientPostError as fault:
        return fault


async def _ends(
    ours: Sequence[_Ours], server: PostConnection | TransientPostError | None, faults: dict[IncidentId, Exception]
) -> Sequence[End | None]:
    """Hand over ``ours`` and return what became of each; None where nobody knows, and then it stays claimed."""
    if server is None or isinstance(server, TransientPostError):
        faults.update({one.message.incident: server for one in ours if server})
        return [_NOT_TRIED] * len(ours)
    try:
        return await server.send([one.message.mail for one in ours])
    except TransientPostError as fault:  # raised before anything is handed over
        faults.update({one.message.incident: fault for one in ours})
        return [_NOT_TRIED] * len(ours)
    except Exception as fault:  # noqa: BLE001 - told by case, and the messages stay claimed: nobody knows where they are
        faults.update({one.message.incident: fault for one in ours})
        return [None] * len(ours)


def _told(end: End) -> tuple[DeliveryState, str]:
    """Return the end as the ledger keeps it: what never left us may go again, like what was put off."""
    return (DeliveryState.DEFERRED if end.state is DeliveryState.WAITING else end.state), end.detail


def _batches(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    return (messages[first : first + _TOGETHER] for first in range(0, len(messages), _TOGETHER))
