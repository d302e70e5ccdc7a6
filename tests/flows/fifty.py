"""Fifty cases at one desk: ``fifty.py FOLDER`` sweeps twice at once, stops the server half-way, and sweeps again weeks later.

A script of its own, because Prefect reads its settings when it is imported.
"""

import asyncio
import json
import sqlite3
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from adapters.mail.sink import mail_sink
from flows.host.server import free_port, prefect_server
from tests.flows.desk import BOARD, _ago, _deploy, _settle_in, _world
from tests.patience import comes

CASES, HALF, WEEKS = 50, 20, 6


def work(folder: Path) -> None:
    memory, port, smtp_port = folder / "prefect", free_port(), free_port()
    _settle_in(folder, memory, port, smtp_port)
    with mail_sink(folder / "mail", smtp_port):
        with prefect_server(memory, port):
            told = asyncio.run(_first_half())
        _age(memory / "prefect.db")
        with prefect_server(memory, port):
            told |= asyncio.run(_the_rest())
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


def _age(database: Path) -> None:
    """Make everything that Prefect remembers six weeks older.

    The fraction is kept out of the reckoning, since SQLite rounds .9995 up to the next second.
    """
    with sqlite3.connect(database) as prefect:
        tables = [name for (name,) in prefect.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for _, column, kind, *_ in prefect.execute(f"PRAGMA table_info({table})").fetchall():
                if kind in ("DATETIME", "TIMESTAMP"):
                    older = f"datetime(substr({column}, 1, 19), '-{WEEKS * 7} days') || substr({column}, 20)"
                    prefect.execute(f"UPDATE {table} SET {column} = {older} WHERE {column} IS NOT NULL")
    prefect.close()


async def _first_half() -> dict[str, Any]:
    """Two sweeps at once show some cases, and while thirty more are shown the sweep is broken off."""
    from flows.sweep import sweep

    await _deploy()
    _open(range(HALF))
    await asyncio.gather(sweep(), sweep())
    shown = await _waiting()
    _open(range(HALF, CASES))
    broken_off = asyncio.create_task(sweep())
    await comes(partial(_more_than, len(shown)), "the sweep to be in the middle of it")
    broken_off.cancel()
    with suppress(asyncio.CancelledError):
        await broken_off
    return {"together": shown, "before": await _runs()}


async def _more_than(shown: int) -> bool:
    return len(await _suspended()) > shown


async def _the_rest() -> dict[str, Any]:
    from flows.sweep import sweep

    aged = await _runs()
    for _ in range(3):
        await sweep()
    shown = await _waiting()
    await sweep(whole=True)
    return {"rest": shown, "again": await _waiting(), "aged": aged, "after": await _runs()}


def _open(numbers: range) -> None:
    from services.case.report_breach import report_breach

    world, now = _world(), _ago()
    for number in numbers:
        said = {"summary": "Systemet ligger nere.", "source": "Leverantören", "by": "sara.exempel"}
        report_breach(BOARD, family=f"fall-{number}", reported_at=_ago(hours=3), now=now, world=world, **said)


async def _waiting() -> list[tuple[str, str]]:
    """Return every run that waits for an answer, by its case and what it is called, as often as it is there."""
    return [(run.parameters["incident_id"], run.parameters["kind"]) for run in await _suspended()]


async def _runs() -> dict[str, str]:
    """Return when each run that waits was made, by its id."""
    return {str(run.id): str(run.created) for run in await _suspended()}


async def _suspended() -> list[Any]:
    from prefect.client.orchestration import get_client

    from flows.board.runs import runs_of

    cases = list(_world().timeline.incidents())
    async with get_client() as client:
        runs = await runs_of("Att besluta", cases, client)
    return [run for run in runs if run.state and run.state.name == "Suspended"]


if __name__ == "__main__":
    work(Path(sys.argv[1]))
