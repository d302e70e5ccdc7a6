"""Commands that open a case, start its clock, and end it."""

from datetime import datetime
from typing import Annotated

import typer

from flows.commands.desk import answer, world
from flows.commands.status import limits, rows_of
from flows.commands.typed import AsJson, By, Case, Now, text, when
from letters.language import moment, on_the
from letters.senders import full_name
from models.incident import Incident
from services.case.close_incident import close_incident
from services.case.correct_awareness import correct_awareness
from services.case.establish_awareness import establish_awareness
from services.case.reopen_incident import reopen_incident
from services.case.report_breach import report_breach
from services.case.rule_out_breach import rule_out_breach
from services.evidence.archive_incident import archive_incident
from services.ports.world import World


def new(
    parties: Annotated[list[str], typer.Argument(metavar="ORGANISATION...", help="Organisationernas id i registret.")],
    by: By,
    family: Annotated[str, text("Namnet på händelsen. Ärenden med samma namn hör ihop.")],
    summary: Annotated[str, text("Vad som har hänt, i en eller två meningar.")],
    source: Annotated[str, text("Varifrån ni vet det.")],
    reported_at: Annotated[datetime, when("När det rapporterades till er.")],
    now: Now,
    concerned: Annotated[
        list[str] | None, typer.Option(metavar="ORGANISATION", help="Ansvariga som ett biträde ska underrätta.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Öppna ett ärende för varje organisation."""
    here = world()
    for party in (*parties, *(concerned or ())):
        here.register.party(party)  # all of them or none
    opened = {
        party: report_breach(
            party,
            family=family,
            summary=summary,
            source=source,
            reported_at=reported_at,
            concerned=tuple(concerned or ()),
            by=by,
            now=now,
            world=here,
        )
        for party in parties
    }
    if as_json:
        answer([{"incident": incident_id, "party": party} for party, incident_id in opened.items()])
        return
    for party, incident_id in opened.items():
        typer.echo(f"{incident_id}  {full_name(here.register.party(party))}")
    typer.echo(f"Rapporterat {moment(reported_at)}. Fastställ nu när ni fick kännedom: timglas aware.")


def aware(
    incident: Case,
    by: By,
    at: Annotated[datetime, when("När ni fick kännedom.", "--at")],
    evidence: Annotated[str, text("Vad som visar det, till exempel ett mejl.")],
    reasoning: Annotated[str, text("Varför det var då ni visste, varken förr eller senare.")],
    now: Now,
    detected_at: Annotated[datetime | None, when("När någon först märkte något.")] = None,
    gap_reason: Annotated[str | None, text("Varför det tog mer än ett dygn från upptäckt till kännedom.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fastställ när ni fick kännedom. Då börjar fristen räknas."""
    here = world()
    known = establish_awareness(
        incident,
        aware_at=at,
        evidence=evidence,
        reasoning=reasoning,
        detected_at=detected_at,
        gap_reason=gap_reason,
        by=by,
        now=now,
        world=here,
    )
    _read_back(known, here, now, as_json=as_json)


def correct_aware(
    incident: Case,
    by: By,
    at: Annotated[datetime, when("När ni rätteligen fick kännedom.", "--at")],
    because: Annotated[str, text("Varför den tidigare tiden var fel.")],
    evidence: Annotated[str, text("Vad som visar den rätta tiden.")],
    now: Now,
    as_json: AsJson = False,
) -> None:
    """Rätta tidpunkten för kännedom. Fristerna flyttas, den gamla tiden står kvar."""
    here = world()
    known = correct_awareness(incident, aware_at=at, because=because, evidence=evidence, by=by, now=now, world=here)
    _read_back(known, here, now, as_json=as_json)


def rule_out(
    incident: Case, by: By, reasoning: Annotated[str, text("Varför inga personuppgifter har drabbats.")], now: Now
) -> None:
    """Anteckna att misstanken inte var någon personuppgiftsincident."""
    rule_out_breach(incident, reasoning=reasoning, by=by, now=now, world=world())
    typer.echo(f"{incident}: ingen personuppgiftsincident. Beslutet och skälen ligger kvar i ärendet.")


def close(
    incident: Case,
    by: By,
    reasoning: Annotated[str, text("Varför ärendet kan avslutas.")],
    lessons: Annotated[str, text("Vad ni har lärt er.")],
    now: Now,
) -> None:
    """Avsluta ärendet, om inget i det är öppet."""
    close_incident(incident, reasoning=reasoning, lessons=lessons, by=by, now=now, world=world())
    typer.echo(f"{incident} är avslutat. Arkivera det nu: timglas archive {incident}.")


def reopen(incident: Case, by: By, reasoning: Annotated[str, text("Vad som har kommit fram.")], now: Now) -> None:
    """Öppna ett avslutat ärende igen. Allt som är beslutat, anmält och skickat står kvar."""
    reopen_incident(incident, reasoning=reasoning, by=by, now=now, world=world())
    typer.echo(f"{incident} är öppet igen. Fyll på med det nya: timglas facts {incident}.")


def archive(incident: Case, by: By, now: Now) -> None:
    """Skriv ut akten för ett avslutat ärende och försegla den."""
    kept = archive_incident(incident, by=by, now=now, world=world())
    if kept.archived is not None:
        typer.echo(f"{incident} är arkiverat. Förteckningens kontrollsumma: {kept.archived.manifest}.")


def _read_back(incident: Incident, here: World, now: datetime, *, as_json: bool) -> None:
    """Say the moment in words, and the time limits that follow."""
    rows = rows_of(incident, here, now)
    if as_json:
        due = {row.duty.provision: row.duty.due_at for row in rows}
        answer({"incident": incident.id, "aware_at": incident.aware_at, "due_at": due})
    elif incident.aware_at is not None:
        typer.echo(f"Kännedom {on_the(incident.aware_at)}.")
        for line in limits(rows):
            typer.echo(line)
