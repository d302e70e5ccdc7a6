"""Words that nothing else holds, laid where they may come in, and a search for them where they may not come out."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

_SQLITE = b"SQLite format 3\x00"


def as_written(text: str) -> set[bytes]:
    """How a text may stand in a database or a log: as it is, or as JSON escapes it."""
    return {text.encode(), json.dumps(text)[1:-1].encode()}


def found_in(place: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """Return which of ``words`` stand below ``place``, in a file or in its name, by where they stand.

    A database is read both as it lies on the disk, where also what was deleted may stand, and row by row: a word that
    lies across two of its pages stands nowhere in the file as it is.
    """
    planted = tuple(words)
    files = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
    hits = {str(file): _hits(file, planted) for file in files}
    return {file: words for file, words in hits.items() if words}


def _hits(file: Path, words: tuple[str, ...]) -> list[str]:
    content = file.read_bytes() + b"\n" + file.name.encode()
    if content.startswith(_SQLITE):
        content += b"\n".join(_rows(file))
    return [word for word in words if any(written in content for written in as_written(word))]


def _rows(file: Path) -> Iterator[bytes]:
    """Yield every value of text or octets in the database."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                yield from (
                    value if isinstance(value, bytes) else value.encode()
                    for value in row
                    if isinstance(value, bytes | str)
                )
    database.close()
