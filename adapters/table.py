"""A table that a spreadsheet saved as text: rows by the names of their columns."""

import csv
from collections.abc import Iterator
from pathlib import Path


def read_table(file: Path) -> Iterator[dict[str, str]]:
    """Yield each row after the first, by column; names in small letters with single blanks, values without outer blanks.

    UTF-8 or the Windows encoding, with semicolon, comma or tab between the columns.
    """
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    delimiter = max(";\t,", key=text.partition("\n")[0].count)
    for row in csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter):
        named = ((name, value) for name, value in row.items() if isinstance(name, str) and not isinstance(value, list))
        yield {" ".join(name.lower().replace("_", " ").split()): (value or "").strip() for name, value in named}
