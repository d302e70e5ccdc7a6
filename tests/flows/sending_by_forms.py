"""Stop a sending, let it go on and settle what is uncertain, by the officer's forms alone: ``sending_by_forms.py FOLDER``.

A real Prefect server, a real worker, and a mail server that takes its time and hangs up on two people: it has taken
the letter to one of them, both times it is sent, and not the letter to the other, the first time.
"""

import asyncio
import json
import os
import sys
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.host.server import free_port, prefect_server
from tests.flows.desk import POOL, _settle_in, worker
from tests.flows.sending import SLOW, _office, _tasks

PEOPLE = 800
TAKEN_TWICE, LOST_ONCE = "s0701@post.example", "s0702@post.example"
"""After whoever stops the sending has come to the word, however slow the machine is."""


class _Sink:
    """Keeps the Message-IDs of what it took, by whom they were for."""

    def __init__(self) -> None:
        self.taken: dict[str, list[str]] = defaultdict(list)
        self.offered: dict[str, int] = defaultdict(int)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        await asyncio.sleep(SLOW)
        (to,), content = envelope.rcpt_tos, envelope.content
        assert isinstance(content, bytes)
        self.offered[to] += 1
        if not (to == LOST_ONCE and self.offered[to] == 1):
            self.taken[to].append(content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode())
        if to == TAKEN_TWICE or (to == LOST_ONCE and self.offered[to] == 1):
            server.transport.abort()
        return "250 OK"

    @property
    def count(self) -> int:
        return sum(map(len, self.taken.values()))


def work(folder: Path) -> None:
    memory, api_port, smtp_port = folder / "prefect", free_port(), free_port()
    _settle_in(folder, memory, api_port, smtp_port)
    os.environ.update(TIMGLAS_SMTP_CONNECTIONS="2", TIMGLAS_SENDERS="2")
    sink = _Sink()
    server = Controller(sink, hostname="127.0.0.1", port=smtp_port)
    server.start()
    try:
        with prefect_server(memory, api_port), worker(folder):
            told = asyncio.run(_day(folder, sink))
    finally:
        server.stop()
    (folder / "told.json").write_text(json.dumps(told, default=str), encoding="utf-8")


async def _day(folder: Path, sink: _Sink) -> dict[str, Any]:
    from services.people.communication import communication_of
    from services.record import read
    from tests.services.office import person

    office = _office(folder)
    case = office.ready_to_write(person(number) for number in range(1, PEOPLE + 1))
    officer, delegate = (_choice(office, who) for who in (office.officer(case), office.delegate(case)))
    await _deploy(office)
    told: dict[str, Any] = {"nothing_to_stop": await _form("Stoppa utskicket", case, reasoning="Fel text.", by=officer)}
    office.release(case, when="2023-05-15 11.00")

    first = await _started("Skicka brev", {"incident_id": case})
    await _until(lambda: sink.count >= 50)
    told["stopped"] = await _form("Stoppa utskicket", case, reasoning="Fel text.", by=officer)
    told["at_the_stop"] = datetime.now(UTC).timestamp()
    told["first_run"] = await _end(first)
    told["taken_when_stopped"] = sink.count
    await asyncio.sleep(3)
    told["taken_later"] = sink.count
    told["waiting"] = _states(office, case).get("email/waiting", 0)

    told["officer_resumes"] = await _form("Fortsätt utskicket", case, by=officer)
    told["resumed"] = await _form("Fortsätt utskicket", case, by=delegate)
    told["second_runs"] = [await _end(run) for run in await _sendings() if run != first]
    told["in_doubt"] = _states(office, case)

    again = {"verdict": "Skicka igen", "reasoning": "Loggen visar inget.", "by": delegate}
    told["again"] = await _form("Avgör osäkra brev", case, **again)
    told["third_runs"] = [await _end(run) for run in await _sendings()]
    told["still_in_doubt"] = _states(office, case)
    arrived = {"verdict": "Räknas som framme", "reasoning": "Loggen visar ett könummer.", "by": delegate}
    told["arrived"] = await _form("Avgör osäkra brev", case, **arrived)
    told["last_runs"] = [await _end(run) for run in await _sendings()]
    incident = read(case, office.world.timeline).incident
    events = [event.type.partition(".")[0] for event in office.world.timeline.read(case)]
    return told | {
        "states": _states(office, case),
        "completed": incident.completed.model_dump() if incident.completed else None,
        "events": events,
        "taken": dict(sink.taken),
        "chunks": await _tasks(first),
        "communication": communication_of(case),
    }


def _choice(office: Any, actor: str) -> str:
    """Return the line of the drop-down that stands for a person."""
    from flows.forms.fields import SEPARATOR

    return f"{actor}{SEPARATOR}{office.world.register.person(actor).title}"


def _states(office: Any, case: str) -> dict[str, int]:
    counts = office.world.outbox.counts(f"{case}/gdpr.34.1")
    return {f"{channel}/{state}": count for (channel, state), count in counts.items()}


async def _deploy(office: Any) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    from flows.acts import sending
    from flows.deploy import ENGINE, deploy_flow

    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        for flow in (sending.send_letters, sending.halt_letters, sending.resume_letters, sending.settle_letters):
            await deploy_flow(flow, ENGINE, office.world.register, client)


async def _form(name: str, case: str, **answers: str) -> tuple[str, str]:
    """Fill in a form, and return the name of the state its run ended in and the words of it."""
    return await _end(await _started(name, {"incident_id": case, **answers}))


async def _started(name: str, answers: dict[str, Any]) -> Any:
    from prefect.client.orchestration import get_client

    from flows.board.runs import deployment_of

    async with get_client() as client:
        deployment = await deployment_of(name, client)
        return (await client.create_flow_run_from_deployment(deployment, parameters=answers)).id


async def _end(run: Any) -> tuple[str, str]:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        for _ in range(1200):
            state = (await client.read_flow_run(run)).state
            if state and state.is_final():
                return str(state.name), str(state.message)
            await asyncio.sleep(0.2)
    raise TimeoutError("the run did not end")


async def _sendings() -> list[Any]:
    """Every run of *Skicka brev* there is."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName

    from flows.acts.sending import SENDING

    async with get_client() as client:
        runs = await client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=[SENDING])))
    return [run.id for run in runs]


async def _until(true: Any) -> None:
    for _ in range(1200):
        if true():
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("it never came to that")


if __name__ == "__main__":
    work(Path(sys.argv[1]))
