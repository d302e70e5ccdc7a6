"""When everybody will have the letter, as far as can be told before it is released. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from law.post import time_in_the_post
from letters.language import counted, near, number, say, weekday
from models.delivery import Pace
from models.errors import N_
from models.instants import local
from models.recipient import Channel
from models.route import Route
from services.due.working_days import is_working_day, working_days_after

LAST_POST = time(15)
"""What is printed later than this is posted the next working day."""


class Forecast(NamedTuple):
    """How many letters go which way; when the last e-mail is handed over; the days most and nearly all letters are at the door.

    ``at_the_door`` is None without letters on paper. Sealed letters take longer, and nobody can say how long.
    """

    envelopes: Counter[Channel]
    without: int
    made_at: datetime
    done_at: datetime
    at_the_door: tuple[date, date] | None


def forecast(routes: Iterable[Route], pace: Pace, *, now: datetime) -> Forecast:
    """Return what can be expected if the letters are released at ``now`` and what is printed is posted at once."""
    envelopes: Counter[Channel] = Counter()
    without = 0
    for route in routes:
        envelopes.update(envelope.channel for envelope in route.envelopes)
        without += not route.envelopes
    at_the_door = _at_the_door(now) if envelopes[Channel.PAPER] else None
    return Forecast(envelopes, without, now, now + _lasts(envelopes[Channel.EMAIL], pace), at_the_door)


def told(expected: Forecast) -> str:
    """Say the forecast: "8 400 mejl, 1 230 brev: klart ca 14.20; på hallmattan onsdag 17 maj"."""
    count = expected.envelopes
    kinds = (
        (count[Channel.EMAIL], counted("{number} e-mail", "{number} e-mails", count[Channel.EMAIL])),
        (count[Channel.PAPER], counted("{number} letter", "{number} letters", count[Channel.PAPER])),
        (count[Channel.MAILBOX], counted("{number} digital", "{number} digital", count[Channel.MAILBOX])),
        (count[Channel.SEALED], counted("{number} sealed", "{number} sealed", count[Channel.SEALED])),
    )
    parts = [form.format(number=number(many)) for many, form in kinds if many] or [say(N_("no letters"))]
    said = say(
        N_("{letters}: done about {when}"), letters=", ".join(parts), when=near(expected.done_at, expected.made_at)
    )
    if expected.at_the_door:
        said += _on_the_doormat(*expected.at_the_door)
    if expected.without:
        said += say(N_("; {count} people cannot be reached by letter"), count=expected.without)
    return f"{said}."


def _lasts(messages: int, pace: Pace) -> timedelta:
    """The server's own speed, or the provider's limits: before the last ones, as many whole spans pass as the others fill."""
    spans = (span * (-(-messages // most) - 1) for span, most in pace.limits if messages)
    return max(timedelta(seconds=messages / pace.per_second), *spans, timedelta())


def _at_the_door(now: datetime) -> tuple[date, date]:
    wall = local(now)
    day = wall.date()
    if wall.time() >= LAST_POST or not is_working_day(day):
        day = working_days_after(day, 1)
    on_the_way = time_in_the_post(day)
    return working_days_after(day, on_the_way.most), working_days_after(day, on_the_way.nearly_all)


def _on_the_doormat(most: date, nearly_all: date) -> str:
    if most == nearly_all:
        return say(N_("; on the doormat {day}, if they are posted at once"), day=weekday(most))
    both = N_("; most of them on the doormat by {most}, nearly all by {all}, if they are posted at once")
    return say(both, most=weekday(most), all=weekday(nearly_all))
