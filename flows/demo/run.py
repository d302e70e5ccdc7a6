"""The demonstration: the spring of 2023 in about a minute, on a server, a database and a mail server of its own."""

import asyncio
import os
import shutil
from datetime import datetime
from pathlib import Path

from rich.console import Console

from adapters.mail.sink import mail_sink
from flows.acts.register_files import Format, write_register, write_report
from flows.host.server import QUIET, free_port, kept_in, prefect_server
from letters.language import clock_time
from models.breach_register import Selection
from models.instants import local
from services.evidence.breach_register import entries
from services.evidence.yearly_report import yearly_report
from services.ports.world import World

STORY = Path(__file__).parents[2] / "deployments" / "examples" / "spring_2023.yaml"


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
            {**QUIET, **kept_in(home / "prefect")},
            PREFECT_API_URL=api,
            TIMGLAS_HOME=str(home),
            TIMGLAS_SMTP_PORT=str(smtp_port),
            TIMGLAS_SMTP_TLS="none",
        )
        _play(out, home, console)


def _play(out: Path, home: Path, console: Console) -> None:
    from flows.bootstrap import wire  # noqa: PLC0415
    from flows.demo import exhibit, replay  # noqa: PLC0415 - Prefect reads its settings when it is imported

    scenes = replay.read_story(STORY)

    def shown(scene: replay.Scene) -> None:
        told = f" – {scene.say}" if scene.say else ""
        console.print(
            f"[dim]{clock_time(scene.at)}[/dim]  {scene.case}: {replay.name_of(scene)}{told}", highlight=False
        )

    asyncio.run(replay.play(scenes, {}, out, shown))
    world = wire()
    _take_out(out, world, scenes[-1].at)
    exhibit.build(out, home / "files", scenes, world)
    console.print(f"\nKlart. Öppna [bold]{out.name}/index.html[/bold] i en webbläsare.")


def _take_out(out: Path, world: World, now: datetime) -> None:
    """Write the register of breaches in every format, and the year's report."""
    year = Selection(year=local(now).year)
    for kind in Format:
        found = entries(world.timeline.histories(), year, now=now, world=world)
        write_register(found, year, kind, out / f"incidentregister.{kind}", now=now, world=world)
    everything = entries(world.timeline.histories(), Selection(), now=now, world=world)
    report = yearly_report(everything, local(now).year, book=world.book, now=now)
    write_report(report, report.this.parties, out / "arsrapport.pdf", world=world)
