"""Write messages and send the few that go by themselves: reminders, codes, notices."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from letters import html, plain
from models.base import IncidentId
from models.delivery import Claim
from models.errors import N_, RefusedPostError, TransientPostError, UncertainPostError
from models.letter import Letter
from models.mail import Mail
from models.recipient import Channel, DeliveryState, Dispatch
from services.ports.mail import Outbox
from services.ports.world import World
from services.post.hand_over import hand_over_at_once


def mail_of(
    letter: Letter,
    *,
    to: str,
    sender_name: str,
    reply_to: str,
    incident: IncidentId | None,
    now: datetime,
    world: World,
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
    """Send each message that has not been sent yet. For the few that cannot wait for the provider's limits.

    Raises TransientPostError if the server cannot be reached or takes nothing now; what was not sent waits in line.
    """
    mails = {letter.dispatch: letter.mail for letter in letters}
    world.outbox.queue(mails, channel=Channel.EMAIL)

    def written(claims: Sequence[Claim]) -> list[Mail | None]:
        found = ((mails.get(claim.dispatch), claim.message_id) for claim in claims)
        return [mail and mail.model_copy(update={"message_id": message_id}) for mail, message_id in found]

    lines = dict.fromkeys((dispatch.communication, dispatch.letter_sha256) for dispatch in mails)
    await hand_over_at_once(lines, written, now=now, world=world)


def require_sent(communication: str, outbox: Outbox) -> None:
    """Refuse to go on unless every message of ``communication`` was handed over. Raises the PostError of one that was not.

    What became of it may have been recorded in an earlier run, so it is the outbox that is asked.
    """
    ends = {state for _, state in outbox.counts(communication)} - {DeliveryState.SENT}
    if ends & {DeliveryState.DEFERRED, DeliveryState.WAITING}:
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
