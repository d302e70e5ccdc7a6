"""Commands of a supplier: what is known of each customer's data, the notices, and who has answered."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from adapters.table import read_table
from flows.commands.codes import CodeOption, confirmed
from flows.commands.desk import answer as say_json
from flows.commands.desk import world
from flows.commands.typed import AsJson, By, Case, DryRun, Now, existing_file, member, plain_text, text, when
from letters import plain
from letters.language import number, stamp, word
from letters.senders import full_name
from models.incident import Incident
from models.supply_events import Answered, Milestone, Tier
from services.ports.world import World
from services.record import read
from services.supply.prepare_notices import prepare_notices
from services.supply.read_slices import slices_in
from services.supply.record_answer import record_answer
from services.supply.release_notices import release_notices
from services.supply.send_notices import require_reached, send_notices
from services.supply.standing import Standing, standings
from services.supply.state_slices import require_processor, state_slices
from services.supply.state_tier_time import state_tier_time

Controller = Annotated[str, typer.Argument(metavar="ORGANISATION", help="Kundens id i registret.")]


def slices(
    incident: Case,
    file: Annotated[
        Path, typer.Argument(parser=existing_file, metavar="FIL", help="CSV: en rad per kund, en kolumn per uppgift.")
    ],
    by: By,
    now: Now,
    source: Annotated[str, text("Var uppgifterna kommer ifrån.")],
    dry_run: DryRun = False,
) -> None:
    """Läs in vad ni vet om varje kunds egna uppgifter. Hela filen eller inget av den."""
    here = world()
    before = read(incident, here.timeline).incident
    supplier = require_processor(before, here)
    stated = slices_in(read_table(file), file=file.name, processor=supplier, controllers=here.register.controllers)
    if dry_run:
        typer.echo(f"Filen gäller {number(len(stated))} kunder. Inget är antecknat.")
        return
    after = state_slices(incident, stated, source=source, by=by, now=now, world=here)
    typer.echo(f"{incident}: {number(after.length - before.length)} kunders uppgifter är nya eller ändrade.")


def time(
    incident: Case,
    by: By,
    now: Now,
    tier: Annotated[
        Tier, typer.Option(parser=member(Tier), metavar="LED", help="underbiträde, biträde eller ansvarig.")
    ],
    organisation: Annotated[str, typer.Option(parser=plain_text, metavar="NAMN", help="Organisationens namn.")],
    milestone: Annotated[Milestone, typer.Option(parser=member(Milestone), metavar="VAD", help="Vad som hände då.")],
    at: Annotated[datetime, when("När det hände, eller tidigast.", "--at")],
    source: Annotated[str, text("Vem som säger det.")],
    until: Annotated[datetime | None, when("Senast, om tiden inte är exakt.")] = None,
) -> None:
    """Anteckna när något hände i leverantörskedjan och vem som säger det. Källor som säger olika står kvar båda två."""
    state_tier_time(
        incident,
        tier=tier,
        organisation=organisation,
        milestone=milestone,
        not_before=at,
        not_after=until or at,
        source=source,
        by=by,
        now=now,
        world=world(),
    )
    typer.echo(f"{incident}: tiden är antecknad.")


def prepare(
    incident: Case,
    by: By,
    now: Now,
    controller: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Bara den här kunden. Kan upprepas. Annars alla som berörs.")
    ] = None,
    answer_by: Annotated[datetime | None, when("När ni vill ha svar. Annars om fyra timmar.")] = None,
    next_update_at: Annotated[datetime | None, when("När ni hör av er igen. Annars om ett dygn.")] = None,
    show: Annotated[bool, typer.Option("--show", metavar=" ", help="Visa den första underrättelsen.")] = False,
) -> None:
    """Ta fram en underrättelse till varje kund. Någon annan släpper dem."""
    bundle = prepare_notices(
        incident,
        controllers=tuple(controller or ()),
        issue_at=now,
        answer_by=answer_by or now + timedelta(hours=4),
        next_update_at=next_update_at or now + timedelta(days=1),
        by=by,
        now=now,
        world=world(),
    )
    for one in bundle:
        typer.echo(f"{one.controller}: version {one.notice.version}, {word(one.notice.kind)}")
    if show:
        typer.echo(f"\n{plain.text(bundle[0].letter)}")
    typer.echo(
        f"{number(len(bundle))} underrättelser väntar på att någon annan släpper dem: timglas inform send {incident}"
    )


def send(incident: Case, by: By, now: Now, code: CodeOption = None) -> None:
    """Släpp underrättelserna och skicka var och en till sin kund."""
    here = world()
    with confirmed(now=now, here=here):
        release_notices(incident, code=code, by=by, now=now, world=here)
    sent = asyncio.run(_send(incident, now, here))
    typer.echo(
        f"{number(len(sent.supply.last_told))} kunder är underrättade. Se svaren med: timglas inform status {incident}"
    )
    require_reached(sent, here)


async def _send(incident: str, now: datetime, here: World) -> Incident:
    prepared = read(incident, here.timeline).incident.supply.prepared
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Skickar", total=prepared.notices if prepared else None)
        return await send_notices(
            incident, now=now, world=here, shown=lambda count: progress.update(task, completed=count)
        )


def answer(
    incident: Case,
    controller: Controller,
    by: By,
    now: Now,
    how: Annotated[
        Answered, typer.Option(parser=member(Answered), metavar="HUR", help="telefon, svar eller annat.")
    ] = Answered.TELEPHONE,
    at: Annotated[datetime | None, when("När kunden svarade. Annars nu.", "--at")] = None,
) -> None:
    """Anteckna att en kund har bekräftat att underrättelsen har kommit fram."""
    here = world()
    record_answer(incident, controller=controller, how=how, answered_at=at or now, by=by, now=now, world=here)
    typer.echo(f"{full_name(here.register.controller(controller))} har bekräftat.")


def status(incident: Case, as_json: AsJson = False) -> None:
    """Visa var varje kund står: vad som skickats, kvittensen och svaret, och vem som är nästa kontakt."""
    here = world()
    rows = standings(read(incident, here.timeline).incident, here)
    if as_json:
        say_json([row._asdict() for row in rows])
        return
    for row in rows:
        typer.echo(_line(row))
    silent = sum(row.sent_at is not None and row.answered_at is None for row in rows)
    typer.echo(
        f"{number(len(rows))} kunder, {number(sum(row.sent_at is not None for row in rows))} underrättade, {number(silent)} har inte svarat."
    )


def _line(row: Standing) -> str:
    if row.sent_at is None:
        return f"{row.controller}: inte underrättad"
    answered = (
        f"svarade {stamp(row.answered_at)}"
        if row.answered_at
        else f"har inte svarat, nästa kontakt: {row.next_contact or 'ring'}"
    )
    return f"{row.controller}: version {row.version}, {word(row.kind) if row.kind else ''}, skickad {stamp(row.sent_at)}, {answered}"
