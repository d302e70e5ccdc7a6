"""Stop a sending, let it go on and settle what is uncertain, by the officer's forms alone: ``sending_by_forms.py FOLDER``.

A real Prefect server, a real worker, and a mail server that takes its time and hangs up on two people: it has taken
the letter to one of them, both times it is sent, and not the letter to the other, the first time.

It keeps whoever sends waiting while the sending is stopped, and once more near the end, until both of the two are known
to be in doubt: else one of the senders might end, and count, while the other has one of the two in hand.
"""

import asyncio
import json
import os
import sys
from collections import defaultdict
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.host.server import free_port, prefect_server
from tests.flows.desk import POOL, _settle_in, worker
from tests.flows.sending import Counted, Slow, final, let_go, office_in, started, under_way
from tests.patience import comes

PEOPLE = 800
TAKEN_TWICE, LOST_ONCE = "s0701@post.example", "s0702@post.example"
BEFORE_THE_STOP = 50
"""So many are taken before the sending is stopped."""
NEAR_THE_END = "s0750@post.example"
"""Whoever comes after them is kept waiting: further from the two than the most that are claimed at once."""


class _Sink(Slow):
    """Keeps the Message-IDs of what it took, by whom they were for."""

    def __init__(self) -> None:
        super().__init__(may_take=BEFORE_THE_STOP)
        self.may_take_the_last = False
        self.ids: dict[str, list[str]] = defaultdict(list)
        self.offered: dict[str, int] = defaultdict(int)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        (to,), content = envelope.rcpt_tos, envelope.content
        await self.takes()
        while to > NEAR_THE_END and not self.may_take_the_last:  # noqa: ASYNC110 - it is told from another thread
            await asyncio.sleep(0.01)
        assert isinstance(content, bytes)
        self.offered[to] += 1
        if not (to == LOST_ONCE and self.offered[to] == 1):
            self.taken[to] += 1
            self.ids[to].append(content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode())
        if to == TAKEN_TWICE or (to == LOST_ONCE and self.offered[to] == 1):
            server.transport.abort()
        return "250 OK"


def work(folder: Path) -> None:
    memory, api_port, smtp_port = folder / "prefect", free_port(), free_port()
    _settle_in(folder, memory, api_port, smtp_port)
    os.environ.update(TIMGLAS_SMTP_CONNECTIONS="2", TIMGLAS_SENDERS="2")
    sink = _Sink()
    server = Counted(sink, hostname="127.0.0.1", port=smtp_port, ready_timeout=60)
    server.start()
    try:
        with prefect_server(memory, api_port), worker(folder):
            told = asyncio.run(_day(folder, sink))
    finally:
        server.stop()
    (folder / "told.json").write_text(json.dumps(told, default=str), encoding="utf-8")


async def _day(folder: Path, sink: _Sink) -> dict[str, Any]:
    from flows.acts.sending import SENDING
    from services.people.communication import communication_of
    from services.record import read
    from tests.services.office import person

    office = office_in(folder)
    case = office.ready_to_write(person(number) for number in range(1, PEOPLE + 1))
    officer, delegate = (_choice(office, who) for who in (office.officer(case), office.delegate(case)))
    await _deploy(office)
    told: dict[str, Any] = {"nothing_to_stop": await _form("Stoppa utskicket", case, reasoning="Fel text.", by=officer)}
    office.release(case, when="2023-05-15 11.00")

    first = await started(SENDING, incident_id=case)
    await under_way(first, sink)
    told["stopped"] = await _form("Stoppa utskicket", case, reasoning="Fel text.", by=officer)
    sink.may_take = sys.maxsize
    told["first_run"] = await _end(first)
    await comes(partial(let_go, sink), "the stopped run to let go of the mail server")
    told["taken_when_stopped"] = sink.taken.total()
    await asyncio.sleep(3)
    told["taken_later"] = sink.taken.total()
    told["waiting"] = _states(office, case).get("email/waiting", 0)

    told["officer_resumes"] = await _form("Fortsätt utskicket", case, by=officer)
    told["resumed"] = await _form("Fortsätt utskicket", case, by=delegate)
    await comes(partial(_in_doubt, office, case, 2), "two letters to be in doubt")
    sink.may_take_the_last = True
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
        "taken": sink.ids,
        "communication": communication_of(case),
    }


def _choice(office: Any, actor: str) -> str:
    """Return the line of the drop-down that stands for a person."""
    from flows.forms.fields import SEPARATOR

    return f"{actor}{SEPARATOR}{office.world.register.person(actor).title}"


def _states(office: Any, case: str) -> dict[str, int]:
    counts = office.world.outbox.counts(f"{case}/gdpr.34.1")
    return {f"{channel}/{state}": count for (channel, state), count in counts.items()}


async def _in_doubt(office: Any, case: str, letters: int) -> bool:
    return _states(office, case).get("email/uncertain") == letters


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
    return await _end(await started(name, incident_id=case, **answers))


async def _end(run: Any) -> tuple[str, str]:
    state = await final(run)
    return str(state.name), str(state.message)


async def _sendings() -> list[Any]:
    """Every run of *Skicka brev* there is."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName

    from flows.acts.sending import SENDING

    async with get_client() as client:
        runs = await client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=[SENDING])))
    return [run.id for run in runs]


if __name__ == "__main__":
    work(Path(sys.argv[1]))
