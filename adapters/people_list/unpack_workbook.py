"""Unpack the first visible sheet of a workbook into CSV on standard output, in a process with a limit to its memory.

Run as ``python -m adapters.people_list.unpack_workbook FILE`` by ``adapters.people_list.list_file``; what goes wrong here ends this process only.
"""

import csv
import resource
import sys

from python_calamine import CalamineWorkbook, SheetVisibleEnum

_MEMORY = 3_000_000_000
"""Bytes: a full sheet of Excel takes about one thousand million."""
_SECONDS = 300


def main(path: str) -> None:
    """Write the sheet. A number without decimals is written without them, a day as ``YYYY-MM-DD``."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    workbook = CalamineWorkbook.from_path(path)
    visible = [one.name for one in workbook.sheets_metadata if one.visible is SheetVisibleEnum.Visible]
    sheet = workbook.get_sheet_by_name((visible or workbook.sheet_names)[0])
    csv.writer(sys.stdout).writerows([_text(cell) for cell in row] for row in sheet.iter_rows())


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).removesuffix(" 00:00:00")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(sys.argv[1])
