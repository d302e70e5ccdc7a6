"""The command ``timglas``: the same services as the flows, for scripts and for when Prefect is down."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from law.clock import readings
from law.statute_book import StatuteBook
from letters.language import explain, facts_label, label, listed, on_the, say
from models.errors import TimglasError
from models.instants import local, parse_local

app = typer.Typer(
    help="Timglas: från första misstanke till avslutat ärende.", no_args_is_help=True, pretty_exceptions_enable=False
)
AsJson = Annotated[bool, typer.Option("--json", help="Skriv svaret som JSON.")]


@app.command()
def clock(
    aware: Annotated[str, typer.Option(help="När ni fick kännedom: 2026-11-21 16.10, eller ISO 8601 med tidszon.")],
    as_json: AsJson = False,
) -> None:
    """Räkna ut fristen enligt artikel 33.1, på alla sätt den kan läsas."""
    aware_at = _instant(aware)
    limit = StatuteBook.load().on(local(aware_at).date()).period("gdpr.33.1")
    if limit is None:
        raise typer.Exit(1)
    read = readings(aware_at, limit)
    if as_json:
        said = {name: local(getattr(read, name)).isoformat() for name in ("strict", "operate", "regulation_1182_71")}
        typer.echo(json.dumps(said, indent=1))
        return
    typer.echo(f"Anmäl senast {on_the(read.strict)}.")
    if read.operate != read.strict:
        typer.echo(f"Klockan ställs om under tiden. Sikta på {on_the(read.operate)}.")


@app.command()
def law(on: Annotated[str | None, typer.Option(help="Vilken dag, till exempel 2026-03-01.")] = None) -> None:
    """Skriv ut lagen som motorn läser den, i artikelordning."""
    from law.page import page

    typer.echo(page(StatuteBook.load(), date.fromisoformat(on)) if on else page(StatuteBook.load()))


@app.command()
def assess(
    facts: Annotated[Path, typer.Option(help="En JSON-fil med uppgifter om incidenten.")],
    as_json: AsJson = False,
) -> None:
    """Ge råd om risken utifrån det som är känt. En människa beslutar."""
    from law.assessment import assess as advise
    from law.assessment import read_facts, to_report

    advice = advise(read_facts(json.loads(facts.read_text(encoding="utf-8"))))
    if as_json:
        typer.echo(json.dumps(to_report(advice), ensure_ascii=False, indent=1))
        return
    typer.echo(f"Råd: {label(advice.risk)}.")
    for reason in advice.because:
        typer.echo(f"- {say(reason.text)} ({reason.citation})")
    if advice.unknown:
        typer.echo(f"Okänt som kan ändra rådet: {listed(facts_label(name) for name in advice.unknown)}.")


@app.command()
def demo(out: Annotated[Path, typer.Option(help="Mappen som resultatet läggs i.")] = Path("demo")) -> None:
    """Spela upp våren 2023 med riktiga flöden och ställd klocka."""
    from flows.demo import run

    run(out.resolve(), Console())


def _instant(text: str) -> datetime:
    """Read an ISO 8601 time with an offset, or a Swedish local time."""
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        return parse_local(text)
    return exact if exact.tzinfo else parse_local(text)


def main() -> None:
    """Run the command; a refusal is said in Swedish and ends with status 2."""
    try:
        app()
    except TimglasError as refusal:
        typer.echo(explain(refusal), err=True)
        sys.exit(2)
