"""Register that the post brought letters back: the people they were for are reached by another way, or by none."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime

from letters.language import counted, number, say
from models.base import ActorId, IncidentId
from models.communication_events import LettersReturned
from models.delivery import End, ReturnReason
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.incident import Incident
from models.recipient import DeliveryState, Dispatch
from services.people.batches import Made, batch_of
from services.people.print_letters import POST
from services.people.returned import reopen_returned
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import FILES, require_role

MARKS = r"^\s*\d{1,3}-\d{6,7}(-\d+/\d+)?([\s,;]+\d{1,3}-\d{6,7}(-\d+/\d+)?)*\s*$"
"""What a form takes: the marks at the foot of the letters' pages, ``2-000117-1/2``, as many as there are; no name."""

_MARK = re.compile(r"(\d{1,3})-(\d{6,7})(?:-\d+/\d+)?")


def return_letters(
    incident_id: IncidentId, *, marks: str, reason: ReturnReason, by: ActorId, now: datetime, world: World
) -> Incident:
    """Record which letters came back and why, and open the people they were for again. To say it again changes nothing.

    ``marks`` are those at the foot of their pages; a letter to a digital mailbox has the number of its file. Raises
    UnknownReference for a mark that no letter has, StepOutOfOrder for a letter that nobody has posted; nothing is
    recorded then.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=FILES, register=world.register)
    ends: list[tuple[Dispatch, End]] = []
    events: list[LettersReturned] = []
    for batch, numbers in sorted(_read(marks).items()):
        made = _posted(case.incident, batch, world)
        ends += [(one, End(DeliveryState.RETURNED, reason)) for one in _dispatches(made, numbers, incident_id, world)]
        new = tuple(sorted(numbers - set(case.incident.brought_back.get(batch, ()))))
        if new:
            stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": by}
            own = {"communication": made.release.communication, "batch": batch, "numbers": new, "reason": reason}
            events.append(LettersReturned.model_validate({**stamp, **own}))
    world.outbox.settle(ends, now=now)  # before it is written down: that makes the case due, and the sweep looks here
    write_down(case, *events, world=world)
    return reopen_returned(incident_id, now=now, world=world)


def told(incident: Incident) -> str:
    """Say what follows for the people whose letters came back."""
    if not incident.returned:
        return say(N_("It is on record. Nobody needs another letter because of it."))
    return counted(
        "It is on record. {number} person is open again, and gets a letter by another way if there is one.",
        "It is on record. {number} people are open again, and get a letter by another way if there is one.",
        incident.returned,
    ).format(number=number(incident.returned))


def _read(marks: str) -> dict[int, set[int]]:
    """Return the numbers of the letters by their batch. Raises UnknownReference for what is no mark, and repeats nothing."""
    found: dict[int, set[int]] = {}
    if not re.fullmatch(MARKS, marks):
        raise UnknownReference(
            N_("That is no mark of a letter."),
            why=N_("A mark says the batch and the letter, and stands at the foot of every page: 2-000117-1/2."),
            remedy=N_("Write the marks with a space between them, and nothing else."),
        )
    for batch, letter in _MARK.findall(marks):
        found.setdefault(int(batch), set()).add(int(letter))
    return found


def _posted(incident: Incident, batch: int, world: World) -> Made:
    made = batch_of(incident, batch, world)
    if batch not in incident.posted:
        raise StepOutOfOrder(
            N_("Batch {batch} of {incident} is not registered as posted."),
            why=N_("A letter that was never posted cannot come back."),
            remedy=N_("Register first when the batch was posted."),
            batch=batch,
            incident=incident.id,
        )
    return made


def _dispatches(made: Made, numbers: Collection[int], incident_id: IncidentId, world: World) -> Iterator[Dispatch]:
    communication, letter = made.release.communication, made.release.sha256
    keys = {place.number: place.key for place in world.printed.ledger(communication, letter, made.batch.number)}
    unknown = sorted(set(numbers) - keys.keys())
    if unknown:
        raise UnknownReference(
            N_("Batch {batch} of {incident} has no letter {numbers}."),
            why=N_("It holds {count} letters, numbered from 1."),
            remedy=N_("Check the mark at the foot of the letter's pages."),
            batch=made.batch.number,
            incident=incident_id,
            numbers=tuple(map(str, unknown)),
            count=len(keys),
        )
    for one in sorted(numbers):
        yield Dispatch(communication=f"{communication}/{POST}", recipient=keys[one], letter_sha256=letter)
