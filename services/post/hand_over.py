"""Hand over what waits in line, a batch at a time: claim, send, settle. No transaction is open while the network is."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from models.base import Sha256
from models.delivery import Claim, End
from models.errors import N_, RefusedPostError, TransientPostError
from models.mail import Mail
from models.recipient import Channel, DeliveryState
from services.ports.mail import PostConnection
from services.ports.world import World

Mails = Callable[[Sequence[Claim]], Sequence[Mail | None]]
"""Writes the messages that were claimed, in their order; None for one that nobody is to get any more."""

_Patience = Callable[[Claim, End, datetime], End]
_WITHDRAWN = End(DeliveryState.REFUSED, "withdrawn")

MOST_TRIES = 8
"""How often a message is offered to a server that asks for patience with it, the last time after 21 hours.

RFC 5321, section 4.5.4.1, lets a server try for days; who is to be told without undue delay gets a letter on paper first.
"""
_FEW = 1000
_FIRST_WAIT = timedelta(minutes=5)
_TOO_MANY_TO_BE_WRONG = 20
"""When so many are refused and nobody was ever taken, it is not the addresses that are wrong."""


def always() -> bool:
    """Go on until everything is handed over."""
    return True


async def hand_over(
    communication: str,
    letter: Sha256,
    mails: Mails,
    *,
    now: datetime,
    world: World,
    go_on: Callable[[], bool] = always,
) -> None:
    """Send what waits of ``communication``, until nothing does, the provider's limit is reached or ``go_on`` says no.

    Others may do the same at the same time. Raises TransientPostError if the server cannot be reached or takes nothing
    now, RefusedPostError if it takes nobody: what was not sent then stays in line, and no try of it is spent.
    """
    opens_at = world.outbox.opens_at(communication, letter, now=now)
    if opens_at is None or opens_at > now:
        return
    async with world.post.connect() as server:
        while go_on() and (
            claims := world.outbox.claim(communication, letter, limit=server.room, now=now, urgent=False)
        ):
            await _to_the_end(_send(claims, mails, server, _patient, now, world))


async def hand_over_at_once(
    lines: Collection[tuple[str, Sha256]], mails: Mails, *, now: datetime, world: World
) -> None:
    """Send the few messages of each of ``lines`` (communication and letter) that cannot wait, each once.

    Raises TransientPostError if the server cannot be reached or takes nothing now.
    """
    waiting = [line for line in lines if world.outbox.opens_at(*line, now=now, urgent=True) == now]
    if not waiting:
        return
    async with world.post.connect() as server:
        while waiting:
            claims: list[Claim] = []
            while waiting and len(claims) < server.room:
                claims += world.outbox.claim(*waiting.pop(0), limit=_FEW, now=now, urgent=True)
            if claims:
                await _to_the_end(_send(claims, mails, server, _untiring, now, world))


async def _send(  # noqa: PLR0917 - private, and read once
    claims: Sequence[Claim], mails: Mails, server: PostConnection, patience: _Patience, now: datetime, world: World
) -> None:
    unsent = [End(DeliveryState.WAITING)] * len(claims)
    try:
        written = mails(claims)
    except Exception:  # whatever it was, nothing has left the house
        _settle(claims, unsent, now, world)
        raise
    try:
        sent = iter(await server.send([mail for mail in written if mail is not None]))
    except (TransientPostError, ValueError):  # raised before anything is handed over
        _settle(claims, unsent, now, world)
        raise
    ends = [_WITHDRAWN if mail is None else next(sent) for mail in written]
    if _refuses_everybody(ends, claims[0].dispatch.communication, world):
        _settle(claims, unsent, now, world)
        raise _takes_nobody(ends[0].detail)
    _settle(claims, [patience(*told, now) for told in zip(claims, ends, strict=True)], now, world)
    if any(end.state is DeliveryState.WAITING for end in ends):
        raise _takes_nothing_now()


def _settle(claims: Sequence[Claim], ends: Sequence[End], now: datetime, world: World) -> None:
    world.outbox.settle([(claim.dispatch, end) for claim, end in zip(claims, ends, strict=True)], now=now)


def _patient(claim: Claim, end: End, now: datetime) -> End:
    """Return ``end``; of a message put off with the next try, each twice as far off as the last, or with no more tries."""
    if end.state is not DeliveryState.DEFERRED:
        return end
    if claim.tries > MOST_TRIES:
        return end._replace(state=DeliveryState.REFUSED)
    return end._replace(until=now + _FIRST_WAIT * 2 ** (claim.tries - 1))


def _untiring(_claim: Claim, end: End, now: datetime) -> End:
    """Return ``end``; what was put off may be tried again as soon as somebody asks."""
    return end._replace(until=now) if end.state is DeliveryState.DEFERRED else end


def _refuses_everybody(ends: Sequence[End], communication: str, world: World) -> bool:
    if len(ends) < _TOO_MANY_TO_BE_WRONG or any(end.state is not DeliveryState.REFUSED for end in ends):
        return False
    return not world.outbox.counts(communication).get((Channel.EMAIL, DeliveryState.SENT))


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do what was begun also if we are told to stop meanwhile: what is handed over has its answer yet to come."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _takes_nobody(code: str) -> RefusedPostError:
    return RefusedPostError(
        N_("The mail server refuses every recipient."),
        why=N_("It answered {count} times in a row with {code}, and has not taken one message."),
        remedy=N_("Check that Timglas may send through this server: address, login, and the sender's domain."),
        count=_TOO_MANY_TO_BE_WRONG,
        code=code,
    )


def _takes_nothing_now() -> TransientPostError:
    return TransientPostError(
        N_("The mail server takes no more messages now."),
        why=N_("It asked for patience, or hung up, before they were handed over."),
        remedy=N_("Timglas tries again by itself. If it goes on, check the mail server and the settings."),
    )
