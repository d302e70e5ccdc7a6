"""What the watch writes: that something may keep people from being told in time, and that it works again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from letters.language import duration, moment, on_the, say
from letters.render import render
from letters.senders import deadline_name, full_name
from models.errors import N_
from models.health import Finding
from models.letter import Letter
from models.overview import OpenDeadline
from models.parties import Party, Register, Role


def watch_alarm(
    *, findings: Sequence[Finding], since: datetime, repeat: timedelta, machine: str, nearest: Sequence[str] = ()
) -> Letter:
    """Return the alarm about ``findings``, at least one, on ``machine``. ``since`` is when the first of them was found.

    ``nearest`` are the time limits that run out first, as ``limits_in_words`` says them.
    """
    context = {
        "first": findings[0].said[:1].lower() + findings[0].said[1:].rstrip("."),
        "findings": tuple((one.said, one.remedy) for one in findings),
        "machine": machine,
        "since": on_the(since),
        "repeat": duration(repeat),
        "nearest": tuple(nearest),
    }
    return render("watch_alarm", context)


def watch_all_clear(*, since: datetime, now: datetime, machine: str) -> Letter:
    """Return the message that everything works again."""
    context = {"lasted": duration(now - since), "machine": machine, "since": on_the(since), "now": on_the(now)}
    return render("watch_all_clear", context)


def limits_in_words(deadlines: Iterable[OpenDeadline], register: Register) -> tuple[str, ...]:
    """Return each time limit in a line, with whom to ring. A deadline without a number is left out."""
    return tuple(
        say(
            N_("{when}: {what}, {incident}. {officer}"),
            when=moment(one.duty.due_at),
            what=deadline_name(one.duty, register),
            incident=one.incident,
            officer=_officer(register.party(one.party), register),
        )
        for one in deadlines
        if one.duty.due_at is not None
    )


def _officer(party: Party, register: Register) -> str:
    """Return who knows the case: the officer and the telephone, or the organisation where nobody bears the role."""
    if Role.OFFICER not in party.roles:
        return full_name(party)
    person = register.person(party.roles[Role.OFFICER])
    return f"{person.name}, {person.phone}" if person.phone else person.name
