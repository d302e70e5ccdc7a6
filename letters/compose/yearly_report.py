"""The year's report for the board: a few pages of counts, with the time to notification drawn against the limit."""

from datetime import date

from letters.compose.yearly_tables import actions, causes, figures, hours, hours_chart, parties, risks
from letters.language import counted, day, moment, number, period, say
from letters.render import render
from models.errors import N_
from models.instants import local
from models.letter import Block, Letter
from models.yearly_report import Year, YearlyReport

REPORT = "yearly_report"
SHOWN = 15
"""How many open things the board reads of; the rest stand in the register."""


def yearly_report(report: YearlyReport) -> Letter:
    """Return the report as a document; a year without incidents is said to be one."""
    this, before, until = report.this, report.before, _until(report)
    context = {
        "year": str(this.year),
        "until": day(until) if until else "",
        "before": str(before.year) if before else "",
        "incidents": _incidents(this.incidents),
        "compared": _compared(this, before),
        "notified": _incidents(this.notified),
        "late": number(this.late) if this.late else "",
        "median": hours(this.median_hours),
        "limit": period(report.limit),
        "overdue": _cases(this.overdue),
        "not_notified": _cases(this.not_notified),
        "informed": _cases(this.informed),
        "open": _cases(this.open),
        "breaches": bool(this.breaches),
        "parties": len(this.parties) > 1,
        "actions": bool(report.open),
        "more": _things(len(report.open) - SHOWN),
        "unknown_people": _cases(this.unknown_people),
        "at": moment(report.at),
    }
    return render(REPORT, context, drawn=_drawn(report))


def _drawn(report: YearlyReport) -> dict[str, Block]:
    return {
        "figures": figures(report.this, report.before),
        "hours": hours_chart(report.this, report.limit),
        "causes": causes(report.this, report.before),
        "risks": risks(report.this, report.before),
        "parties": parties(report.this),
        "actions": actions(report.open[:SHOWN]),
    }


def _until(report: YearlyReport) -> date | None:
    """Return the day the report reaches to, if the year is not over."""
    today = local(report.at).date()
    return today if today.year == report.this.year else None


def _compared(this: Year, before: Year | None) -> str:
    if before is None:
        return ""
    more = this.incidents - before.incidents
    if more == 0:
        return say(N_("as many as in {year}"), year=str(before.year))
    than = N_("{count} more than in {year}") if more > 0 else N_("{count} fewer than in {year}")
    return say(than, count=abs(more), year=str(before.year))


def _incidents(count: int) -> str:
    return counted("{number} incident", "{number} incidents", count).format(number=number(count)) if count else ""


def _cases(count: int) -> str:
    return counted("{number} case", "{number} cases", count).format(number=number(count)) if count else ""


def _things(count: int) -> str:
    return counted("{number} thing", "{number} things", count).format(number=number(count)) if count > 0 else ""
