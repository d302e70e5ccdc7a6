"""Commands for what authorities give and ask: numbers, orders, questions, reports beside, and what may be secret."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from flows.commands.desk import answer as answer_as_json
from flows.commands.desk import world
from flows.commands.status import limits, rows_of
from flows.commands.typed import (
    AsJson,
    By,
    Case,
    Now,
    choose,
    day,
    diary_number,
    exception,
    existing_file,
    text,
    when,
    whole_number,
)
from law.secrecy import proposed_marks, secrecy_provisions
from letters.breach_columns import heading
from letters.language import facts_label, listed, named, on_the
from models.breach_events import ExceptionProvision
from models.breach_register import FREE_TEXT
from models.facts import Facts
from models.filing_events import SecrecyMark
from services.case.mark_secrecy import mark_secrecy
from services.case.settle_parallel_duty import lift_parallel_duty, submit_parallel_report
from services.filing.authority_question import answer_question, receive_question
from services.filing.hand_to_registrar import handed_by_hand
from services.filing.receive_order import receive_order
from services.filing.record_acknowledgement import record_acknowledgement
from services.record import read

Provision = Annotated[str, typer.Argument(metavar="PARAGRAF", help="Som i timglas board, till exempel se.lek.8.4.")]
CopyFile = Annotated[
    Path | None,
    typer.Option("--copy", parser=existing_file, metavar="FIL", help="Svaret som PDF, webbsida eller bild."),
]


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


def handed(incident: Case, by: By, now: Now) -> None:
    """Registrera att du har lämnat till registratorn det som brevlådan inte tog emot, eller kanske inte fick."""
    stuck = handed_by_hand(incident, by=by, now=now, world=world())
    typer.echo(f"{incident}: {listed(one.title for one in stuck)} är lämnad till registratorn för hand.")


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


def question(
    incident: Case,
    by: By,
    reference: Annotated[str, text("Myndighetens beteckning: diarienummer och dag.")],
    asked: Annotated[str, text("Vad myndigheten frågar.", "--question")],
    answer_by: Annotated[date, typer.Option(parser=day, metavar="DAG", help="Dagen då svaret senast ska vara framme.")],
    now: Now,
    received_at: Annotated[datetime | None, when("När ni fick frågan. Annars nu.")] = None,
) -> None:
    """Registrera en fråga från IMY. Dagen för svaret blir en frist."""
    here = world()
    receive_question(
        incident,
        reference=reference,
        question=asked,
        answer_by=answer_by,
        received_at=received_at or now,
        by=by,
        now=now,
        world=here,
    )
    line = max(read(incident, here.timeline).incident.asked)
    typer.echo(f"{incident}: frågan är registrerad på rad {line}. Svara: timglas answer {incident} --line {line}")


def answer(
    incident: Case,
    by: By,
    said: Annotated[str, text("Vad ni har svarat, i korthet.", "--answer")],
    now: Now,
    answered_at: Annotated[datetime | None, when("När ni svarade. Annars nu.")] = None,
    line: Annotated[
        int | None, typer.Option(parser=whole_number, metavar="RAD", help="Frågans rad i tidslinjen, om flera väntar.")
    ] = None,
    copy: CopyFile = None,
) -> None:
    """Registrera att ni har svarat på en fråga från IMY."""
    content = copy.read_bytes() if copy else None
    at = answered_at or now
    answer_question(incident, answer=said, answered_at=at, line=line, content=content, by=by, now=now, world=world())
    typer.echo(f"{incident}: svaret är registrerat, lämnat {on_the(at)}.")


def secrecy(
    incident: Case,
    by: By,
    now: Now,
    field: Annotated[str | None, typer.Option(metavar="UPPGIFT", help="Den uppgift som markeras.")] = None,
    provision: Annotated[
        list[str] | None, typer.Option(metavar="BESTÄMMELSE", help="Till exempel osl.18.8. Ingen tar bort märkningen.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Markera vad som kan omfattas av sekretess. Utan --field visas förslag och vad som är markerat."""
    here = world()
    if field is not None:
        name = choose(field, {one: (one, heading(one)) for one in (*Facts.model_fields, *FREE_TEXT)})
        mark_secrecy(
            incident, marks=(SecrecyMark(field=name, provisions=tuple(provision or ())),), by=by, now=now, world=here
        )
    standing = read(incident, here.timeline).incident
    proposed = proposed_marks(standing.facts)
    if as_json:
        answer_as_json({"incident": incident, "marked": standing.secrecy, "proposed": proposed})
        return
    for name, keys in standing.secrecy.items():
        typer.echo(f"Markerat: {heading(name)}, {_cited(keys)}.")
    for name, keys in proposed.items():
        if name not in (*standing.secrecy, *standing.openly_said):
            typer.echo(f"Förslag: {facts_label(name)}, {_cited(keys)}.")
    if not standing.secrecy and not proposed:
        typer.echo(f"Inget är markerat i {incident}, och Timglas föreslår inget.")


def _cited(keys: tuple[str, ...]) -> str:
    known = secrecy_provisions()
    return listed(f"{known[key].citation} ({named('secrecy', known[key].covers)})" for key in keys)
