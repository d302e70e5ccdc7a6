"""Commands for what is filed with authorities, and for what they answer. A person files; Timglas keeps the record."""

from datetime import date, datetime
from typing import Annotated, cast

import typer

from flows.commands.codes import CodeOption, confirmed
from flows.commands.desk import answer, world
from flows.commands.status import limits, rows_of
from flows.commands.typed import AsJson, By, Case, Now, day, diary_number, exception, member, text, when
from letters.citations import cited
from letters.language import label, moment, on_the, say
from models.events import ExceptionProvision, Phase
from services.receive_order import receive_order
from services.record_acknowledgement import record_acknowledgement
from services.settle_parallel_duty import lift_parallel_duty, submit_parallel_report
from services.submit_notification import submit_notification
from services.withdraw_notification import withdraw_notification

Provision = Annotated[str, typer.Argument(metavar="PARAGRAF", help="Som i timglas board, till exempel se.lek.8.4.")]


def file(
    incident: Case,
    by: By,
    phase: Annotated[
        Phase, typer.Option(parser=member(Phase), metavar="SKEDE", help="första, komplettering eller sista.")
    ],
    filed_at: Annotated[datetime, when("Tiden på IMY:s kvittens.")],
    complete: Annotated[bool, typer.Option("--complete/--incomplete", help="Om anmälan är fullständig.")],
    now: Now,
    delay_reasons: Annotated[str | None, text("Varför anmälan är sen, om den är det.")] = None,
    as_json: AsJson = False,
) -> None:
    """Registrera att ni har lämnat en anmälan eller en komplettering till IMY."""
    here = world()
    filed = submit_notification(
        incident,
        phase=phase,
        filed_at=filed_at,
        complete=complete,
        delay_reasons=delay_reasons,
        by=by,
        now=now,
        world=here,
    )
    rows = rows_of(filed, here, now)
    if as_json:
        due = {row.duty.provision: {"status": row.duty.status, "due_at": row.duty.due_at} for row in rows}
        answer({"incident": incident, "filed_at": filed_at, "duties": due})
        return
    typer.echo(f"{label(phase)} registrerad, lämnad {on_the(filed_at)}.")
    for warning in filed.delay.warnings if filed.delay and delay_reasons else ():
        typer.echo(f"Tänk på: {say(warning.text)} ({cited(warning.citation)})")
    for line in limits(rows):
        typer.echo(line)


def withdraw(
    incident: Case,
    by: By,
    reasons: Annotated[str, text("Varför anmälan tas tillbaka.")],
    now: Now,
    withdrawn_at: Annotated[datetime | None, when("När den togs tillbaka. Annars nu.")] = None,
    code: CodeOption = None,
) -> None:
    """Registrera att ni har tagit tillbaka en anmälan."""
    here, at = world(), withdrawn_at or now
    with confirmed(now=now, here=here):
        withdraw_notification(incident, reasons=reasons, withdrawn_at=at, code=code, by=by, now=now, world=here)
    typer.echo(f"{incident}: anmälan är tillbakatagen {moment(withdrawn_at or now)}. Tiden för den står kvar.")


def diary(
    incident: Case,
    number: Annotated[str, typer.Argument(parser=diary_number, metavar="NUMMER", help="Till exempel IMY-2026-1234.")],
    by: By,
    now: Now,
    received_at: Annotated[datetime | None, when("När ni fick det. Annars nu.")] = None,
) -> None:
    """Registrera det diarienummer IMY har gett ärendet."""
    record_acknowledgement(incident, diary_number=number, received_at=received_at or now, by=by, now=now, world=world())
    typer.echo(f"{incident} har diarienummer {number} hos IMY.")


def order(
    incident: Case,
    by: By,
    reference: Annotated[str, text("IMY:s beslut: nummer och dag.")],
    now: Now,
    received_at: Annotated[datetime | None, when("När ni fick beslutet. Annars nu.")] = None,
    communicate_by: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DAG", help="Dagen då de registrerade senast ska vara informerade."),
    ] = None,
    condition_met: Annotated[
        str | None, typer.Option(parser=exception, metavar="PUNKT", help="Det villkor i artikel 34.3 som är uppfyllt.")
    ] = None,
) -> None:
    """Registrera att IMY har beslutat om informationen till de registrerade (artikel 34.4)."""
    here = world()
    ordered = receive_order(
        incident,
        reference=reference,
        received_at=received_at or now,
        communicate_by=communicate_by,
        condition_met=cast("ExceptionProvision | None", condition_met),
        by=by,
        now=now,
        world=here,
    )
    typer.echo(f"{incident}: beslutet från IMY är registrerat.")
    for line in limits(rows_of(ordered, here, now)):
        typer.echo(line)


def report(
    incident: Case,
    provision: Provision,
    by: By,
    filed_at: Annotated[datetime, when("När rapporten lämnades.")],
    receipt: Annotated[str, text("Kvittensens nummer, eller vem som tog emot.")],
    now: Now,
) -> None:
    """Registrera en rapport enligt en annan lag än dataskyddsförordningen."""
    submit_parallel_report(
        incident, provision=provision, filed_at=filed_at, receipt=receipt, by=by, now=now, world=world()
    )
    typer.echo(f"{incident}: rapporten enligt {provision} är registrerad, lämnad {on_the(filed_at)}.")


def lift(
    incident: Case,
    provision: Provision,
    by: By,
    reasoning: Annotated[str, text("Varför lagens villkor inte är uppfyllt.")],
    now: Now,
) -> None:
    """Besluta att en skyldighet enligt en annan lag inte gäller här."""
    lift_parallel_duty(incident, provision=provision, reasoning=reasoning, by=by, now=now, world=world())
    typer.echo(f"{incident}: {provision} krävs inte. Skälen står i ärendet.")
