"""Keep the calendars that people subscribe to: one for each role of each organisation, with what that role is reminded of."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from letters import calendar
from letters.language import named, say, slug
from letters.senders import full_name
from models.duty import DutyStatus
from models.errors import N_
from models.overview import OpenDeadline
from models.parties import Party, PartyId, Role
from models.policy import ReminderPolicy
from services.ports.world import World

SHOWN = 100
"""How many time limits one calendar holds, the most urgent first."""


def write_feeds(changed: Collection[PartyId], *, now: datetime, world: World) -> None:
    """Write the calendars of ``changed``, and those that are missing; take away those that no role has any more.

    A calendar holds no name but the organisation's. Safe to run again: what reads as it did is left as it was.
    """
    parties = (*world.register.controllers, *world.register.processors)
    there, kept = world.feeds.names(), set[str]()
    for party in parties:
        feeds = {feed_name(party, role): role for role in party.roles if role in _ever_reminded(party, world.policy)}
        kept |= feeds.keys()
        if feeds and (party.id in changed or not there.issuperset(feeds)):
            _write(party, feeds, now, world)
    world.feeds.drop(there - kept)


def feed_name(party: Party, role: Role) -> str:
    """Return the name of the calendar of ``role``, as in "kommunstyrelsen-dataskyddsombud"."""
    return f"{party.id}-{slug(named('Role', role))}"


def _limits(party: Party, world: World) -> Iterator[OpenDeadline]:
    """Yield the time limits that have a number, as they are put in the calendars that go out by mail."""
    for one in world.overview.limits(SHOWN, party.id):
        if one.duty.status is not DutyStatus.UNDECIDED:
            yield one


def _write(party: Party, feeds: Mapping[str, Role], now: datetime, world: World) -> None:
    """Write those of the calendars of ``party`` that read otherwise; an entry is made once for all of them."""
    envelope = calendar.Envelope(world.register, world.sender, world.ui, now)
    limits, made = tuple(_limits(party, world)), dict[OpenDeadline, bytes]()
    for name, role in feeds.items():
        mine = [one for one in limits if role in _reminded(party, one.duty.provision, world.policy)]
        title = say(N_("Time limits: {party}, {role}"), party=full_name(party), role=named("Role", role))
        stand = _stand(title, mine, envelope)
        if world.feeds.stand(name) != stand:
            for one in mine:
                if one not in made:
                    made[one] = calendar.entry(one, envelope)
            world.feeds.put(name, calendar.feed([made[one] for one in mine], name=title, stand=stand))


def _stand(title: str, mine: Iterable[OpenDeadline], envelope: calendar.Envelope) -> str:
    """Return in one word what a calendar says, without making it: nearly always it says what it said."""
    said = "".join(f"{one.model_dump_json()} {len(calendar.rings_ahead(one, envelope.now))}\n" for one in mine)
    return hashlib.sha256(f"{title}\n{envelope.organizer}\n{envelope.desk}\n{said}".encode()).hexdigest()[:32]


def _ever_reminded(party: Party, policy: ReminderPolicy) -> set[Role]:
    own = policy.parties[party.id].deadlines if party.id in policy.parties else {}
    return {role for kind in (*policy.deadlines, *own) for role in _reminded(party, kind, policy)}


def _reminded(party: Party, kind: str, policy: ReminderPolicy) -> set[Role]:
    """Return the roles that are reminded of a kind of deadline: from the first, or when they are called."""
    plan = policy.plan(party.id, kind)
    return {*plan.to, *plan.steps.call_before, *plan.steps.call_since}
