"""Letters on their way: sent by runs that anybody can watch, share and stop, and that are taken up where they ended."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Annotated, Any

from prefect import Flow, flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed

from adapters.settings import Settings
from flows.acts.progress import Progress
from flows.board.runs import deployment_of
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import LettersMeant, Text, Who, choice
from flows.steps import NOWHERE, clock, step
from letters.duty_stands import left_to_tell
from letters.language import capital, moment, say
from models.base import ENGINE, IncidentId
from models.delivery import Settlement
from models.errors import N_
from models.incident import Incident
from services.people.communicate import communicate, opens_again
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
    persist_result=False,
    result_storage=NOWHERE,
    on_cancellation=[halt_with_the_run],
)
async def send_letters(incident_id: IncidentId, now: datetime | None = None) -> State[Any]:
    """Send what is in line and print what goes on paper. Several such runs share the work; it may be started again."""
    world = wire()
    async with Progress(incident_id, world):
        incident = await _send_all(incident_id, now, world)
    return _ended(incident, _at(now), world)


async def _send_all(incident_id: IncidentId, now: datetime | None, world: World) -> Incident:
    """Send a chunk at a time, waiting a little where a provider's limit asks for it, and return where that ended."""
    horizon = _SOON if now is None else timedelta()
    for number in count(1):
        sending = partial(communicate, incident_id, now=_at(now), world=world, first=number == 1)
        chunk = partial(sending, go_on=_for(_CHUNK_SECONDS), patience=horizon)
        incident: Incident = await step(f"Skicka och skriv ut, omgång {number}", chunk)
        opens_at = opens_again(incident, _at(now), world)
        if opens_at is None or opens_at > _at(now) + horizon:
            break
        await asyncio.sleep(max(0.0, (opens_at - _at(now)).total_seconds()))
    return incident


def _for(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until


def _at(now: datetime | None) -> datetime:
    """Return ``now``, or what time it is: a sending lasts, and its claims run from when they were made."""
    return now or datetime.now(UTC)


def _ended(incident: Incident, at: datetime, world: World) -> State[Any]:
    """Return the state that says how the run ended: with everyone told, or with what is left and who must act."""
    if incident.completed is not None and incident.unposted:
        left = N_("The e-mail is out. {count} letters are written and wait to be taken out and posted.")
        return Completed(name="Att posta", message=say(left, count=incident.unposted))
    if incident.completed is not None and (left := left_to_tell(incident.untold_people)):
        return Completed(name="Alla gick inte att nå", message=f"{capital(left)}.")
    if incident.completed is not None:
        return Completed(name="Klart", message=say(N_("Everyone has had a letter.")))
    if incident.halted is not None:
        return Completed(
            name="Stoppat", message=say(N_("The letters are halted. Nothing more goes out until they are resumed."))
        )
    if incident.uncertain:
        told = say(N_("Some messages may have arrived or not. The question waits among the decisions."))
        return Completed(name="Väntar på beslut", message=told)
    opens_at = opens_again(incident, at, world)
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
                name=f"{SENDING} · {incident_id}",  # named by the flow, each run would ask the server once more
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
    only: LettersMeant = (),
    now: datetime | None = None,
) -> None:
    """Decide what becomes of the messages that may or may not have arrived: of those in ``only``, or of all."""
    world, at = wire(), clock(now)
    decided = partial(settle_uncertain, incident_id, verdict=verdict, only=only, now=at, world=world)
    await step("Avgör osäkra brev", partial(decided, reasoning=reasoning, by=by))
    await step("Starta utskicket", partial(start_sending, incident_id, now=at, world=world))
