"""Play the spring of 2023 into a folder: ``play.py FOLDER [--forget-prefect-on DAY]``.

A script of its own, because Prefect reads its settings when it is imported. With a day given, the server is stopped
before the first scene of that day, everything it knew is deleted, and a new one goes on in its place.
"""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

from adapters.mail.sink import mail_sink
from flows.demo.run import STORY
from flows.host.server import QUIET, free_port, kept_in, prefect_server
from tests.prefect_memory import lay_empty_memory


def play(folder: Path, forget_on: str | None) -> None:
    memory, api_port, smtp_port = folder / "prefect", free_port(), free_port()
    _settle_in(folder, memory, api_port, smtp_port)

    from flows.demo import replay

    scenes = replay.read_story(STORY)
    parts = [[scene for scene in scenes if f"{scene.at:%Y-%m-%d}" < (forget_on or "9999")]]
    parts.append(list(scenes[len(parts[0]) :]))
    cases: dict[str, str] = {}
    with mail_sink(folder / "mail", smtp_port):
        for part in filter(None, parts):
            shutil.rmtree(memory, ignore_errors=True)
            lay_empty_memory(memory)
            with prefect_server(memory, api_port):
                asyncio.run(replay.play(part, cases, folder / "mail", lambda _: None))
                runs = asyncio.run(_runs())
    (folder / "runs.json").write_text(json.dumps(runs), encoding="utf-8")


def _settle_in(folder: Path, memory: Path, api_port: int, smtp_port: int) -> None:
    for name in [name for name in os.environ if name.startswith(("TIMGLAS_", "PREFECT_"))]:
        del os.environ[name]
    os.environ.update(
        {**QUIET, **kept_in(memory)},
        PREFECT_API_URL=f"http://127.0.0.1:{api_port}/api",
        TIMGLAS_HOME=str(folder),
        TIMGLAS_SMTP_PORT=str(smtp_port),
        TIMGLAS_SMTP_TLS="none",
    )


async def _runs() -> list[tuple[str, str]]:
    """Every flow run the server knows, as (name, state)."""
    from prefect import get_client
    from prefect.client.schemas.sorting import FlowRunSort

    known: list[tuple[str, str]] = []
    async with get_client() as client:
        while page := await client.read_flow_runs(sort=FlowRunSort.ID_DESC, limit=200, offset=len(known)):
            known += [(run.name, run.state_name or "") for run in page]
    return known


if __name__ == "__main__":
    play(Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else None)
