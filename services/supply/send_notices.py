"""Send the released notices: each to its own controller, nobody twice, and to the next contact where one does not take it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from letters import plain
from letters.compose import letterhead
from models.base import ENGINE, IncidentId
from models.errors import N_, RefusedPostError, TransientPostError
from models.incident import Incident
from models.parties import Processor
from models.recipient import DeliveryState
from models.supply_events import ControllerInformed
from services.documents.issue import issue
from services.ports.world import World
from services.post.post import Outgoing, deliver
from services.record import read_open, write_down
from services.supply.notice_bundle import Prepared, released
from services.supply.notice_mail import contacts_of, end_of, outgoing, place_of
from services.supply.state_slices import require_processor

_LOST = frozenset({DeliveryState.REFUSED, DeliveryState.UNCERTAIN, DeliveryState.CLAIMED})


def _unseen(_count: int) -> None:
    """Show nobody how many have gone."""


async def send_notices(
    incident_id: IncidentId, *, now: datetime, world: World, shown: Callable[[int], None] = _unseen
) -> Incident:
    """Send what is not sent of the released bundle, and record each notice that a mail server has taken.

    Where a contact point refuses, or nobody knows, the next one gets it at once. ``shown`` hears how many messages have
    gone. Safe to run again at any point. Raises NotApproved before the release, and TransientPostError in the end if a
    server asks for patience: what went by then is recorded, and the rest is tried again.
    """
    case = read_open(incident_id, world.timeline)
    processor = require_processor(case.incident, world)
    waiting = unsent(released(case.incident, world), case.incident)
    for one in waiting:
        _keep(one, processor, case.incident, world)
    went = await _send_all(waiting, processor, shown, now, world)
    informed = [_informed(one, went[one.controller], now) for one in waiting if one.controller in went]
    incident = write_down(case, *informed, world=world)
    if any(_end(one, world) is DeliveryState.DEFERRED for one in unsent(waiting, incident)):
        raise TransientPostError(
            N_("The mail server could not take a message now."),
            why=N_("The conversation ended with {fault}."),
            remedy=N_("Timglas tries again by itself. If it goes on, check the mail server and the settings."),
            fault="4xx",
        )
    return incident


def unsent(bundle: Iterable[Prepared], incident: Incident) -> tuple[Prepared, ...]:
    """Return the notices of ``bundle`` that have not reached any contact point of their controllers."""
    told = incident.supply.last_told
    return tuple(
        one for one in bundle if one.controller not in told or told[one.controller].version < one.notice.version
    )


def require_reached(incident: Incident, world: World) -> None:
    """Refuse to call it done while somebody has not got the notice. Raises RefusedPostError naming each of them."""
    missed = unsent(released(incident, world), incident)
    if missed:
        raise RefusedPostError(
            N_("The notice has not reached {party} in any way that the register knows."),
            why=N_("Every contact point refused it, or the connection was lost and nobody knows."),
            remedy=N_(
                "Call them, note the answer, and mend the contact points. The duty stays open until they are told."
            ),
            party=tuple(one.controller for one in missed),
        )


async def _send_all(
    waiting: tuple[Prepared, ...], processor: Processor, shown: Callable[[int], None], now: datetime, world: World
) -> dict[str, int]:
    """Return, by controller, which contact point took the notice. Those that no one took are not in it."""
    went: dict[str, int] = {}
    turn = 1
    while waiting:
        mails = (outgoing(one, one.letter, turn, processor, now, world) for one in waiting)
        await deliver(_counted(mails, len(went), shown), now=now, world=world)
        ends = {one.controller: end_of(one, turn, world) for one in waiting}
        went |= {controller: turn for controller, end in ends.items() if end is DeliveryState.SENT}
        turn += 1
        waiting = tuple(
            one for one in waiting if ends[one.controller] in _LOST and turn <= len(contacts_of(one.controller, world))
        )
    return went


def _counted(mails: Iterator[Outgoing], before: int, shown: Callable[[int], None]) -> Iterator[Outgoing]:
    for count, mail in enumerate(mails, start=before):
        shown(count)
        yield mail


def _keep(one: Prepared, processor: Processor, incident: Incident, world: World) -> None:
    """Keep the notice as people and as machines read it, with its signature, before anything leaves."""
    head = letterhead(processor, recipient=(), date=one.notice.sent_at, reference=incident.id, kind="")
    issue(one.letter, head, name=place_of(one), incident=incident, world=world)
    world.archive.keep(incident.id, f"{place_of(one)}.json", one.notice.octets)
    world.archive.keep(incident.id, f"{place_of(one)}.sig", f"{world.signer.sign(one.notice.octets)}\n".encode())


def _end(one: Prepared, world: World) -> DeliveryState | None:
    """Return how the last try to reach its controller ended."""
    tried = (end_of(one, contact, world) for contact in range(1, len(contacts_of(one.controller, world)) + 1))
    return next((end for end in reversed([*tried]) if end), None)


def _informed(one: Prepared, contact: int, now: datetime) -> ControllerInformed:
    return ControllerInformed(
        controller=one.controller,
        sha256=plain.sha256(one.letter),
        signed_sha256=hashlib.sha256(one.notice.octets).hexdigest(),
        version=one.notice.version,
        kind=one.notice.kind,
        contact=contact,
        answer_by=one.notice.answer_by,
        next_update_at=one.notice.next_update_at,
        occurred_at=now,
        recorded_at=now,
        recorded_by=ENGINE,
    )
