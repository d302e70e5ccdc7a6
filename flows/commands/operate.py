"""Commands that run the engine."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from adapters.settings import Settings
from flows.commands.desk import world
from flows.commands.typed import Case, Now
from letters.language import explain, named
from models.errors import TimglasError
from services.record import read
from services.sweep.sweep import advance
from services.sweep.sweep import sweep as sweep_due


def sweep(now: Now) -> None:
    """Gör det som är dags: påminn och skicka det som väntar, i alla ärenden."""
    swept = asyncio.run(sweep_due(now=now, world=world()))
    for incident_id, fault in swept.faults.items():
        said = explain(fault) if isinstance(fault, TimglasError) else type(fault).__name__
        typer.echo(f"{incident_id}: {said}", err=True)
    typer.echo(f"{swept.due - len(swept.faults)} av {swept.due} ärenden är uppdaterade.")
    broken = [fault for fault in swept.faults.values() if not isinstance(fault, TimglasError)]
    if broken:
        raise ExceptionGroup("The sweep could not advance every incident", broken)
    if swept.faults:
        raise typer.Exit(1)


def remind(incident: Case, now: Now) -> None:
    """Gör det som är dags i ett ärende: skicka påminnelser, och brev som är släppta men väntar."""
    here = world()
    earlier = len(read(incident, here.timeline).incident.reminders)
    sent = asyncio.run(advance(incident, now=now, world=here)).reminders[earlier:]
    for reminder in sent:
        typer.echo(f"Påminde {len(reminder.to)} personer: {named('provision', reminder.provision)}.")
    if not sent:
        typer.echo(f"Inget att påminna om just nu i {incident}.")


def demo(
    out: Annotated[Path, typer.Option(metavar="MAPP", help="Mappen som resultatet läggs i.")] = Path("demo"),
) -> None:
    """Spela upp våren 2023 med riktiga flöden och ställd klocka."""
    from flows.demo.run import run  # noqa: PLC0415 - Prefect takes a second to import

    run(out.resolve(), Console())


def up(
    host: Annotated[str, typer.Option(metavar="ADRESS", help="Adressen som formulären nås på.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="Porten.")] = 4200,
) -> None:
    """Starta Timglas på den här datorn: Prefect, formulären och svepet varje minut."""
    from flows.host import up as machine  # noqa: PLC0415 - Prefect takes a second to import

    settings = Settings()
    password = settings.ui_password.get_secret_value() if settings.ui_password else None
    machine.up(settings.home.resolve(), host, port, password, typer.echo)
