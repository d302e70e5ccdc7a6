"""Show the letters as they will look, before anybody approves them: the first, the longest, and one of each kind."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

from letters.compose import letterhead
from letters.personal import about, audience_of, letter_to, window
from letters.senders import full_name
from models.base import IncidentId
from models.errors import N_, NotApproved
from models.incident import Incident
from models.instants import local
from models.letter import Audience, Letter
from models.mail import Mail
from models.parties import Role
from models.recipient import Channel
from models.route import Envelope, Route
from services.documents.draft_names import preview_name
from services.documents.drafts import COMMUNICATION
from services.documents.issue import drafted
from services.people.communication import communication_of
from services.people.forecast import Forecast, forecast
from services.people.route import ways
from services.ports.world import World
from services.post.post import mail_of
from services.record import read


class Specimen(NamedTuple):
    """One real letter: why it is shown, the envelope it goes in, and what lies in it."""

    why: str
    envelope: Envelope
    letter: Letter


def last_draft(incident: Incident, letter: str, world: World) -> Letter:
    """Return the letter as it was last drafted. Raises NotApproved if it never was."""
    draft = incident.drafts.get(letter)
    if draft is None:
        raise NotApproved(
            N_("{letter} has not been drafted."),
            why=N_("What is shown is the draft, as it will go out once it is approved."),
            remedy=N_("Draft the letter first."),
            letter=letter,
        )
    return drafted(letter, draft.sha256, incident=incident, world=world)


def expected(incident_id: IncidentId, *, now: datetime, world: World) -> Forecast | None:
    """Return when everybody on the list will have the letter if it is released ``now``; None without a list."""
    if not world.recipients.count(communication_of(incident_id)):
        return None
    return forecast(_routes(incident_id, now, world), world.outbox.pace(), now=now)


def preview(
    incident_id: IncidentId, *, letter: str = COMMUNICATION, now: datetime, world: World
) -> tuple[Specimen, ...]:
    """Put the letters to look at in the print room, as PDF and as e-mail, and return which they are.

    They hold people's data: they lie there until the letters are released or the list is erased, and the next preview
    replaces them. Raises NotApproved without a draft, UnknownReference without a list.
    """
    incident = read(incident_id, world.timeline).incident
    text = last_draft(incident, letter, world)
    specimens = tuple(_chosen(_routes(incident_id, now, world), text))
    world.print_room.clear(preview_name(incident_id))
    controller = world.register.controller(incident.party)
    for place, one in enumerate(specimens, 1):
        name = f"{preview_name(incident_id)}-{place}-{one.why}"
        head = letterhead(controller, recipient=window(one.envelope), date=now, reference=incident_id, kind="")
        world.print_room.put(f"{name}.pdf", world.printer.pdf(one.letter, head))
        if one.envelope.channel is Channel.EMAIL:
            world.print_room.put(f"{name}.html", mail_in(one, incident, now, world).html.encode())
    return specimens


def mail_in(specimen: Specimen, incident: Incident, now: datetime, world: World) -> Mail:
    """Return the letter as the message it goes as."""
    controller = world.register.controller(incident.party)
    return mail_of(
        specimen.letter,
        to=specimen.envelope.email or "",
        sender_name=full_name(controller),
        reply_to=world.register.person(controller.roles[Role.OFFICER]).email,
        incident=incident.id,
        now=now,
        world=world,
    )


def _routes(incident_id: IncidentId, now: datetime, world: World) -> Iterator[Route]:
    return ways(partial(world.recipients.read, communication_of(incident_id)), on=local(now).date())


def _chosen(routes: Iterable[Route], letter: Letter) -> Iterator[Specimen]:
    """Yield the first letter, the longest, and the first of each kind and way, each once."""
    found: dict[str, Envelope] = {}
    longest = -1
    for envelope in (one for way in routes for one in way.envelopes):
        found.setdefault("forsta", envelope)
        found.setdefault(_KINDS[audience_of(envelope), envelope.channel], envelope)
        length = sum(map(len, window(envelope))) + len(about(envelope))
        if length > longest:
            found["langsta"], longest = envelope, length
    shown: dict[str, str] = {}
    for why, envelope in found.items():
        shown.setdefault(envelope.key, why)
    for why, envelope in found.items():
        if shown[envelope.key] == why:
            yield Specimen(why, envelope, letter_to(envelope, letter))


_KINDS = {
    (audience, channel): f"{who}-{how}"
    for audience, who in (
        (Audience.PERSON, "person"),
        (Audience.GUARDIAN, "vardnadshavare"),
        (Audience.PROTECTED, "skyddad"),
    )
    for channel, how in (
        (Channel.EMAIL, "mejl"),
        (Channel.MAILBOX, "digital"),
        (Channel.PAPER, "papper"),
        (Channel.SEALED, "forseglat"),
    )
}
