"""Commands for reminders: answer one, and look at what became of them."""

from typing import Annotated

import typer

from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, Now, whole_number
from letters.language import moment, named, on_the
from letters.reminder_steps import step_in_words
from models.recipient import DeliveryState
from models.reminder import LedgerRow
from services.reminding.acknowledge import acknowledge, pass_on

Hours = Annotated[
    int | None,
    typer.Option(parser=whole_number, metavar="TIMMAR", help="Om hur många timmar ni vill bli påminda igen."),
]

_IN_DOUBT = (DeliveryState.CLAIMED, DeliveryState.UNCERTAIN)


def ack(incident: Case, by: By, now: Now, hours: Hours = None) -> None:
    """Säg att du har tagit hand om det som är öppet i ärendet, så påminns ingen på ett tag."""
    given = acknowledge(incident, hours=hours, by=by, now=now, world=world())
    typer.echo(f"Noterat. Ingen påminns före {on_the(given.until)}, men aldrig efter fristen.")


def pass_(incident: Case, by: By, now: Now) -> None:
    """Säg att du inte kan, så påminns nästa i kedjan genast."""
    pass_on(incident, by=by, now=now, world=world())
    typer.echo("Noterat. Nästa i kedjan påminns vid nästa svep.")


def reminders(
    incident: Case,
    now: Now,
    arrived: Annotated[bool, typer.Option("--arrived", metavar=" ", help="De osäkra kom fram.")] = False,
    again: Annotated[bool, typer.Option("--again", metavar=" ", help="De osäkra ska skickas igen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Visa vem som har påmints om vad, och avgör vad som hände med de påminnelser som är osäkra."""
    ledger = world().ledger
    in_doubt = [row.entry for row in ledger.rows(incident) if row.state in _IN_DOUBT]
    if arrived and again:
        raise typer.BadParameter("Välj ett av de två: antingen kom de fram, eller så ska de skickas igen.")
    if arrived or again:
        settled = ledger.settle_uncertain(in_doubt, arrived=arrived, now=now)
        typer.echo(f"{settled} osäkra påminnelser är avgjorda." if settled else "Inga påminnelser är osäkra i ärendet.")
        return
    rows = ledger.rows(incident)
    if as_json:
        answer([{**row.entry._asdict(), "state": row.state, "claimed_at": row.claimed_at} for row in rows])
        return
    for row in rows:
        typer.echo(_line(row))
    if in_doubt:
        typer.echo("Fråga mottagaren eller den som sköter e-posten. Avgör sedan med --arrived eller --again.")
    if not rows:
        typer.echo(f"Ingen har påmints i {incident}.")


def _line(row: LedgerRow) -> str:
    what = named("provision", row.entry.deadline.partition("/")[0])
    state = named("DeliveryState", row.state.value)
    return f"{moment(row.claimed_at)} · {row.entry.person} · {what} · {step_in_words(row.entry.step)} ({state})"
