"""The command that takes out the year's report for the board."""

from collections.abc import Iterable
from typing import Any

import typer

from flows.acts.register_files import write_report
from flows.commands.desk import answer, world
from flows.commands.register import Out, Parties, Replace, Year, free, histories
from flows.commands.typed import AsJson, Now
from letters.compose.yearly_tables import figures
from models.breach_register import Selection
from models.instants import local
from models.yearly_report import Year as Figures
from services.evidence.breach_register import entries
from services.evidence.yearly_report import yearly_report


def report(
    now: Now,
    year: Year = None,
    parties: Parties = None,
    out: Out = None,
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Ta fram årsrapporten till nämnd eller styrelse: antal, orsaker, tid till anmälan och det som återstår."""
    here, year = world(), year or local(now).year
    chosen = tuple(here.register.party(party).id for party in parties or ())
    file = None if as_json else free(out or f"arsrapport-{year}.pdf", replace=replace)
    found = entries(histories(here), Selection(parties=chosen), now=now, world=here)
    made = yearly_report(found, year, book=here.book, now=now)
    if file is None:
        years = (made.this, made.before) if made.before else (made.this,)
        answer({"at": made.at, "years": [_data(one) for one in years], "open": [one.model_dump() for one in made.open]})
        return
    write_report(made, chosen or made.this.parties, file, world=here)
    for line in _lines(figures(made.this, made.before).columns, figures(made.this, made.before).rows):
        typer.echo(line)
    typer.echo(f"Årsrapporten ligger i {file}.")


def _data(year: Figures) -> dict[str, Any]:
    """Return a year for programs, with what is derived from its counts."""
    derived = ("incidents", "breaches", "notified", "open", "share_late", "median_hours")
    return {**year.model_dump(mode="json"), **{name: getattr(year, name) for name in derived}}


def _lines(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    before = columns[2:]
    for name, count, *earlier in rows:
        yield f"{name}: {count}" + (f" ({before[0]}: {earlier[0]})" if before else "")
