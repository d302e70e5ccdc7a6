"""The letters of a communication that were printed together, through all its releases, and what is left to print or post."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from letters.personal import about, window
from models.base import IncidentId
from models.communication_events import CommunicationStarted
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.incident import Incident
from models.recipient import Channel
from models.route import Envelope
from models.sheet import WHOLE, Batch, Frame, Sheet
from services.people.communicate import routes
from services.people.communication import communication_of
from services.ports.world import World

_AT_A_TIME = 1000

Printed = tuple[Sheet, Frame | None, tuple[str, ...]]
"""A letter, the frame it stands in, and what its own lines must say."""


class Made(NamedTuple):
    """A batch, and the release whose letters it holds."""

    release: CommunicationStarted
    batch: Batch


def batches_of(incident: Incident, world: World) -> tuple[Made, ...]:
    """Return every batch of the incident's letters, in the order they were made; their numbers run through all releases."""
    letters = {release.sha256: release for release in reversed(incident.releases)}
    made = (
        Made(release, batch)
        for release in letters.values()
        for batch in world.printed.batches(release.communication, release.sha256)
    )
    return tuple(sorted(made, key=lambda one: one.batch.number))


def batch_of(incident: Incident, number: int, world: World) -> Made:
    """Return the batch of that number. Raises UnknownReference."""
    made = batches_of(incident, world)
    for one in made:
        if one.batch.number == number:
            return one
    raise UnknownReference(
        N_("{incident} has no batch {batch}."),
        why=N_("These were printed: {known}."),
        remedy=N_("Check the number: it stands in the name of the print file and at the foot of every page."),
        incident=incident.id,
        batch=number,
        known=", ".join(str(one.batch.number) for one in made) or "–",
    )


def file_name(incident_id: IncidentId, number: int) -> str:
    """Return what the print file of a batch is called; it names nobody."""
    return f"{incident_id.lower()}-omgang-{number}"


def unlisted(started: CommunicationStarted, channel: Channel, world: World) -> Iterator[tuple[Envelope, Sheet]]:
    """Yield each printed letter of the release that goes this way and stands in no batch, with its envelope.

    Everyone is routed anew: whoever should no longer be written to in this way, is left out.
    """
    envelopes = (one for way in routes(started, world) for one in way.envelopes if one.channel is channel)
    communication, letter = started.communication, started.sha256
    while some := {one.key: one for one in islice(envelopes, _AT_A_TIME)}:
        left = some.keys() - world.printed.listed(communication, letter, some.keys())
        for sheet in world.printed.read(communication, letter, left):
            if sheet.channel is channel:
                yield some[sheet.key], sheet


def listed(made: Made, world: World) -> Iterator[tuple[Envelope, Sheet]]:
    """Yield each letter of the batch with its envelope, in the order of the recipients.

    Everyone is routed anew: whoever should no longer be written to in this way, is left out.
    """
    communication, letter = made.release.communication, made.release.sha256
    its_own = {place.key for place in world.printed.ledger(communication, letter, made.batch.number)}
    ways = (one for way in routes(made.release, world) for one in way.envelopes if one.channel is made.batch.channel)
    envelopes = (one for one in ways if one.key in its_own)
    while some := {one.key: one for one in islice(envelopes, _AT_A_TIME)}:
        yield from ((some[sheet.key], sheet) for sheet in world.printed.read(communication, letter, some.keys()))


def with_frames(letters: Iterator[tuple[Envelope, Sheet]], world: World) -> Iterator[Printed]:
    """Yield each letter with its frame and what its own lines must say."""
    for envelope, sheet, frame in _framed(letters, world):
        yield sheet, frame, (*window(envelope), *filter(None, (about(envelope),)))


def numbered(letters: Iterator[tuple[Envelope, Sheet]], world: World) -> Iterator[tuple[Sheet, Frame | None, str]]:
    """Yield each letter with its frame and the identity number that its mailbox is found by."""
    for envelope, sheet, frame in _framed(letters, world):
        yield sheet, frame, envelope.number or ""


def _framed(letters: Iterator[tuple[Envelope, Sheet]], world: World) -> Iterator[tuple[Envelope, Sheet, Frame | None]]:
    frames: dict[str, Frame] = {}
    for envelope, sheet in letters:
        if sheet.frame != WHOLE and sheet.frame not in frames:
            frames[sheet.frame] = world.printed.frame(sheet.frame)
        yield envelope, sheet, frames.get(sheet.frame)


def require_posted(incident: Incident, world: World) -> None:
    """Refuse to go on while a letter on paper waits to be printed or posted. Raises StepOutOfOrder."""
    unposted = [made.batch.number for made in batches_of(incident, world) if made.batch.posted_at is None]
    waiting = in_no_batch(incident, world)
    if unposted or waiting:
        raise StepOutOfOrder(
            N_("{incident} still has letters on paper that nobody has posted."),
            why=N_("{waiting} letters are in no print file yet, and these batches are not posted: {batches}."),
            remedy=N_("Take out the print file, post the letters, and register that they are posted."),
            incident=incident.id,
            waiting=waiting,
            batches=tuple(map(str, unposted)) or ("–",),
        )


def in_no_batch(incident: Incident, world: World) -> int:
    """Return how many printed letters stand in no batch; none once the list is erased and nobody can read them."""
    communication = communication_of(incident.id)
    if not incident.releases or world.recipients.is_erased(communication):
        return 0
    in_batches = sum(made.batch.letters for made in batches_of(incident, world))
    return world.printed.count(communication) - in_batches
