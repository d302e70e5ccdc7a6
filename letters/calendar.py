"""Deadlines as calendar files (RFC 5545, 5546): one to take in, one that takes it out again, and a feed to subscribe to.

One deadline keeps one UID for as long as its case lives; each time it moves its SEQUENCE rises, so that a calendar
changes what it has instead of adding to it. Times are exact (UTC): no time zone of a reader's can move them.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration, vText
from icalendar.parser import Contentline

from letters.language import clock_time, say
from letters.senders import case_address, deadline_name, full_name
from models.errors import N_
from models.overview import OpenDeadline
from models.parties import Register

_SHOWN = timedelta(minutes=30)
"""How long the entry is: it ends at the time limit, so that it can be seen in a calendar."""
_RINGS = (timedelta(hours=24), timedelta(hours=6), timedelta(hours=2))
_REFRESH = timedelta(minutes=15)
_FIRST, _LAST, _END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"END:VCALENDAR\r\n"


class Envelope(NamedTuple):
    """What every calendar file needs besides its deadlines: who they come from, where the desk is, and when it is."""

    register: Register
    organizer: str
    desk: str
    now: datetime


def entry(deadline: OpenDeadline, envelope: Envelope, *, settled: bool = False) -> bytes:
    """Return ``deadline`` as it stands in every file, the same for everybody; ``settled`` takes it out of a calendar.

    Raises ValueError for a deadline without a number: a calendar has no day for "without undue delay".
    """
    due_at, register = deadline.duty.due_at, envelope.register
    if due_at is None:
        raise ValueError("only a time limit has a place in a calendar")
    what = deadline_name(deadline.duty, register)
    summary = say(N_("Time limit: {what}, {incident}"), what=what, incident=deadline.incident)
    last = say(N_("The time limit runs out {when}."), when=clock_time(due_at))
    event = Event()
    event.add("UID", uid(deadline, envelope.organizer.rpartition("@")[2]))
    event.add("SEQUENCE", deadline.version)
    event.add("DTSTAMP", envelope.now)
    event.add("DTSTART", due_at - _SHOWN)
    event.add("DTEND", due_at)
    event.add("SUMMARY", summary)
    lines = (last, full_name(register.party(deadline.party)), case_address(envelope.desk, deadline.incident))
    event.add("DESCRIPTION", "\n".join(line for line in lines if line))
    event.add("STATUS", "CANCELLED" if settled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "CONFIDENTIAL")
    organizer = vCalAddress(f"mailto:{envelope.organizer}")
    organizer.params["CN"] = vText("Timglas")
    event["ORGANIZER"] = organizer
    rings = () if settled else rings_ahead(deadline, envelope.now)
    return bytes(event.to_ical()).removesuffix(_LAST) + b"".join(map(_alarm, rings)) + _LAST


def rings_ahead(deadline: OpenDeadline, now: datetime) -> tuple[timedelta, ...]:
    """Return how long before the time limit its entry still rings after ``now``."""
    due_at = deadline.duty.due_at
    return tuple(before for before in _RINGS if due_at is not None and due_at - before > now)


def invitation(one: bytes, *, to: str) -> bytes:
    """Return the file that puts the entry ``one`` into the calendar of the address ``to``, or moves it there."""
    return _for_one(one, "REQUEST", to)


def cancellation(one: bytes, *, to: str) -> bytes:
    """Return the file that takes the settled entry ``one`` out of that calendar again."""
    return _for_one(one, "CANCEL", to)


def feed(entries: Iterable[bytes], *, name: str, stand: str) -> bytes:
    """Return a calendar of its own that programs read again and again: what is open, and the ``stand`` it was made at."""
    calendar = _calendar("PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("NAME", name)
    calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    calendar.add("X-TIMGLAS-STAND", stand)
    return _filled(calendar, *entries)


def uid(deadline: OpenDeadline, domain: str) -> str:
    """Return what a calendar knows the deadline by, whenever it is due."""
    return f"{deadline.incident.lower()}.{re.sub(r'[^a-z0-9]+', '-', deadline.duty.key.lower())}@{domain}"


def _for_one(one: bytes, method: str, to: str) -> bytes:
    """Address the entry: reading and writing one anew for each person would take most of the time of a reminder."""
    begin, _, rest = one.partition(_FIRST)
    return _filled(_calendar(method), begin + _FIRST + _attendee(to) + rest)


@lru_cache(maxsize=256)
def _attendee(to: str) -> bytes:
    """Nobody is asked to accept a time limit."""
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["PARTSTAT"], attendee.params["RSVP"] = vText("ACCEPTED"), vText("FALSE")
    return _line("ATTENDEE", attendee)


@cache
def _alarm(before: timedelta) -> bytes:
    """An alarm counts from the start of the entry: the only way that every calendar understands."""
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", say(N_("A time limit runs out in {time}."), time=before))
    alarm.add("TRIGGER", _SHOWN - before)
    return bytes(alarm.to_ical())


def _line(name: str, value: vCalAddress) -> bytes:
    return bytes(Contentline.from_parts(name, value.params, value).to_ical()) + b"\r\n"


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", "-//Timglas//Frister//SV")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def _filled(calendar: Calendar, *entries: bytes) -> bytes:
    return bytes(calendar.to_ical()).removesuffix(_END) + b"".join(entries) + _END
