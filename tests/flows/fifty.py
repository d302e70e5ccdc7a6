"""Fifty cases at one desk: ``fifty.py FOLDER`` sweeps twice at once, stops the server half-way, and sweeps again.

A script of its own, because Prefect reads its settings when it is imported.
"""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.server import free_port, prefect_server
from tests.flows.desk import BOARD, _ago, _deploy, _settle_in, _world

CASES, HALF = 50, 20


def work(folder: Path) -> None:
    memory, port = folder / "prefect", free_port()
    _settle_in(folder, memory, port, free_port())
    with prefect_server(memory, port):
        told = asyncio.run(_first_half())
    with prefect_server(memory, port):
        told |= asyncio.run(_the_rest())
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


async def _first_half() -> dict[str, Any]:
    """Two sweeps at once show some cases, and while thirty more are shown the sweep is broken off."""
    from flows.sweep import sweep

    await _deploy()
    _open(range(HALF))
    await asyncio.gather(sweep(), sweep())
    shown = await _waiting()
    _open(range(HALF, CASES))
    with suppress(TimeoutError):
        await asyncio.wait_for(sweep(), timeout=6)
    return {"together": shown}


async def _the_rest() -> dict[str, Any]:
    from flows.sweep import sweep

    for _ in range(3):
        await sweep()
    shown = await _waiting()
    await sweep(whole=True)
    return {"rest": shown, "again": await _waiting()}


def _open(numbers: range) -> None:
    from services.case.report_breach import report_breach

    world, now = _world(), _ago()
    for number in numbers:
        said = {"summary": "Systemet ligger nere.", "source": "Leverantören", "by": "sara.exempel"}
        report_breach(BOARD, family=f"fall-{number}", reported_at=_ago(hours=3), now=now, world=world, **said)


async def _waiting() -> list[tuple[str, str]]:
    """Return every run that waits for an answer, by its case and what it is called, as often as it is there."""
    from prefect.client.orchestration import get_client

    from flows.runs import runs_of

    cases = list(_world().timeline.incidents())
    async with get_client() as client:
        runs = await runs_of("Att besluta", cases, client)
    waiting = [run for run in runs if run.state and run.state.name == "Suspended"]
    return [(run.parameters["incident_id"], run.parameters["kind"]) for run in waiting]


if __name__ == "__main__":
    work(Path(sys.argv[1]))
