"""Take out the file for the print house, or for the office's own printer: every letter that is in no batch yet."""

from datetime import datetime

from letters import compose, plain
from letters.compose import letterhead
from letters.language import say
from letters.senders import full_name
from models.base import ActorId, IncidentId
from models.communication_events import CommunicationStarted
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, StepOutOfOrder
from models.letter import Audience
from models.recipient import Channel
from models.route import Envelope
from models.sheet import Batch, DigitalPost, PrintedBatch, Sheet
from services.confirm import require_code
from services.documents.issue import released
from services.people.batches import batches_of, file_name, numbered, unlisted, with_frames
from services.ports.world import World
from services.record import Case, read, read_open
from services.roles import DECIDES, PREPARES, require_role

COVER = "foljebrev"
"""What is added to the name of a print file for the sheet that goes to Skatteverket with the sealed letters."""


def print_batch(
    incident_id: IncidentId,
    *,
    channel: Channel = Channel.PAPER,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Batch:
    """Write the file of all letters that go this way and are in no batch, read it back, and say where each letter stands.

    On PAPER, a print file. SEALED: those to people with protected personal data, with the cover sheet to Skatteverket; a
    delegate confirms that with the ``code`` for ``forwarding_of`` it. MAILBOX: a file for digital mailboxes. It lies in
    the print room until the letters are posted. Raises StepOutOfOrder if nothing waits, Misprint if a letter does not
    say what it must, and NotConfirmed.
    """
    case, sealed = read_open(incident_id, world.timeline), channel is Channel.SEALED
    require_role(case.incident, by=by, among=DECIDES if sealed else PREPARES, register=world.register)
    started = _started(case)
    if next(unlisted(started, channel, world), None) is None:
        for made in batches_of(case.incident, world):
            if (made.batch.channel, made.batch.made_at) == (channel, now):
                return made.batch  # the same step, taken again
        raise _nothing_waits(incident_id)
    if sealed:
        require_code(forwarding_of(incident_id, by=by, world=world), code, now=now, world=world)
    number = len(batches_of(case.incident, world)) + 1
    name = file_name(incident_id, number)
    world.print_room.clear(name)  # what a crash left of a batch that nobody recorded
    printed = _MAKERS[channel](case, name, number, now, world)
    batch = Batch(number, channel, len(printed.places), printed.pages, printed.sha256, now)
    world.printed.keep_batch(started.communication, started.sha256, batch, printed.places)
    return batch


def _on_paper(case: Case, name: str, number: int, now: datetime, world: World) -> PrintedBatch:
    del now
    return world.print_room.write(name, number, with_frames(unlisted(_started(case), Channel.PAPER, world), world))


def _sealed_apart(case: Case, name: str, number: int, now: datetime, world: World) -> PrintedBatch:
    letters = sorted(_sealed(_started(case), world), key=_unnumbered)
    world.print_room.put(f"{name}-{COVER}.pdf", _cover(case, letters, now, world))
    return world.print_room.write(name, number, with_frames(iter(letters), world))


def _for_mailboxes(case: Case, name: str, number: int, now: datetime, world: World) -> PrintedBatch:
    del number, now
    started, party = _started(case), world.register.controller(case.incident.party)
    text = released(started, incident=case.incident, world=world)
    post = DigitalPost(
        sender=full_name(party),
        organisation_number=party.organisation_number,
        subject=text.subject,
        text=plain.text(text.to(Audience.PERSON)),
        phone=party.phone,
        email=party.email,
        website=party.website,
    )
    return world.print_room.pack(name, post, numbered(unlisted(started, Channel.MAILBOX, world), world))


_MAKERS = {Channel.PAPER: _on_paper, Channel.SEALED: _sealed_apart, Channel.MAILBOX: _for_mailboxes}


def forwarding_of(incident_id: IncidentId, *, by: ActorId, world: World) -> Subject:
    """Return what a code for the sealed letters is bound to: exactly those that wait."""
    case = read(incident_id, world.timeline)
    waiting = [sheet.sha256 for _, sheet in _sealed(_started(case), world)]
    said = say(N_("{count} sealed letters to forward"), count=len(waiting))
    return Subject(
        act=Act.FORWARD_SEALED, incident_id=incident_id, actor=by, content=digest_of(sorted(waiting)), said=said
    )


def _sealed(started: CommunicationStarted, world: World) -> list[tuple[Envelope, Sheet]]:
    return list(unlisted(started, Channel.SEALED, world))


def _unnumbered(letter: tuple[Envelope, Sheet]) -> bool:
    """Those without an identity number come last: Skatteverket cannot forward them, and a person delivers them."""
    return letter[0].number is None


def _cover(case: Case, letters: list[tuple[Envelope, Sheet]], now: datetime, world: World) -> bytes:
    incident, register = case.incident, world.register
    controller = register.controller(incident.party)
    numbered = sum(not _unnumbered(letter) for letter in letters)
    sheet = compose.sealed_forwarding(incident=incident, controller=controller, register=register, letters=numbered)
    head = letterhead(
        controller, recipient=compose.FORWARDED_BY, date=now, reference=incident.id, kind=say(N_("Cover sheet"))
    )
    return world.printer.pdf(sheet, head)


def _started(case: Case) -> CommunicationStarted:
    started = case.incident.started
    if started is None:
        raise _nothing_waits(case.incident.id)
    return started


def _nothing_waits(incident_id: IncidentId) -> StepOutOfOrder:
    return StepOutOfOrder(
        N_("No letter of {incident} waits to be printed."),
        why=N_("Every letter of this kind stands in a batch already, or none has been written yet."),
        remedy=N_("Release the letters and have them sent first."),
        incident=incident_id,
    )
