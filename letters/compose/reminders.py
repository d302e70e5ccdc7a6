"""What we remind each other of. A reminder is always written: a role nobody bears is left out, never a reason to fail."""

from datetime import datetime, timedelta
from typing import Literal

from letters.language import capital, duration, moment, named, on_the, word
from letters.render import render
from letters.senders import full_name
from models.duty import Duty, DutyStatus
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.letter import Letter
from models.parties import Party, Register, Role

_HOUR = timedelta(hours=1)
_SWEEP = timedelta(minutes=5)
"""A sweep comes a moment after its step: 47 h 59 min is said as 48 hours. Never more than this is rounded up."""

Kind = Literal["suspect", "reassess", "decide", "communicate", "inform_controllers", "document", "other"]
_KINDS: dict[str, Kind] = {"gdpr.34.1": "communicate", "gdpr.33.2": "inform_controllers", "gdpr.33.5": "document"}


def deadline_reminder(
    *, incident: Incident, duty: Duty, controller: Party, register: Register, missing: tuple[str, ...], now: datetime
) -> Letter:
    """Return the reminder before the time limit of ``duty``. ``missing`` are keys of particulars not known yet.

    ``controller`` is the party that owes the duty. Raises StepOutOfOrder for a duty without a time limit ahead.
    """
    if duty.due_at is None or now > duty.due_at:
        raise _no_limit_ahead(duty)
    left = duty.due_at - now
    context = {
        **_case(incident, duty, controller, register, duty.due_at),
        "left": time_left(left),
        "stage": "last" if left <= 6 * _HOUR + _SWEEP else "late" if left <= 24 * _HOUR + _SWEEP else "early",
        "missing": tuple(capital(named("particular", key)) for key in missing),
    }
    return render("deadline_reminder", context)


def deadline_passed(
    *, incident: Incident, duty: Duty, controller: Party, register: Register, missing: tuple[str, ...], now: datetime
) -> Letter:
    """Return the message that the time limit of ``duty`` has run out. Raises StepOutOfOrder if it has not."""
    if duty.due_at is None or now <= duty.due_at:
        raise StepOutOfOrder(
            N_("The time limit of {provision} has not run out."),
            why=N_("Nobody is told that they are late while there is time left."),
            remedy=N_("Send the reminder that comes before the time limit."),
            provision=duty.provision,
        )
    context = {
        **_case(incident, duty, controller, register, duty.due_at),
        "late": duration(now - duty.due_at),
        "missing": tuple(capital(named("particular", key)) for key in missing),
    }
    return render("deadline_passed", context)


def decision_reminder(
    *, incident: Incident, duty: Duty, controller: Party, register: Register, now: datetime
) -> Letter:
    """Return the reminder of what has no number in the law: a decision that waits, letters not sent, a file not closed.

    ``controller`` is the party that owes the duty; for Article 33(2) that is the processor.
    """
    trigger = incident.reopened_by.trigger if incident.reopened_by else None
    context = {
        **_case(incident, duty, controller, register, duty.since),
        "kind": _kind(incident, duty),
        "waited": duration(max(now - duty.since, timedelta())),
        "trigger": word(trigger) if trigger else None,
        "worst_case": on_the(duty.due_at) if duty.due_at else None,
    }
    return render("decision_reminder", context)


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


def _case(incident: Incident, duty: Duty, party: Party, register: Register, anchor: datetime) -> dict[str, object]:
    return {
        "reference": incident.id,
        "party": full_name(party),
        "provision": duty.provision,
        "duty": named("provision", duty.provision),
        "anchor": on_the(anchor),
        "since": moment(duty.since),
        "undecided": incident.decision is None and duty.provision == "gdpr.33.1",
        "delegate": _bearer(party, Role.DELEGATE, register),
        "officer": _bearer(party, Role.OFFICER, register),
        "stand_in": _bearer(party, Role.STAND_IN, register),
    }


def _bearer(party: Party, role: Role, register: Register) -> str | None:
    if role not in party.roles:
        return None
    person = register.person(party.roles[role])
    return f"{person.name}, {person.phone}" if person.phone else person.name


def _no_limit_ahead(duty: Duty) -> StepOutOfOrder:
    return StepOutOfOrder(
        N_("{provision} has no time limit ahead."),
        why=N_("This reminder tells how long is left."),
        remedy=N_("Send the message for a time limit that has passed, or the reminder of a decision."),
        provision=duty.provision,
    )
