"""Commands about the notice to the public: what it lacks, its log, how it stands on the web, and its end."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, Now, existing_file, incident_id, text, when
from letters.language import moment
from letters.seen import readable
from services.public.capture_notice import capture_notice
from services.public.note_status import note_status
from services.public.remark_on_notice import remarks_on, supplier_texts
from services.public.withdraw_notice import withdraw_notice
from services.record import read

REMARKED = 1
"""The exit code when something is lacking: for scripts that publish."""


def check(
    file: Annotated[
        Path, typer.Argument(parser=existing_file, metavar="FIL", help="Meddelandet som text eller webbsida.")
    ],
    supplier: Annotated[
        list[Path] | None,
        typer.Option(parser=existing_file, metavar="FIL", help="Leverantörens text att jämföra med. Kan upprepas."),
    ] = None,
    incident: Annotated[
        str | None,
        typer.Option(parser=incident_id, metavar="ÄRENDE", help="Jämför med leverantörernas underrättelser i ärendet."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Kontrollera ett meddelande till de berörda: vad som saknas, vad som är fel skrivet, och om orden är leverantörens."""
    sources = tuple(readable(one.read_text(encoding="utf-8", errors="replace")) for one in supplier or ())
    if incident is not None:
        here = world()
        sources += supplier_texts(read(incident, here.timeline).incident, here)
    remarks = remarks_on(readable(file.read_text(encoding="utf-8", errors="replace")), sources)
    if as_json:
        answer({"file": file.name, "remarks": list(remarks)})
    else:
        for remark in remarks:
            typer.echo(f"- {remark}")
        typer.echo(
            f"{len(remarks)} anmärkningar." if remarks else "Inget saknas som Timglas kan hitta. Läs texten ändå."
        )
    if remarks:
        raise typer.Exit(REMARKED)


def log(
    incident: Case,
    by: By,
    now: Now,
    status: Annotated[str, text("Vad som har hänt, i en mening.", "--text")],
    at: Annotated[datetime | None, when("När det hände. Annars nu.", "--at")] = None,
) -> None:
    """Skriv en rad i meddelandets logg. Den syns när en version som innehåller den är godkänd och publicerad."""
    note_status(incident, text=status, happened_at=at or now, by=by, now=now, world=world())
    typer.echo(f"Raden är antecknad. Ta fram en ny version: timglas draft {incident} allmänheten")


def capture(
    incident: Case,
    by: By,
    now: Now,
    url: Annotated[str, typer.Option(metavar="ADRESS", help="Var meddelandet står på webben.")],
    file: Annotated[
        Path | None,
        typer.Option(parser=existing_file, metavar="FIL", help="Sidan som du har sparat själv. Annars hämtas den."),
    ] = None,
) -> None:
    """Spara meddelandet som det står på webben, med kontrollsumma, och jämför med det som godkändes."""
    content = file.read_bytes() if file else None
    captured = capture_notice(incident, address=url, content=content, by=by, now=now, world=world())
    typer.echo(f"Avbilden är sparad, {captured.incident.captures[-1].sha256}.")
    for line in captured.lacking:
        typer.echo(f"- Saknas på sidan: {line}")
    if captured.lacking:
        raise typer.Exit(REMARKED)


def down(
    incident: Case,
    by: By,
    now: Now,
    reasons: Annotated[str, text("Varför det togs ned.")],
    at: Annotated[datetime | None, when("När det togs ned. Annars nu.", "--at")] = None,
) -> None:
    """Anteckna att meddelandet är nedtaget. Sidan säger det också."""
    incident_now = withdraw_notice(incident, reasons=reasons, withdrawn_at=at or now, by=by, now=now, world=world())
    first = moment(incident_now.notices[0].occurred_at)
    typer.echo(f"Meddelandet låg ute från {first} till {moment(at or now)}.")
