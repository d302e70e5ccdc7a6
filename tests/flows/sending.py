"""Send letters by runs of a real Prefect server and worker, cancel one, and go on: ``sending.py FOLDER``.

A script of its own, because Prefect reads its settings when it is imported. The mail server takes its time.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.host.server import free_port, prefect_server
from tests.flows.desk import POOL, _settle_in, worker

PEOPLE, SLOW = 400, 0.1
"""So many messages, each so many seconds: longer than a chunk, over the connections there are."""


class _Slow:
    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        await asyncio.sleep(SLOW)
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"


def work(folder: Path) -> None:
    memory, api_port, smtp_port = folder / "prefect", free_port(), free_port()
    _settle_in(folder, memory, api_port, smtp_port)
    os.environ.update(TIMGLAS_SMTP_CONNECTIONS="2", PREFECT_WORKER_QUERY_SECONDS="1")
    sink = _Slow()
    server = Controller(sink, hostname="127.0.0.1", port=smtp_port)
    server.start()
    try:
        with prefect_server(memory, api_port), worker(folder):
            told = asyncio.run(_sending(folder, sink))
    finally:
        server.stop()
    (folder / "told.json").write_text(json.dumps(told, default=str), encoding="utf-8")


async def _sending(folder: Path, sink: _Slow) -> dict[str, Any]:
    from services.people.halt_communication import resume_communication
    from services.record import read

    office = _office(folder)
    case = office.ready_to_write(_people())
    office.release(case, when="2023-05-15 11.00")
    await _deploy(office)
    cancelled = await _run(case, until=lambda: len(sink.taken) >= PEOPLE // 8)
    first = await _cancel(cancelled)
    stopped = sum(sink.taken.values())
    await asyncio.sleep(3)
    told: dict[str, Any] = {
        "cancelled": first,
        "begun": _chunks(await _tasks(cancelled)),
        "stopped": stopped,
        "after": sum(sink.taken.values()),
        "halted": read(case, office.world.timeline).incident.halted is not None,
    }
    resume_communication(case, by=office.delegate(case), now=datetime.now(UTC), world=office.world)
    second = await _run(case)
    told |= {
        "ended": await _ended(second),
        "tasks": (tasks := await _tasks(second)),
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


def _office(folder: Path) -> Any:
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


async def _run(case: str, until: Any = None) -> Any:
    """Start a run of *Skicka brev*, and return its id once it ended, or once ``until`` holds."""
    from prefect.client.orchestration import get_client

    from flows.acts.sending import SENDING
    from flows.board.runs import deployment_of

    async with get_client() as client:
        deployment = await deployment_of(SENDING, client)
        run = await client.create_flow_run_from_deployment(deployment, parameters={"incident_id": case})
        for _ in range(900):
            await asyncio.sleep(0.2)
            state = (await client.read_flow_run(run.id)).state
            if (until and until()) or (state and state.is_final()):
                return run.id
    raise TimeoutError("the run neither went on nor ended")


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
        for _ in range(600):
            await asyncio.sleep(0.1)
            state = (await client.read_flow_run(run)).state
            if state and state.is_final():
                return str(state.type.value)
    raise TimeoutError("the run was not cancelled")


async def _ended(run: Any) -> str:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        state = (await client.read_flow_run(run)).state
    return str(state.name if state else None)


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
