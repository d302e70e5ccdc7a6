"""Commands that only look: one case as it stands or stood, what changed in it, its timeline, and the board of all cases."""

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.commands import changes
from flows.commands.desk import answer, world
from flows.commands.hindsight import late_data, then
from flows.commands.status import data, row_data, told
from flows.commands.typed import AsJson, Case, Now, when
from letters.chronicle import chronicle
from letters.language import capital
from models.as_of import happened_by, recorded_by, written_late
from models.events import Event
from models.replay import replay
from services.case.difference import difference
from services.due.board import Row
from services.due.board import board as all_duties
from services.ports.world import World
from services.record import Case as Record

_WIDE = 160
"""Columns of a table that is written to a file or a pipe, where nobody's window sets the width."""

At = Annotated[datetime | None, when("Visa läget som det var då.", "--at")]
Happened = Annotated[
    bool,
    typer.Option("--happened", metavar=" ", help="Räkna med allt som hade hänt då, även det som antecknades senare."),
]


def show(incident: Case, now: Now, at: At = None, happened: Happened = False, as_json: AsJson = False) -> None:
    """Visa hur ett ärende står, eller hur det stod: frister, vad vi vet, beslut och nästa steg."""
    here = world()
    whole = here.timeline.read(incident)
    history = _as_of(whole, at, happened=happened)
    if not history:
        raise typer.BadParameter("Ärendet fanns inte vid den tiden. Välj en senare tid.", param_hint="--at")
    case = Record(replay(history), history)
    late = written_late(whole, at) if at else ()
    if as_json:
        answer({**data(case, here, at or now), "written_late": [late_data(event) for event in late]})
        return
    if at is not None:
        for line in then(at, late, happened=happened, register=here.register):
            typer.echo(line)
    _print(told(case, here, at or now), case.incident.id)


def diff(
    incident: Case,
    now: Now,
    start: Annotated[datetime, when("Från hur det stod då.", "--from")],
    end: Annotated[datetime | None, when("Till hur det stod då; annars till nu.", "--to")] = None,
    happened: Happened = False,
    as_json: AsJson = False,
) -> None:
    """Visa vad som ändrades i ett ärende mellan två tider: uppgifter, beslut, frister och anmälningar."""
    here, until = world(), end or now
    if start >= until:
        raise typer.BadParameter("Den första tiden måste ligga före den andra.", param_hint="--from")
    history = here.timeline.read(incident)
    reading = happened_by if happened else recorded_by
    if not reading(history, until):
        raise typer.BadParameter("Ärendet fanns inte vid den tiden. Välj en senare tid.", param_hint="--to")
    found = difference(history, start=start, end=until, reading=reading, book=here.book, register=here.register)
    if as_json:
        answer(changes.data(found, start, until))
        return
    _print(changes.told(found, start, until, here.register), incident)


def board(now: Now, at: At = None, as_json: AsJson = False) -> None:
    """Visa alla skyldigheter i alla ärenden, den mest brådskande först."""
    here = world()
    rows = _open_cases(here, at, at or now)
    if as_json:
        answer([row_data(row, at or now) for row in rows])
    elif not rows:
        typer.echo("Inga ärenden med skyldigheter.")
    else:
        console = Console(width=None if sys.stdout.isatty() else _WIDE)
        console.print(_table(rows))


def timeline(incident: Case, as_json: AsJson = False) -> None:
    """Skriv ut ärendets tidslinje: allt som är antecknat, i ordning."""
    here = world()
    history = here.timeline.read(incident)
    if as_json:
        answer([event.model_dump(mode="json", exclude_none=True) for event in history])
        return
    typer.echo(chronicle(history, here.register.party(replay(history).party), here.register))


def _print(lines: Iterable[str], title: str) -> None:
    for line in lines:
        typer.secho(line, bold=(line.endswith(":") and line[0] != "-") or line.startswith(title))


def _as_of(history: tuple[Event, ...], at: datetime | None, *, happened: bool = False) -> tuple[Event, ...]:
    """Return what counts at ``at``; without it everything, whatever the clocks of other machines say."""
    return history if at is None else (happened_by if happened else recorded_by)(history, at)


def _open_cases(here: World, at: datetime | None, now: datetime) -> tuple[Row, ...]:
    histories = (_as_of(history, at) for history in here.timeline.histories())
    return all_duties(
        (replay(history) for history in histories if history), book=here.book, register=here.register, now=now
    )


def _table(rows: tuple[Row, ...]) -> Table:
    table = Table(
        "Ärende", "Organisation", "Skyldighet", "Läge", "Senast", "Tid", title="Frister", title_justify="left"
    )
    for row in rows:
        style = "bold red" if row.overdue else "" if row.duty.is_open else "dim"
        status = f"Försenad – {row.status.lower()}" if row.overdue else row.status
        cells = (row.incident.id, row.party, row.what, status, row.due, capital(row.left))
        table.add_row(*(Text(cell) for cell in cells), style=style)
    return table
