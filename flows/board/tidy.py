"""Keep the list of runs readable: of 1 440 sweeps a day, only those of the last hour and those that failed are kept."""

from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort

_KEPT_FOR = timedelta(hours=1)
_AT_ONCE = 50


async def tidy(sweep: str, client: PrefectClient) -> None:
    """Delete the runs of ``sweep`` that did their work more than an hour ago, some at a time."""
    done = FlowRunFilter.model_validate(
        {
            "state": {"type": {"any_": [StateType.COMPLETED]}},
            "end_time": {"before_": datetime.now(UTC) - _KEPT_FOR},
        }
    )
    runs = await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[sweep])),
        flow_run_filter=done,
        limit=_AT_ONCE,
        sort=FlowRunSort.END_TIME_DESC,
    )
    for run in runs:
        await client.delete_flow_run(run.id)
