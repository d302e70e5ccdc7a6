"""Take out the file for the print house, or for the office's own printer: every letter that is in no batch yet."""

from datetime import datetime

from letters import compose
from letters.compose import letterhead
from letters.language import say
from models.base import ActorId, IncidentId
from models.communication_events import CommunicationStarted
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, StepOutOfOrder
from models.recipient import Channel
from models.route import Envelope
from models.sheet import Batch, Sheet
from services.batches import batches_of, file_name, unlisted, with_frames
from services.confirm import require_code
from services.ports import World
from services.record import Case, read, read_open
from services.roles import DECIDES, PREPARES, require_role

COVER = "foljebrev"
"""What is added to the name of a print file for the sheet that goes to Skatteverket with the sealed letters."""


def print_batch(
    incident_id: IncidentId,
    *,
    sealed: bool = False,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Batch:
    """Write the print file of all letters on paper that are in no batch, read it back, and say where each letter stands.

    ``sealed``: of those to people with protected personal data instead, with the cover sheet to Skatteverket; a delegate
    confirms that with the ``code`` for ``forwarding_of`` it. The file lies in the print room until the letters are
    posted. Raises StepOutOfOrder if nothing waits, Misprint if a page does not say what it must, and NotConfirmed.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES if sealed else PREPARES, register=world.register)
    started = _started(case)
    channel = Channel.SEALED if sealed else Channel.PAPER
    if next(unlisted(started, channel, world), None) is None:
        raise _nothing_waits(incident_id)
    if sealed:
        require_code(forwarding_of(incident_id, by=by, world=world), code, now=now, world=world)
    number = len(batches_of(case.incident, world)) + 1
    name = file_name(incident_id, number)
    world.print_room.clear(name)  # what a crash left of a batch that nobody recorded
    letters = unlisted(started, channel, world)
    if sealed:
        ordered = sorted(letters, key=_unnumbered)
        world.print_room.put(f"{name}-{COVER}.pdf", _cover(case, ordered, now, world))
        letters = iter(ordered)
    made = world.print_room.write(name, number, with_frames(letters, world))
    batch = Batch(number, channel, len(made.places), made.pages, made.sha256, now)
    world.printed.keep_batch(started.communication, started.sha256, batch, made.places)
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
