"""Seventy-two hours, in every reading of "72 hours". Exact time only; no holiday ever moves it."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from models.base import Instant, Value
from models.duty import Period
from models.instants import STOCKHOLM, local


class Readings(Value):
    """The readings of one time limit, all instants.

    ``strict`` is the legal time limit shown to people; ``operate`` is what alarms aim at; ``regulation_1182_71`` is the
    latest defensible reading, kept for arguing lateness and never shown as a target.
    """

    strict: Instant
    wall: Instant
    operate: Instant
    regulation_1182_71: Instant


def deadline(aware_at: datetime, period: Period) -> datetime:
    """Return the instant at which ``period`` has elapsed since ``aware_at`` (Article 33(1): elapsed hours)."""
    return aware_at.astimezone(UTC) + period.elapsed


def readings(aware_at: datetime, period: Period) -> Readings:
    """Return every reading of ``period`` in hours from ``aware_at``.

    Regulation 1182/71, Article 3(1): the hour in which the event falls is not counted, so that reading starts at the
    next full hour. Article 3(4) moves no period expressed in hours, and Article 3(5) is disputed: no target.
    """
    strict = deadline(aware_at, period)
    wall = (local(aware_at).replace(tzinfo=None) + period.elapsed).replace(tzinfo=STOCKHOLM).astimezone(UTC)
    next_hour = aware_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return Readings(
        strict=strict,
        wall=wall,
        operate=min(strict, wall),
        regulation_1182_71=next_hour + period.elapsed,
    )


def calendar_month(day: date, months: int) -> date:
    """Return the same date ``months`` later, or the last day of that month if it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_day(started_at: datetime, period: Period) -> datetime:
    """Return the last minute, 23.59 Swedish time, of the day ``period`` after the day of ``started_at``.

    For periods in days, weeks or months (Regulation 1182/71, Article 3(2)). Never moved to a later working day, though
    Article 3(4) would allow it: being early costs nothing.
    """
    started_on = local(started_at).date()
    by_calendar = period.unit == "months"
    day = calendar_month(started_on, period.amount) if by_calendar else started_on + period.elapsed
    return last_minute(day)


def last_minute(day: date) -> datetime:
    """Return 23.59 Swedish time on ``day``: what is due by a day is due by then."""
    return datetime.combine(day, time(23, 59), tzinfo=STOCKHOLM).astimezone(UTC)


def limit(started_at: datetime, period: Period) -> datetime:
    """Return when ``period`` runs out: to the minute for hours, at the end of the day for every longer unit."""
    return deadline(started_at, period) if period.unit == "hours" else end_of_day(started_at, period)
