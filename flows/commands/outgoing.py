"""Commands for what is sent to people: the letters and the public notice."""

import asyncio
from collections import Counter
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from adapters.recipient_file import read_recipients
from flows.commands.codes import CodeOption, confirmed
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, DryRun, Now, existing_file, plain_text, when
from letters.language import label, listed, moment, number
from models.incident import Incident
from models.instants import local
from models.route import Way
from services.communicate import POST, communicate
from services.load_recipients import load_recipients
from services.ports import World
from services.publish_notice import publish_notice
from services.record import read
from services.route import ways
from services.start_communication import communication_of, start_communication


def load(
    incident: Case,
    file: Annotated[
        Path,
        typer.Argument(
            parser=existing_file, metavar="FIL", help="CSV: id, name, email, street, postcode, city, protection."
        ),
    ],
    by: By,
) -> None:
    """Läs in dem som ska få brev. Hela filen eller inget av den."""
    count = load_recipients(incident, people=read_recipients(file), by=by, world=world())
    typer.echo(f"{incident} har nu {number(count)} mottagare.")


def send(
    incident: Case, by: By, now: Now, code: CodeOption = None, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Släpp det godkända brevet och skicka det till alla mottagare."""
    here = world()
    if dry_run:
        _say_ways(incident, now, here, as_json=as_json)
        return
    with confirmed(now=now, here=here):
        start_communication(incident, code=code, by=by, now=now, world=here)
    sent = asyncio.run(_send(incident, now, here))
    if sent.completed is None:
        typer.echo("Alla brev är inte ute än. E-postservern bad om tid; timglas sweep försöker igen.")
        return
    ends = sent.completed.model_dump(
        include={"recipients", "emailed", "on_paper", "sealed", "unreachable", "uncertain"}
    )
    if as_json:
        answer({"incident": incident, **ends})
        return
    said = {name: number(count) for name, count in ends.items()}
    typer.echo(
        "{recipients} mottagare: {emailed} med e-post, {on_paper} brev på papper, {sealed} förseglade brev till "
        "skyddade personer, {unreachable} går inte att nå, {uncertain} osäkra.".format(**said)
    )
    typer.echo(f"Breven på papper ligger i arkivet, i mappen för {incident}, och ska postas.")


async def _send(incident: str, now: datetime, here: World) -> Incident:
    """Send, showing how many messages have found their end. Counted twice a second, whatever they are."""
    communication = communication_of(incident)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        shown = progress.add_task("Skickar", total=here.recipients.count(communication))
        sending = asyncio.create_task(communicate(incident, now=now, world=here))
        while not sending.done():
            await asyncio.wait({sending}, timeout=0.5)
            progress.update(shown, completed=_ended(communication, here))
    return await sending


def _ended(communication: str, here: World) -> int:
    return sum(sum(here.outbox.counts(part).values()) for part in (communication, f"{communication}/{POST}"))


def _say_ways(incident: str, now: datetime, here: World, *, as_json: bool) -> None:
    read(incident, here.timeline)
    communication = communication_of(incident)
    people = partial(here.recipients.read, communication) if here.recipients.count(communication) else tuple
    counted = Counter(each.way for each in ways(people, on=local(now).date()))
    if as_json:
        answer({"incident": incident, "recorded": False, **{way.value: counted[way] for way in Way}})
        return
    typer.echo(f"Inget är skickat. {number(counted.total())} mottagare skulle få brevet så här:")
    for way in Way:
        typer.echo(f"- {label(way)}: {number(counted[way])}")


def publish(
    incident: Case,
    by: By,
    channel: Annotated[
        list[str],
        typer.Option(parser=plain_text, metavar="KANAL", help="Var det står, till exempel kommunens webbplats."),
    ],
    now: Now,
    published_at: Annotated[datetime | None, when("När det publicerades. Annars nu.")] = None,
) -> None:
    """Registrera att det godkända meddelandet till allmänheten är publicerat."""
    publish_notice(incident, channels=tuple(channel), published_at=published_at or now, by=by, now=now, world=world())
    typer.echo(f"{incident}: meddelandet publicerat {moment(published_at or now)} genom {listed(channel)}.")
