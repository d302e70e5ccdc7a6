"""A listing as CSV for Swedish spreadsheet programs, and nothing in it that such a program would run as a formula."""

import csv
from datetime import date, datetime
from pathlib import Path

from models.instants import local
from models.listing import Cell, Listing

_RUNS = tuple("=+-@\t\r\n＝＋－＠")
"""What a cell begins with that a spreadsheet program may read as a formula; the wide signs too."""


def write_csv(listing: Listing, file: Path) -> int:
    """Write ``listing`` to ``file`` and return how many rows it had.

    UTF-8 with its mark, semicolons, decimal commas, as Excel in Swedish reads it. A text that could be taken for a
    formula stands after an apostrophe.
    """
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_MINIMAL)
        writer.writerow([column.heading for column in listing.columns])
        for count, row in enumerate(listing.rows, start=1):  # noqa: B007 - the last one is how many there were
            writer.writerow([_said(cell) for cell in row])
    return count


def _said(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.lstrip(" \N{NO-BREAK SPACE}").startswith(_RUNS) else cell
        case datetime():
            return local(cell).strftime("%Y-%m-%d %H.%M")
        case date():
            return cell.isoformat()
        case _:
            return str(cell).replace(".", ",")
