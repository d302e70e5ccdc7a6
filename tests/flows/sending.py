"""Send letters by runs of a real Prefect server and worker, cancel one, and go on: ``sending.py FOLDER``.

A script of its own, because Prefect reads its settings when it is imported. The mail server takes its time, and keeps
whoever sends waiting where something is to happen meanwhile: no machine is then too slow, or too fast, to be in time.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.host.server import free_port, prefect_server
from tests.flows.desk import POOL, _settle_in, worker
from tests.patience import comes

PEOPLE, SLOW = 400, 0.1
"""So many messages, each at least so many seconds: longer than a chunk, over the connections there are."""
FIRST = 10
"""So many are taken before the run is cancelled: fewer than are claimed at once, so that the first batch is in hand."""


class Slow:
    """Takes as many messages as it may, and keeps whoever sends the next ones waiting until it may take more.

    ``may_take`` is set from another thread. ``open`` counts the connections there are.
    """

    def __init__(self, may_take: int) -> None:
        self.may_take, self.open = may_take, 0
        self.taken: Counter[str] = Counter()

    @property
    def holds(self) -> bool:
        """Whether it has taken all it may."""
        return self.taken.total() >= self.may_take

    async def takes(self) -> None:
        """Come back when a message may be taken."""
        await asyncio.sleep(SLOW)
        while self.holds:  # noqa: ASYNC110 - it is told from another thread
            await asyncio.sleep(0.01)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        await self.takes()
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"


class Counted(Controller):
    """A mail server that tells its handler when a connection is made and when it is lost."""

    def factory(self) -> SMTP:
        handler = self.handler

        class Conversation(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                handler.open += 1
                super().connection_made(transport)

            def connection_lost(self, error: Exception | None) -> None:
                super().connection_lost(error)
                handler.open -= 1

        return Conversation(handler, **self.SMTP_kwargs)


def work(folder: Path) -> None:
    memory, api_port, smtp_port = folder / "prefect", free_port(), free_port()
    _settle_in(folder, memory, api_port, smtp_port)
    os.environ.update(TIMGLAS_SMTP_CONNECTIONS="2", PREFECT_WORKER_QUERY_SECONDS="1")
    sink = Slow(may_take=FIRST)
    server = Counted(sink, hostname="127.0.0.1", port=smtp_port, ready_timeout=60)
    server.start()
    try:
        with prefect_server(memory, api_port), worker(folder):
            told = asyncio.run(_sending(folder, sink))
    finally:
        server.stop()
    (folder / "told.json").write_text(json.dumps(told, default=str), encoding="utf-8")


async def _sending(folder: Path, sink: Slow) -> dict[str, Any]:
    from flows.acts.sending import SENDING
    from services.people.halt_communication import resume_communication
    from services.record import read

    office = office_in(folder)
    case = office.ready_to_write(_people())
    office.release(case, when="2023-05-15 11.00")
    await _deploy(office)
    cancelled = await started(SENDING, incident_id=case)
    before = await under_way(cancelled, sink)
    state = await _cancel(cancelled)
    await comes(partial(let_go, sink), "the run that was cancelled to let go of the mail server")
    sink.may_take, stopped = sys.maxsize, sink.taken.total()
    await asyncio.sleep(3)
    told: dict[str, Any] = {
        "cancelled": state,
        "under_way": before,
        "begun": _chunks(await _tasks(cancelled)),
        "stopped": stopped,
        "after": sink.taken.total(),
        "halted": read(case, office.world.timeline).incident.halted is not None,
    }
    resume_communication(case, by=office.delegate(case), now=datetime.now(UTC), world=office.world)
    second = await started(SENDING, incident_id=case)
    ended = await final(second)
    told |= {
        "ended": ended.name,
        "seconds": await _seconds(second),
        "tasks": (tasks := await comes(partial(_tasks, second), "the steps of the run to be shown")),
        "chunks": _chunks(tasks),
        "bar": await _bar(second),
        "taken": len(sink.taken),
        "most": max(sink.taken.values()),
        "states": {
            f"{channel}/{state}": count
            for (channel, state), count in office.world.outbox.counts(f"{case}/gdpr.34.1").items()
        },
    }
    return told


def office_in(folder: Path) -> Any:
    from flows.bootstrap import wire
    from tests.services.office import Office

    office = Office(folder)
    office.world = wire()
    return office


def _people() -> list[Any]:
    from tests.services.office import person

    return [person(number) for number in range(1, PEOPLE + 1)]


async def _deploy(office: Any) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    from flows.acts.sending import send_letters
    from flows.deploy import ENGINE, deploy_flow

    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        await deploy_flow(send_letters, ENGINE, office.world.register, client, concurrency_limit=1)


async def started(flow: str, **answers: str) -> Any:
    """Start a run of the flow, and return its id."""
    from prefect.client.orchestration import get_client

    from flows.board.runs import deployment_of

    async with get_client() as client:
        deployment = await deployment_of(flow, client)
        assert deployment is not None
        return (await client.create_flow_run_from_deployment(deployment, parameters=answers)).id


async def under_way(run: Any, sink: Slow) -> list[str]:
    """Return the chunks that have begun once the mail server holds one of them, and Prefect shows it."""

    async def begun() -> list[str]:
        return _chunks(await _tasks(run)) if sink.holds else []

    found: list[str] = await comes(begun, "the run to send")
    return found


async def let_go(sink: Slow) -> bool:
    return sink.open == 0


async def _bar(run: Any) -> dict[str, Any]:
    """Return what the bar of ``run`` says at the end: a share and some words."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    async with get_client() as client:
        kept = await client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
        )
    (bar,) = kept
    return {"key": bar.key, "share": bar.data, "says": bar.description}


async def _cancel(run: Any) -> str:
    from prefect.client.orchestration import get_client
    from prefect.states import Cancelling

    async with get_client() as client:
        await client.set_flow_run_state(run, Cancelling())
    return str((await final(run)).type.value)


async def final(run: Any) -> Any:
    """Wait until the run has ended, and return its last state."""
    from prefect.client.orchestration import get_client

    async with get_client() as client:

        async def ended() -> Any:
            state = (await client.read_flow_run(run)).state
            return state if state and state.is_final() else None

        return await comes(ended, f"the run {run} to end")


async def _seconds(run: Any) -> float:
    """Return how long the run took."""
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        took: timedelta = (await client.read_flow_run(run)).total_run_time
    return took.total_seconds()


async def _tasks(run: Any) -> list[str]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    async with get_client() as client:
        tasks = await client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run])))
    return sorted(task.name for task in tasks)


def _chunks(tasks: list[str]) -> list[str]:
    return [name for name in tasks if name.startswith("Skicka och skriv ut, omgång")]


if __name__ == "__main__":
    work(Path(sys.argv[1]))
