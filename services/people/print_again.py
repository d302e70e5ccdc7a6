"""Write a print file that was lost once more, before anybody has posted its letters: the same letters, and no others."""

from datetime import datetime

from letters.language import say
from models.base import ActorId, IncidentId
from models.communication_events import PrintFileLost
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, Misprint, StepOutOfOrder
from models.incident import Incident
from models.recipient import Channel
from services.confirm import require_code
from services.people.batches import Made, batch_of, file_name, listed
from services.people.write_print_file import write_print_file
from services.ports.world import World
from services.record import read, read_open, stands, write_down
from services.roles import DECIDES, PREPARES, require_role


def print_again(
    incident_id: IncidentId,
    *,
    batch: int,
    reasoning: str,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write the file anew under its old number, letter for letter, read it back, and record why.

    The batch is still one: it is posted once, and every page has the mark it had. Sealed letters take a delegate and a
    code again. Raises StepOutOfOrder for a batch that is posted or whose file lies there, NotConfirmed, and Misprint if
    the letters are not the same any more, because one of them should no longer go this way.
    """
    case = read_open(incident_id, world.timeline)
    made = batch_of(case.incident, batch, world)
    sealed = made.batch.channel is Channel.SEALED
    require_role(case.incident, by=by, among=DECIDES if sealed else PREPARES, register=world.register)
    content = {"communication": made.release.communication, "batch": batch, "reasoning": reasoning}
    incident = case.incident
    if not stands(case, PrintFileLost, occurred_at=now, now=now, by=by, content=content):
        _require_lost(incident, made, world)
        if sealed:
            require_code(again_of(incident_id, batch, by=by, world=world), code, now=now, world=world)
        stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": by}
        incident = write_down(case, PrintFileLost.model_validate({**stamp, **content}), world=world)
    if not world.print_room.holds(file_name(incident_id, batch)):
        _write(incident, made, now, world)
    return incident


def again_of(incident_id: IncidentId, batch: int, *, by: ActorId, world: World) -> Subject:
    """Return what a code for writing sealed letters again is bound to: that batch, as it was printed."""
    made = batch_of(read(incident_id, world.timeline).incident, batch, world)
    said = say(N_("{count} sealed letters to forward"), count=made.batch.letters)
    content = digest_of(["again", batch, made.batch.sha256])
    return Subject(act=Act.FORWARD_SEALED, incident_id=incident_id, actor=by, content=content, said=said)


def _require_lost(incident: Incident, made: Made, world: World) -> None:
    number, name = made.batch.number, file_name(incident.id, made.batch.number)
    if number in incident.posted:
        raise StepOutOfOrder(
            N_("Batch {batch} of {incident} is posted."),
            why=N_("Its letters are on their way; written again, they could go out twice."),
            remedy=N_("Register those that come back, by the mark on their pages."),
            batch=number,
            incident=incident.id,
        )
    if world.print_room.holds(name):
        raise StepOutOfOrder(
            N_("The file of batch {batch} is not lost: {name} lies in the folder for print files."),
            why=N_("A second one could be posted beside the first."),
            remedy=N_("Use the file that is there. Is it broken, remove it first."),
            batch=number,
            name=name,
        )


def _write(incident: Incident, made: Made, now: datetime, world: World) -> None:
    """Write the file, and record what it is now. Raises Misprint if it is not the letters it was."""
    batch, release = made.batch, made.release
    printed = write_print_file(
        incident, release, listed(made, world), number=batch.number, channel=batch.channel, now=now, world=world
    )
    if printed.places != world.printed.ledger(release.communication, release.sha256, batch.number):
        world.print_room.clear(file_name(incident.id, batch.number))
        raise Misprint(
            N_("Batch {batch} of {incident} cannot be written again as it was."),
            why=N_("One of its letters should no longer go this way: something new is known of a person."),
            remedy=N_("The file is gone again. Report it to those who run Timglas; nothing has left the house."),
            batch=batch.number,
            incident=incident.id,
        )
    world.printed.rewritten(release.communication, release.sha256, batch.number, printed.sha256)
