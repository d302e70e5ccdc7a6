"""What we remind each other of. A reminder is always written: a role nobody bears is left out, never a reason to fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from letters.duty_stands import left_to_tell
from letters.language import capital, counted, duration, moment, named, on_the, say, spoken, word
from letters.render import render
from letters.senders import deadline_name, full_name
from models.base import ActorId
from models.duty import Duty, DutyStatus, Untold
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.letter import Letter
from models.parties import Party, Register, Role

_HOUR = timedelta(hours=1)
_SWEEP = timedelta(minutes=5)
"""A sweep comes a moment after its step: 47 h 59 min is said as 48 hours. Never more than this is rounded up."""

Kind = Literal["suspect", "reassess", "decide", "communicate", "inform_controllers", "approve", "document", "other"]
_KINDS: dict[str, Kind] = {
    "gdpr.34.1": "communicate",
    "gdpr.33.2": "inform_controllers",
    "gdpr.33.5": "document",
    "decision": "approve",
}


class Answered(NamedTuple):
    """The last answer to a reminder: whose, when, and whether they took it in hand or could not."""

    person: ActorId
    at: datetime
    took: bool


@dataclass(frozen=True)
class Around:
    """What stands around a deadline in one reminder.

    ``waiting`` are decisions that nobody has taken, each with whose it is; ``missing`` keys of particulars not known.
    ``also`` is what else the same message reminds of. ``called`` tells that the first ones did not answer,
    ``instead_of`` who is away, ``silent_since`` from when no reminder could be sent, ``answered`` the last answer.
    ``next_in_line`` is called at ``calls_at`` if nobody answers. ``answer_hours`` is for how long an answer by mail holds; None where mail that
    comes in is not read. ``link`` leads to the case.
    """

    waiting: tuple[tuple[str, ActorId | None], ...] = ()
    missing: tuple[str, ...] = ()
    also: tuple[Duty, ...] = ()
    called: bool = False
    instead_of: ActorId | None = None
    silent_since: datetime | None = None
    answered: Answered | None = None
    next_in_line: ActorId | None = None
    calls_at: datetime | None = None
    answer_hours: int | None = None
    link: str = ""


@dataclass(frozen=True)
class Matter:
    """What one reminder is about. ``party`` owes the duty; for Article 33(2) that is the processor."""

    incident: Incident
    duty: Duty
    party: Party
    register: Register
    now: datetime
    around: Around = Around()


def deadline_started(matter: Matter, *, moved_from: datetime | None = None) -> Letter:
    """Return the message that a time limit runs, or that it has moved. Raises StepOutOfOrder without a limit ahead."""
    return render("deadline_started", {**_ahead(matter), "moved_from": moved_from and on_the(moved_from)})


def deadline_reminder(matter: Matter) -> Letter:
    """Return the reminder before the time limit. Raises StepOutOfOrder for a duty without a time limit ahead."""
    return render("deadline_reminder", _ahead(matter))


def deadline_passed(matter: Matter) -> Letter:
    """Return the message that the time limit has run out, at that instant or later. Raises StepOutOfOrder before it."""
    due_at = matter.duty.due_at
    if due_at is None or matter.now < due_at:
        raise StepOutOfOrder(
            N_("The time limit of {provision} has not run out."),
            why=N_("Nobody is told that they are late while there is time left."),
            remedy=N_("Send the reminder that comes before the time limit."),
            provision=matter.duty.provision,
        )
    return render("deadline_passed", {**_case(matter), "late": duration(matter.now - due_at)})


def decision_reminder(matter: Matter) -> Letter:
    """Return the reminder of what has no number in the law: a decision that waits, letters not sent, a file not closed."""
    incident, duty = matter.incident, matter.duty
    trigger = incident.reopened_by.trigger if incident.reopened_by else None
    context = {
        **_case(matter),
        "kind": _kind(incident, duty),
        "about": named("letter", duty.about),
        "waited": duration(max(matter.now - duty.since, timedelta())),
        "trigger": word(trigger) if trigger else None,
        "worst_case": on_the(duty.due_at) if duty.due_at else None,
        "left": left_to_tell(duty.untold),
        **(duty.untold or Untold()).model_dump(),
    }
    return render("decision_reminder", context)


def deadline_settled(*, incident: Incident, duties: tuple[Duty, ...], controller: Party, register: Register) -> Letter:
    """Return the message that nobody need do any more about ``duties``, at least one, and why."""
    context = {
        "reference": incident.id,
        "party": full_name(controller),
        "duty": deadline_name(duties[0], register),
        "several": len(duties) > 1,
        "settled": tuple((deadline_name(duty, register), _settled(duty)) for duty in duties),
    }
    return render("deadline_settled", context)


def time_left(left: timedelta) -> str:
    """Return how long is left, in whole hours as long as there is one: "48 timmar", "50 minuter"."""
    rounded = left + _SWEEP
    return duration(rounded // _HOUR * _HOUR) if rounded >= _HOUR else duration(left)


def _kind(incident: Incident, duty: Duty) -> Kind:
    if incident.aware_at is None and duty.provision == "gdpr.33.1":
        return "suspect"
    if duty.status is DutyStatus.UNDECIDED:
        return "reassess" if incident.reopened_by else "decide"
    return _KINDS.get(duty.provision, "other")


def _settled(duty: Duty) -> str:
    if duty.fulfilled_at is None:
        reason = f": {duty.ground.because.rstrip('.')}" if duty.ground else ""
        return f"{word(duty.status)}{reason}" if not duty.is_open else say(N_("the time limit no longer applies"))
    if duty.late_by:
        return say(N_("done {when}, {late} late"), when=moment(duty.fulfilled_at), late=duty.late_by)
    return say(N_("done {when}"), when=moment(duty.fulfilled_at))


def _ahead(matter: Matter) -> dict[str, object]:
    duty = matter.duty
    if duty.due_at is None or matter.now > duty.due_at:
        raise StepOutOfOrder(
            N_("{provision} has no time limit ahead."),
            why=N_("This reminder tells how long is left."),
            remedy=N_("Send the message for a time limit that has passed, or the reminder of a decision."),
            provision=duty.provision,
        )
    left = duty.due_at - matter.now
    return {
        **_case(matter),
        "left": capital(time_left(left)),
        "stage": "last" if left <= 6 * _HOUR + _SWEEP else "late" if left <= 24 * _HOUR + _SWEEP else "early",
    }


def _case(matter: Matter) -> dict[str, object]:
    incident, duty, party, register = matter.incident, matter.duty, matter.party, matter.register
    return {
        "reference": incident.id,
        "party": full_name(party),
        "provision": duty.provision,
        "duty": deadline_name(duty, register),
        "anchor": on_the(duty.due_at or duty.since),
        "ahead": duty.due_at is not None and matter.now < duty.due_at,
        "since": on_the(duty.since),
        "aware": duty.provision == "gdpr.33.1" and duty.since == incident.aware_at,
        "undecided": incident.decision is None and duty.provision == "gdpr.33.1",
        "delegate": _bearer(party, Role.DELEGATE, register),
        "officer": _bearer(party, Role.OFFICER, register),
        "stand_in": _bearer(party, Role.STAND_IN, register),
        **_around(matter.around, register, matter.now),
    }


def _around(around: Around, register: Register, now: datetime) -> dict[str, object]:
    called_next = around.next_in_line is not None and around.calls_at is not None
    return {
        "waiting": tuple(f"{what}: {_person(who, register)}" if who else what for what, who in around.waiting),
        "missing": tuple(capital(named("particular", key)) for key in around.missing),
        "also": tuple(_in_short(duty, register, now) for duty in around.also),
        "called": around.called,
        "instead_of": around.instead_of and register.person(around.instead_of).name,
        "silent_since": around.silent_since and on_the(around.silent_since),
        "answered": around.answered and _answered(around.answered, register),
        "next_in_line": _person(around.next_in_line, register) if around.next_in_line and called_next else None,
        "calls_at": on_the(around.calls_at) if around.calls_at and called_next else None,
        "answer_hours": hours_in_words(around.answer_hours) if around.answer_hours else None,
        "link": around.link,
    }


def _answered(answered: Answered, register: Register) -> str:
    said = N_("{person} took it in hand {when}") if answered.took else N_("{person} could not, said {when}")
    return say(said, person=_person(answered.person, register), when=on_the(answered.at))


def _in_short(duty: Duty, register: Register, now: datetime) -> str:
    what = deadline_name(duty, register)
    if duty.due_at is None:
        return say(N_("{what}, has waited for {time}"), what=what, time=max(now - duty.since, timedelta()))
    if now > duty.due_at:
        return say(N_("{what}, {time} late"), what=what, time=now - duty.due_at)
    return say(N_("{what}, by {when}"), what=what, when=duty.due_at)


def hours_in_words(count: int) -> str:
    """Return a number of hours, as in "4 timmar"."""
    return counted("{number} hour", "{number} hours", count).format(number=spoken(count))


def _person(actor: ActorId, register: Register) -> str:
    person = register.person(actor)
    return f"{person.name}, {person.title}"


def _bearer(party: Party, role: Role, register: Register) -> str | None:
    if role not in party.roles:
        return None
    person = register.person(party.roles[role])
    return f"{person.name}, {person.phone}" if person.phone else person.name
