"""Put the end of a case's chain where we cannot reach it: in the registrar's mailbox, and under a time stamp.

At each filing at once, and else once a day for what was written since. A case that says nothing new is anchored no more.
"""

import hashlib
from datetime import datetime, time, timedelta

from letters import compose
from models.base import ENGINE, ActorId, IncidentId
from models.confirmation import digest_of
from models.errors import N_, RefusedPostError
from models.instants import STOCKHOLM, local
from models.mail import Attachment, Mail
from models.parties import Role
from models.recipient import Channel, DeliveryState, Dispatch
from models.record_events import ChainAnchored, ChainStamped, HandedToRegistrar, KeptDocument
from proof.anchors import Anchor
from services.evidence.compile_file import lines_of
from services.evidence.file_documents import choose
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of
from services.record import Case, read, write_down

ANCHOR = "forankring"
"""What ends the name of the communication by which a case mails the end of its chain."""

DAILY_AT = time(16, 0)
"""When the day's anchor goes, in Swedish time: while the registrar's office is open."""

TRY_AGAIN = timedelta(minutes=15)
"""When to come back to what a server put off."""


async def anchor_chain(incident_id: IncidentId, *, now: datetime, world: World) -> None:
    """Mail and stamp what is due by ``now``, and write down that it was done. Nothing goes twice.

    Raises TransientPostError where a server asks for patience, and RefusedPostError, once, where the mailbox is none.
    """
    case = read(incident_id, world.timeline)
    registrar = _registrar(case, world)
    world.outbox.expire(_communication(case), now=now)
    if registrar and _is_due(case, _mailed(case, registrar, world), now):
        await _mail(case, registrar, now, world)
    case = read(incident_id, world.timeline)
    stamped = case.incident.stamped[-1].length if case.incident.stamped else 0
    if world.stamper and _is_due(case, stamped, now):
        await _stamp(case, now, world)


def next_anchor(case: Case, world: World) -> datetime | None:
    """Return when the chain is to be anchored next; None where it is, or where there is nowhere to put it.

    What came back stays due: somebody may correct the address.
    """
    anchored, stamped = case.incident.anchored, case.incident.stamped
    arrived = anchored[-1].length if anchored and not _refused(anchored[-1], case, world) else 0
    done = [arrived] if _registrar(case, world) else []
    done += [stamped[-1].length if stamped else 0] if world.stamper else []
    return min(filter(None, (_due_at(case, length) for length in done)), default=None)


def anchor_lost_at(case: Case, *, now: datetime, world: World) -> datetime | None:
    """Return when the anchor that the registrar's mailbox refused, or may not have got, was last mailed; None if it has it.

    It is lost too if it came back after it was taken. A later one that arrives makes up for it.
    """
    registrar, anchored = _registrar(case, world), case.incident.anchored
    if not registrar:
        return None
    came_back = bool(anchored and _refused(anchored[-1], case, world))
    if not came_back and not _is_due(case, anchored[-1].length if anchored else 0, now - TRY_AGAIN):
        return None
    return world.outbox.last_claimed(_communication(case))


def anchor_of(case: Case, world: World) -> Anchor:
    """Return the anchor of the case as it stands."""
    incident, lines = case.incident, lines_of(case.incident.id, world)[: case.incident.length]
    documents = {one.path: one.sha256 for one in choose(incident.id, [], world).documents}
    return Anchor(incident.id, incident.length, lines[-1].hash, documents)


def _mailed(case: Case, registrar: ActorId, world: World) -> int:
    """Return how long the chain was that was last mailed. What came back from another address than today's goes again."""
    if not case.incident.anchored:
        return 0
    last, here = case.incident.anchored[-1], _address(registrar, world)
    refused = _refused(last, case, world)
    return last.length if not refused or here in refused else 0


def _refused(anchored: ChainAnchored, case: Case, world: World) -> frozenset[str]:
    """Return the addresses, as the outbox knows them, that the anchor came back from."""
    states = world.outbox.states(_communication(case), anchored.statement.sha256)
    return frozenset(address for (address, _), state in states.items() if state is DeliveryState.REFUSED)


def _communication(case: Case) -> str:
    return f"{case.incident.id}/{ANCHOR}"


def _address(registrar: ActorId, world: World) -> str:
    """Return what the outbox knows the mailbox by: a new address is another recipient, and gets what the old one refused."""
    return digest_of([registrar, world.register.person(registrar).email])


def _registrar(case: Case, world: World) -> ActorId | None:
    return world.register.party(case.incident.party).roles.get(Role.REGISTRAR)


def _is_due(case: Case, anchored: int, now: datetime) -> bool:
    due_at = _due_at(case, anchored)
    return due_at is not None and due_at <= now


def _due_at(case: Case, anchored: int) -> datetime | None:
    """Return when the lines after ``anchored`` are due: a filing at once, the first of the others at the day's hour."""
    if case.incident.last_word <= anchored:
        return None
    if case.incident.last_filing > anchored:
        return case.history[case.incident.last_filing - 1].recorded_at
    first = next(
        event
        for event in case.history[anchored:]
        if not isinstance(event, ChainAnchored | ChainStamped | HandedToRegistrar)
    )
    day = local(first.recorded_at)
    due = datetime.combine(day.date(), DAILY_AT, STOCKHOLM)
    return due if due >= day else datetime.combine(day.date() + timedelta(days=1), DAILY_AT, STOCKHOLM)


async def _mail(case: Case, registrar: ActorId, now: datetime, world: World) -> None:
    incident, anchor = case.incident, anchor_of(case, world)
    dispatch = Dispatch(
        communication=_communication(case), recipient=_address(registrar, world), letter_sha256=anchor.seal
    )
    mail, before = _message(case, anchor, registrar, now, world), _state(dispatch, world)
    world.archive.keep(incident.id, anchor.name, anchor.statement.encode())
    await deliver([Outgoing(dispatch, mail)], now=now, world=world)
    state = _state(dispatch, world)
    if state is DeliveryState.SENT:
        kept = KeptDocument(name=anchor.name, sha256=anchor.seal)
        stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": ENGINE}
        event = ChainAnchored(length=anchor.lines, head=anchor.head, statement=kept, to=registrar, **stamp)
        write_down(case, event, world=world)
    elif state is DeliveryState.REFUSED and before is not DeliveryState.REFUSED:
        raise RefusedPostError(
            N_("The registrar's mailbox refused the checksum of {incident}."),
            why=N_("Without it nobody outside can show that the case was not rewritten."),
            remedy=N_(
                "Correct the registrar's address in the register: then it is sent again. So it is when the case changes."
            ),
            incident=incident.id,
        )


def _message(case: Case, anchor: Anchor, registrar: ActorId, now: datetime, world: World) -> Mail:
    incident, party = case.incident, world.register.party(case.incident.party)
    letter = compose.chain_anchor(
        reference=incident.id,
        party=party,
        lines=anchor.lines,
        head=anchor.head,
        documents=len(anchor.documents),
        told=anchor.told,
    )
    name = f"{incident.id.lower()}-rad-{anchor.lines}.txt"
    statement = Attachment(name=name, media_type="text/plain", content=anchor.statement.encode())
    return mail_of(
        letter,
        to=world.register.person(registrar).email,
        sender_name="Timglas",
        reply_to=party.email,
        incident=incident.id,
        now=now,
        world=world,
    ).model_copy(update={"attachments": (statement,)})


def _state(dispatch: Dispatch, world: World) -> DeliveryState | None:
    states = world.outbox.states(dispatch.communication, dispatch.letter_sha256)
    return states.get((dispatch.recipient, Channel.EMAIL))


async def _stamp(case: Case, now: datetime, world: World) -> None:
    """Have the statement stamped and keep the answer. An answer that was lost on the way is asked for again: no harm."""
    if world.stamper is None:
        return
    incident, anchor = case.incident, anchor_of(case, world)
    statement = anchor.statement.encode()
    stamped = await world.stamper.stamp(statement)
    name = f"{anchor.name.removesuffix('.txt')}.tsr"
    world.archive.keep(incident.id, anchor.name, statement)
    world.archive.keep(incident.id, name, stamped.answer)
    event = ChainStamped(
        length=anchor.lines,
        head=anchor.head,
        statement=KeptDocument(name=anchor.name, sha256=anchor.seal),
        stamp=KeptDocument(name=name, sha256=hashlib.sha256(stamped.answer).hexdigest()),
        occurred_at=stamped.at,
        recorded_at=now,
        recorded_by=ENGINE,
    )
    write_down(case, event, world=world)
