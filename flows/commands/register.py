"""The command that takes out the register of breaches: on the screen, or as a file."""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from flows.acts.register_files import Format, write_register
from flows.commands.desk import world
from flows.commands.typed import AsJson, Now, choose, day, member, whole_number
from letters.breach_columns import NAMES, cells, heading, said
from letters.breach_register import masking_line, selection_line
from letters.language import number
from models.breach_register import Entry, Selection, Standing
from models.events import Event
from models.facts import Cause
from services.evidence.breach_register import entries
from services.ports.world import World

_SHOWN = ("incident", "party_name", "standing", "cause", "aware_at", "notification", "filed_at", "hours", "late_hours")
_WIDE = 180
_STDOUT = "-"


def _format(typed: str) -> Format:
    return choose(typed.lower(), {kind: (kind.value,) for kind in Format})


Year = Annotated[int | None, typer.Option(parser=whole_number, metavar="ÅR", help="Året som ärendena räknas till.")]
Parties = Annotated[
    list[str] | None,
    typer.Option("--controller", metavar="ORGANISATION", help="En organisations id i registret. Går att upprepa."),
]
Out = Annotated[
    str | None, typer.Option(metavar="FIL", help="Filen som skrivs. Ett bindestreck skriver till standard ut.")
]
Replace = Annotated[bool, typer.Option("--replace", metavar=" ", help="Skriv över filen om den redan finns.")]


Kind = Annotated[
    Format | None, typer.Option("--format", parser=_format, metavar="xlsx|csv|json|pdf", help="Skriv en fil.")
]
First = Annotated[date | None, typer.Option("--from", parser=day, metavar="DAG", help="Från och med dagen.")]
Last = Annotated[date | None, typer.Option("--to", parser=day, metavar="DAG", help="Till och med dagen.")]
Status = Annotated[Standing | None, typer.Option(parser=member(Standing), metavar="LÄGE", help="Till exempel pågår.")]
Why = Annotated[Cause | None, typer.Option(parser=member(Cause), metavar="ORSAK", help="Till exempel angrepp.")]
Notified = Annotated[
    bool | None, typer.Option("--notified/--not-notified", metavar=" ", help="Anmälda till IMY, eller inte.")
]
Late = Annotated[bool | None, typer.Option("--late/--not-late", metavar=" ", help="Anmälda för sent, eller inte.")]
StillOpen = Annotated[bool | None, typer.Option("--open/--not-open", metavar=" ", help="Öppna ärenden, eller inte.")]
Mask = Annotated[
    bool, typer.Option("--masked", metavar=" ", help="Maska det som kan omfattas av sekretess, med bestämmelsen.")
]


def register(
    now: Now,
    kind: Kind = None,
    year: Year = None,
    first: First = None,
    last: Last = None,
    parties: Parties = None,
    status: Status = None,
    cause: Why = None,
    notified: Notified = None,
    late: Late = None,
    still_open: StillOpen = None,
    mask: Mask = False,
    out: Out = None,
    replace: Replace = False,
    as_json: AsJson = False,
) -> None:
    """Ta fram registret över alla incidenter (artikel 33.5), på skärmen eller som fil."""
    here = world()
    chosen = Selection(year, first, last, tuple(parties or ()), status, cause, notified, late, still_open)
    for party in chosen.parties:
        here.register.party(party)
    found = entries(histories(here), chosen, now=now, world=here, mask=mask)
    if as_json:
        kind, out = Format.JSON, out or _STDOUT
    if kind is None:
        _show(tuple(found), chosen, here)
    elif out == _STDOUT:
        _pour(found, chosen, kind, now, here, mask=mask)
    else:
        name = f"incidentregister{f'-{year}' if year else ''}{'-maskerat' if mask else ''}.{kind}"
        file = free(out or name, replace=replace)
        count = write_register(found, chosen, kind, file, now=now, world=here, mask=mask)
        typer.echo(f"{_incidents(count)} i {file}.")
    if mask and out != _STDOUT:
        typer.echo(masking_line())


def histories(here: World) -> Iterable[tuple[Event, ...]]:
    """Return every timeline, with a bar that shows how far the reading has come where somebody is watching."""
    return track(
        here.timeline.histories(),
        description="Läser tidslinjerna",
        total=len(here.timeline.incidents()),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def free(name: str, *, replace: bool) -> Path:
    """Return the file to write. Refuses one that is there already, unless it may be replaced."""
    file = Path(name)
    if file.is_dir() or (file.exists() and not replace):
        raise typer.BadParameter(
            f"Det finns redan något som heter {file.name}. Välj ett annat namn, eller skriv över med --replace.",
            param_hint="--out",
        )
    return file


def _pour(found: Iterable[Entry], chosen: Selection, kind: Format, now: datetime, here: World, *, mask: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register"
        write_register(found, chosen, kind, file, now=now, world=here, mask=mask)
        with file.open("rb") as whole:
            shutil.copyfileobj(whole, sys.stdout.buffer)
        sys.stdout.flush()


def _show(found: tuple[Entry, ...], chosen: Selection, here: World) -> None:
    if not found:
        typer.echo(f"Inga incidenter. Urval: {selection_line(chosen, here.register)}.")
        return
    table = Table(*map(heading, _SHOWN), title="Register över personuppgiftsincidenter", title_justify="left")
    for entry in found:
        table.add_row(*(Text(cell) for cell in _row(entry)), style="bold red" if entry.is_late else "")
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
    typer.echo(f"{_incidents(len(found))}. Urval: {selection_line(chosen, here.register)}.")
    typer.echo("Hela registret får du som fil: lägg till --format xlsx, csv, json eller pdf.")


def _incidents(count: int) -> str:
    return f"{number(count)} {'incident' if count == 1 else 'incidenter'}"


def _row(entry: Entry) -> Iterator[str]:
    row = dict(zip(NAMES, map(said, cells(entry)), strict=True))
    yield from (row[name] for name in _SHOWN)
