"""A real Prefect whose sweep falls silent, or that is killed: ``outage.py silent|dead FOLDER`` writes down what was mailed.

A script of its own, because Prefect reads its settings when it is imported.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from adapters.mail.sink import mail_sink
from adapters.settings import CHECKOUT
from flows.host.server import QUIET, free_port, kept_in, prefect_server, server_command, wait_until_up
from tests.patience import comes
from tests.prefect_memory import lay_empty_memory

HOURS_DEAD, HOURS_LEFT = 12, timedelta(hours=14, minutes=30)
"""How long Prefect is dead, and how much of the 72 hours is left when it dies."""


def main(what: str, folder: Path) -> None:
    memory, port, smtp_port = folder / "prefect", free_port(), free_port()
    lay_empty_memory(memory)
    for name in [name for name in os.environ if name.startswith(("TIMGLAS_", "PREFECT_"))]:
        del os.environ[name]
    os.environ.update(
        {**QUIET, **kept_in(memory)},
        PREFECT_API_URL=f"http://127.0.0.1:{port}/api",
        PREFECT_SERVER_API_AUTH_STRING="timglas:hemligt",
        PREFECT_API_AUTH_STRING="timglas:hemligt",
        TIMGLAS_UI_PASSWORD="hemligt",
        TIMGLAS_HOME=str(folder),
        TIMGLAS_POLICY=str(day_and_night_alike(folder)),
        TIMGLAS_SMTP_PORT=str(smtp_port),
        TIMGLAS_SMTP_TLS="none",
    )
    with mail_sink(folder / "mail", smtp_port):
        told = _dead(folder, memory, port) if what == "dead" else _silent(folder, memory, port)
    (folder / "told.json").write_text(json.dumps(told, ensure_ascii=False, default=str), encoding="utf-8")


def day_and_night_alike(folder: Path) -> Path:
    """Write down our policy without evenings and office hours, so that nothing comes due by the time of the day."""
    policy = yaml.safe_load((CHECKOUT / "deployments" / "policy.yaml").read_text(encoding="utf-8"))
    alike = {name: said for name, said in policy.items() if name not in {"night", "working_hours"}}
    file = folder / "policy.yaml"
    file.write_text(yaml.safe_dump(alike), encoding="utf-8")
    return file


def _silent(folder: Path, memory: Path, port: int) -> dict[str, Any]:
    with prefect_server(memory, port):
        return asyncio.run(_falls_silent(folder))


async def _falls_silent(folder: Path) -> dict[str, Any]:
    """The last sweep was ten minutes ago; the automation is as declared, only quicker: ten seconds instead of minutes."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate

    from flows.host.automations import declare, declared
    from flows.sweep import sweep

    quicker = [{**one, "trigger": {**one["trigger"], "within": 10}} for one in declared()]
    told: dict[str, Any] = {}
    async with get_client() as client:
        await client.create_work_pool(WorkPoolCreate(name="timglas", type="process"))
        await declare(declared(), auth="timglas:hemligt", client=client)
        told["declared"] = [one.model_dump(mode="json") for one in await client.read_automations()]
        await declare(quicker, auth="timglas:hemligt", client=client)
        told["again"] = [one.model_dump(mode="json") for one in await client.read_automations()]
        await sweep(now=datetime.now(UTC) - timedelta(minutes=10))
        told["calls"] = await comes(partial(_called, folder, client), "the watch to be called, and called again")
        told["alarms"] = _mails(folder)
        for one in await client.read_automations():
            await client.pause_automation(one.id)  # on a slow machine the sweep that works again is late once more
        await comes(partial(_works_again, folder, client), "the alarm to be over")
        await sweep()
        told["after"] = _mails(folder)[len(told["alarms"]) :]
    return told


async def _called(folder: Path, client: Any) -> list[int]:
    """Return what the automation was answered, once it has called twice and the watch has ended each time."""
    wanted = {"filter": {"event": {"name": ["prefect.automation.action.executed"]}}, "limit": 50}
    events = (await client.request("POST", "/events/filter", json=wanted)).json()["events"]
    ended = (folder / "prefect" / "server.log").read_text(encoding="utf-8").count("The watch was called, and ended")
    return [event["payload"]["status_code"] for event in events] if min(len(events), ended) >= 2 else []


async def _works_again(folder: Path, client: Any) -> bool:
    """Sweep while a worker is awake, and tell whether that ended the alarm: a busy server may not have answered the look."""
    from adapters.alarm_file import AlarmFile
    from flows.sweep import sweep

    await client.send_worker_heartbeat("timglas", "timglas")
    await sweep()
    return not AlarmFile(folder).stands


def _dead(folder: Path, memory: Path, port: int) -> dict[str, Any]:
    died_at = datetime.now(UTC) - timedelta(hours=HOURS_DEAD)
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(server_command("127.0.0.1", port), stdout=log, stderr=log)
    wait_until_up(server, f"http://127.0.0.1:{port}/api/health", folder / "server.log")
    markers = asyncio.run(_last_sweep(died_at))
    server.kill()
    server.wait()
    before = _mails(folder)
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", port))  # nobody listens, and no server of another test can come to
        looks = asyncio.run(_watched(folder, died_at))
    return {"markers": markers, "before": before, "looks": looks, "case": _case()}


async def _last_sweep(now: datetime) -> int:
    """A case whose 72 hours run out soon, as the last sweep leaves it."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName

    from flows.bootstrap import wire
    from flows.sweep import sweep
    from services.case.establish_awareness import establish_awareness
    from services.case.report_breach import report_breach

    world, aware_at = wire(), now + HOURS_LEFT - timedelta(hours=72)
    case = report_breach(
        "kommunstyrelsen",
        family="avbrott",
        summary="Rekryteringssystemet ligger nere.",
        source="Leverantören",
        reported_at=aware_at,
        by="sara.exempel",
        now=now,
        world=world,
    )
    given = {"evidence": "Ett mejl", "reasoning": "Uppgifterna finns där.", "by": "sara.exempel"}
    establish_awareness(case, aware_at=aware_at, now=now, world=world, **given)  # type: ignore[arg-type]
    await sweep(now=now)
    async with get_client() as client:
        return len(await client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=["Frist"]))))


async def _watched(folder: Path, died_at: datetime) -> list[tuple[float, bool, list[list[str]]]]:
    """Look every five minutes, as the timer does: after how many minutes, whether alarming, and what was mailed."""
    from adapters.settings import Settings
    from flows.watch.prefect_health import Api
    from flows.watch.watching import watch

    looks, seen = [], len(_mails(folder))
    for minutes in range(5, HOURS_DEAD * 60, 5):
        now = died_at + timedelta(minutes=minutes)
        watched = await watch(Api(), now=now, take_over=False, settings=Settings())
        mails = _mails(folder)
        looks.append((minutes, watched.alarming, mails[seen:]))
        seen = len(mails)
    return looks


def _case() -> str:
    from flows.bootstrap import wire

    (case,) = wire().timeline.incidents()
    return case


def _mails(folder: Path) -> list[list[str]]:
    from tests.flows.mailed import mailed

    return mailed(folder / "mail")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
