"""The runs that stand for something in a case: each carries its case as a tag, and what it stands for as its key."""

from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import DeploymentSort, FlowRunSort

from models.base import IncidentId

_CASES, _PAGE = 50, 200


async def runs_of(flow: str, cases: Sequence[IncidentId], client: PrefectClient) -> list[FlowRun]:
    """Return every run of ``flow`` for ``cases``, ended or not: one request for fifty cases, more if they have many."""
    found: list[FlowRun] = []
    for first in range(0, len(cases), _CASES):
        tags = FlowRunFilterTags(any_=list(cases[first : first + _CASES]))
        offset, full = 0, True
        while full:
            page = await client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])),
                flow_run_filter=FlowRunFilter(tags=tags),
                sort=FlowRunSort.ID_DESC,
                limit=_PAGE,
                offset=offset,
            )
            found += page
            offset, full = offset + _PAGE, len(page) == _PAGE
    return found


async def deployment_of(name: str, client: PrefectClient) -> UUID | None:
    """Return the deployment called ``name``; None before anything is deployed."""
    by_name = DeploymentFilter(name=DeploymentFilterName(any_=[name]))
    found = await client.read_deployments(deployment_filter=by_name, limit=1, sort=DeploymentSort.NAME_ASC)
    return found[0].id if found else None


def stands_at(run: FlowRun) -> tuple[StateType | None, str]:
    """Return the kind and the name of the run's state; a scheduled run that Prefect calls late is scheduled still."""
    state = run.state
    return (state.type, "" if state.is_scheduled() else state.name or "") if state else (None, "")
