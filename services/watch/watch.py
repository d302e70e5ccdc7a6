"""The watch: what to tell whom of what ``health`` found, so that an alarm is heard once, repeated while it lasts, and ended."""

from datetime import datetime, timedelta
from typing import NamedTuple

from letters import compose
from models.health import Alarmed, Check, Finding, State
from models.letter import Letter
from models.parties import Register, Role

REPEAT = timedelta(hours=4)
"""How long people are left alone with an alarm that they have been told of and that has not grown."""

_FOLLOWS = {
    Check.PREFECT: {Check.SWEEP, Check.RUNS, Check.CASES, Check.MARKERS, Check.LINE},
    Check.SWEEP: {Check.RUNS, Check.CASES, Check.LINE},
    Check.MAIL_SERVER: {Check.LINE},
}
"""What is no news to somebody who was told of its cause: nobody is woken three times because one thing has stopped."""


class Told(NamedTuple):
    """What to mail, if anything, and what to remember until the next time."""

    letter: Letter | None
    remember: Alarmed | None


def to_tell(
    findings: tuple[Finding, ...], last: Alarmed | None, *, now: datetime, machine: str, nearest: tuple[str, ...] = ()
) -> Told:
    """Return what to mail of ``findings``. Pure: the same findings and the same last alarm, the same mail.

    ``nearest`` are the time limits that nobody may be reminded of, the nearest first, in words.
    """
    alarms = tuple(one for one in findings if one.state is State.ALARM)
    if not alarms:
        well = compose.watch_all_clear(since=last.since, now=now, machine=machine) if last else None
        return Told(well, None)
    checks = tuple(one.check for one in alarms)
    expected = set().union(last.checks, *(_FOLLOWS.get(check, set()) for check in last.checks)) if last else set()
    known = last is not None and set(checks) <= expected and now - last.told_at < REPEAT
    since = last.since if last else now
    if known and last is not None:
        return Told(None, last)
    letter = compose.watch_alarm(findings=alarms, since=since, repeat=REPEAT, machine=machine, nearest=nearest)
    return Told(letter, Alarmed(checks=checks, since=since, told_at=now))


def whom_to_tell(register: Register) -> tuple[str, ...]:
    """Return the addresses that an alarm goes to if none are set: those on call, or the officers where nobody is."""
    parties = (*register.controllers, *register.processors)
    bearers = [{party.roles[role] for party in parties if role in party.roles} for role in (Role.ON_CALL, Role.OFFICER)]
    return tuple(sorted(register.person(actor).email for actor in next((some for some in bearers if some), set())))


def cannot_start(said: str, remedy: str) -> Finding:
    """Return the finding that Timglas itself cannot start."""
    return Finding(check=Check.START, state=State.ALARM, said=said, remedy=remedy)
