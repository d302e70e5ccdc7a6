"""Commands for what is sent to people: the letters and the public notice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Annotated

import typer

from flows.commands.codes import CodeOption, confirmed
from flows.commands.delivery import say_where_it_stands, send_now
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, DryRun, Now, plain_text, when
from letters.language import label, listed, moment, number
from models.incident import Incident
from models.instants import local
from models.recipient import Recipient
from models.route import Way
from services.documents.drafts import COMMUNICATION, CORRECTION
from services.people.communication import communication_of
from services.people.forecast import told
from services.people.found_later import waiting
from services.people.preview import expected
from services.people.route import ways
from services.people.start_communication import start_communication
from services.ports.world import World
from services.public.publish_notice import publish_notice
from services.record import read


def send(
    incident: Case,
    by: By,
    now: Now,
    code: CodeOption = None,
    correction: Annotated[
        bool, typer.Option("--correction", help="Skicka den godkända rättelsen i stället för ett brev.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Släpp det godkända brevet och skicka det till alla mottagare."""
    here = world()
    if dry_run:
        _say_ways(incident, now, here, as_json=as_json)
        return
    letter = CORRECTION if correction else COMMUNICATION
    with confirmed(now=now, here=here):
        start_communication(incident, letter=letter, code=code, by=by, now=now, world=here)
    say_where_it_stands(asyncio.run(send_now(incident, now, here)), here, as_json=as_json)


def _say_ways(incident: str, now: datetime, here: World, *, as_json: bool) -> None:
    case = read(incident, here.timeline).incident
    communication, approval = communication_of(incident), case.approvals.get(COMMUNICATION)
    people: Callable[[], Iterable[Recipient]] = tuple
    if case.found is not None:
        people = partial(waiting, case, approval.sha256 if approval else None, here)
    elif here.recipients.count(communication) and not _is_out(case):
        people = partial(here.recipients.read, communication)
    counted = Counter(each.way for each in ways(people, on=local(now).date()))
    if as_json:
        answer({"incident": incident, "recorded": False, **{way.value: counted[way] for way in Way}})
        return
    typer.echo(f"Inget är skickat. {number(counted.total())} mottagare skulle få brevet så här:")
    for way in Way:
        typer.echo(f"- {label(way)}: {number(counted[way])}")
    typer.echo(f"Se vägen till var och en, och varför: timglas recipients ways {incident}")
    hoped = None if case.found or _is_out(case) else expected(incident, now=now, world=here)
    if hoped is not None:
        typer.echo(told(hoped))


def _is_out(case: Incident) -> bool:
    """Tell whether the letter that is approved is released already: to release it again writes to nobody."""
    approval = case.approvals.get(COMMUNICATION)
    return case.started is not None and approval is not None and approval.sha256 == case.started.sha256


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
