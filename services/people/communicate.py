"""Write to everyone a released letter is for: each in one way, nobody twice, and the sum must come out."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import NamedTuple

from letters.compose import letterhead
from models.base import ENGINE, IncidentId
from models.communication_events import CommunicationCompleted, CommunicationStarted, DeliveriesUncertain
from models.errors import N_, PostError, StepOutOfOrder
from models.incident import Incident
from models.instants import local
from models.letter import Letter
from models.parties import Controller
from models.recipient import Channel, DeliveryState, Dispatch
from models.route import Envelope, Route, Way, whose
from services.documents.issue import issue, released
from services.people.communication import failed_of, replaced_of, states_of, written_to
from services.people.found_later import found, let_in
from services.people.guard import guard
from services.people.mass_mail import mails_of
from services.people.print_letters import POST, print_letters
from services.people.reconcile import Pending, States, ends
from services.people.route import NOBODY, ways
from services.ports.world import World
from services.post.hand_over import always, hand_over
from services.record import Case, read, read_open, write_down

_AT_ONCE = 1000


class _Release(NamedTuple):
    """What was released, as it goes out."""

    case: Case
    started: CommunicationStarted
    letter: Letter
    controller: Controller


async def communicate(
    incident_id: IncidentId,
    *,
    now: datetime,
    world: World,
    go_on: Callable[[], bool] = always,
    patience: timedelta = timedelta(),
    first: bool = True,
) -> Incident:
    """Send what is not sent yet of the released communication, and record its end once everyone has one.

    As long as ``go_on`` says yes. Where more is to go out at once or within ``patience``, that and the end are left for the
    next time; it is not the ``first``, for which everyone is put in line.

    Safe to run again at any point, also side by side: what was claimed is not sent again. Raises StepOutOfOrder before
    the release; TransientPostError if the mail server cannot be reached, RefusedPostError if it takes nobody.
    """
    if first:
        line_up(incident_id, world=world)
    try:
        await send_some(incident_id, now=now, world=world, go_on=go_on)
    except PostError:
        await add_up(incident_id, now=now, world=world)  # letters on paper do not wait for a mail server
        raise
    if patience or not go_on():
        incident = read(incident_id, world.timeline).incident
        again = opens_again(incident, now, world)
        if again is not None and again <= now + patience:
            return incident
    return await add_up(incident_id, now=now, world=world)


def opens_again(incident: Incident, at: datetime, world: World) -> datetime | None:
    """Return when something is to be sent again; None if nothing is, as things stand."""
    started = incident.started
    if started is None or not incident.is_sending:
        return None
    return world.outbox.opens_at(started.communication, started.sha256, now=at)


def line_up(incident_id: IncidentId, *, world: World) -> None:
    """Keep the released letter in the archive, let in who was found since, and put everyone in line who gets it by e-mail."""
    release = _release(incident_id, world)
    if release is None:
        return
    started, incident = release.started, release.case.incident
    let_in(started, incident, world)
    guard(incident, _to_write_again(started, world), world)
    specimen = letterhead(release.controller, recipient=(), date=started.occurred_at, reference=incident_id, kind="")
    turn = len(incident.releases)
    name = "till-registrerade/brev" if turn == 1 else f"till-registrerade/brev-{turn}"
    issue(release.letter, specimen, name=name, incident=incident, world=world)
    by_email = (envelope for envelope in _envelopes(started, world) if envelope.channel is Channel.EMAIL)
    while some := list(islice(by_email, _AT_ONCE)):
        dispatches = [_dispatch(started.communication, envelope.key, started) for envelope in some]
        world.outbox.queue(dispatches, channel=Channel.EMAIL)


async def send_some(
    incident_id: IncidentId, *, now: datetime, world: World, go_on: Callable[[], bool] = always
) -> None:
    """Send what is in line, as long as ``go_on`` says yes. Raises what ``hand_over`` raises."""
    release = _release(incident_id, world)
    if release is not None:
        started = release.started
        mails = mails_of(release.letter, started, release.controller, now=now, world=world)
        await hand_over(started.communication, started.sha256, mails, now=now, world=world, go_on=go_on)


async def add_up(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Print what goes on paper, and record the end once everyone has one.

    Whose message may or may not have arrived has no end yet: that is recorded instead, and a person decides. While the
    letters are halted, none is printed and nothing ends. Whose letter came back is written to as a list that waits for its
    own release says that one may.
    """
    release = _release(incident_id, world)
    if release is None:
        return read(incident_id, world.timeline).incident
    guard(release.case.incident, _to_write_again(release.started, world), world)
    world.outbox.expire(release.started.communication, now=now)
    if release.case.incident.halted is None:
        for _ in Channel:  # whose letter cannot be printed has perhaps another way, and no more of them than there are
            if not await _print_what_is_left(release, now, world):
                break
        counted = where_they_stand(release.case.incident, release.started, world)
        if not counted[Pending.WAITING] and not counted[Pending.UNCERTAIN]:
            return write_down(release.case, _completed(release, counted, now, world), world=world)
    doubts = len(world.outbox.uncertain(release.started.communication))
    if doubts == release.case.incident.uncertain:
        return release.case.incident
    return write_down(release.case, _uncertain(release.started, doubts, now), world=world)


async def _print_what_is_left(release: _Release, now: datetime, world: World) -> int:
    ways, started = left(release.started, world), release.started
    return await print_letters(
        ways, release.letter, started=started, controller=release.controller, now=now, world=world
    )


def _to_write_again(started: CommunicationStarted, world: World) -> set[str]:
    """Return the ids of those to whom a message or a letter came back, and who have no other."""
    back = {whose(key) for key, _ in failed_of(started.communication, world)}
    return back - written_to(states_of(started.communication, started.sha256, world)).keys() if back else back


def _release(incident_id: IncidentId, world: World) -> _Release | None:
    """Return what was released; None if everyone has it. Raises StepOutOfOrder before the release."""
    case = read_open(incident_id, world.timeline)
    started = case.incident.started
    if started is None:
        raise StepOutOfOrder(
            N_("The letters of {incident} have not been released."),
            why=N_("A delegate releases them after approving the text."),
            remedy=N_("Release the communication first."),
            incident=incident_id,
        )
    if case.incident.completed is not None:
        return None
    letter = released(started, incident=case.incident, world=world)
    return _Release(case, started, letter, world.register.controller(case.incident.party))


def _envelopes(started: CommunicationStarted, world: World) -> Iterator[Envelope]:
    return (envelope for way in left(started, world) for envelope in way.envelopes)


def _dispatch(communication: str, key: str, started: CommunicationStarted) -> Dispatch:
    return Dispatch(communication=communication, recipient=key, letter_sha256=started.sha256)


def routes(
    started: CommunicationStarted,
    world: World,
    *,
    notice: bool = False,
    settled: Mapping[str, Way] = NOBODY,
) -> Iterator[Route]:
    """Return the way to each person of the released communication, as far as the tries until now have shown.

    ``notice``: whom no letter reaches, a published notice to the public does. Who is ``settled`` has the letter.
    """
    people, day = partial(world.recipients.read, started.communication), local(started.occurred_at).date()
    failed, replaced = (
        failed_of(started.communication, world),
        replaced_of(started.communication, started.sha256, world),
    )
    turn = started.round if started.found else 1
    return ways(people, on=day, failed=failed, notice=notice, settled=settled, turn=turn, replaced=replaced)


def where_they_stand(incident: Incident, started: CommunicationStarted, world: World) -> Counter[Way | Pending]:
    """Count the people by where each of them stands now, as ``started`` let the letters out."""
    states = states_of(started.communication, started.sha256, world)
    return ends(left(started, world, states=states, notice=bool(incident.notices)), states)


def left(
    started: CommunicationStarted, world: World, *, states: States | None = None, notice: bool = False
) -> Iterator[Route]:
    """Return the ways that are left to go, one a person.

    None to who has the letter from an earlier round of it, or has it and may not be written to that way any more.
    """
    known = states_of(started.communication, started.sha256, world) if states is None else states
    return routes(started, world, notice=notice, settled=written_to(known))


def _uncertain(started: CommunicationStarted, messages: int, now: datetime) -> DeliveriesUncertain:
    stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": ENGINE}
    return DeliveriesUncertain.model_validate({**stamp, "communication": started.communication, "messages": messages})


_COUNTS = {
    Way.EMAIL: "emailed",
    Way.MAILBOX: "by_mailbox",
    Way.PAPER: "on_paper",
    Way.SEALED: "sealed",
    Way.GUARDIANS: "by_guardians",
    Way.DECEASED: "deceased",
    Way.PUBLIC: "by_notice",
    Way.UNREACHABLE: "unreachable",
}
"""Where the closing event counts the people of each way."""


def _completed(
    release: _Release, counted: Counter[Way | Pending], now: datetime, world: World
) -> CommunicationCompleted:
    """Return the closing counts. The event refuses a wrong sum."""
    started, waiting = release.started, found(release.case.incident, release.started.sha256, world)
    on_paper = world.outbox.states(f"{started.communication}/{POST}", started.sha256).values()
    printed = sum(state is not DeliveryState.UNPRINTABLE for state in on_paper)
    counts = {name: counted[way] for way, name in _COUNTS.items()} | {
        "uncertain": 0,
        "printed": printed,
        "found": waiting.unwritten,
    }
    stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": ENGINE}
    own = {"communication": started.communication, "recipients": started.recipients, "sha256": started.sha256}
    return CommunicationCompleted.model_validate({**stamp, **own, **counts})


def moved(completed: CommunicationCompleted, counted: Counter[Way | Pending]) -> int:
    """Return how many people no longer stand where they stood when the communication was completed."""
    return sum(max(0, getattr(completed, name) - counted[way]) for way, name in _COUNTS.items())
