"""A flow that a person starts by its form: refused in words and not by a traceback, and told where to look next."""

import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from inspect import signature
from typing import Any, TypeVar
from uuid import UUID

from httpx import HTTPError
from prefect import Flow, flow, get_run_logger, runtime
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import LogCreate
from prefect.client.schemas.objects import State
from prefect.exceptions import PrefectException
from prefect.states import Failed

from flows.board.runs import deployment_of
from flows.steps import NOWHERE
from letters.language import explain, say
from models.base import IncidentId
from models.errors import N_, TimglasError

Act = TypeVar("Act", bound=Callable[..., Awaitable[Any]])

REFUSED = "Avvisat"
"""How a run ends that was refused: nothing was recorded, and its words say why."""


for _log in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_log).addFilter(lambda record: not record.getMessage().startswith("Finished in state"))
"""How a run ended stands in its state, and why in our own words; Prefect would say it again in English."""


def at_the_desk(name: str, *, of: str = "incident_id") -> Callable[[Act], Flow[..., Any]]:
    """Make a flow that a person starts by its form; its runs are called ``name`` and what they are about, ``of``."""

    def made(act: Act) -> Flow[..., Any]:
        @wraps(act)
        async def tried(*args: Any, **answers: Any) -> Any:
            try:
                done = await act(*args, **answers)
            except TimglasError as refusal:
                return await _refused(explain(refusal))
            await _done(done, signature(act).bind(*args, **answers).arguments)
            return done

        called = f"{name} · {{{of}}}"
        return flow(name=name, flow_run_name=called, persist_result=False, result_storage=NOWHERE)(tried)

    return made


async def note(run: UUID, text: str, client: PrefectClient, level: int = logging.INFO) -> None:
    """Write ``text`` on the page of ``run``, where its log is shown; an address in it becomes a link."""
    await client.create_logs(
        [LogCreate(name="timglas", level=level, message=text, timestamp=datetime.now(UTC), flow_run_id=run)]
    )


def page_of(incident_id: IncidentId) -> str:
    """Return the address of a case's page."""
    return f"{address()}/arende/{incident_id}"


async def tell(said: str, cases: Iterable[IncidentId], level: int = logging.INFO) -> None:
    """Write on this run's page what came of it and where each case is shown, and have them shown.

    Only for what was started at the desk, and never a reason to fail.
    """
    if not runtime.deployment.id:
        return
    pages = (say(N_("{incident}: {page}"), incident=one, page=page_of(one)) for one in cases)
    try:
        async with get_client() as client:
            await note(UUID(runtime.flow_run.id), "\n".join([said, *pages]), client, level)
            await _sweep_soon(client)
    except (HTTPError, PrefectException) as fault:
        # What was done is recorded, and the sweep comes by itself: the run must not look as if it had failed.
        get_run_logger().warning("Prefect did not take the note on this run: %s", type(fault).__name__)


async def _sweep_soon(client: PrefectClient) -> None:
    """Ask for a sweep at once: whoever acted is looking at the page."""
    deployment = await deployment_of("Svep", client)
    if deployment is not None:
        await client.create_flow_run_from_deployment(deployment)


async def _refused(said: str) -> State[Any]:
    await tell(said, (), logging.ERROR)
    return Failed(name=REFUSED, message=said)


async def _done(done: Any, answers: dict[str, Any]) -> None:
    said = done.message if isinstance(done, State) and done.message else None
    cases = done if isinstance(done, list) else [answers["incident_id"]]
    await tell(said or say(N_("Done. What comes next stands on the page of the case.")), cases)


def address() -> str:
    """Return the address people open, for processes of the desk: where Prefect's API is, without its path."""
    return os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
