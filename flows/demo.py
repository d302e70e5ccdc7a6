"""The demonstration: the spring of 2023 in about a minute, on a server, a database and a mail server of its own."""

import asyncio
import os
import shutil
from pathlib import Path

from rich.console import Console

from adapters.mail_sink import mail_sink
from flows.server import QUIET, free_port, prefect_server
from letters.language import clock_time

STORY = Path(__file__).parent.parent / "deployments" / "examples" / "spring_2023.yaml"


def run(out: Path, console: Console) -> None:
    """Replay the story into ``out``, which is emptied first, showing each step on ``console``."""
    if out.exists():
        shutil.rmtree(out)
    home = out / "motor"
    console.print(f"Startar en Prefect-server och en e-postserver för uppspelningen i {out.name}/ …")
    smtp_port = free_port()
    with mail_sink(out, smtp_port), prefect_server(home / "prefect", free_port()) as api:
        for name in [name for name in os.environ if name.startswith("TIMGLAS_")]:
            del os.environ[name]  # invented cases must never reach a real installation
        os.environ.update(
            QUIET,
            PREFECT_API_URL=api,
            PREFECT_HOME=str(home / "prefect"),
            TIMGLAS_HOME=str(home),
            TIMGLAS_SMTP_PORT=str(smtp_port),
            TIMGLAS_SMTP_TLS="none",
        )
        _play(out, home, console)


def _play(out: Path, home: Path, console: Console) -> None:
    from flows import exhibit, replay  # noqa: PLC0415 - Prefect reads its settings when it is imported
    from flows.bootstrap import wire  # noqa: PLC0415

    scenes = replay.read_story(STORY)

    def shown(scene: replay.Scene) -> None:
        told = f" – {scene.say}" if scene.say else ""
        console.print(
            f"[dim]{clock_time(scene.at)}[/dim]  {scene.case}: {replay.name_of(scene)}{told}", highlight=False
        )

    asyncio.run(replay.play(scenes, {}, out, shown))
    exhibit.build(out, home / "files", scenes, wire())
    console.print(f"\nKlart. Öppna [bold]{out.name}/index.html[/bold] i en webbläsare.")
