"""Let what a list forbids hold before anybody has released it, for letters that have not left the house.

Only what the list says of protection and death counts, and no protection that it merely leaves open: who can be reached,
and where, waits for the release.
"""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain, islice
from typing import NamedTuple

from models.incident import Incident
from models.instants import local
from models.recipient import Protection, Recipient, is_known
from services.people.communication import communication_of
from services.people.family import Kin, protected_kin
from services.people.found_later import laid_aside, waits
from services.ports.world import World

_AT_A_TIME = 1000


class _Families(NamedTuple):
    """The protected families, as they were known and as the list that waits tells them."""

    known: Kin
    told: Kin


def guard(incident: Incident, ids: Collection[str], world: World) -> None:
    """Let what a waiting list forbids hold at once for those ``ids``, who have no letter yet. To be asked again is safe."""
    for changed in _guarded(incident, ids, world):
        world.recipients.put(communication_of(incident.id), changed)


def forbidden(incident: Incident, ids: Collection[str], world: World) -> frozenset[str]:
    """Return those of ``ids`` of whom a waiting list says what nobody knew when they were written to. Changes nothing."""
    return frozenset(one.id for changed in _guarded(incident, ids, world) for one in changed)


def _guarded(incident: Incident, ids: Collection[str], world: World) -> Iterator[list[Recipient]]:
    """Yield, some at a time, those of ``ids`` for whom the waiting list forbids more than is kept of them, as guarded."""
    started = incident.started
    if started is None or not ids or not waits(incident, world):
        return
    aside, communication = laid_aside(incident), communication_of(incident.id)
    everybody = chain(world.recipients.read(aside), world.recipients.read(communication))
    families = _Families(
        protected_kin(world.recipients.read(communication)), protected_kin(map(_as_far_as_known, everybody))
    )
    on = local(started.occurred_at).date()
    left = iter(sorted(ids))
    while some := list(islice(left, _AT_A_TIME)):
        told = {one.id: one for one in world.recipients.some(aside, some)}
        pairs = [
            (kept, _as_told(kept, told.get(kept.id, kept), families, on))
            for kept in world.recipients.some(communication, some)
        ]
        changed = [guarded for kept, guarded in pairs if guarded != kept]
        if changed:
            yield changed


def _as_told(kept: Recipient, newer: Recipient, families: _Families, on: date) -> Recipient:
    """Return ``kept`` as the list tells it. Of a minor, that the family turns out to be protected: the list may name others."""
    guarded = kept.guarded(newer)
    turns_out = not families.known.holds(kept) and (families.told.holds(guarded) or families.told.holds(newer))
    return guarded.model_copy(update={"kin_protected": True}) if turns_out and kept.is_minor(on) else guarded


def _as_far_as_known(person: Recipient) -> Recipient:
    guardians = tuple(one.model_copy(update=_known_of(one.protection)) for one in person.guardians)
    return person.model_copy(update={**_known_of(person.protection), "guardians": guardians})


def _known_of(protection: Protection) -> dict[str, Protection]:
    return {"protection": protection if is_known(protection) else Protection.NONE}
