"""The tables and the chart of the year's report."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum
from math import ceil

from letters.language import label, listed, number, percent, period, say
from models.breach_events import Risk
from models.breach_register import Standing
from models.duty import Period
from models.errors import N_
from models.facts import Cause
from models.letter import Bar, Chart, Table
from models.yearly_report import OpenAction, PartyYear, Year

_WITHIN, _BEYOND = 6, 3
"""Into how many equal parts the time limit is cut, and how many parts are shown after it, the last without an end."""
_NONE = "–"

_FIGURES: dict[str, Callable[[Year], str]] = {
    N_("Incidents in the register"): lambda year: number(year.incidents),
    N_("– personal data breaches"): lambda year: number(year.breaches),
    N_("– suspicions under investigation"): lambda year: number(year.standings.get(Standing.SUSPECTED, 0)),
    N_("– suspicions that were ruled out"): lambda year: number(year.standings.get(Standing.RULED_OUT, 0)),
    N_("– handled elsewhere"): lambda year: number(year.standings.get(Standing.KEPT_ELSEWHERE, 0)),
    N_("Breaches in which we are the processor"): lambda year: number(year.as_processor),
    N_("Notified to the authority"): lambda year: number(year.notified),
    N_("– of them late"): lambda year: number(year.late),
    N_("Not notified although the time limit has run out"): lambda year: number(year.overdue),
    N_("Share of late ones"): lambda year: _NONE if year.share_late is None else percent(year.share_late),
    N_("Median time to notification, hours"): lambda year: hours(year.median_hours),
    N_("No notification needed"): lambda year: number(year.not_notified),
    N_("People concerned were informed"): lambda year: number(year.informed),
    N_("Number of people concerned, as far as it is known"): lambda year: number(year.people),
    N_("Cases that are open"): lambda year: number(year.open),
}
_IF_ANY = frozenset({N_("– handled elsewhere"), N_("Breaches in which we are the processor")})
"""Figures that most organisations need not read that they are nought."""


def figures(this: Year, before: Year | None) -> Table:
    """Return the key figures, beside those of the year before."""
    years = (this, before) if before else (this,)
    rows = ((name, tuple(figure(year) for year in years)) for name, figure in _FIGURES.items())
    told = ((say(name), *cells) for name, cells in rows if name not in _IF_ANY or set(cells) != {number(0)})
    return _by_year(say(N_("Figure")), years, told)


def causes(this: Year, before: Year | None) -> Table:
    """Return how many breaches had which cause, the most common first."""
    years = (this, before) if before else (this,)
    named = [cause for cause in (*Cause, None) if any(cause in year.causes for year in years)]
    found = sorted(named, key=lambda cause: -this.causes.get(cause, 0))
    rows = ((_or(cause, N_("Not stated")), *(number(year.causes.get(cause, 0)) for year in years)) for cause in found)
    return _by_year(say(N_("Cause")), years, rows)


def risks(this: Year, before: Year | None) -> Table:
    """Return how many breaches were decided to be of which level of risk."""
    years = (this, before) if before else (this,)
    levels = (*Risk, None)
    rows = ((_or(level, N_("Not decided")), *(number(year.risks.get(level, 0)) for year in years)) for level in levels)
    return _by_year(say(N_("Decided risk")), years, rows)


def parties(this: Year) -> Table:
    """Return each organisation's year."""
    heads = (N_("Organisation"), N_("Incidents"), N_("Notified"), N_("Late"), N_("Open"))
    return Table(
        columns=tuple(map(say, heads)),
        rows=tuple(sorted(map(_party, this.parties.values()))),
        numbers=(1, 2, 3, 4),
    )


def actions(still_open: Iterable[OpenAction]) -> Table:
    """Return what somebody still has to do, by case."""
    return Table(
        columns=(say(N_("Case")), say(N_("Organisation")), say(N_("What remains"))),
        rows=tuple((one.incident, one.party_name, one.what) for one in still_open),
    )


def hours_chart(this: Year, limit: Period) -> Chart:
    """Return how many notifications took how long, in equal parts of the time limit and on past it."""
    part = limit.elapsed / timedelta(hours=1) / _WITHIN
    last = _WITHIN + _BEYOND - 1
    counts = [0] * (last + 1)
    for took in this.hours:
        counts[min(max(ceil(took / part) - 1, 0), last)] += 1
    bars = tuple(
        Bar(label=_span(place, last, part), count=count, beyond=place >= _WITHIN) for place, count in enumerate(counts)
    )
    return Chart(
        alt=_told(bars, this, limit),
        bars=bars,
        limit=period(limit),
        axis=say(N_("Hours until the notification")),
        measure=say(N_("Number of notifications")),
    )


def hours(length: float | None) -> str:
    """Return a number of hours with one decimal, or a dash."""
    return _NONE if length is None else number(round(length, 1))


def _party(one: PartyYear) -> tuple[str, ...]:
    return one.name, number(one.incidents), number(one.notified), number(one.late), number(one.open)


def _by_year(name: str, years: Iterable[Year], rows: Iterable[tuple[str, ...]]) -> Table:
    heads = tuple(str(year.year) for year in years)
    return Table(columns=(name, *heads), rows=tuple(rows), numbers=tuple(range(1, len(heads) + 1)))


def _or(member: StrEnum | None, otherwise: str) -> str:
    return label(member) if member else say(otherwise)


def _span(place: int, last: int, part: float) -> str:
    low, high = number(place * part), number((place + 1) * part)
    return say(N_("over {hours}"), hours=low) if place == last else f"{low}–{high}"


def _told(bars: tuple[Bar, ...], this: Year, limit: Period) -> str:
    """Tell the chart: every bar that is there, and how many lie on which side of the line."""
    within = sum(bar.count for bar in bars if not bar.beyond)
    each = (say(N_("{span} hours: {count}"), span=bar.label, count=bar.count) for bar in bars if bar.count)
    told = N_(
        "Bar chart of how long the notifications of {year} took. {bars}. {within} were made within {limit} and {beyond} "
        "after it."
    )
    beyond = this.notified - within
    return say(told, year=str(this.year), bars=listed(each), within=within, limit=period(limit), beyond=beyond)
