"""People who can be reached once the letters are out: laid aside, sealed, until a delegate lets them in; then written to once.

They get the ids that the first list gave the same people, so whoever has the letter already is known, and gets no other.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from models.communication_events import CommunicationStarted
from models.errors import UnknownReference
from models.incident import Incident
from models.parties import PostalAddress
from models.recipient import Channel, Guardian, Protection, Recipient
from models.route import ON_PAPER_INSTEAD
from services.people.communication import came_back_of, communication_of, states_of, written_to
from services.people.known_people import as_known
from services.ports.world import Listed, World

_AT_A_TIME = 1000


Failed = frozenset[tuple[str, Channel]]
Dead = frozenset[str | PostalAddress]


class Found(NamedTuple):
    """Who was laid aside: all of them, those who are on no list yet, and those who have not had a certain letter."""

    people: int
    new: int
    unwritten: int


NOBODY = Found(0, 0, 0)


def laid_aside(incident: Incident) -> str:
    """Return the id under which those wait whom the next release lets in."""
    return _aside(incident, next_round(incident))


def next_round(incident: Incident) -> int:
    """Return the number of the next release that lets people in."""
    return sum(release.lets_in for release in incident.releases) + 1


def lay_aside(incident: Incident, listed: Listed, world: World) -> int:
    """Keep the people of ``listed`` for the next release, and return how many wait for it. To load a list again adds nobody.

    Raises UnreadableFile if an id or a number of theirs is somebody else's, UnknownReference once the list is erased.
    """
    aside = laid_aside(incident)
    lists = (communication_of(incident.id), *((aside,) if _waits(aside, world) else ()))
    return world.recipients.keep(aside, as_known(listed, lists, world))


def found(incident: Incident, sha256: str | None, world: World) -> Found:
    """Count who waits for the next release, of a letter with that digest."""
    aside, communication = laid_aside(incident), communication_of(incident.id)
    if not _waits(aside, world):
        return NOBODY
    people = new = unwritten = 0
    for some, kept in _with_kept(aside, communication, world):
        people, new = people + len(some), new + len(some) - len(kept)
    unwritten = sum(1 for _ in waiting(incident, sha256, world))
    return Found(people, new, unwritten)


def waiting(incident: Incident, sha256: str | None, world: World) -> Iterator[Recipient]:
    """Yield those who wait for the next release, of a letter with that digest, and have not had it.

    Of a child whose letter went to one guardian, another guardian may wait: the child is yielded with that one alone.
    """
    aside, communication = laid_aside(incident), communication_of(incident.id)
    if not _waits(aside, world):
        return
    had = written_to(states_of(communication, sha256, world)) if sha256 else {}
    turn = next_round(incident)
    for some, kept in _with_kept(aside, communication, world):
        for one in some:
            if one.id not in had:
                yield one
            elif further := _to_write(kept[one.id].further(one, turn=turn), turn):
                yield one.model_copy(update={"guardians": further})


def let_in(started: CommunicationStarted, incident: Incident, world: World) -> None:
    """Take those who were laid aside for this release into the list. Safe to run again, and side by side.

    Whoever has the letter keeps what they had, but for what forbids writing to them in the open again, and for further
    guardians, who are written to. All others are written to anew, and not where a message to them was refused.
    """
    aside = _aside(incident, started.round)
    if not started.lets_in or not _waits(aside, world):
        return
    had = written_to(states_of(started.communication, started.sha256, world)).keys()
    failed = came_back_of(started.communication, world)
    try:
        for some, kept in _with_kept(aside, started.communication, world):
            people = [
                _let_in(one, kept.get(one.id), had=one.id in had, failed=failed, turn=started.round) for one in some
            ]
            world.recipients.put(started.communication, people)
    except UnknownReference:
        if not world.recipients.is_erased(aside):
            raise  # otherwise somebody else has let everybody in meanwhile
    world.recipients.erase(aside)


def waits(incident: Incident, world: World) -> bool:
    """Tell whether a list waits for the next release."""
    return _waits(laid_aside(incident), world)


def _aside(incident: Incident, turn: int) -> str:
    return f"{communication_of(incident.id)}/{turn}"


def _waits(aside: str, world: World) -> bool:
    return bool(world.recipients.count(aside)) and not world.recipients.is_erased(aside)


def _with_kept(aside: str, communication: str, world: World) -> Iterator[tuple[list[Recipient], dict[str, Recipient]]]:
    """Yield those who were laid aside, some at a time, with what is kept of those among them who are on the list."""
    people = world.recipients.read(aside)
    while some := list(islice(people, _AT_A_TIME)):
        yield some, {one.id: one for one in world.recipients.some(communication, [one.id for one in some])}


def _to_write(further: Iterable[Guardian], turn: int) -> tuple[Guardian, ...]:
    """Return those who can be written to: in the open, or not at all. With one who is protected the family is."""
    some = tuple(one for one in further if one.turn == turn)
    protected = any(one.protection is not Protection.NONE for one in some)
    return () if protected else tuple(one for one in some if one.email or one.address)


def _let_in(one: Recipient, kept: Recipient | None, *, had: bool, failed: Failed, turn: int) -> Recipient:
    if kept is None:
        return one.model_copy(update={"turn": turn})
    if kept.turn == turn:
        return kept  # let in already
    if had:
        guarded = kept.guarded(one)
        return guarded.model_copy(update={"guardians": (*guarded.guardians, *kept.further(one, turn=turn))})
    dead = _dead(kept, failed)
    return _without(kept, dead).updated(_without(one, dead)).model_copy(update={"turn": turn})


def _dead(person: Recipient, failed: Failed) -> Dead:
    """Return the addresses of the person and the guardians from which a message or a letter came back."""
    tried: dict[str, Recipient | Guardian] = {
        person.key: person,
        f"{person.key}{ON_PAPER_INSTEAD}": person,
        **{f"{person.key}.{place}": one for place, one in enumerate(person.guardians, 1)},
    }
    mails = (one.email for key, one in tried.items() if (key, Channel.EMAIL) in failed)
    streets = (one.address for key, one in tried.items() if (key, Channel.PAPER) in failed)
    return frozenset(place for place in (*mails, *streets) if place is not None)


def _without(person: Recipient, dead: Dead) -> Recipient:
    alive = person.model_copy(update=_alive(person, dead))
    return alive.model_copy(
        update={"guardians": tuple(one.model_copy(update=_alive(one, dead)) for one in person.guardians)}
    )


def _alive(one: Recipient | Guardian, dead: Dead) -> dict[str, object]:
    return {name: None for name in ("email", "address") if getattr(one, name) in dead}
