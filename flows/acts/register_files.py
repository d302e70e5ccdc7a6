"""The register of breaches as a file: which formats there are, and how each is written."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from adapters.csv_listing import write_csv
from adapters.json_list import write_json
from adapters.new_file import new_file
from adapters.paper.legible import legible
from adapters.spreadsheet import write_xlsx
from letters import compose
from letters.language import say
from models.breach_register import Entry, Selection
from models.errors import N_, TimglasError
from models.instants import local
from models.parties import PartyId
from models.yearly_report import YearlyReport
from services.ports.world import World

MOST_ON_PAPER = 2000
"""Incidents in one PDF, which is set as a whole: 300 of them took seven seconds of work and 90 MB."""


class Format(StrEnum):
    """The formats of the register. All but PDF are written a row at a time, however many there are."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    PDF = "pdf"


def write_register(
    entries: Iterable[Entry],
    selection: Selection,
    kind: Format,
    file: Path,
    *,
    now: datetime,
    world: World,
    mask: bool = False,
) -> int:
    """Write the selected ``entries`` to ``file``, whole or not at all, and return how many there were.

    ``mask`` says that they are masked already; it stands in the file.
    """
    with new_file(file) as draft:
        match kind:
            case Format.JSON:
                head = {"made_at": local(now).isoformat(), "selection": plain(selection), "masked": mask}
                return write_json(head, (entry.model_dump_json(exclude_none=True) for entry in entries), draft)
            case Format.PDF:
                return _write_pdf(_few(entries), selection, draft, now, world, mask=mask)
            case _:
                listing = compose.breach_listing(entries, selection, register=world.register, at=now, mask=mask)
                return (write_xlsx if kind is Format.XLSX else write_csv)(listing, draft)


def plain(selection: Selection) -> dict[str, Any]:
    """Return the selection for programs, without what it leaves open."""
    return {name: value for name, value in selection._asdict().items() if value not in (None, ())}


def write_report(report: YearlyReport, parties: Iterable[PartyId], file: Path, *, world: World) -> None:
    """Write the year's ``report`` on ``parties`` to ``file`` as PDF."""
    among = [world.register.party(party) for party in parties]
    head = compose.joint_letterhead(among, date=report.at, kind=say(N_("Yearly report")))
    with new_file(file) as draft:
        draft.write_bytes(world.printer.pdf(legible(compose.yearly_report(report)), head))


def _few(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries of a document, which is set as a whole. Refuses more than anybody would read."""
    found = tuple(islice(entries, MOST_ON_PAPER + 1))
    if len(found) > MOST_ON_PAPER:
        raise TimglasError(
            N_("The register holds more than {most} incidents, too many for a PDF."),
            why=N_("Each incident takes about two pages."),
            remedy=N_("Choose a year, an organisation or a period, or write it as xlsx, csv or json."),
            most=MOST_ON_PAPER,
        )
    return found


def _write_pdf(
    entries: tuple[Entry, ...], selection: Selection, file: Path, now: datetime, world: World, *, mask: bool
) -> int:
    letter = compose.breach_register(entries, selection, register=world.register, at=now, mask=mask)
    parties = dict.fromkeys((*selection.parties, *(entry.party for entry in entries)))
    head = compose.joint_letterhead((world.register.party(party) for party in parties), date=now, kind="")
    file.write_bytes(world.printer.pdf(legible(letter), head))
    return len(entries)
