"""Show each legal time limit as a run of the flow *Frist* that nobody executes: its page is the deadline board.

Prefect calls it late by itself when the instant passes. The record decides the rest: done in time, late, or no longer
wanted. A moved limit is another marker; the old one is cancelled.
"""

from collections.abc import Iterable
from datetime import datetime

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import FlowRunCreate
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Cancelled, Completed, Failed, Scheduled, to_state_create

from flows.board.runs import runs_of, stands_at
from letters.language import label, place, say, soon
from models.base import IncidentId
from models.duty import Duty, DutyStatus
from models.errors import N_
from models.incident import Incident
from models.overview import marker_of
from services.due.deadlines import deadlines_of
from services.ports.world import World
from services.record import Case

FLOW = "Frist"
FILED_IN_TIME, DONE_IN_TIME, LATE, NO_LONGER_WANTED = (
    "Anmäld i tid",
    "Fullgjord i tid",
    "Försenad",
    "Inte längre aktuell",
)


async def mark(cases: Iterable[Case], *, world: World, client: PrefectClient) -> dict[IncidentId, dict[str, str]]:
    """Bring the markers of ``cases`` up to date and return the run of each time limit, by case and provision.

    Only what differs from the runs there are is changed, so that it also restores what Prefect has forgotten.
    """
    incidents = [case.incident for case in cases]
    runs = {run.idempotency_key: run for run in await runs_of(FLOW, [one.id for one in incidents], client)}
    shown: dict[IncidentId, dict[str, str]] = {}
    wanted: set[str] = set()
    for incident in incidents:
        for duty, due_at in _limited(deadlines_of(incident, world.book)):
            key = marker_of(incident.id, duty)
            run = runs.get(key) or await _create(incident, duty, due_at, client)
            await _set(run, _state(duty, due_at), client)
            shown.setdefault(incident.id, {})[duty.key] = str(run.id)
            wanted.add(key)
    for run in runs.values():
        if run.idempotency_key not in wanted:
            await _set(run, Cancelled(name=NO_LONGER_WANTED, message=say(N_("The time limit has moved."))), client)
    return shown


def _limited(duties: Iterable[Duty]) -> Iterable[tuple[Duty, datetime]]:
    return ((duty, duty.due_at) for duty in duties if duty.due_at is not None)


def _state(duty: Duty, due_at: datetime) -> State[None]:
    if duty.is_open:
        return Scheduled(scheduled_time=due_at)
    if duty.status is not DutyStatus.FULFILLED:
        return Cancelled(name=NO_LONGER_WANTED, message=label(duty.status))
    if duty.late_by:
        return Failed(name=LATE, message=say(N_("Fulfilled {late} late"), late=duty.late_by))
    return Completed(name=FILED_IN_TIME if duty.provision == "gdpr.33.1" else DONE_IN_TIME)


async def _create(incident: Incident, duty: Duty, due_at: datetime, client: PrefectClient) -> FlowRun:
    run = FlowRunCreate(
        flow_id=await client.create_flow_from_name(FLOW),
        name=f"{FLOW} {place(duty.provision)} · {incident.id} · {soon(due_at)}",
        state=to_state_create(Scheduled(scheduled_time=due_at)),
        tags=["frist", incident.id, incident.party, duty.provision],
        idempotency_key=marker_of(incident.id, duty),
    )
    answer = await client.request("POST", "/flow_runs/", json=run.model_dump(mode="json", exclude_unset=True))
    return FlowRun.model_validate(answer.json())


async def _set(run: FlowRun, state: State[None], client: PrefectClient) -> None:
    name = "" if state.is_scheduled() else state.name
    if stands_at(run) != (state.type, name):
        await client.set_flow_run_state(run.id, state, force=True)
