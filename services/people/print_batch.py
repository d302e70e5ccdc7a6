"""Take out the file for the print house, or for the office's own printer: every letter that is in no batch yet."""

from datetime import datetime

from letters.language import say
from models.base import ActorId, IncidentId
from models.communication_events import CommunicationStarted
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, StepOutOfOrder
from models.recipient import Channel
from models.route import Envelope
from models.sheet import Batch, Sheet
from services.confirm import require_code
from services.people.batches import batches_of, file_name, unlisted
from services.people.write_print_file import write_print_file
from services.ports.world import World
from services.record import Case, read, read_open
from services.roles import DECIDES, PREPARES, require_role


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
    world.print_room.clear(file_name(incident_id, number))  # what a crash left of a batch that nobody recorded
    letters = unlisted(started, channel, world)
    printed = write_print_file(case.incident, started, letters, number=number, channel=channel, now=now, world=world)
    batch = Batch(number, channel, len(printed.places), printed.pages, printed.sha256, now)
    world.printed.keep_batch(started.communication, started.sha256, batch, printed.places)
    return batch


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
