"""Whoever is on a list already keeps the id they have there when a later list names them: one person, and one letter."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from models.errors import N_, UnreadableFile
from models.likeness import as_said, keys_of, may_be_one, share_a_name
from models.recipient import Recipient
from services.ports.world import Listed, World

_AT_A_TIME = 1000

Known = dict[str, list[Recipient]]
"""Those on the lists who may be somebody on the new one, by what tells them."""


def as_known(listed: Listed, lists: Sequence[str], world: World) -> Iterator[Recipient]:
    """Return the people of ``listed``, each under the id that the same person has in one of the ``lists``.

    An id goes to one person only: of two who may be the one that is known, the other is somebody new. Raises, before
    the first of them comes, UnreadableFile if an id or a number is somebody else's, UnknownReference if the first list
    is erased.
    """
    people = partial(listed.people, world.recipients.namer(lists[0]))
    new, keys = set[str](), set[str]()
    for one, kept in _with_kept(people(), lists, world):
        if not any(_is_same(one, other) for other in kept):
            new.add(one.id)
            keys.update(keys_of(one))
    known = _known(keys, lists, world)
    if not known:
        return people()
    ids = {other.id for others in known.values() for other in others}
    given: dict[str, Recipient] = {}
    for one in people():
        if one.id in new:
            _as_known(one, known, {})  # what is wrong with it is said before anybody is kept
        elif one.id in ids:
            given[one.id] = one
    return (_as_known(one, known, given) if one.id in new else one for one in people())


def _with_kept(
    people: Iterator[Recipient], lists: Sequence[str], world: World
) -> Iterator[tuple[Recipient, list[Recipient]]]:
    """Yield each of the people with what the lists keep under the same id."""
    while some := list(islice(people, _AT_A_TIME)):
        ids = [one.id for one in some]
        kept: dict[str, list[Recipient]] = {}
        for name in lists:
            for one in world.recipients.some(name, ids):
                kept.setdefault(one.id, []).append(one)
        yield from ((one, kept.get(one.id, [])) for one in some)


def _known(keys: set[str], lists: Sequence[str], world: World) -> Known:
    known: Known = {}
    for name in lists if keys else ():
        for one in world.recipients.read(name):
            for key in keys & set(keys_of(one)):
                known.setdefault(key, []).append(one)
    return known


def _as_known(one: Recipient, known: Known, given: dict[str, Recipient]) -> Recipient:
    """Return ``one`` under the id that a list gave them, if it knows them and nobody else has been ``given`` it."""
    for key in keys_of(one):
        for other in known.get(key, ()):
            if (_is_sure(one, other) or key.startswith("i")) and not _is_same(one, other):
                raise _two_as_one()
            if may_be_one(one, other) and may_be_one(one, given.setdefault(other.id, one)):
                return one.model_copy(update={"id": other.id})
    return one


def _is_same(one: Recipient, other: Recipient) -> bool:
    """Tell whether two entries with one id or one number are one person."""
    if _is_sure(one, other):
        return share_a_name(one, other)
    return may_be_one(one, other) and as_said(one.name) == as_said(other.name)


def _is_sure(one: Recipient, other: Recipient) -> bool:
    return one.number is not None and one.number == other.number


def _two_as_one() -> UnreadableFile:
    return UnreadableFile(
        N_("The list names somebody by the id or the number of another person on the first list."),
        why=N_("The letter to the one would count as the letter to the other."),
        remedy=N_("Compare the two lists, and leave the column of ids out if it comes from another system."),
    )
