"""Where each person on the list stands: the way to them, why that one, and whether it has been gone. Pure reading."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

from models.base import ActorId, IncidentId
from models.instants import local
from models.recipient import Recipient
from models.route import Route, Way
from services.documents.drafts import COMMUNICATION
from services.people.communicate import left
from services.people.communication import communication_of, states_of
from services.people.found_later import waiting
from services.people.reconcile import Pending, end_of
from services.people.route import ways
from services.ports.world import World
from services.record import read
from services.roles import PREPARES, require_role


class Standing(NamedTuple):
    """A person, the way to them, and where they are on it; ``end`` is None before a release lets them get the letter."""

    person: Recipient
    route: Route
    end: Way | Pending | None


def standings(incident_id: IncidentId, *, by: ActorId, now: datetime, world: World) -> Iterator[Standing]:
    """Yield everybody of the case once, and then those found later who wait for a release of their own.

    Raises NotEntitled, and UnknownReference where no list was taken in or it is erased.
    """
    incident = read(incident_id, world.timeline).incident
    require_role(incident, by=by, among=PREPARES, register=world.register)
    people, on = partial(world.recipients.read, communication_of(incident_id)), local(now).date()
    started = incident.started
    if started is None:
        for person, way in zip(people(), ways(people, on=on), strict=True):
            yield Standing(person, way, None)
        return
    states = states_of(started.communication, started.sha256, world)
    gone = left(started, world, states=states, notice=bool(incident.notices))
    for person, way in zip(people(), gone, strict=True):
        yield Standing(person, way, end_of(way, states))
    approval = incident.approvals.get(COMMUNICATION)
    found = partial(waiting, incident, approval.sha256 if approval else None, world)
    for person, way in zip(found(), ways(found, on=on), strict=True):
        yield Standing(person, way, None)
