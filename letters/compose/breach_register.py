"""The register of breaches as people take it in hand: a listing for spreadsheet programs, and a document."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from letters.breach_columns import GROUPS, NAMES, cells, columns, group_heading, heading, said
from letters.breach_register import masking_line, selection_line
from letters.language import moment, number, say
from letters.render import letter_card, render
from models.breach_register import Entry, Selection
from models.errors import N_
from models.instants import local
from models.letter import Letter, Table
from models.listing import Cell, Listing
from models.parties import Register

REGISTER = "breach_register"
_OVERVIEW = ("incident", "party_name", "standing", "aware_at", "filed_at", "late_hours")
_IN_THE_HEADING = frozenset({"incident", "party", "party_name"})


def breach_listing(
    entries: Iterable[Entry], selection: Selection, *, register: Register, at: datetime, mask: bool = False
) -> Listing:
    """Return the register as rows and columns, made as they are asked for."""
    legal = N_(
        "Article 33(5) GDPR: every personal data breach is documented with its facts, its effects and the remedial action "
        "taken. The reasons for what was decided stand there too, and suspicions that were ruled out."
    )
    counted = N_(
        "An incident counts to the year in which the organisation became aware of it; without that, to the year of the "
        "report. Hours count from the instant from which the time limit runs."
    )
    secret = N_("Whether something is secret is examined for each item before the register is released.")
    return Listing(
        title=_title(selection),
        columns=columns(),
        rows=map(cells, entries),
        notes=(
            *_notes(selection, register, at),
            (say(N_("Ground")), say(legal)),
            (say(N_("Counted")), say(counted)),
            (say(N_("Secrecy")), say(secret)),
            *_masking(mask),
        ),
        made_at=at,
    )


def breach_register(
    entries: Iterable[Entry], selection: Selection, *, register: Register, at: datetime, mask: bool = False
) -> Letter:
    """Return the register as a document: every entry under a heading of its own, without what is not known."""
    among = tuple(entries)
    told = tuple((f"{entry.incident} · {entry.party_name}", tuple(_groups(entry))) for entry in among)
    counted = (say(N_("Number of incidents")), number(len(told)))
    notes = (*_notes(selection, register, at), counted, *_masking(mask))
    context = {"year": str(selection.year or ""), "notes": notes, "entries": told}
    return render(REGISTER, context, drawn={"overview": _overview(among)})


def _overview(entries: tuple[Entry, ...]) -> Table:
    """Return one line an incident, with days instead of times."""
    rows = (dict(zip(NAMES, map(_short, cells(entry)), strict=True)) for entry in entries)
    return Table(
        columns=tuple(map(heading, _OVERVIEW)),
        rows=tuple(tuple(row[name] for name in _OVERVIEW) for row in rows),
        numbers=(len(_OVERVIEW) - 1,),
    )


def _short(cell: Cell) -> str:
    return local(cell).date().isoformat() if isinstance(cell, datetime) else said(cell)


def _title(selection: Selection) -> str:
    return f"{letter_card(REGISTER).title} {selection.year or ''}".strip()


def _notes(selection: Selection, register: Register, at: datetime) -> tuple[tuple[str, str], ...]:
    return (say(N_("Selection")), selection_line(selection, register)), (say(N_("As it stood")), moment(at))


def _masking(mask: bool) -> tuple[tuple[str, str], ...]:  # noqa: FBT001 - what the caller asked for
    return ((say(N_("Masking")), masking_line()),) if mask else ()


def _groups(entry: Entry) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the groups that hold something, each with its (label, text) rows; a text of several lines is several rows."""
    row = dict(zip(NAMES, map(said, cells(entry)), strict=True))
    for group, names in GROUPS.items():
        told = ((name, line) for name in names if name not in _IN_THE_HEADING for line in row[name].splitlines())
        rows = tuple((heading(name), line) for name, line in told if line.strip())
        if rows:
            yield group_heading(group), rows
