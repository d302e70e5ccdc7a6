"""Letters on their way: sent by runs that anybody can watch, share and stop, and that are taken up where they ended."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from prefect import Flow, flow
from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed

from adapters.settings import Settings
from flows.board.runs import deployment_of
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import Text, Who, choice
from flows.steps import clock, step
from letters.language import moment, say
from models.base import ENGINE, IncidentId
from models.delivery import Settlement
from models.errors import N_, PostError
from models.incident import Incident
from models.recipient import DeliveryState
from services.people.communicate import add_up, communicate, line_up, send_some
from services.people.halt_communication import halt_communication, resume_communication
from services.people.settle_uncertain import settle_uncertain
from services.ports.world import World
from services.record import read

SENDING = "Skicka brev"
_CHUNK_SECONDS = 10.0
"""How long one task sends: long beside what a task costs, and short, since a cancelled run ends after it at the latest."""
_SOON = timedelta(minutes=2)
"""A run waits that long for a provider's limit. What is put off for longer, the sweep takes up."""
_STARTED_SECONDS = 300
_UNDER_WAY = {DeliveryState.WAITING, DeliveryState.CLAIMED, DeliveryState.DEFERRED}


def halt_with_the_run(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect's names
    """Halt the letters of a run that was cancelled: whoever did it means them, and nothing may take them up again."""
    halt_communication(
        flow_run.parameters["incident_id"],
        reasoning=say(N_("The run was cancelled in Prefect.")),
        by=ENGINE,
        now=datetime.now(UTC),
        world=wire(),
    )


@flow(
    name=SENDING,
    flow_run_name=SENDING + " · {incident_id}",
    persist_result=False,
    on_cancellation=[halt_with_the_run],
)
async def send_letters(incident_id: IncidentId, now: datetime | None = None) -> State[Any]:
    """Send what is in line and print what goes on paper. Several such runs share the work; it may be started again."""
    world = wire()
    await step("Ställ i kö", partial(line_up, incident_id, world=world))
    try:
        await _send_all(incident_id, now, world)
    except PostError:
        await step("Skriv ut och stäm av", partial(add_up, incident_id, now=_at(now), world=world))
        raise
    incident = await step("Skriv ut och stäm av", partial(add_up, incident_id, now=_at(now), world=world))
    return _ended(incident, _at(now), world)


async def _send_all(incident_id: IncidentId, now: datetime | None, world: World) -> None:
    """Send a chunk at a time, waiting a little where a provider's limit asks for it."""
    shown = await _show(None, incident_id, world)
    number = 1
    horizon = _SOON if now is None else timedelta()
    while (opens_at := _opens_at(incident_id, _at(now), world)) is not None and opens_at <= _at(now) + horizon:
        await asyncio.sleep(max(0.0, (opens_at - _at(now)).total_seconds()))
        sending = partial(send_some, incident_id, now=_at(now), world=world, go_on=_for_a_while())
        await step(f"Skicka, omgång {number}", sending)
        await _show(shown, incident_id, world)
        number += 1


def _for_a_while() -> Callable[[], bool]:
    until = time.monotonic() + _CHUNK_SECONDS
    return lambda: time.monotonic() < until


def _at(now: datetime | None) -> datetime:
    """Return ``now``, or what time it is: a sending lasts, and its claims run from when they were made."""
    return now or datetime.now(UTC)


def _opens_at(incident_id: IncidentId, at: datetime, world: World) -> datetime | None:
    incident = read(incident_id, world.timeline).incident
    started = incident.started
    if started is None or not incident.is_sending:
        return None
    return world.outbox.opens_at(started.communication, started.sha256, now=at)


async def _show(shown: UUID | None, incident_id: IncidentId, world: World) -> UUID:
    """Show in Prefect how far it has come, as a share and as a number; whom it is for stands nowhere."""
    started = read(incident_id, world.timeline).incident.started
    counts = world.outbox.counts(started.communication) if started else {}
    total = sum(counts.values())
    done = total - sum(count for (_, state), count in counts.items() if state in _UNDER_WAY)
    share = 100 * done / total if total else 100.0
    told = say(N_("{done} of {total} messages have found their end."), done=done, total=total)
    if shown is None:
        return await acreate_progress_artifact(share, key=f"utskick-{incident_id.lower()}", description=told)
    return await aupdate_progress_artifact(shown, share, description=told)


def _ended(incident: Incident, at: datetime, world: World) -> State[Any]:
    """Return the state that says how the run ended: with everyone told, or with what is left and who must act."""
    if incident.completed is not None and incident.unposted:
        left = N_("The e-mail is out. {count} letters are written and wait to be taken out and posted.")
        return Completed(name="Att posta", message=say(left, count=incident.unposted))
    if incident.completed is not None:
        return Completed(name="Klart", message=say(N_("Everyone has had a letter.")))
    if incident.halted is not None:
        return Completed(
            name="Stoppat", message=say(N_("The letters are halted. Nothing more goes out until they are resumed."))
        )
    if incident.uncertain:
        told = say(N_("Some messages may have arrived or not. The question waits among the decisions."))
        return Completed(name="Väntar på beslut", message=told)
    opens_at = _opens_at(incident.id, at, world)
    later = say(N_("What is left goes on by itself."))
    when = f" {say(N_('Next try: {when}.'), when=moment(opens_at))}" if opens_at else ""
    return Completed(name="Fortsätter senare", message=later + when)


async def start_sending(incident_id: IncidentId, *, now: datetime, world: World) -> Incident:
    """Have the letters sent by runs of their own, as many as there may be at once; here and now where none are deployed.

    Asked again within five minutes about a case that stands as it stood, it starts nothing new: those who were asked
    are at it, or soon will be.
    """
    incident = read(incident_id, world.timeline).incident
    async with get_client() as client:
        deployment = await deployment_of(SENDING, client)
        if deployment is None:
            return await communicate(incident_id, now=now, world=world)
        turn = f"{incident.length}/{int(now.timestamp()) // _STARTED_SECONDS}"
        for sender in range(Settings().senders):
            await client.create_flow_run_from_deployment(
                deployment,
                parameters={"incident_id": incident_id},
                tags=[incident_id],
                idempotency_key=f"{SENDING}/{incident_id}/{turn}/{sender}",
            )
    return incident


@at_the_desk("Stoppa utskicket")
async def halt_letters(incident_id: IncidentId, reasoning: Text, by: Who, now: datetime | None = None) -> None:
    """Let no more letters out, from this moment."""
    halted = partial(halt_communication, incident_id, reasoning=reasoning, by=by, now=clock(now), world=wire())
    await step("Stoppa utskicket", halted)


@at_the_desk("Fortsätt utskicket")
async def resume_letters(incident_id: IncidentId, by: Who, now: datetime | None = None) -> None:
    """Let the letters go out again."""
    world, at = wire(), clock(now)
    await step("Fortsätt utskicket", partial(resume_communication, incident_id, by=by, now=at, world=world))
    await step("Starta utskicket", partial(start_sending, incident_id, now=at, world=world))


@at_the_desk("Avgör osäkra brev")
async def settle_letters(
    incident_id: IncidentId,
    verdict: Annotated[Settlement, choice(Settlement)],
    reasoning: Text,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Decide what becomes of the messages that may or may not have arrived."""
    world, at = wire(), clock(now)
    decided = partial(settle_uncertain, incident_id, verdict=verdict, reasoning=reasoning, by=by, now=at, world=world)
    await step("Avgör osäkra brev", decided)
    await step("Starta utskicket", partial(start_sending, incident_id, now=at, world=world))
