"""Write the file of letters that go out together: for the print house, for Skatteverket to forward, or for mailboxes."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from letters import compose, plain
from letters.compose import letterhead
from letters.language import say
from letters.senders import full_name
from models.communication_events import CommunicationStarted
from models.errors import N_
from models.incident import Incident
from models.letter import Audience
from models.recipient import Channel
from models.route import Envelope
from models.sheet import DigitalPost, PrintedBatch, Sheet
from services.documents.issue import released
from services.people.batches import file_name, letters_of, numbered, with_frames
from services.ports.world import World

COVER = "foljebrev"
"""What is added to the name of a print file for the sheet that goes to Skatteverket with the sealed letters."""


def write_print_file(
    incident: Incident,
    release: CommunicationStarted,
    keys: Collection[str],
    *,
    number: int,
    channel: Channel,
    now: datetime,
    world: World,
    left_out: Collection[int] = (),
) -> PrintedBatch:
    """Write the letters ``keys`` of ``release``, which go out as batch ``number``, and read them back. Raises Misprint.

    The numbers ``left_out`` are those of letters that are not in it. Of no letters there is no file.
    """
    if not keys:
        return PrintedBatch(sha256().hexdigest(), 0, ())
    name, letters = file_name(incident.id, number), letters_of(release, channel, keys, world)
    match channel:
        case Channel.SEALED:
            last = sorted(letters, key=_unnumbered)
            forwarded = sum(not _unnumbered(letter) for letter in last)
            if forwarded:
                world.print_room.put(f"{name}-{COVER}.pdf", _cover(incident, forwarded, now, world))
            return world.print_room.write(name, number, with_frames(iter(last), world), left_out=left_out)
        case Channel.MAILBOX:
            post = _post(incident, release, world)
            return world.print_room.pack(name, post, numbered(letters, world), left_out=left_out)
    return world.print_room.write(name, number, with_frames(letters, world), left_out=left_out)


def _post(incident: Incident, release: CommunicationStarted, world: World) -> DigitalPost:
    party, text = world.register.controller(incident.party), released(release, incident=incident, world=world)
    return DigitalPost(
        sender=full_name(party),
        organisation_number=party.organisation_number,
        subject=text.subject,
        text=plain.text(text.to(Audience.PERSON)),
        phone=party.phone,
        email=party.email,
        website=party.website,
    )


def _unnumbered(letter: tuple[Envelope, Sheet]) -> bool:
    """Those without an identity number come last: Skatteverket cannot forward them, and a person delivers them."""
    return letter[0].number is None


def _cover(incident: Incident, letters: int, now: datetime, world: World) -> bytes:
    register = world.register
    controller = register.controller(incident.party)
    sheet = compose.sealed_forwarding(incident=incident, controller=controller, register=register, letters=letters)
    head = letterhead(
        controller, recipient=compose.FORWARDED_BY, date=now, reference=incident.id, kind=say(N_("Cover sheet"))
    )
    return world.printer.pdf(sheet, head)
