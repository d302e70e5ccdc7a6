"""The columns of the register of breaches: in which order, under which heading, and how a value stands in its cell."""

from datetime import date, datetime
from enum import StrEnum

from letters.language import capital, day, facts_label, label, named, number, say, spoken, stamp
from models.breach_register import Entry
from models.errors import N_
from models.facts import Quantity
from models.instants import comes_twice
from models.listing import Cell, Column

GROUPS: dict[str, tuple[str, ...]] = {
    "case": ("incident", "title", "party_name", "party", "owed_as", "family", "standing", "reported_at", "aware_at"),
    "facts": (
        "summary",
        "source",
        "what_happened",
        "investigation",
        "cause",
        "breach_types",
        "began_at",
        "ended_at",
        "detected_at",
        "processor",
        "sub_processor",
        "data_categories",
        "data_described",
        "special_category",
        "national_id_number",
        "data_subject_categories",
        "n_subjects",
        "n_records",
        "children",
        "protected_identities",
        "exfiltration",
        "ruled_out_because",
    ),
    "effects": ("consequences", "consequences_described", "availability_loss"),
    "remedial_action": ("measures_taken", "measures_proposed", "measures_before"),
    "risk": (
        "advice",
        "risk",
        "decided_at",
        "decided_by",
        "reasoning",
        "officer_advice",
        "earlier_decisions",
    ),
    "notification": (
        "notification",
        "clock_at",
        "due_at",
        "filed_at",
        "hours",
        "late_hours",
        "delay_reasons",
        "not_notified_because",
        "withdrawn_because",
        "diary_number",
        "supplements",
        "complete_at",
    ),
    "communication": ("communication", "told_at", "told", "not_informed_because"),
    "closing": ("other_duties", "open_duties", "undocumented", "secrecy", "closed_at", "lessons", "events"),
}
"""What Article 33(5) demands (facts, effects, remedial action), and what the authority asks for besides: the reasons."""

NAMES = tuple(name for names in GROUPS.values() for name in names)
OWN = tuple(name for name in Entry.model_fields if name not in ("facts", "masks"))
"""What an entry says itself; the rest of the columns are facts, which have their labels already."""

_LONG = frozenset(
    [
        "summary",
        "what_happened",
        "investigation",
        "data_described",
        "ruled_out_because",
        "consequences_described",
        "measures_taken",
        "measures_proposed",
        "measures_before",
        "reasoning",
        "officer_advice",
        "earlier_decisions",
        "delay_reasons",
        "not_notified_because",
        "withdrawn_because",
        "told",
        "not_informed_because",
        "other_duties",
        "open_duties",
        "lessons",
    ]
)
_DEMANDED = {"what_happened": "facts", "consequences_described": "effects", "measures_taken": "remedial_action"}
_WORDS_OF = {"undocumented": "particular", "owed_as": "owed_as"}
"""Which words of the catalogue the values of a column are among."""


def heading(name: str) -> str:
    """Return what the column is called, as it stands alone."""
    return capital(named("entry", name)) if name in OWN else facts_label(name)


def group_heading(group: str) -> str:
    """Return what a group of columns is called, as it stands alone."""
    return capital(named("entry_group", group))


def columns() -> tuple[Column, ...]:
    """Return every column under its group, in order."""
    return tuple(
        Column(group_heading(group), heading(name), long=name in _LONG)
        for group, names in GROUPS.items()
        for name in names
    )


def cells(entry: Entry) -> tuple[Cell, ...]:
    """Return the row of ``entry``; what is demanded and not documented says so."""
    return tuple(_cell(entry, name) for name in NAMES)


def _cell(entry: Entry, name: str) -> Cell:
    if name in entry.masks:
        return entry.masks[name]
    value = getattr(entry, name) if name in OWN else getattr(entry.facts, name)
    if value in (None, ()) and _DEMANDED.get(name) in entry.undocumented:
        return say(N_("Not documented"))
    if isinstance(value, tuple) and name in _LONG:
        return "\n".join(map(str, value)) or None
    return _plain(value, _WORDS_OF.get(name, "category"))


def _plain(value: object, words: str) -> Cell:
    match value:
        case None | ():
            return None
        case StrEnum():
            return label(value)
        case Quantity(at_least=int(low), at_most=high, about=False) if low == high:
            return low
        case datetime() if comes_twice(value):
            return stamp(value)
        case datetime() | date() | float() | int() | str() if words == "category" and not isinstance(value, bool):
            return value
        case _:
            return capital(spoken(value, words))


def said(cell: Cell) -> str:
    """Return a cell as text: an instant as in a table, a number as people write it; nothing where there is nothing."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case datetime():
            return stamp(cell)
        case date():
            return day(cell)
        case _:
            return number(cell)
