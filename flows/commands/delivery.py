"""Commands for letters on their way: send them, halt them, and decide what becomes of those nobody knows about."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, Now, choose, text
from letters.breach_register import WAYS, letters_line
from letters.language import moment, number
from models.base import IncidentId
from models.delivery import Settlement
from models.incident import Incident
from models.recipient import DeliveryState
from services.people.communicate import communicate
from services.people.communication import communication_of
from services.people.halt_communication import halt_communication, resume_communication
from services.people.print_letters import POST
from services.people.settle_uncertain import settle_uncertain, uncertain_of
from services.ports.world import World
from services.record import read

_UNDER_WAY = {DeliveryState.WAITING, DeliveryState.CLAIMED, DeliveryState.DEFERRED}
_TOLD = {"recipients", *WAYS}
_VERDICTS = {
    Settlement.ARRIVED: ("arrived", "framme", "räknas som framme"),
    Settlement.SEND_AGAIN: ("send_again", "igen", "skicka igen"),
}


async def send_now(incident: IncidentId, now: datetime, here: World) -> Incident:
    """Send, showing how many messages have found their end. Counted twice a second, whatever they are."""
    communication = communication_of(incident)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        shown = progress.add_task("Skickar", total=here.recipients.count(communication))
        sending = asyncio.create_task(communicate(incident, now=now, world=here))
        while not sending.done():
            await asyncio.wait({sending}, timeout=0.5)
            progress.update(shown, completed=_ended(communication, here))
    return await sending


def say_where_it_stands(incident: Incident, here: World, *, as_json: bool) -> None:
    """Say what became of everyone, or what is still to be done and by whom."""
    ends = incident.completed.model_dump(include=_TOLD) if incident.completed else None
    if as_json:
        waiting = _waiting(communication_of(incident.id), here)
        told = ends or {"waiting": waiting, "uncertain": incident.uncertain, "halted": incident.halted is not None}
        answer({"incident": incident.id, **told})
    elif incident.completed is None:
        typer.echo(_what_is_left(incident, here))
    else:
        typer.echo(letters_line(incident.completed))
        if incident.completed.on_paper or incident.completed.by_guardians:
            typer.echo(f"Ta ut breven på papper och posta dem: timglas letters print {incident.id}")
        if incident.completed.by_mailbox:
            typer.echo(f"Ta ut breven till digitala brevlådor: timglas letters print {incident.id} --digital")
        if incident.completed.sealed:
            typer.echo(f"Ta ut de förseglade breven för sig: timglas letters print {incident.id} --sealed")


def halt(
    incident: Case,
    reasoning: Annotated[str, text("Varför utskicket stoppas.")],
    by: By,
    now: Now,
    as_json: AsJson = False,
) -> None:
    """Stoppa utskicket. Det som redan är överlämnat till e-postservern går inte att ta tillbaka."""
    halt_communication(incident, reasoning=reasoning, by=by, now=now, world=world())
    left = _waiting(communication_of(incident), world())
    if as_json:
        answer({"incident": incident, "unsent": left})
        return
    typer.echo(f"{incident}: utskicket är stoppat. {_unsent(left)}.")
    typer.echo(f"Fortsätt med: timglas resume {incident}")


def resume(incident: Case, by: By, now: Now, as_json: AsJson = False) -> None:
    """Låt ett stoppat utskick fortsätta: samma brev till samma mottagare."""
    here = world()
    resume_communication(incident, by=by, now=now, world=here)
    say_where_it_stands(asyncio.run(send_now(incident, now, here)), here, as_json=as_json)


def uncertain(
    incident: Case,
    by: By,
    now: Now,
    verdict: Annotated[
        Settlement | None,
        typer.Option(
            parser=lambda typed: choose(typed, _VERDICTS),
            metavar="VAL",
            help="framme: räknas som framkomna. igen: skicka en gång till. Utan val visas de bara.",
        ),
    ] = None,
    reasoning: Annotated[str | None, text("Varför. Till exempel vad e-postserverns operatör svarade.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Bara den här mottagaren. Går att upprepa.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Visa meddelanden som kanske har kommit fram, eller avgör vad som ska hända med dem."""
    here = world()
    if verdict is None:
        _list(read(incident, here.timeline).incident, here, as_json=as_json)
        return
    if reasoning is None:
        raise typer.BadParameter("Skriv varför med --reasoning. Beslutet antecknas i ärendet.")
    settle_uncertain(incident, verdict=verdict, reasoning=reasoning, only=only or (), by=by, now=now, world=here)
    say_where_it_stands(asyncio.run(send_now(incident, now, here)), here, as_json=as_json)


def _list(incident: Incident, here: World, *, as_json: bool) -> None:
    doubts = uncertain_of(incident, here)
    if as_json:
        told = [
            {"recipient": one.dispatch.recipient, "message_id": one.message_id, "sent_at": one.sent_at}
            for one in doubts
        ]
        answer({"incident": incident.id, "uncertain": told})
        return
    unsure = "osäkert meddelande" if len(doubts) == 1 else "osäkra meddelanden"
    typer.echo(f"{number(len(doubts))} {unsure} i {incident.id}.")
    for one in doubts:
        typer.echo(f"- {one.dispatch.recipient}, {moment(one.sent_at)}, Message-ID {one.message_id}")
    if doubts:
        typer.echo("Den som sköter e-postservern kan se i loggen om den tog emot dem. Sök på Message-ID.")


def _what_is_left(incident: Incident, here: World) -> str:
    waiting = _waiting(communication_of(incident.id), here)
    if incident.halted is not None:
        return f"Utskicket är stoppat. {_unsent(waiting)}. Fortsätt med timglas resume {incident.id}."
    if incident.uncertain:
        return (
            f"{_messages(incident.uncertain)} kan ha kommit fram eller inte. Se efter och avgör vad som ska "
            f"hända med timglas uncertain {incident.id}.{f' {_messages(waiting)} väntar dessutom.' if waiting else ''}"
        )
    return f"Alla brev är inte ute än: {_messages(waiting)} väntar. timglas sweep fortsätter."


def _messages(count: int) -> str:
    return f"{number(count)} {'meddelande' if count == 1 else 'meddelanden'}"


def _unsent(count: int) -> str:
    return f"{_messages(count)} är inte {'skickat' if count == 1 else 'skickade'}"


def _waiting(communication: str, here: World) -> int:
    return sum(count for (_, state), count in here.outbox.counts(communication).items() if state in _UNDER_WAY)


def _ended(communication: str, here: World) -> int:
    counts = [here.outbox.counts(part) for part in (communication, f"{communication}/{POST}")]
    return sum(count for part in counts for (_, state), count in part.items() if state not in _UNDER_WAY)
