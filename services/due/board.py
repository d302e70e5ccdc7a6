"""The deadline board: every duty of every case as it stands, the most urgent first. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from law.statute_book import StatuteBook
from letters.duty_stands import stands
from letters.language import duration, moment, say
from letters.senders import deadline_name, full_name
from models.duty import Duty
from models.errors import N_
from models.incident import Incident
from models.parties import Register
from services.due.deadlines import deadlines_of


class Row(NamedTuple):
    """One duty of one case at the board's instant, and how it is said. ``secrecy`` is of the report the duty asks for."""

    incident: Incident
    duty: Duty
    party: str
    what: str
    status: str
    due: str
    left: str
    overdue: bool
    secrecy: str = ""


def board(incidents: Iterable[Incident], *, book: StatuteBook, register: Register, now: datetime) -> tuple[Row, ...]:
    """Return a row per duty: the open ones by time limit, then those without a number, the settled ones last."""
    rows = [_row(incident, duty, register, now) for incident in incidents for duty in deadlines_of(incident, book)]
    return tuple(sorted(rows, key=_urgency))


def _row(incident: Incident, duty: Duty, register: Register, now: datetime) -> Row:
    return Row(
        incident=incident,
        duty=duty,
        party=full_name(register.party(incident.party)),
        what=deadline_name(duty, register),
        status=_status(duty),
        due=moment(duty.due_at) if duty.due_at else say(N_("Without undue delay")),
        left=_left(duty, now),
        overdue=duty.is_overdue(now),
        secrecy=duty.secrecy or "",
    )


def _status(duty: Duty) -> str:
    late = duty.late_by
    return say(N_("Fulfilled {late} late"), late=late) if late else stands(duty)


def _left(duty: Duty, now: datetime) -> str:
    if not duty.is_open:
        return moment(duty.fulfilled_at) if duty.fulfilled_at else "–"
    if duty.due_at is None:
        return say(N_("Open for {time}"), time=now - duty.since)
    if duty.is_overdue(now):
        return say(N_("{time} late"), time=now - duty.due_at)
    return say(N_("{time} left"), time=duration(duty.due_at - now))


def _urgency(row: Row) -> tuple[bool, bool, datetime, str]:
    duty = row.duty
    return (not duty.is_open, duty.due_at is None, duty.due_at or duty.since, row.incident.id)
