"""Put the end of a case's chain where we cannot reach it: in the registrar's mailbox, and under a time stamp.

At each filing at once, and else once a day for what was written since. A case that says nothing new is anchored no more.
"""

import hashlib
from datetime import datetime, time, timedelta

from letters import compose
from models.base import ENGINE, ActorId, IncidentId
from models.errors import N_, RefusedPostError
from models.instants import STOCKHOLM, local
from models.mail import Attachment
from models.parties import Role
from models.recipient import Channel, DeliveryState, Dispatch
from models.record_events import ChainAnchored, ChainStamped, HandedToRegistrar, KeptDocument
from proof.anchors import Anchor
from services.evidence.compile_file import lines_of
from services.evidence.file_documents import choose
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of
from services.record import Case, read, write_down

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
    mailed = case.incident.anchored[-1].length if case.incident.anchored else 0
    if registrar and _is_due(case, mailed, now):
        await _mail(case, registrar, now, world)
    case = read(incident_id, world.timeline)
    stamped = case.incident.stamped[-1].length if case.incident.stamped else 0
    if world.stamper and _is_due(case, stamped, now):
        await _stamp(case, now, world)


def next_anchor(case: Case, world: World) -> datetime | None:
    """Return when the chain is to be anchored next; None where it is, or where there is nowhere to put it."""
    media = [
        case.incident.anchored if _registrar(case, world) else None,
        case.incident.stamped if world.stamper else None,
    ]
    due = [_due_at(case, done[-1].length if done else 0) for done in media if done is not None]
    return min(filter(None, due), default=None)


def anchor_of(case: Case, world: World) -> Anchor:
    """Return the anchor of the case as it stands."""
    incident, lines = case.incident, lines_of(case.incident.id, world)[: case.incident.length]
    documents = {one.path: one.sha256 for one in choose(incident.id, [], world).documents}
    return Anchor(incident.id, incident.length, lines[-1].hash, documents)


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
    party = world.register.party(incident.party)
    letter = compose.chain_anchor(
        reference=incident.id,
        party=party,
        lines=anchor.lines,
        head=anchor.head,
        documents=len(anchor.documents),
        told=anchor.told,
    )
    dispatch = Dispatch(communication=f"{incident.id}/forankring", recipient=registrar, letter_sha256=anchor.seal)
    statement = anchor.statement.encode()
    name = f"{incident.id.lower()}-rad-{anchor.lines}.txt"
    mail = mail_of(
        letter,
        to=world.register.person(registrar).email,
        sender_name="Timglas",
        reply_to=party.email,
        incident=incident.id,
        now=now,
        world=world,
    ).model_copy(update={"attachments": (Attachment(name=name, media_type="text/plain", content=statement),)})
    before = _state(dispatch, world)
    world.archive.keep(incident.id, anchor.name, statement)
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
            remedy=N_("Check the registrar's address in the register. The next change of the case sends a new one."),
            incident=incident.id,
        )


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
