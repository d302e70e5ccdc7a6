"""The page the officer begins at, as an artifact: what waits, what is due, and every form there is."""

import json

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterState
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import DeploymentSort, FlowRunSort

from flows.board.artifacts import kept, show
from flows.board.waiting import settle
from letters.case_page import Link
from letters.start_page import start_page

START, TABLE = "start", "frister"
_MOST = 200


async def show_start(client: PrefectClient) -> None:
    """Write the page anew if it reads otherwise. The deadlines are those of the table ``frister``, as it stands."""
    known = await kept([START, TABLE], client)
    rows = json.loads(known[TABLE].data) if TABLE in known else []
    urgency = {row["Ärende"]: place for place, row in reversed(list(enumerate(rows)))}
    runs = sorted(await _waiting(client), key=lambda run: (urgency.get(_case(run), len(rows)), run.name))
    page = start_page(waiting=[Link(run.name, str(run.id)) for run in runs], rows=rows, forms=await _forms(client))
    await show(START, "markdown", page, "Timglas", before=known.get(START), client=client)


async def _waiting(client: PrefectClient) -> list[FlowRun]:
    paused = FlowRunFilterState.model_validate({"type": {"any_": [StateType.PAUSED]}})
    return await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[settle.name])),
        flow_run_filter=FlowRunFilter(state=paused),
        limit=_MOST,
        sort=FlowRunSort.ID_DESC,
    )


async def _forms(client: PrefectClient) -> dict[str, list[str]]:
    """Return the names of the forms by the tag they are found under, without those that nobody starts by hand."""
    forms: dict[str, list[str]] = {}
    for deployment in reversed(await client.read_deployments(limit=_MOST, sort=DeploymentSort.CREATED_DESC)):
        for tag in deployment.tags:
            forms.setdefault(tag, []).append(deployment.name)
    forms.pop("Motorn", None)
    return forms


def _case(run: FlowRun) -> str:
    return str(run.parameters.get("incident_id", ""))
