"""Decide the one way to each person. Pure: the same person and the same knowledge give the same route.

In this order: who is dead is not written to; protected personal data go the sealed way and no other; a minor's letter
goes to the guardians, unless somebody in the family is protected; then e-mail, digital mailbox, paper. What has failed
is not tried again, and whom no way is left to is reached by a public notice or not at all.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from models.recipient import Channel, Guardian, Protection, Recipient
from models.route import (
    NOTHING_KNOWN,
    ON_PAPER_INSTEAD,
    SEALED_INSTEAD,
    Envelope,
    Known,
    Route,
    RouteReason,
    Way,
    whose,
)
from services.people.family import protected_kin

_WAYS = {Channel.EMAIL: Way.EMAIL, Channel.MAILBOX: Way.MAILBOX, Channel.PAPER: Way.PAPER}
_WHY = {
    Way.EMAIL: RouteReason.EMAIL_GIVEN,
    Way.MAILBOX: RouteReason.MAILBOX_FOUND,
    Way.PAPER: RouteReason.ADDRESS_GIVEN,
}


_FORBIDDING = {Way.SEALED, Way.DECEASED}
NOBODY: Mapping[str, Way] = MappingProxyType({})


def route(person: Recipient, *, on: date, known: Known = NOTHING_KNOWN) -> Route:
    """Return the way to ``person`` as things stand ``on`` that day."""
    if person.deceased:
        return Route(recipient=person.id, way=Way.DECEASED, reason=RouteReason.DECEASED)
    if person.protection is Protection.UNKNOWN:
        return _sealed(person, RouteReason.PROTECTION_UNKNOWN, known)
    if person.protection is not Protection.NONE:
        return _sealed(person, RouteReason.PROTECTED, known)
    if not person.is_minor(on):
        return _openly(person, known)
    guarded = known.family_protected or person.kin_protected
    if guarded or any(one.protection is not Protection.NONE for one in person.guardians):
        return _sealed(person, RouteReason.FAMILY_PROTECTED, known)
    return _to_guardians(person, known)


def ways(
    people: Callable[[], Iterable[Recipient]],
    *,
    on: date,
    failed: Collection[tuple[str, Channel]] = frozenset(),
    notice: bool = False,
    settled: Mapping[str, Way] = NOBODY,
    turn: int = 1,
    replaced: Collection[str] = frozenset(),
) -> Iterator[Route]:
    """Yield the way to each of the ``people``, who are read twice: first to know the protected families.

    Who was written to before ``turn`` and is ``settled`` has the letter, that way, and gets no other; nor does whoever is
    ``settled`` and may not be written to that way any more. A guardian of such a child whom only this release knows of
    gets one.
    """
    kin = protected_kin(people())
    for person in people():
        way = route(person, on=on, known=Known(kin.holds(person), failed, notice, replaced, kin.dead))
        had = settled.get(person.id)
        if had and (person.turn < turn or (way.way in _FORBIDDING and way.way is not had)):
            yield _has_it(person, had, way, turn=turn)
        else:
            yield way


def _has_it(person: Recipient, had: Way, way: Route, *, turn: int) -> Route:
    """A letter to a child's guardian is one to that guardian: whoever shares the custody is written to as well (FB 6:13)."""
    new = {f"{person.key}.{place}" for place, one in enumerate(person.guardians, 1) if one.turn == turn}
    own = tuple(one for one in way.envelopes if one.key in new)
    return Route(recipient=person.id, way=Way.GUARDIANS if own else had, reason=RouteReason.HAS_IT, envelopes=own)


def _sealed(person: Recipient, reason: RouteReason, known: Known) -> Route:
    """By way of Skatteverket, which finds the address by the identity number; without one a person delivers it."""
    if person.number is None:
        reason = RouteReason.PROTECTED_WITHOUT_NUMBER
    open_ones = (person.key, f"{person.key}{ON_PAPER_INSTEAD}")
    instead = any(one in known.replaced for one in open_ones)
    key = f"{person.key}{SEALED_INSTEAD}" if instead else person.key
    if (key, Channel.SEALED) in known.failed:
        return _nowhere(person, RouteReason.EVERY_WAY_FAILED, known)
    envelope = Envelope(key=key, channel=Channel.SEALED, name=person.name, number=person.number)
    return Route(recipient=person.id, way=Way.SEALED, reason=reason, envelopes=(envelope,))


def _openly(person: Recipient, known: Known) -> Route:
    envelopes = _open_ways(person)
    left = [one for one in envelopes if (one.key, one.channel) not in known.failed]
    if not left:
        reason = RouteReason.EVERY_WAY_FAILED if envelopes else RouteReason.NO_WAY_GIVEN
        return _nowhere(person, reason, known)
    way = _WAYS[left[0].channel]
    reason = _WHY[way] if len(left) == len(envelopes) else RouteReason.EARLIER_WAY_FAILED
    return Route(recipient=person.id, way=way, reason=reason, envelopes=left[:1])


def _open_ways(person: Recipient) -> list[Envelope]:
    """Every way that the person's own data open, the best first. Who has emigrated no longer has a Swedish address."""
    base = {"key": person.key, "name": person.name}
    ways = []
    if person.email:
        ways.append(Envelope(channel=Channel.EMAIL, email=person.email, **base))
    if person.mailbox and person.number:
        ways.append(Envelope(channel=Channel.MAILBOX, number=person.number, **base))
    if person.address and (person.address.country or not person.emigrated):
        key = f"{person.key}{ON_PAPER_INSTEAD}" if ways and ways[-1].channel is Channel.MAILBOX else person.key
        ways.append(Envelope(channel=Channel.PAPER, address=person.address, **{**base, "key": key}))
    return ways


def _to_guardians(child: Recipient, known: Known) -> Route:
    """One letter to each guardian who lives and can be reached; if none does, to "the guardian of" at the child's own address.

    There goes one too if all whose names are known were found after such a letter: somebody else has had it.
    """
    to_each = [_to_guardian(one, f"{child.key}.{place}", child, known) for place, one in enumerate(child.guardians, 1)]
    envelopes = tuple(filter(None, to_each))
    if not envelopes or all(one.turn > child.turn for one in child.guardians):
        envelopes += _at_home(child, known)
    if not envelopes:
        tried = any(whose(key) == child.id for key, _ in known.failed)
        return _nowhere(child, RouteReason.EVERY_WAY_FAILED if tried else RouteReason.NO_WAY_GIVEN, known)
    return Route(recipient=child.id, way=Way.GUARDIANS, reason=RouteReason.MINOR, envelopes=envelopes)


def _to_guardian(guardian: Guardian, key: str, child: Recipient, known: Known) -> Envelope | None:
    if guardian.number in known.dead:
        return None  # whoever shared the custody has it alone, or the court appoints somebody (FB 6:9)
    base = {"key": key, "name": guardian.name, "for_child": child.name}
    if guardian.email and (key, Channel.EMAIL) not in known.failed:
        return Envelope(channel=Channel.EMAIL, email=guardian.email, **base)
    if guardian.address and (key, Channel.PAPER) not in known.failed:
        return Envelope(channel=Channel.PAPER, address=guardian.address, **base)
    return None


def _at_home(child: Recipient, known: Known) -> tuple[Envelope, ...]:
    ways = (one for one in _open_ways(child) if one.channel in (Channel.PAPER, Channel.EMAIL))
    left = [one for one in ways if (one.key, one.channel) not in known.failed]
    best = sorted(left, key=lambda one: one.channel is Channel.EMAIL)[:1]
    return tuple(one.model_copy(update={"for_child": child.name, "name": ""}) for one in best)


def _nowhere(person: Recipient, reason: RouteReason, known: Known) -> Route:
    return Route(recipient=person.id, way=Way.PUBLIC if known.notice else Way.UNREACHABLE, reason=reason)
