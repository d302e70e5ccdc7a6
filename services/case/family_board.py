"""Lay out a whole family for its board: the cases kept here, and the controllers that a processor's case concerns."""

from collections.abc import Iterator, Sequence

from letters.family_page import Member
from letters.senders import full_name
from models.errors import N_, UnknownReference
from models.incident import Incident
from models.supply import Supply
from services.due.deadlines import deadlines_of
from services.ports.world import World
from services.record import read


def family_named(key: str, world: World) -> str:
    """Return the family that ``key`` is the name of, or that the case ``key`` belongs to. Raises UnknownReference."""
    if world.timeline.family(key):
        return key
    if key in world.timeline.incidents():
        return read(key, world.timeline).incident.family
    raise UnknownReference(
        N_("There is no case and no family called {key}."),
        why=N_("A family is the cases that were opened about the same happening."),
        remedy=N_("Give the reference of one of its cases."),
        key=key,
    )


def members(family: str, world: World) -> tuple[Member, ...]:
    """Return everybody in ``family``: the processors first, then the controllers by name."""
    cases = [read(one, world.timeline).incident for one in world.timeline.family(family)]
    supplier = next((one.supply for one in cases if one.owed_as == "processor"), None)
    found = (*(_member(one, supplier, world) for one in cases), *_without_case(cases, world))
    return tuple(
        sorted(found, key=lambda one: (one.incident is None or one.incident.owed_as == "controller", one.name))
    )


def _member(incident: Incident, supplier: Supply | None, world: World) -> Member:
    name = full_name(world.register.party(incident.party))
    theirs = supplier if incident.owed_as == "controller" else None
    return Member(incident.party, name, incident, deadlines_of(incident, world.book), theirs)


def _without_case(cases: Sequence[Incident], world: World) -> Iterator[Member]:
    """Yield the controllers that a processor tells and that keep their own case elsewhere."""
    here = {one.party for one in cases}
    for case in cases:
        for controller in case.concerned if case.owed_as == "processor" else ():
            if controller not in here:
                yield Member(controller, full_name(world.register.controller(controller)), None, (), case.supply)


def is_family(incident: Incident, world: World) -> bool:
    """Tell whether there is more than one case of the happening, or more than one controller to tell of it."""
    return len(incident.concerned) > 1 or len(world.timeline.family(incident.family)) > 1
