"""Deadlines as calendar files (RFC 5545, 5546): one to take in, one that takes it out again, and a feed to subscribe to.

One deadline keeps one UID for as long as its case lives; each time it moves its SEQUENCE rises, so that a calendar
changes what it has instead of adding to it. Times are exact (UTC): no time zone of a reader's can move them.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from letters.language import clock_time, say
from letters.senders import deadline_name, full_name
from models.errors import N_
from models.overview import OpenDeadline
from models.parties import Register

_SHOWN = timedelta(minutes=30)
"""How long the entry is: it ends at the time limit, so that it can be seen in a calendar."""
_ALARMS = (timedelta(hours=24), timedelta(hours=6), timedelta(hours=2))
_REFRESH = timedelta(minutes=15)


class Envelope(NamedTuple):
    """What every calendar file needs besides its deadlines: who they come from, where cases are read, and when it is."""

    register: Register
    organizer: str
    link: str
    now: datetime


def invitation(deadline: OpenDeadline, envelope: Envelope, *, to: str) -> bytes:
    """Return the file that puts ``deadline`` into the calendar of the address ``to``, or moves it there."""
    return _for_one(_event(deadline, envelope), "REQUEST", envelope, to)


def cancellation(deadline: OpenDeadline, envelope: Envelope, *, to: str) -> bytes:
    """Return the file that takes ``deadline`` out of the calendar again."""
    event = _event(deadline, envelope)
    event["STATUS"] = vText("CANCELLED")
    event.subcomponents.clear()
    return _for_one(event, "CANCEL", envelope, to)


def feed(deadlines: Iterable[OpenDeadline], envelope: Envelope, *, name: str) -> bytes:
    """Return a calendar of its own that programs read again and again: what is open at ``envelope.now``."""
    calendar = _calendar("PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("NAME", name)
    calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", _REFRESH)
    for deadline in deadlines:
        calendar.add_component(_event(deadline, envelope))
    return bytes(calendar.to_ical())


def uid(deadline: OpenDeadline, domain: str) -> str:
    """Return what a calendar knows the deadline by, whenever it is due."""
    return f"{deadline.incident.lower()}.{re.sub(r'[^a-z0-9]+', '-', deadline.duty.key.lower())}@{domain}"


def _for_one(event: Event, method: str, envelope: Envelope, to: str) -> bytes:
    organizer = vCalAddress(f"mailto:{envelope.organizer}")
    organizer.params["CN"] = vText("Timglas")
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["PARTSTAT"], attendee.params["RSVP"] = vText("ACCEPTED"), vText("FALSE")
    event["ORGANIZER"], event["ATTENDEE"] = organizer, attendee
    calendar = _calendar(method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", "-//Timglas//Frister//SV")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def _event(deadline: OpenDeadline, envelope: Envelope) -> Event:
    """Raises ValueError for a deadline without a number: a calendar has no day for "without undue delay"."""
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
    lines = (last, full_name(register.party(deadline.party)), envelope.link)
    event.add("DESCRIPTION", "\n".join(line for line in lines if line))
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "CONFIDENTIAL")
    for before in _ALARMS:
        if due_at - before > envelope.now:
            event.add_component(_alarm(before, summary))
    return event


def _alarm(before: timedelta, summary: str) -> Alarm:
    """An alarm counts from the start of the entry: the only way that every calendar understands."""
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", summary)
    alarm.add("TRIGGER", _SHOWN - before)
    return alarm
