"""Commands that only look: one case, its timeline, its chain, and the board of all cases."""

import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.commands.desk import answer, world
from flows.commands.status import data, row_data, told
from flows.commands.typed import AsJson, Case, Now, when
from letters.chronicle import chronicle
from letters.language import capital, moment
from models.chain import first_broken
from models.events import Event
from models.incident import replay
from services.board import Row
from services.board import board as all_duties
from services.ports import World
from services.record import Case as Record

_WIDE = 160
"""Columns of a table that is written to a file or a pipe, where nobody's window sets the width."""

At = Annotated[datetime | None, when("Visa läget som det var då.", "--at")]


def show(incident: Case, now: Now, at: At = None, as_json: AsJson = False) -> None:
    """Visa hur ett ärende står: frister, vad vi vet, beslut och nästa steg."""
    here = world()
    history = _until(here.timeline.read(incident), at)
    if not history:
        raise typer.BadParameter("Ärendet fanns inte vid den tiden. Välj en senare tid.", param_hint="--at")
    case = Record(replay(history), history)
    if as_json:
        answer(data(case, here, at or now))
        return
    if at is not None:
        typer.echo(f"Så stod det {moment(at)}.")
    for line in told(case, here, at or now):
        typer.secho(line, bold=line.endswith(":") or line.startswith(case.incident.id))


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


def verify(incident: Case, as_json: AsJson = False) -> None:
    """Kontrollera att ingen rad i tidslinjen har ändrats i efterhand."""
    here = world()
    rows = here.timeline.rows(incident)
    if not rows:
        here.timeline.read(incident)  # refuses a case that does not exist
    broken = first_broken(rows)
    if as_json:
        answer({"incident": incident, "lines": len(rows), "holds": broken is None, "broken_at": broken})
    elif broken is None:
        typer.echo(f"Kedjan håller: {len(rows)} rader i {incident}, ingen ändrad.")
    else:
        typer.echo(
            f"Kedjan i {incident} brister på rad {broken} av {len(rows)}. Raden, eller en rad före den, har ändrats, "
            "tagits bort eller flyttats sedan den skrevs. Låt databasen vara som den är och ring den som sköter Timglas.",
            err=True,
        )
    if broken is not None:
        raise typer.Exit(1)


def _until(history: tuple[Event, ...], at: datetime | None) -> tuple[Event, ...]:
    return tuple(event for event in history if at is None or event.recorded_at <= at)


def _open_cases(here: World, at: datetime | None, now: datetime) -> tuple[Row, ...]:
    histories = (_until(here.timeline.read(incident_id), at) for incident_id in here.timeline.incidents())
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
