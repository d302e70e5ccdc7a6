"""A listing as an XLSX workbook. A text stays a text: nothing that somebody wrote becomes a formula or a link."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from models.instants import local
from models.listing import Cell, Column, Listing

_LONGEST = 32_767
"""Characters that a cell holds at most; xlsxwriter would leave a longer text out without a word."""
_CUT = " […]"
_WIDE, _NARROW, _HEADING = 48, 18, 30
_ROW = 48
"""The height of a row in points, three lines: the whole text is in the cell and shows when one opens it."""
_INK, _PAPER = "#1f3a4d", "#ffffff"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(listing: Listing, file: Path) -> int:
    """Write ``listing`` to ``file``, a row at a time, and return how many rows it had."""
    with Workbook(str(file), _OPTIONS) as book:
        book.set_properties({"title": listing.title, "created": _wall(listing.made_at), "author": "Timglas"})
        looks = {
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "instant": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh.mm"}),
            "day": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "group": book.add_format({"bold": True, "font_color": _PAPER, "bg_color": _INK}),
        }
        sheet = book.add_worksheet("Incidenter")
        _head(sheet, listing.columns, looks)
        count = 0
        for count, row in enumerate(listing.rows, start=1):
            sheet.set_row(count + 1, _ROW)
            for place, cell in enumerate(row):
                if cell is not None:
                    _write(sheet, count + 1, place, cell, looks)
        sheet.autofilter(1, 0, max(count, 1) + 1, len(listing.columns) - 1)
        _explain(book.add_worksheet("Om registret"), listing, looks)
    return count


def _head(sheet: Any, columns: tuple[Column, ...], looks: dict[str, Any]) -> None:
    """Set the groups and below them the headings, which stay in sight."""
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDE if column.long else _NARROW)
        first = place == 0 or columns[place - 1].group != column.group
        sheet.write_string(0, place, column.group if first else "", looks["group"])
    sheet.set_row(1, _HEADING)
    for place, column in enumerate(columns):
        sheet.write_string(1, place, column.heading, looks["head"])
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0, 1)


def _write(sheet: Any, row: int, place: int, cell: Cell, looks: dict[str, Any]) -> None:
    match cell:
        case str():
            sheet.write_string(row, place, _fitting(cell), looks["text"])
        case datetime():
            sheet.write_datetime(row, place, _wall(cell), looks["instant"])
        case date():
            sheet.write_datetime(row, place, cell, looks["day"])
        case _:
            sheet.write_number(row, place, cell, looks["text"])


def _explain(sheet: Any, listing: Listing, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, _NARROW)
    sheet.set_column(1, 1, 2 * _WIDE)
    sheet.write_string(0, 0, listing.title, looks["group"])
    sheet.write_string(0, 1, "", looks["group"])
    for place, (label, text) in enumerate(listing.notes, start=1):
        sheet.write_string(place, 0, label, looks["head"])
        sheet.write_string(place, 1, _fitting(text), looks["text"])


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def _wall(instant: datetime) -> datetime:
    """Return what the clock in Sweden showed, without a zone: a spreadsheet knows none."""
    return local(instant).replace(tzinfo=None)
