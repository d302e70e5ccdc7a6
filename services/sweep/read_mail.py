"""Read the mail that came in: each message by the first reader that knows what it is, the rest by a person."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from models.errors import TimelineConflict, TimglasError, TransientPostError
from models.mail import Incoming
from services.people.receive_bounce import read_bounce
from services.ports.world import World
from services.reminding.read_reminder_answer import read_reminder_answer
from services.reminding.read_reminder_bounce import read_reminder_bounce
from services.supply.pass_on_notice import read_passed_on
from services.supply.read_notice_mail import read_notice_mail
from services.supply.record_answer import read_answer

Reader = Callable[[Incoming, datetime, World], Awaitable[bool]]
"""Takes care of a message and tells True, or tells False if it is not of its kind.

Safe to run again on the same message. Raises a TimglasError if the message is of its kind and cannot be understood;
a TransientPostError or TimelineConflict if another try may succeed.
"""

READERS: tuple[Reader, ...] = (
    read_bounce,
    read_reminder_bounce,
    read_notice_mail,
    read_answer,
    read_reminder_answer,
    read_passed_on,
)
"""Who reads, in this order."""

NOT_UNDERSTOOD = "not_understood"
"""Why a message lies aside that no reader took."""


async def read_mail(*, now: datetime, world: World, readers: tuple[Reader, ...] = READERS) -> int:
    """Hand every new message to ``readers``, put aside what none of them takes, and return how many there were.

    What failed for a reason that may pass stays claimed, and is tried again when the claim has run out. Raises an
    ExceptionGroup in the end with everything nobody foresaw, and with why a mailbox or a file could not be read.
    """
    count, faults = 0, list[Exception]()
    try:
        for message in world.mailbox.claim(now):
            count += 1
            try:
                await _read(message, now, world, readers)
            except Exception as fault:  # noqa: BLE001 - raised below, once the other messages have been read
                faults.append(fault)
    except* TimglasError as unread:
        faults += unread.exceptions
    if faults:
        raise ExceptionGroup("Not every message could be read", faults)
    return count


async def _read(message: Incoming, now: datetime, world: World, readers: tuple[Reader, ...]) -> None:
    try:
        taken = await _taken(message, now, world, readers)
    except (TransientPostError, TimelineConflict):
        raise
    except TimglasError as refusal:
        world.mailbox.put_aside(message.key, now, why=type(refusal).__name__)
        return
    if taken:
        world.mailbox.done(message.key, now)
    else:
        world.mailbox.put_aside(message.key, now, why=NOT_UNDERSTOOD)


async def _taken(message: Incoming, now: datetime, world: World, readers: tuple[Reader, ...]) -> bool:
    for reader in readers:
        if await reader(message, now, world):
            return True
    return False
