"""After a crash: runs that were being worked on go back in the queue. Every step of ours is safe to run again."""

from datetime import UTC, datetime
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Scheduled

BUSY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]

_PAGE = 200


async def take_up() -> int:
    """Put every run that a dead process left behind back in the queue, and return how many. Only at start-up."""
    busy = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=BUSY)))
    async with get_client() as client:
        taken_up = 0
        while runs := await client.read_flow_runs(flow_run_filter=busy, limit=_PAGE, sort=FlowRunSort.ID_DESC):
            for run in runs:
                again: State[Any] = Scheduled(name="Avbruten, tas upp igen", scheduled_time=datetime.now(UTC))
                await client.set_flow_run_state(run.id, again, force=True)
            taken_up += len(runs)
    return taken_up
