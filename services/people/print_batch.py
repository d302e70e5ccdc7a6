"""Take out the file for the print house, or for the office's own printer: every letter that is in no batch yet."""

from collections.abc import Collection, Iterable
from datetime import datetime

from letters.language import counted, number
from models.base import ActorId, IncidentId
from models.communication_events import CommunicationStarted, LettersLeftOut
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, StepOutOfOrder
from models.recipient import Channel
from models.route import whose
from models.sheet import Batch, Place
from services.confirm import require_code
from services.people.batches import PRINTED, Made, batches_of, file_name, letters_of, loose, untaken_keys
from services.people.guard import guard
from services.people.leave_out import leave_out
from services.people.returned import reopen_returned
from services.people.write_print_file import write_print_file
from services.ports.world import World
from services.record import Case, read, read_open, write_down
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
    the print room until the letters are posted. Every letter that may not go as it was written any more, also by a list
    that waits for its release, is left out: they have the first numbers in the batch, and their people are routed anew; if
    none is left, there is no file. Raises StepOutOfOrder if nothing waits or the letters are halted, Misprint if a letter
    does not say what it must, and NotConfirmed.
    """
    with world.print_room.alone():
        case, sealed = read_open(incident_id, world.timeline), channel is Channel.SEALED
        require_role(case.incident, by=by, among=DECIDES if sealed else PREPARES, register=world.register)
        started, made = _started(case), batches_of(case.incident, world)
        require_going_out(case)
        if not untaken_keys(started, channel, world):
            return _made_now(incident_id, made, channel, now)
        guard(case.incident, {whose(key) for one in PRINTED for key in untaken_keys(started, one, world)}, world)
        may_go, stopped = loose(started, channel, world)
        if sealed and may_go:
            require_code(forwarding_of(incident_id, by=by, world=world), code, now=now, world=world)
        number = len(made) + 1
        left_out = tuple(Place(key, place, 0) for place, key in enumerate(sorted(stopped), 1))
        if left_out:
            leave_out(started, stopped, now=now, world=world)
            _put_on_record(case, number, left_out, by=by, now=now, world=world)
        world.print_room.clear(file_name(incident_id, number))  # what a crash left of a batch that nobody recorded
        printed = write_print_file(
            case.incident,
            started,
            may_go,
            number=number,
            channel=channel,
            now=now,
            world=world,
            left_out=frozenset(place.number for place in left_out),
        )
        batch = Batch(number, channel, len(printed.places), printed.pages, printed.sha256, now)
        world.printed.keep_batch(started.communication, started.sha256, batch, (*left_out, *printed.places))
        reopen_returned(incident_id, now=now, world=world)
        return batch


def forwarding_of(incident_id: IncidentId, *, by: ActorId, world: World) -> Subject:
    """Return what a code for the sealed letters is bound to: exactly those that wait."""
    started = _started(read(incident_id, world.timeline))
    may_go = loose(started, Channel.SEALED, world).may_go
    sheets = letters_of(started, Channel.SEALED, may_go, world)
    content, said = digest_of(sorted(sheet.sha256 for _, sheet in sheets)), sealed_letters(len(may_go))
    return Subject(act=Act.FORWARD_SEALED, incident_id=incident_id, actor=by, content=content, said=said)


def sealed_letters(count: int) -> str:
    """Say what a code for so many sealed letters lets go."""
    return counted("{number} sealed letter to forward", "{number} sealed letters to forward", count).format(
        number=number(count)
    )


def _made_now(incident_id: IncidentId, made: Iterable[Made], channel: Channel, now: datetime) -> Batch:
    """Return what the same step has made already. Raises StepOutOfOrder: nothing else waits."""
    for batch in (one.batch for one in made):
        if (batch.channel, batch.made_at) == (channel, now):
            return batch
    raise _nothing_waits(incident_id)


def _put_on_record(
    case: Case, number: int, left_out: Collection[Place], *, by: ActorId, now: datetime, world: World
) -> None:
    """Record which letters the batch leaves out. A crash may have come in between, so what stands there is not said twice."""
    numbers = tuple(place.number for place in left_out)
    if not set(numbers) <= set(case.incident.left_out.get(number, ())):
        stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": by}
        own = {"communication": _started(case).communication, "batch": number, "left_out": numbers}
        write_down(case, LettersLeftOut.model_validate({**stamp, **own}), world=world)


def _started(case: Case) -> CommunicationStarted:
    started = case.incident.started
    if started is None:
        raise _nothing_waits(case.incident.id)
    return started


def require_going_out(case: Case) -> None:
    """Refuse to hand out letters that somebody has halted. Raises StepOutOfOrder."""
    if case.incident.halted is not None:
        raise StepOutOfOrder(
            N_("The letters of {incident} are halted."),
            why=N_("Nothing leaves the house until a delegate lets them go on, on paper neither."),
            remedy=N_("Have the sending resumed first, and take out the letters then."),
            incident=case.incident.id,
        )


def _nothing_waits(incident_id: IncidentId) -> StepOutOfOrder:
    return StepOutOfOrder(
        N_("No letter of {incident} waits to be printed."),
        why=N_("Every letter of this kind stands in a batch already, or none has been written yet."),
        remedy=N_("Release the letters and have them sent first."),
        incident=incident_id,
    )
