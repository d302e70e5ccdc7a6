"""The letters of a communication that were printed together, through all its releases, and what is left to print or post."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from letters.personal import about, window
from models.base import IncidentId
from models.communication_events import CommunicationStarted
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.incident import Incident
from models.recipient import Channel
from models.route import Envelope
from models.sheet import DROP, PDF, WHOLE, Batch, Frame, Sheet
from services.people.communicate import routes
from services.people.communication import communication_of
from services.ports.world import World

_AT_A_TIME = 1000
PRINTED = (Channel.PAPER, Channel.SEALED, Channel.MAILBOX)
"""The channels of letters that are printed."""

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
    """Return what the print file of a batch is called, without its ending; it names nobody."""
    return f"{incident_id.lower()}-omgang-{number}"


def whole_name(incident_id: IncidentId, batch: Batch) -> str:
    """Return what the print file of a batch is called, with its ending."""
    return f"{file_name(incident_id, batch.number)}{DROP if batch.channel is Channel.MAILBOX else PDF}"


class Loose(NamedTuple):
    """Printed letters in no batch, by their keys: those of one channel that may still go, and all that may not."""

    may_go: frozenset[str]
    stopped: frozenset[str]


def loose(started: CommunicationStarted, channel: Channel, world: World) -> Loose:
    """Return the letters of the release that stand in no batch: those that may go by this channel, and those by none.

    Everyone is routed anew. What may not go is told whichever channel it was written for, so that a batch that a crash
    left half made is ended by the next one.
    """
    written = {one: untaken_keys(started, one, world) for one in PRINTED}
    if not any(written.values()):
        return Loose(frozenset(), frozenset())
    envelopes = (one for way in routes(started, world) for one in way.envelopes)
    may_go = {(one.key, one.channel) for one in envelopes if one.key in written.get(one.channel, ())}
    return Loose(
        frozenset(key for key in written[channel] if (key, channel) in may_go),
        frozenset(key for one, keys in written.items() for key in keys if (key, one) not in may_go),
    )


def untaken_keys(started: CommunicationStarted, channel: Channel, world: World) -> frozenset[str]:
    """Return the keys of the release's letters that were written to go by this channel and stand in no batch."""
    return world.printed.loose(started.communication, started.sha256, channel)


def letters_of(
    release: CommunicationStarted, channel: Channel, keys: Collection[str], world: World
) -> Iterator[tuple[Envelope, Sheet]]:
    """Yield each of these letters with its envelope, in the order of the recipients.

    Everyone is routed anew: whoever should no longer be written to in this way, is left out.
    """
    envelopes = (one for one in _envelopes(release, channel, world) if one.key in keys)
    while some := {one.key: one for one in islice(envelopes, _AT_A_TIME)}:
        read = world.printed.read(release.communication, release.sha256, some.keys())
        yield from ((some[sheet.key], sheet) for sheet in read)


def _envelopes(release: CommunicationStarted, channel: Channel, world: World) -> Iterator[Envelope]:
    return (one for way in routes(release, world) for one in way.envelopes if one.channel is channel)


def require_letters(incident: Incident, batch: Batch) -> None:
    """Refuse to do anything with a batch of which every letter was left out. Raises StepOutOfOrder."""
    if not batch.letters:
        raise StepOutOfOrder(
            N_("Batch {batch} of {incident} holds no letter any more."),
            why=N_("Every letter in it was left out when the file was to be written again."),
            remedy=N_("There is nothing to post. Those people are written to another way, if there is one."),
            batch=batch.number,
            incident=incident.id,
        )


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
    made = (one.batch for one in batches_of(incident, world))
    unposted = [batch.number for batch in made if batch.letters and batch.posted_at is None]
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
    return world.printed.waiting(communication)
