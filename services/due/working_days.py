"""When people are at work in Sweden. Reminders lean on it; the law's own time limits never do."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from models.instants import STOCKHOLM, local
from models.policy import Night, WorkingHours

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def is_working_day(day: date) -> bool:
    """Tell whether ``day`` is neither a weekend, nor a public holiday, nor an eve that is treated as one."""
    return day.weekday() < 5 and day not in _days_off(day.year)


def working_days_after(day: date, count: int) -> date:
    """Return the day that is ``count`` working days after ``day``."""
    while count:
        day += _DAY
        count -= is_working_day(day)
    return day


def evening_before(at: datetime, night: Night) -> datetime | None:
    """Return the evening before ``at`` if that falls in the night; None if people are awake."""
    wall = local(at)
    if night.ends <= wall.time() < night.begins:
        return None
    day = wall.date() if wall.time() >= night.begins else wall.date() - _DAY
    return _instant(day, night.evening)


def at_work(at: datetime, hours: WorkingHours, *, ahead: bool) -> datetime | None:
    """Return a time at work instead of ``at``, ``ahead`` of it or after it; None if it falls on a working day anyway."""
    day = local(at).date()
    if is_working_day(day):
        return None
    step = -_DAY if ahead else _DAY
    while not is_working_day(day):
        day += step
    return _instant(day, hours.ends) - _HOUR if ahead else _instant(day, hours.begins)


def _instant(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, tzinfo=STOCKHOLM).astimezone(UTC)


@cache
def _days_off(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - it reads the days off of every country: a second that most sweeps need not wait

    return frozenset(holidays.country_holidays("SE", years=year, categories=("public", "de_facto")))
