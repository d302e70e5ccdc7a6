"""Commands that tell whether the watch is awake."""

import asyncio
from typing import Annotated

import typer

from adapters.settings import Settings
from flows.commands.desk import answer
from flows.commands.typed import AsJson, Now
from flows.watch.prefect_health import Api
from letters.language import label
from models.health import Finding, State

Url = Annotated[
    str | None,
    typer.Option(metavar="ADRESS", envvar="PREFECT_API_URL", help="Adressen till Prefects API.", show_default=False),
]


def health(now: Now, api: Url = None, as_json: AsJson = False) -> None:
    """Visa om allt fungerar som måste fungera för att någon ska påminnas i tid. Slutar med 1 om något är fel."""
    from flows.watch.watching import Watched, look  # noqa: PLC0415 - `timglas clock` must not wait for the database

    findings, _ = asyncio.run(look(_api(api), now=now))
    watched = Watched(findings)
    if as_json:
        answer({"healthy": not watched.alarming, "at": now, "findings": [one.model_dump() for one in findings]})
    else:
        for one in findings:
            typer.echo(_line(one))
    if watched.alarming:
        raise typer.Exit(1)


def watch(
    now: Now,
    take_over: Annotated[
        bool, typer.Option("--take-over", metavar=" ", help="Påminn själv om svepet har stannat.")
    ] = False,
    called: Annotated[
        bool, typer.Option("--called", metavar=" ", help="Anropad av Prefect: räknas inte som den fristående vakten.")
    ] = False,
    api: Url = None,
) -> None:
    """Håll vakt: titta på allt, larma med e-post och säg till när det fungerar igen. För en timer, oberoende av Prefect.

    Slutar med 1 om något är fel, och med 2 om ingen kunde nås.
    """
    from flows.watch.watching import watch as keep_watch  # noqa: PLC0415 - `timglas clock` must not wait for the database

    watched = asyncio.run(
        keep_watch(_api(api), now=now, take_over=take_over, settings=Settings(), independent=not called)
    )
    for one in watched.findings:
        if one.state is State.ALARM:
            typer.echo(_line(one), err=True)
    if watched.told:
        typer.echo(f"{watched.told} har fått ett mejl.")
    if watched.untold is not None:
        typer.echo(f"Larmet kom inte fram: {watched.untold}", err=True)
        raise typer.Exit(2)
    if watched.alarming:
        raise typer.Exit(1)
    typer.echo("Allt fungerar.")


def _api(url: str | None) -> Api:
    password = Settings().ui_password
    return Api(url, password.get_secret_value() if password else None)


def _line(finding: Finding) -> str:
    return f"{label(finding.state)}  {finding.said}{f' {finding.remedy}' if finding.remedy else ''}"
