"""Notices that come by mail: signed ones go into their case, and what was refused is said to somebody at once."""

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from typing import NamedTuple

from letters import compose
from letters.language import explain
from models.errors import TimelineConflict, TimglasError, TransientPostError
from models.mail import Incoming
from models.parties import Register, Role
from models.recipient import Dispatch
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of
from services.supply.confirm_notice import confirm_notice
from services.supply.receive_notice import receive_notice

_FORMAT = b'"timglas.notice.'
_TOLD = (Role.OFFICER, Role.STAND_IN, Role.ON_CALL)


class Enclosed(NamedTuple):
    """A notice as it lies in a mail: the file, and its detached signature; empty if there is none."""

    content: bytes
    signature: str


async def read_notice_mail(message: Incoming, now: datetime, world: World) -> bool:
    """Take in the notice that ``message`` carries, confirm it, and tell whether there is one.

    Raises what ``receive_notice`` refuses, once those who must look at it have been mailed: the clock may be running.
    """
    enclosed = notice_in(message.message)
    if enclosed is None:
        return False
    try:
        received = receive_notice(
            enclosed.content, enclosed.signature, arrived_at=min(message.arrived_at, now), now=now, world=world
        )
    except (TransientPostError, TimelineConflict):
        raise
    except TimglasError as refusal:
        await _alarm(refusal, message, now, world)
        raise
    await confirm_notice(received, now=now, world=world)
    return True


def notice_in(message: EmailMessage) -> Enclosed | None:
    """Return the notice among the files of ``message``, also of one that was passed on whole; None if there is none."""
    files = dict(_files(message))
    found = next(((name, content) for name, content in files.items() if _FORMAT in content), None)
    if found is None:
        return None
    name, content = found
    signature = files.get(f"{name}.sig") or next((each for one, each in files.items() if one.endswith(".sig")), b"")
    return Enclosed(content, signature.decode("ascii", errors="replace"))


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in message.walk():
        name = part.get_filename()
        if name and not part.is_multipart():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield name, content


async def _alarm(refusal: TimglasError, message: Incoming, now: datetime, world: World) -> None:
    """Mail everybody who could act, once a message."""
    letter = compose.notice_refused(why=explain(refusal), key=message.key[:12], arrived_at=message.arrived_at)
    mails = [
        Outgoing(
            Dispatch(communication=f"refused/{message.key}", recipient=actor, letter_sha256=message.key),
            mail_of(
                letter,
                to=world.register.person(actor).email,
                sender_name="Timglas",
                reply_to=world.sender,
                incident=None,
                now=now,
                world=world,
            ),
        )
        for actor in _who_could_act(world.register)
    ]
    await deliver(mails, now=now, world=world)


def _who_could_act(register: Register) -> tuple[str, ...]:
    """Return whoever looks after cases here: a refused notice says nothing reliable of whom it is for."""
    parties = [one for one in (*register.controllers, *register.processors) if not one.ended and one.roles]
    bearers = (party.roles[role] for party in parties for role in _TOLD if role in party.roles)
    return tuple(dict.fromkeys(bearers))
