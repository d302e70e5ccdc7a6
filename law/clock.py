"""Seventy-two hours, in every reading of "72 hours". Exact time only; no holiday ever moves it."""

from datetime import UTC, datetime, time, timedelta

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


def end_of_day(started_at: datetime, period: Period) -> datetime:
    """Return the last minute, 23.59 Swedish time, of the day ``period`` after the day of ``started_at``.

    For periods in weeks (Regulation 1182/71, Article 3(2)(c)). Never moved to a later working day: what it measures
    here is an authority's practice, and being early costs nothing.
    """
    day = local(started_at).date() + period.elapsed
    return datetime.combine(day, time(23, 59), tzinfo=STOCKHOLM).astimezone(UTC)
