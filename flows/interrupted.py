"""After a crash: runs that were being worked on go back in the queue. Every step of ours is safe to run again."""

from datetime import UTC, datetime
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import State, StateType
from prefect.states import Scheduled

BUSY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


async def take_up() -> int:
    """Put every run that a dead process left behind back in the queue, and return how many. Only at start-up."""
    busy = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=BUSY)))
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_run_filter=busy)
        for run in runs:
            again: State[Any] = Scheduled(name="Avbruten, tas upp igen", scheduled_time=datetime.now(UTC))
            await client.set_flow_run_state(run.id, again, force=True)
    return len(runs)
