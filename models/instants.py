"""Exact time is what happened; local time is how we talk about it. This file goes between the two."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from models.base import is_aware
from models.errors import N_, UnreadableTime

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_LOCAL = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)(?:[ T]+(?:kl\.? ?)?(\d{1,2})[.:](\d\d)(?:[.:](\d\d))?)?\s*(sommartid|vintertid)?$"
)


def local(instant: datetime) -> datetime:
    """Return ``instant`` as Swedish local time."""
    return instant.astimezone(STOCKHOLM)


def comes_twice(instant: datetime) -> bool:
    """Tell whether the clock shows ``instant`` twice: it lies in the hour of October that is repeated."""
    wall = local(instant)
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def read_instant(text: str) -> datetime:
    """Read what somebody typed as a time: exact time with an offset, or Swedish local time. Raises UnreadableTime."""
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        return parse_local(text)
    return exact if is_aware(exact) else parse_local(text)


@cache
def clock_changes(first: int, last: int) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Return the Sundays from the year ``first`` to ``last`` on which the Swedish clock goes forward, and back."""
    start, whole = date(first, 1, 7), timedelta(days=1)
    sundays = [start + timedelta(days=count) for count in range(-start.isoweekday(), 366 * (last - first + 1), 7)]
    lengths = {day: _midnight(day + whole) - _midnight(day) for day in sundays if first <= day.year <= last}
    forward, back = ([day for day in lengths if lengths[day] * way < whole * way] for way in (1, -1))
    return tuple(forward), tuple(back)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).astimezone(UTC)


def parse_local(text: str) -> datetime:
    """Read a Swedish local time such as ``2026-11-21 16.10`` and return the instant, in UTC.

    A date without a time counts from 00.00, the earliest reading. In the hour of October that comes twice, the writer
    must add ``sommartid`` (the first) or ``vintertid`` (the second); the hour of March that never comes is refused.
    Raises UnreadableTime.
    """
    match = _LOCAL.match(text.strip())
    if match is None:
        raise _not_a_time(text)
    *numbers, season = match.groups()
    try:
        wall = datetime(*(int(number or 0) for number in numbers))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise _not_a_time(text) from None
    first, second = (wall.replace(tzinfo=STOCKHOLM, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(STOCKHOLM).replace(tzinfo=None) != wall:
        raise UnreadableTime(
            N_("The time {text} does not exist."),
            why=N_("The clock was moved forward to summer time that night, from 02.00 to 03.00."),
            remedy=N_("Check the time, and write the one the clock showed before 02.00 or after 03.00."),
            text=text,
        )
    if season is None:
        raise UnreadableTime(
            N_("The time {text} exists twice."),
            why=N_("The clock was moved back to winter time that night, so the hour from 02.00 to 03.00 came twice."),
            remedy=N_("Add the word sommartid (the first time) or vintertid (the second time) after the time."),
            text=text,
        )
    return (first if season == "sommartid" else second).astimezone(UTC)


def _not_a_time(text: str) -> UnreadableTime:
    return UnreadableTime(
        N_("{text} cannot be read as a time."),
        why=N_("Timglas reads a date and a time on the 24-hour clock, in Swedish local time."),
        remedy=N_("Write for example 2026-11-21 16.10."),
        text=text[:40],
    )
