"""Unpack the visible sheet of a workbook into CSV on standard output, in a process with a limit to its memory.

Run as ``python -m adapters.people_list.unpack_workbook FILE`` by ``adapters.people_list.list_file``; what goes wrong here
ends this process only. It ends with SHEETS or NO_VALUE, and has written nothing, where part of the list would be lost.
"""

import csv
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

SHEETS, NO_VALUE = 3, 4
"""How it ends: several visible sheets hold something; a formula shows a fault, or was never calculated."""

_MEMORY = 3_000_000_000
"""Bytes: a full sheet of Excel takes about one thousand million."""
_SECONDS = 300
_CHUNK, _LONGEST_CELL = 1 << 20, 1 << 12
_FAULT = re.compile(rb'<(?:\w+:)?c\b[^>]*\bt=["\']e["\']')
_NEVER_CALCULATED = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt=["\']str["\'])[^>]*>\s*'
    rb"<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A formula whose value is an empty text says so by its type; one without a value was written by a program, not by Excel."""
_BREAK = re.compile(r"\r\n|[\r\n]")
"""Rows are counted by their lines: one more in a cell, and what is said of a later row is said of another."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def main(path: str) -> int:
    """Write the sheet, a line for each row. A number without decimals is written without them, a day as ``YYYY-MM-DD``."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    workbook = CalamineWorkbook.from_path(path)
    sheets = [one for one in workbook.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    visible = [one for one in sheets if one.visible is SheetVisibleEnum.Visible]
    name, *others = [one.name for one in visible or sheets[:1]]
    if any(workbook.get_sheet_by_name(other).height for other in others):
        return SHEETS
    if _lacks_values(path, name):
        return NO_VALUE
    sheet = workbook.get_sheet_by_name(name)
    csv.writer(sys.stdout).writerows([_text(cell) for cell in row] for row in sheet.iter_rows())
    return 0


def _lacks_values(path: str, name: str) -> bool:
    """Tell whether a cell of the sheet has a fault or no value: calamine gives both as empty."""
    return any(
        (b"<f" in text or b":f" in text or b't="e"' in text or b"t='e'" in text)
        and (_FAULT.search(text) or _NEVER_CALCULATED.search(text))
        for text in _source(path, name)
    )


def _source(path: str, name: str) -> Iterator[bytes]:
    """Yield the sheet as it is written, in parts that overlap by more than a cell."""
    with zipfile.ZipFile(path) as packed:
        sheets = _parsed(packed, "xl/workbook.xml").iter()
        relation = next(
            one.attrib[_RELATION] for one in sheets if one.attrib.get("name") == name and _RELATION in one.attrib
        )
        relations = _parsed(packed, "xl/_rels/workbook.xml.rels")
        target = next(one.attrib["Target"] for one in relations if one.attrib["Id"] == relation)
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        with packed.open(part) as source:
            kept = b""
            while chunk := source.read(_CHUNK):
                yield kept + chunk
                kept = (kept + chunk)[-_LONGEST_CELL:]


def _parsed(packed: zipfile.ZipFile, part: str) -> ET.Element:
    return ET.fromstring(packed.read(part))  # noqa: S314 - expat refuses entities that grow, and this process has its limits


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else " ".join(_BREAK.split(str(cell).removesuffix(" 00:00:00")))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1]))
