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
from services.advance import advance
from services.record import read
from services.remind import remind as send_reminders


def sweep(now: Now) -> None:
    """Gör det som är dags: påminn och skicka det som väntar, i alla ärenden."""
    here = world()
    due = here.timeline.due(now)
    waiting: list[str] = []
    broken: list[Exception] = []
    for incident_id in due:
        try:
            asyncio.run(advance(incident_id, now=now, world=here))
        except TimglasError as refusal:
            typer.echo(f"{incident_id}: {explain(refusal)}", err=True)
            waiting.append(incident_id)
        except Exception as fault:  # noqa: BLE001 - raised below, once the other cases have had their turn
            typer.echo(f"{incident_id}: {type(fault).__name__}", err=True)
            broken.append(fault)
    typer.echo(f"{len(due) - len(waiting) - len(broken)} av {len(due)} ärenden är uppdaterade.")
    if broken:
        raise ExceptionGroup("The sweep could not advance every incident", broken)
    if waiting:
        raise typer.Exit(1)


def remind(incident: Case, now: Now) -> None:
    """Skicka de påminnelser som är dags i ett ärende."""
    here = world()
    earlier = len(read(incident, here.timeline).incident.reminders)
    sent = asyncio.run(send_reminders(incident, now=now, world=here)).reminders[earlier:]
    for reminder in sent:
        typer.echo(f"Påminde {len(reminder.to)} personer: {named('provision', reminder.provision)}.")
    if not sent:
        typer.echo(f"Inget att påminna om just nu i {incident}.")


def demo(
    out: Annotated[Path, typer.Option(metavar="MAPP", help="Mappen som resultatet läggs i.")] = Path("demo"),
) -> None:
    """Spela upp våren 2023 med riktiga flöden och ställd klocka."""
    from flows.demo import run  # noqa: PLC0415 - Prefect takes a second to import

    run(out.resolve(), Console())


def up(
    host: Annotated[str, typer.Option(metavar="ADRESS", help="Adressen som formulären nås på.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", help="Porten.")] = 4200,
) -> None:
    """Starta Timglas på den här datorn: Prefect, formulären och svepet varje minut."""
    from flows import up as machine  # noqa: PLC0415 - Prefect takes a second to import

    settings = Settings()
    password = settings.ui_password.get_secret_value() if settings.ui_password else None
    machine.up(settings.home.resolve(), host, port, password, typer.echo)
