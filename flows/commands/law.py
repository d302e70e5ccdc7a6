"""Commands about the law alone: they need no case and no database."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.desk import answer
from flows.commands.stated import load
from flows.commands.typed import AsJson, choose, day, existing_file, when
from law.assessment import assess as advise
from law.assessment import read_facts, to_report
from law.clock import readings
from law.form_book import EDPB, form_on
from law.page import page
from law.statute_book import StatuteBook
from letters import form_schema
from letters.citations import cited
from letters.language import facts_label, label, listed, on_the, say
from models import notice
from models.instants import local


def _format(typed: str) -> str:
    return choose(typed, {"form": ("edpb", "anmälan"), "notice": ("underrättelse",)})


def clock(
    aware: Annotated[datetime, when("När ni fick kännedom: 2026-11-21 16.10, eller ISO 8601 med tidszon.")],
    as_json: AsJson = False,
) -> None:
    """Räkna ut fristen enligt artikel 33.1, på alla sätt den kan läsas."""
    limit = StatuteBook.load().on(local(aware).date()).period("gdpr.33.1")
    if limit is None:
        raise typer.Exit(1)
    read = readings(aware, limit)
    if as_json:
        answer({name: getattr(read, name) for name in ("strict", "operate", "regulation_1182_71")})
        return
    typer.echo(f"Tiden räknas från {on_the(aware)}. Anmäl senast {on_the(read.strict)}.")
    if read.operate != read.strict:
        typer.echo(f"Klockan ställs om under tiden. Sikta på {on_the(read.operate)}.")


def law(
    on: Annotated[
        date | None, typer.Option(parser=day, metavar="DAG", help="Vilken dag, till exempel 2026-03-01.")
    ] = None,
) -> None:
    """Skriv ut lagen som motorn läser den, i artikelordning."""
    typer.echo(page(StatuteBook.load(), on))


def schema(
    of: Annotated[
        str,
        typer.Argument(parser=_format, metavar="FORMAT", help="anmälan (EDPB:s formulär) eller underrättelse (33.2)."),
    ],
    on: Annotated[
        date | None, typer.Option(parser=day, metavar="DAG", help="Formuläret den dagen. Annars i dag.")
    ] = None,
) -> None:
    """Skriv ut JSON-schemat för en fil som Timglas lämnar ut."""
    asked = on or local(datetime.now(UTC)).date()
    answer(notice.schema() if of == "notice" else form_schema.schema(form_on(EDPB, asked)))


def assess(
    facts: Annotated[
        Path,
        typer.Option("--facts", parser=existing_file, metavar="FIL", help="En JSON-fil med uppgifter om incidenten."),
    ],
    as_json: AsJson = False,
) -> None:
    """Ge råd om risken utifrån det som är känt. En människa beslutar."""
    advice = advise(read_facts(load(facts)))
    if as_json:
        answer(to_report(advice))
        return
    typer.echo(f"Råd: {label(advice.risk)}.")
    for reason in advice.because:
        typer.echo(f"- {say(reason.text)} ({cited(reason.citation)})")
    if advice.unknown:
        typer.echo(f"Okänt som kan ändra rådet: {listed(facts_label(name) for name in advice.unknown)}.")
