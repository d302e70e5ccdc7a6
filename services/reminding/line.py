"""Who is reminded of a deadline: those it was given to, and whoever is called when they do not answer. Pure."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from models.base import ActorId, IncidentId
from models.instants import STOCKHOLM, local
from models.parties import Party, Register, Role
from models.reminder import Entry
from services.reminding.plan import Running, Step, passed, steps_of

_IN_LINE = (Role.STAND_IN, Role.HEAD_OF_ADMINISTRATION, Role.ON_CALL)
"""Who takes the place of somebody who is away."""


class Addressee(NamedTuple):
    """Somebody to be reminded: in which ``role`` they were ``called``, or instead of whom, if they were not the first."""

    person: ActorId
    called: Role | None = None
    instead_of: ActorId | None = None


class DueStep(NamedTuple):
    """One step of one deadline that is due for one person."""

    run: Running
    step: Step
    to: Addressee

    def entry(self, incident_id: IncidentId) -> Entry:
        """Return its key in the ledger."""
        return Entry(incident_id, self.run.duty.key, self.step.name, self.to.person)


def due_steps(run: Running, party: Party, register: Register, now: datetime) -> Iterator[DueStep]:
    """Yield what has come due by ``now``, whether or not it was sent.

    The first ones get every step; whoever was called gets the call, and every step from then on.
    """
    steps = passed(run, now)
    called = [(step, _present(step.role, party, register, now)) for step in steps if step.role]
    first = dict.fromkeys(one for role in run.plan.to if (one := _present(role, party, register, now)))
    for step in steps:
        if step.role is None:
            yield from (DueStep(run, step, one) for one in first)
        joined = ((call.role, one) for call, one in called if one and _concerns(call, step))
        yield from (DueStep(run, step, one._replace(called=role)) for role, one in dict.fromkeys(joined))


def next_call(run: Running, party: Party, register: Register, now: datetime) -> tuple[ActorId, datetime] | None:
    """Return who is called next, and when, if nobody answers; None if nobody is left to call."""
    for step in steps_of(run, now):
        one = _present(step.role, party, register, now) if step.role and step.at > now else None
        if one is not None:
            return one.person, step.at
    return None


def line_changes_at(run: Running, party: Party, register: Register, now: datetime) -> Iterator[datetime]:
    """Yield the instants from ``now`` on at which an absence begins or ends, so that somebody else is reminded."""
    for role in (*run.plan.to, *_IN_LINE):
        for actor in party.who(role):
            for absence in register.person(actor).absences:
                for day in (absence.first, absence.last + timedelta(days=1)):
                    at = datetime.combine(day, time(), tzinfo=STOCKHOLM)
                    if at > now:
                        yield at


def _concerns(call: Step, step: Step) -> bool:
    """Whoever was called gets the call itself, and from then on what everybody gets."""
    return call is step or (step.role is None and step.at >= call.at)


def _present(role: Role, party: Party, register: Register, now: datetime) -> Addressee | None:
    """Return who is reminded as ``role``: its bearer, a stand-in or the next in line who is not away; the bearer if all are."""
    bearer = party.roles.get(role)
    if bearer is None:
        return None
    today = local(now).date()
    if not register.person(bearer).is_away(today):
        return Addressee(bearer)
    in_line = (party.roles[one] for one in _IN_LINE if one in party.roles)
    others = (actor for actor in (*party.who(role), *in_line) if actor != bearer)
    instead = next((actor for actor in others if not register.person(actor).is_away(today)), None)
    return Addressee(instead, instead_of=bearer) if instead else Addressee(bearer)
