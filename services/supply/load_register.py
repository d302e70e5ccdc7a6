"""Take in a register of parties: show what differs, keep who changed it, and let nobody vanish who stands in a case."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar

from models.base import ActorId
from models.parties import Controller, LoadedRegister, Party, Person, Processor, Register
from services.ports.world import World

Kind = Literal["controller", "processor", "person"]
Entry = Controller | Processor | Person
Named = TypeVar("Named", Controller, Processor, Person)
Organisation = TypeVar("Organisation", Controller, Processor)


class Field(NamedTuple):
    """One value that differs; empty where there is none."""

    name: str
    before: str
    after: str


class Change(NamedTuple):
    """What differs about one party or person. One that is ``ended`` stays, for the sake of what it stands behind."""

    kind: Kind
    id: str
    what: Literal["added", "changed", "ended"]
    fields: tuple[Field, ...]


def load_register(loaded: Register, *, source: str, by: ActorId, now: datetime, world: World) -> tuple[Change, ...]:
    """Let ``loaded`` be the register from now on, and return what that changed. The same again changes nothing.

    ``by`` must be in it or in the one before; ``source`` is the name of the file. Raises UnknownReference,
    TimelineConflict.
    """
    after = succeeding(world.register, loaded)
    after.person(by)
    changed = differences(world.register, after)
    versions = world.registers.versions()
    if changed or not versions:
        version = LoadedRegister(version=len(versions) + 1, content=after, loaded_at=now, loaded_by=by, source=source)
        world.registers.keep(version)
    return changed


def succeeding(before: Register, after: Register) -> Register:
    """Return ``after`` with everyone who is only in ``before``: parties that have ended and people who have left.

    Old cases name them, and a name that nobody can look up any more would make those unreadable.
    """
    return Register(
        controllers=(*after.controllers, *(_ended(one) for one in _gone(before.controllers, after.controllers))),
        processors=(*after.processors, *(_ended(one) for one in _gone(before.processors, after.processors))),
        people=(
            *after.people,
            *(one.model_copy(update={"left": True}) for one in _gone(before.people, after.people)),
        ),
    )


def with_customers(before: Register, customers: Iterable[Controller]) -> Register:
    """Return ``before`` with ``customers`` added, or laid over the controllers of the same id.

    What a customer's row does not say stays as it was, and so does what is agreed with other processors.
    """
    told = {customer.id: customer for customer in customers}
    kept = tuple(_laid_over(one, told.pop(one.id)) if one.id in told else one for one in before.controllers)
    return before.model_copy(update={"controllers": (*kept, *told.values())})


def _laid_over(before: Controller, row: Controller) -> Controller:
    renewed = {agreement.processor for agreement in row.agreements}
    others = tuple(agreement for agreement in before.agreements if agreement.processor not in renewed)
    said = {name: getattr(row, name) for name in row.model_fields_set}
    return before.model_copy(update={**said, "agreements": (*others, *row.agreements), "ended": False})


def differences(before: Register, after: Register) -> tuple[Change, ...]:
    """Return what differs, controllers first, each by its fields. ``after`` must succeed ``before``."""
    return (
        *_between("controller", before.controllers, after.controllers),
        *_between("processor", before.processors, after.processors),
        *_between("person", before.people, after.people),
    )


def _between(kind: Kind, before: Iterable[Entry], after: Iterable[Entry]) -> Iterator[Change]:
    known = {one.id: one for one in before}
    for one in after:
        earlier = known.get(one.id)
        if earlier is None:
            yield Change(kind, one.id, "added", _fields({}, _flat(one)))
        elif earlier != one:
            gone = _is_gone(one) and not _is_gone(earlier)
            yield Change(kind, one.id, "ended" if gone else "changed", _fields(_flat(earlier), _flat(one)))


def _fields(before: dict[str, str], after: dict[str, str]) -> tuple[Field, ...]:
    names = dict.fromkeys((*before, *after))
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(Field(*pair) for pair in pairs if pair[1] != pair[2])


def _flat(value: Entry) -> dict[str, str]:
    return dict(_leaves("", value.model_dump(mode="json", exclude_defaults=True)))


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every value with its path, as in ``contacts.1.email``; the first of several is number 1."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _leaves(f"{path}.{name}" if path else str(name), inner)
        case list() | tuple():
            for place, inner in enumerate(value, start=1):
                yield from _leaves(f"{path}.{place}", inner)
        case _:
            yield path, str(value)


def _gone(before: tuple[Named, ...], after: tuple[Named, ...]) -> tuple[Named, ...]:
    kept = {one.id for one in after}
    return tuple(one for one in before if one.id not in kept)


def _ended(party: Organisation) -> Organisation:
    return party.model_copy(update={"ended": True})


def _is_gone(one: Entry) -> bool:
    return one.ended if isinstance(one, Party) else one.left
