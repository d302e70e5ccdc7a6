"""The command that shows the letters before anybody approves them, and sends a specimen to whoever asks."""

import asyncio
from typing import Annotated

import typer

from adapters.settings import Settings
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, Now
from letters.language import number
from services.documents.draft_names import preview_name
from services.documents.drafts import COMMUNICATION
from services.people.forecast import told
from services.people.preview import expected, last_draft
from services.people.preview import preview as put_out
from services.people.send_specimens import send_specimens
from services.public.remark_on_notice import remarks_on_draft
from services.record import read

Letter = Annotated[str, typer.Option("--letter", metavar="SKRIVELSE", help="Vilket utkast.")]


def preview(
    incident: Case,
    by: By,
    now: Now,
    letter: Letter = COMMUNICATION,
    send: Annotated[
        bool, typer.Option("--send", help="Skicka också ett prov av varje variant till dig själv.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Visa breven som de blir före godkännandet: det första, det längsta och ett av varje slag, och när de är framme."""
    here = world()
    folder = Settings().print_folder
    specimens = put_out(incident, letter=letter, now=now, world=here)
    sent = asyncio.run(send_specimens(incident, letter=letter, by=by, now=now, world=here)) if send else 0
    files = [f"{preview_name(incident)}-{place}-{one.why}.pdf" for place, one in enumerate(specimens, 1)]
    hoped = expected(incident, now=now, world=here)
    said = told(hoped) if hoped else None
    if as_json:
        answer({"incident": incident, "folder": str(folder), "files": files, "forecast": said, "specimens_sent": sent})
        return
    typer.echo(f"Breven ligger i {folder}, som PDF och de som mejlas också som webbsida:")
    for file in files:
        typer.echo(f"- {file}")
    typer.echo("Filerna innehåller personuppgifter. De tas bort när breven släpps eller listan raderas.")
    if sent:
        typer.echo(f"{number(sent)} prov är skickade till dig.")
    case = read(incident, here.timeline).incident
    for remark in remarks_on_draft(last_draft(case, letter, here), case, here):
        typer.echo(f"Att se över: {remark}")
    typer.echo(said or "Ingen lista är inläst.")
