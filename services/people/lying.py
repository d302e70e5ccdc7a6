"""Letters that were released and lie: in line with nobody sending them, or written with nobody taking them out to the post.

A person who halted them, a server that asked for patience and the provider's limit are no reason to be told: these go on
when they may, or when that person says so.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from models.base import IncidentId
from models.communication_events import (
    CommunicationResumed,
    CommunicationStarted,
    DeliveriesReturned,
    UncertaintySettled,
)
from models.instants import STOCKHOLM, local
from models.recipient import DeliveryState
from services.due.working_days import working_days_after
from services.people.batches import batches_of
from services.people.communication import communication_of
from services.people.forecast import LAST_POST
from services.people.print_letters import POST
from services.ports.world import World
from services.record import Case

PATIENCE = timedelta(minutes=30)
"""How long letters may stand in line while nobody takes one of them, though they might go.

So long a message that was claimed is its sender's alone. The sweep has had them sent twice by then, for it comes back to
a sending each quarter of an hour.
"""

POSTED_WITHIN = 2
"""Working days within which letters that are written are to be posted.

Ours, not the law's: Article 34(1) says "without undue delay" and has no number. The forecast reckons with the next post,
thus with the same working day or the next; a print house, or whoever was ill, has one more.
"""
_IN_LINE = {DeliveryState.WAITING, DeliveryState.DEFERRED, DeliveryState.CLAIMED}
_SENT_ON = (CommunicationStarted, CommunicationResumed, DeliveriesReturned, UncertaintySettled)


class Lying(NamedTuple):
    """Letters of one case that lie, and since when. With no ``letters`` in line the sending has not come to its end."""

    incident: IncidentId
    letters: int
    since: datetime


def in_line(case: Case, *, now: datetime, world: World) -> Lying | None:
    """Return what nobody has sent since ``PATIENCE`` ago, though it might go; None where all is as it should be."""
    incident, started = case.incident, case.incident.started
    if started is None or not incident.is_sending:
        return None
    before = now - PATIENCE
    begun = max(event.recorded_at for event in case.history if isinstance(event, _SENT_ON))
    since = max(filter(None, (begun, world.outbox.last_claimed(started.communication))))
    opens_at = world.outbox.opens_at(started.communication, started.sha256, now=before)
    if since > before or (opens_at is not None and opens_at > before):
        return None
    if opens_at is None and incident.uncertain:
        return None  # a person decides
    counts = world.outbox.counts(started.communication)
    return Lying(incident.id, sum(count for (_, state), count in counts.items() if state in _IN_LINE), since)


def unposted(case: Case, *, now: datetime, world: World) -> Lying | None:
    """Return the letters that are written and ought to be posted by ``now``; None where there are none."""
    if case.incident.halted is not None:
        return None
    every = (*_batches(case, world), *_in_no_batch(case, world))
    late = [(letters, since) for letters, since in every if _is_late(since, now)]
    if not late:
        return None
    return Lying(case.incident.id, sum(letters for letters, _ in late), min(since for _, since in late))


def _is_late(since: datetime, now: datetime) -> bool:
    day = working_days_after(local(since).date(), POSTED_WITHIN)
    return now > datetime.combine(day, LAST_POST, STOCKHOLM)


def _batches(case: Case, world: World) -> Iterator[tuple[int, datetime]]:
    """Yield how many letters stand in each print file that nobody has posted, and since when."""
    for made in batches_of(case.incident, world):
        waits = made.batch.posted_at is None and made.batch.number not in case.incident.posted
        if waits and made.batch.letters:  # of some, every letter was left out when the file was written again
            yield made.batch.letters, made.batch.made_at


def _in_no_batch(case: Case, world: World) -> Iterator[tuple[int, datetime]]:
    """Yield how many written letters stand in no print file, by the way they go, and since when."""
    communication = communication_of(case.incident.id)
    if case.incident.started is None or world.recipients.is_erased(communication):
        return
    for one in world.printed.untaken(communication, f"{communication}/{POST}"):
        yield one.letters, one.since
