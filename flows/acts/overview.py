"""What is taken out of all cases together: the register of breaches, and the year's report for the board."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from prefect.client.schemas.objects import State
from prefect.states import Completed

from adapters.settings import Settings
from flows.acts.register_files import Format, write_register, write_report
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import Asked
from flows.steps import clock, step
from letters.language import say
from models.breach_register import Selection
from models.errors import N_
from models.instants import local
from services.evidence.breach_register import entries
from services.evidence.yearly_report import yearly_report

FileFormat = Annotated[Format, Asked({"type": "string", "enum": [kind.upper() for kind in Format]}, str.lower)]


@at_the_desk("Ta fram incidentregister", of="year")
async def take_out_register(
    year: int,
    file_format: FileFormat,
    masked: bool = False,
    now: datetime | None = None,
) -> State[None]:
    """Write the register of the year as a file on this machine, and say where it lies; ``masked`` to be handed out."""
    at = clock(now)
    target = _place(f"incidentregister-{year}{'-maskerat' if masked else ''}", at, file_format)
    chosen = Selection(year=year)
    await step("Skriv registret", partial(_write_register, chosen, file_format, target, at, mask=masked))
    return Completed(message=say(N_("The register is {file}, on the machine where Timglas runs."), file=str(target)))


@at_the_desk("Ta fram årsrapport", of="year")
async def take_out_report(year: int, now: datetime | None = None) -> State[None]:
    """Write the year's report as a file on this machine, and say where it lies."""
    at = clock(now)
    target = _place(f"arsrapport-{year}", at, Format.PDF)
    await step("Skriv årsrapporten", partial(_write_report, year, target, at))
    return Completed(message=say(N_("The report is {file}, on the machine where Timglas runs."), file=str(target)))


def _place(name: str, at: datetime, kind: Format) -> Path:
    return Settings().home / "utdrag" / f"{name}-{local(at):%Y-%m-%d-%H%M}.{kind}"


def _write_register(selection: Selection, kind: Format, target: Path, at: datetime, *, mask: bool) -> None:
    world = wire()
    found = entries(world.timeline.histories(), selection, now=at, world=world, mask=mask)
    write_register(found, selection, kind, target, now=at, world=world, mask=mask)


def _write_report(year: int, target: Path, at: datetime) -> None:
    world = wire()
    found = entries(world.timeline.histories(), Selection(), now=at, world=world)
    report = yearly_report(found, year, book=world.book, now=at)
    write_report(report, report.this.parties, target, world=world)
