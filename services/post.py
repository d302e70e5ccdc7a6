"""Send messages so that none is lost and none goes twice: claim, send, settle. No transaction is open meanwhile."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import NamedTuple

from letters import html, plain
from models.base import IncidentId
from models.errors import N_, PostError, RefusedPostError, TransientPostError, UncertainPostError
from models.letter import Letter
from models.mail import Mail
from models.recipient import Channel, DeliveryState, Dispatch
from services.ports import Outbox, PostConnection, World


def mail_of(
    letter: Letter, *, to: str, sender_name: str, reply_to: str, incident: IncidentId, now: datetime, world: World
) -> Mail:
    """Return ``letter`` as a message, with the same blocks as text and as HTML. Its Message-ID comes with the claim."""
    return Mail(
        message_id="",
        sent_at=now,
        incident=incident,
        sender_name=sender_name,
        sender=world.sender,
        reply_to=reply_to,
        to=to,
        subject=letter.subject,
        text=plain.text(letter),
        html=html.html(letter),
    )


class Outgoing(NamedTuple):
    """A message to be sent and its key; the Message-ID comes with the claim."""

    dispatch: Dispatch
    mail: Mail


async def deliver(letters: Iterable[Outgoing], *, now: datetime, world: World) -> None:
    """Send each message that is not claimed yet, over as few connections as possible, and settle each at once.

    Raises TransientPostError if the server cannot be reached at all; what was claimed then is deferred, not lost.
    """
    async with AsyncExitStack() as stack:
        connection: PostConnection | None = None
        for letter in letters:
            message_id = world.outbox.claim(letter.dispatch, channel=Channel.EMAIL, now=now)
            if message_id is None:
                continue
            if connection is None:
                connection = await _connect(stack, letter.dispatch, world, now)
            state, detail = await _send(connection, letter.mail.model_copy(update={"message_id": message_id}))
            world.outbox.settle(letter.dispatch, state=state, now=now, detail=detail)
            if state in (DeliveryState.DEFERRED, DeliveryState.UNCERTAIN):
                await stack.aclose()
                connection = None


def require_sent(communication: str, outbox: Outbox) -> None:
    """Refuse to go on unless every message of ``communication`` was handed over. Raises the PostError of one that was not.

    What became of it may have been recorded in an earlier run, so it is the outbox that is asked.
    """
    ends = {state for _, state in outbox.counts(communication)} - {DeliveryState.SENT}
    if DeliveryState.DEFERRED in ends:
        raise TransientPostError(
            N_("The mail server could not take a message now."),
            why=N_("The conversation ended with {fault}."),
            remedy=N_("Timglas tries again by itself. If it goes on, check the mail server and the settings."),
            fault="4xx",
        )
    if DeliveryState.REFUSED in ends:
        raise RefusedPostError(
            N_("The mail server refused a message."),
            why=N_("It answered with code {code}, which is final."),
            remedy=N_("Check the address in the register, or send the letter on paper."),
            code="5xx",
        )
    if ends:
        raise UncertainPostError(
            N_("Nobody knows whether a message arrived."),
            why=N_("The connection to the mail server was lost after the message was handed over ({fault})."),
            remedy=N_("Ask the mail server's operator, or the recipient, before it is sent again."),
            fault=", ".join(ends),
        )


async def _connect(stack: AsyncExitStack, dispatch: Dispatch, world: World, now: datetime) -> PostConnection:
    try:
        return await stack.enter_async_context(world.post.connect())
    except TransientPostError as fault:
        world.outbox.settle(dispatch, state=DeliveryState.DEFERRED, now=now, detail=_detail(fault))
        raise


async def _send(connection: PostConnection, mail: Mail) -> tuple[DeliveryState, str]:
    try:
        await connection.send(mail)
    except RefusedPostError as fault:
        return DeliveryState.REFUSED, _detail(fault)
    except TransientPostError as fault:
        return DeliveryState.DEFERRED, _detail(fault)
    except UncertainPostError as fault:
        return DeliveryState.UNCERTAIN, _detail(fault)
    return DeliveryState.SENT, ""


def _detail(fault: PostError) -> str:
    return str(fault.values.get("code") or fault.values.get("fault") or "")
