"""Rows under headings, for programs that calculate: plain values, to be drawn as XLSX or CSV."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

Cell = str | int | float | datetime | date | None
"""A text is a text, whatever it looks like; an instant is shown in Swedish time."""


class Column(NamedTuple):
    """A heading, the group it stands under, and whether its texts are long."""

    group: str
    heading: str
    long: bool = False


class Listing(NamedTuple):
    """A titled list. ``rows`` may be made one at a time; ``notes`` are (label, text) pairs that explain it."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    notes: tuple[tuple[str, str], ...]
    made_at: datetime
