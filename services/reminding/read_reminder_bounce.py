"""A reminder that came back undelivered: whoever should have had it does not know, so the next in line is called at once."""

import re
from collections.abc import Iterator
from datetime import datetime

from models.base import ENGINE
from models.mail import Incoming
from models.overview import Look
from models.recipient import DeliveryState
from models.record_events import ReminderPassedOn
from models.reminder import LedgerRow
from services.due.deadlines import deadlines_of
from services.ports.world import World
from services.post.bounces import finding_of
from services.record import read, write_down
from services.reminding.plan import running

_TOKEN = re.compile(r"\b(inc-\d{4}-\d{4,})\.([a-z2-7]{26})\b", re.IGNORECASE)
_QUOTING = ("In-Reply-To", "References", "Message-ID", "Original-Envelope-Id")


async def read_reminder_bounce(message: Incoming, now: datetime, world: World) -> bool:
    """Record that a reminder of ours came back; False for what is about none. Safe to run again.

    Only what is still reminded of is passed on. What says no more than that it takes time is read, and changes nothing.
    """
    rows = _about(message, world)
    finding = finding_of(message) if rows else None
    if finding is None:
        return False
    lost = [row for row in rows if row.state is not DeliveryState.REFUSED]
    if finding.failed and lost:
        _pass_on(lost, now, world)
        world.ledger.settle([([row.entry for row in lost], DeliveryState.REFUSED, finding.reason)], now=now)
    return True


def _pass_on(lost: list[LedgerRow], now: datetime, world: World) -> None:
    """Write down that the next in line is to be called, and have the case looked at again."""
    case = read(lost[0].entry.incident, world.timeline)
    open_ones = {run.duty.key for run in running(case.incident, deadlines_of(case.incident, world.book))}
    deadlines = tuple(dict.fromkeys(row.entry.deadline for row in lost if row.entry.deadline in open_ones))
    if deadlines:
        event = ReminderPassedOn(deadlines=deadlines, occurred_at=now, recorded_at=now, recorded_by=ENGINE)
        incident = write_down(case, event, world=world)
        world.timeline.look_again([Look(incident.id, incident.length, now)])


def _about(message: Incoming, world: World) -> list[LedgerRow]:
    """Return the rows of the reminder it is about. Its token is known only to whoever has seen that message."""
    found = next((match for said in _quoted(message) for match in _TOKEN.finditer(said)), None)
    if found is None:
        return []
    token = f".{found[2].lower()}@"
    return [row for row in world.ledger.rows(found[1].upper()) if token in row.message_id]


def _quoted(message: Incoming) -> Iterator[str]:
    """Yield where the token of a reminder may stand, the surest first: the address it came back to (VERP)."""
    yield from message.delivered_to
    for part in message.message.walk():
        yield from (str(value) for name in _QUOTING for value in part.get_all(name, []))
        if part.get_content_type() in ("message/delivery-status", "text/rfc822-headers"):
            yield part.as_string()
