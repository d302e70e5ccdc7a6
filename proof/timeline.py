"""Whether the lines of a timeline follow each other from the first to the last, and which do not."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from models.chain import GENESIS, link
from proof.contents import Fault

TIMELINE = "tidslinje.json"


class Line(NamedTuple):
    """One line of the timeline as it is stored: its number, its event as JSON text, its hash."""

    sequence: int
    payload: str
    hash: str


def read_lines(content: bytes) -> list[Line]:
    """Return the lines in the order they stand. Raises ValueError for what is no timeline."""
    rows = json.loads(content)
    return [_line(row) for row in (rows if isinstance(rows, list) else [rows])]


def line_faults(lines: list[Line], incident: str) -> Iterator[Fault]:
    """Yield what is wrong with the order and the chain of the lines, each fault once and at its first place."""
    yield from _order(lines)
    previous, expected = GENESIS, 1
    for line in lines:
        if line.sequence == expected and link(previous, incident, line.sequence, line.payload) != line.hash:
            yield Fault(
                f"tidslinjen, rad {line.sequence}",
                "raden är ändrad, eller så har en rad bytts ut, tagits bort eller lagts till alldeles före den.",
            )
        previous, expected = line.hash, line.sequence + 1


def documents_named(lines: list[Line]) -> Iterator[tuple[int, str, str]]:
    """Yield every document that an event names with its digest: line, name in the archive, SHA-256."""
    for line in lines:
        yield from ((line.sequence, name, digest) for name, digest in _inside(_event(line)))


def texts_issued(lines: list[Line]) -> Iterator[tuple[int, str]]:
    """Yield the digest of every text that left the house: line, SHA-256."""
    for line in lines:
        event = _event(line)
        if isinstance(event, dict) and event.get("type") in _ISSUES:
            digests = (event.get("sha256"), event.get("signed_sha256"))
            yield from ((line.sequence, digest) for digest in digests if isinstance(digest, str))


_ISSUES = {
    "notification_issued.v1",
    "notification_submitted.v1",
    "controller_informed.v1",
    "communication_started.v1",
    "public_notice_published.v1",
}


def _order(lines: list[Line]) -> Iterator[Fault]:
    numbers = [line.sequence for line in lines]
    counted = Counter(numbers)
    for before, after in _neighbours([0, *sorted(counted)]):
        if after - before > 1:
            yield Fault(f"tidslinjen, {_span(before + 1, after - 1)}", "saknas.")
    for number in sorted(number for number, count in counted.items() if count > 1):
        yield Fault(f"tidslinjen, rad {number}", "numret står på flera rader: en rad är tillagd.")
    for before, after in _neighbours(numbers):
        if after < before:
            yield Fault(f"tidslinjen, rad {after}", f"raden står efter rad {before}: ordningen är ändrad.")


def _neighbours(numbers: list[int]) -> Iterator[tuple[int, int]]:
    yield from ((numbers[place - 1], numbers[place]) for place in range(1, len(numbers)))


def _span(first: int, last: int) -> str:
    return f"rad {first}" if first == last else f"rad {first}–{last}"


def _event(line: Line) -> object:
    try:
        return json.loads(line.payload)
    except ValueError:
        return None


def _inside(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"name", "sha256"}:
            yield str(value["name"]), str(value["sha256"])
        for inner in value.values():
            yield from _inside(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _inside(inner)


def _line(row: object) -> Line:
    if not isinstance(row, dict) or set(row) != set(Line._fields):
        raise ValueError("a line has a number, a text and a hash")
    line = Line(**row)
    if type(line.sequence) is not int or not isinstance(line.payload, str) or not isinstance(line.hash, str):
        raise ValueError("a number is a number, and a text a text")
    return line
