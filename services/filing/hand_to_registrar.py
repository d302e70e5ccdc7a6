"""Mail each document to the registrar's mailbox when it has left the house or was decided, with what the diary needs."""

import json
from datetime import datetime
from mimetypes import guess_type

from letters import compose
from letters.compose.diary_entry import DiaryEntry, diary_data
from models.base import ENGINE, ActorId, IncidentId
from models.confirmation import digest_of
from models.errors import N_, RefusedPostError, StepOutOfOrder
from models.mail import Attachment, Mail
from models.parties import Role
from models.recipient import Channel, DeliveryState, Dispatch
from models.record_events import HandedToRegistrar
from services.documents.issue import require_as_kept
from services.filing.diary import diary_entries
from services.ports.world import World
from services.post.post import Outgoing, deliver, mail_of
from services.record import Case, read, write_down
from services.roles import FILES, require_role

DIARY = "diarium"
"""What ends the name of the communication by which a case writes to the registrar."""

_FOR_A_PERSON = (DeliveryState.REFUSED, DeliveryState.UNCERTAIN)


async def hand_to_registrar(incident_id: IncidentId, *, now: datetime, world: World) -> None:
    """Mail what the registrar has not got, a message a document, and write down that it went. Nothing goes twice.

    Raises TransientPostError where the server asks for patience, and RefusedPostError, once, where the mailbox is none.
    """
    world.outbox.expire(f"{incident_id}/{DIARY}", now=now)
    waiting = waiting_for_registrar(read(incident_id, world.timeline), world)
    states = [await _hand_over(entry, now, world) for entry in waiting]
    if DeliveryState.REFUSED in states:
        raise RefusedPostError(
            N_("The registrar's mailbox refused a document of {incident}."),
            why=N_("What is filed or decided is entered in the diary without delay."),
            remedy=N_(
                "Check the registrar's address in the register. Hand the document over by hand, and write that down: "
                "the form Lämnat till registratorn, or timglas handed {incident}."
            ),
            incident=incident_id,
        )


def waiting_for_registrar(case: Case, world: World) -> tuple[DiaryEntry, ...]:
    """Return what the registrar has not got; nothing where nobody is one, or where a person must look into it."""
    registrar = _registrar(case, world)
    return tuple(one for one in _not_handed(case, world) if _state(one, registrar, world) not in _FOR_A_PERSON)


def stuck_at_registrar(case: Case, world: World) -> tuple[DiaryEntry, ...]:
    """Return what the mailbox refused, or may not have got: a person hands it over, and says so."""
    registrar = _registrar(case, world)
    return tuple(one for one in _not_handed(case, world) if _state(one, registrar, world) in _FOR_A_PERSON)


def handed_by_hand(incident_id: IncidentId, *, by: ActorId, now: datetime, world: World) -> tuple[DiaryEntry, ...]:
    """Write down that somebody handed over what was stuck, and return it. Raises StepOutOfOrder where nothing was."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=FILES, register=world.register)
    stuck = stuck_at_registrar(case, world)
    if not stuck:
        raise StepOutOfOrder(
            N_("Nothing in {incident} waits to be handed to the registrar by hand."),
            why=N_("What the mailbox has got, or will get, is not handed over twice."),
            remedy=N_("Look in the timeline for what was handed over, and when."),
            incident=incident_id,
        )
    stamp = {"to": _registrar(case, world), "occurred_at": now, "recorded_at": now, "recorded_by": by}
    handed = [
        HandedToRegistrar.model_validate({"line": one.line, "documents": (*one.documents, *one.too_large), **stamp})
        for one in stuck
    ]
    write_down(case, *handed, world=world)
    return stuck


def _not_handed(case: Case, world: World) -> tuple[DiaryEntry, ...]:
    if not _registrar(case, world) or not case.incident.last_word:
        return ()
    handed = {one.line: one.recorded_by for one in case.incident.handed_to_registrar}
    if not handed or not world.outbox.failed(f"{case.incident.id}/{DIARY}"):
        return diary_entries(case, world, done=handed)
    registrar, by_hand = _registrar(case, world), {line for line, by in handed.items() if by != ENGINE}
    left = diary_entries(case, world, done=by_hand)  # a mail that was taken may have come back since
    came_back = DeliveryState.REFUSED
    return tuple(one for one in left if one.line not in handed or _state(one, registrar, world) is came_back)


def _registrar(case: Case, world: World) -> ActorId:
    return world.register.party(case.incident.party).roles.get(Role.REGISTRAR, "")


async def _hand_over(entry: DiaryEntry, now: datetime, world: World) -> DeliveryState | None:
    registrar = world.register.party(entry.controller.id).roles[Role.REGISTRAR]
    mail = _mail(entry, registrar, now, world)
    await deliver([Outgoing(_dispatch(entry, registrar), mail)], now=now, world=world)
    state = _state(entry, registrar, world)
    if state is DeliveryState.SENT:
        stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": ENGINE}
        event = HandedToRegistrar(line=entry.line, documents=entry.documents, to=registrar, **stamp)
        write_down(read(entry.incident, world.timeline), event, world=world)
    return state


def _mail(entry: DiaryEntry, registrar: ActorId, now: datetime, world: World) -> Mail:
    incident = read(entry.incident, world.timeline).incident
    for one in entry.documents:
        require_as_kept(one, incident=incident, world=world)
    data = json.dumps(diary_data(entry), ensure_ascii=False, indent=1) + "\n"
    files = [
        Attachment(
            name=f"{entry.incident.lower()}-{one.name.rpartition('/')[2]}",
            media_type=guess_type(one.name)[0] or "application/octet-stream",
            content=world.archive.read(entry.incident, one.name),
        )
        for one in entry.documents
    ]
    files.append(Attachment(name="diarium.json", media_type="application/json", content=data.encode()))
    return mail_of(
        compose.diary_entry(entry),
        to=world.register.person(registrar).email,
        sender_name="Timglas",
        reply_to=entry.controller.email,
        incident=entry.incident,
        now=now,
        world=world,
    ).model_copy(update={"attachments": tuple(files)})


def _dispatch(entry: DiaryEntry, registrar: ActorId) -> Dispatch:
    key = digest_of([entry.incident, entry.line, *(one.sha256 for one in entry.documents)])
    return Dispatch(communication=f"{entry.incident}/{DIARY}", recipient=registrar, letter_sha256=key)


def _state(entry: DiaryEntry, registrar: ActorId, world: World) -> DeliveryState | None:
    dispatch = _dispatch(entry, registrar)
    return world.outbox.states(dispatch.communication, dispatch.letter_sha256).get((registrar, Channel.EMAIL))
