"""Write a print file that was lost once more, before anybody has posted its letters.

The same letters and no others, but for those that may not go this way any more: whoever has become protected, or died,
since they were printed. They are left out, on record, and their people are open again.
"""

from datetime import datetime
from typing import NamedTuple

from letters.language import say
from models.base import ActorId, IncidentId
from models.communication_events import PrintFileLost
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, Misprint, StepOutOfOrder
from models.incident import Incident
from models.recipient import Channel
from models.route import Route, Way, whose
from models.sheet import Place
from services.confirm import require_code
from services.people.batches import Made, batch_of, batches_of, file_name, require_letters
from services.people.communicate import routes
from services.people.found_later import waits
from services.people.guard import forbidden, guard
from services.people.leave_out import leave_out
from services.people.leave_out import told as left_out_of
from services.people.print_batch import require_going_out, sealed_letters
from services.people.returned import reopen_returned
from services.people.write_print_file import write_print_file
from services.ports.world import World
from services.record import read, read_open, stands, write_down
from services.roles import DECIDES, PREPARES, require_role


class _Ledger(NamedTuple):
    """The letters that the file is to hold, in their order, and those that may not go this way any more."""

    kept: tuple[Place, ...]
    left_out: tuple[Place, ...]


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

    The batch is still one: it is posted once, and every page has the mark it had. A letter that may not go this way any
    more, also by a list that waits for its release, is left out, its number stands in the record, and its person is
    routed anew. Sealed letters take a delegate and a code again. Raises StepOutOfOrder for a batch that is posted, empty,
    or whose file lies there, and while the letters are halted, NotConfirmed, and Misprint if the others are not the same any more.
    """
    with world.print_room.alone():
        case = read_open(incident_id, world.timeline)
        made = batch_of(case.incident, batch, world)
        sealed = made.batch.channel is Channel.SEALED
        require_role(case.incident, by=by, among=DECIDES if sealed else PREPARES, register=world.register)
        require_going_out(case)
        content = {"communication": made.release.communication, "batch": batch, "reasoning": reasoning}
        guard(case.incident, {whose(place.key) for place in _places(made, world)}, world)
        ledger = _ledger(made, world)
        retaken = stands(case, PrintFileLost, occurred_at=now, now=now, by=by, content=content)
        if not retaken:
            _require_lost(case.incident, made, world)
            if sealed:
                require_code(again_of(incident_id, batch, by=by, world=world), code, now=now, world=world)
        if not (retaken and _is_done(case.incident, made, ledger, world)):
            left_out = tuple(place.number for place in ledger.left_out)
            leave_out(made.release, (place.key for place in ledger.left_out), now=now, world=world)
            stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": by}
            event = PrintFileLost.model_validate({**stamp, **content, "left_out": left_out})
            _write(write_down(case, event, world=world), made, ledger, now, world)
        return reopen_returned(incident_id, now=now, world=world)


def again_of(incident_id: IncidentId, batch: int, *, by: ActorId, world: World) -> Subject:
    """Return what a code for writing sealed letters again is bound to: that batch, and which of its letters are left."""
    made = batch_of(read(incident_id, world.timeline).incident, batch, world)
    left = [place.number for place in _ledger(made, world).kept]
    content = digest_of(["again", batch, made.batch.sha256, *left])
    return Subject(
        act=Act.FORWARD_SEALED, incident_id=incident_id, actor=by, content=content, said=sealed_letters(len(left))
    )


def to_write_again(incident: Incident, world: World) -> tuple[int, ...]:
    """Return the batches that nobody has posted with a letter that a later list forbids, also one that waits for its release."""
    unposted = (one for one in batches_of(incident, world) if one.batch.posted_at is None and one.batch.letters)
    return tuple(made.batch.number for made in unposted if _holds_forbidden(incident, made, world))


def _holds_forbidden(incident: Incident, made: Made, world: World) -> bool:
    """Everyone is routed anew only where a list was let in after the file was made: until then nobody was changed."""
    let_in = any(one.lets_in and one.occurred_at > made.batch.made_at for one in incident.releases)
    if not let_in and not waits(incident, world):
        return False
    ids = {whose(one.key) for one in _places(made, world) if one.first_page}
    guarded = (way.recipient for way in routes(made.release, world) if _is_barred(way, made.batch.channel))
    return bool(forbidden(incident, ids, world)) or (let_in and not ids.isdisjoint(guarded))


def _is_barred(way: Route, channel: Channel) -> bool:
    return way.way is Way.DECEASED or (way.way is Way.SEALED and channel is not Channel.SEALED)


def told(incident: Incident, batch: int) -> str:
    """Say which letters of the batch are left out now, and what follows; nothing if none is."""
    said = left_out_of(incident, batch)
    warned = N_("The first file still holds them: if it may have been posted, they may have gone where they must not.")
    return f"{said} {say(warned)}" if said else ""


def _ledger(made: Made, world: World) -> _Ledger:
    """Route everyone anew, and tell who may still be written to in the way that this batch goes."""
    batch, release, places = made.batch, made.release, _places(made, world)
    ways = (one for way in routes(release, world) for one in way.envelopes if one.channel is batch.channel)
    open_still = {one.key for one in ways}
    kept = tuple(place for place in places if place.first_page and place.key in open_still)
    return _Ledger(kept, tuple(place for place in places if place.first_page == 0 or place.key not in open_still))


def _places(made: Made, world: World) -> tuple[Place, ...]:
    return world.printed.ledger(made.release.communication, made.release.sha256, made.batch.number)


def _is_done(incident: Incident, made: Made, ledger: _Ledger, world: World) -> bool:
    """Tell whether the file is posted, or lies there and what it leaves out is kept: a crash may have come in between."""
    number, known = made.batch.number, incident.left_out.get(made.batch.number, ())
    kept = all(place.first_page == 0 for place in ledger.left_out if place.number in known)
    return number in incident.posted or (kept and world.print_room.holds(file_name(incident.id, number)))


def _require_lost(incident: Incident, made: Made, world: World) -> None:
    number, name = made.batch.number, file_name(incident.id, made.batch.number)
    require_letters(incident, made.batch)
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


def _write(incident: Incident, made: Made, ledger: _Ledger, now: datetime, world: World) -> None:
    """Write the file, and record what it is now. Raises Misprint if the letters in it are not those that they were."""
    batch, release = made.batch, made.release
    world.print_room.clear(file_name(incident.id, batch.number))  # what a crash left of it
    sha256, pages, places = write_print_file(
        incident,
        release,
        frozenset(place.key for place in ledger.kept),
        number=batch.number,
        channel=batch.channel,
        now=now,
        world=world,
        left_out=frozenset(place.number for place in ledger.left_out),
    )
    if [(one.key, one.number) for one in places] != [(one.key, one.number) for one in ledger.kept]:
        world.print_room.clear(file_name(incident.id, batch.number))
        raise Misprint(
            N_("Batch {batch} of {incident} cannot be written again as it was."),
            why=N_("Its letters do not come in the order that the pages were marked in."),
            remedy=N_("The file is gone again. Report it to those who run Timglas; nothing has left the house."),
            batch=batch.number,
            incident=incident.id,
        )
    now_out = (place._replace(first_page=0) for place in ledger.left_out)
    rewritten = batch._replace(letters=len(places), pages=pages, sha256=sha256)
    world.printed.rewritten(release.communication, release.sha256, rewritten, (*places, *now_out))
