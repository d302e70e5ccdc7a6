"""Command for where everybody on a list stands: which way to them, and why."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from adapters.csv_listing import write_csv
from adapters.new_file import new_file
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, Now
from letters.language import label, number, word
from models.listing import Column, Listing
from models.route import RouteReason, Way
from services.people.reconcile import Pending
from services.people.standing import Standing, standings

_WORDS = {
    "not_released": "inte släppt",
    "waiting": "väntar",
    "uncertain": "kanske framme",
    "done": "skickat eller utskrivet",
    "no_letter": "inget brev",
}
_NO_LETTER = (Way.DECEASED, Way.PUBLIC, Way.UNREACHABLE)
_HEADINGS = ("Id", "Namn", "Väg", "Skäl", "Läge")

Kind = tuple[Way, RouteReason, str]
"""The way to somebody, why that one, and where they are on it."""


def standing(
    incident: Case,
    by: By,
    now: Now,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FIL", help="Skriv också en rad om var och en till den här filen, i CSV."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Visa vilken väg brevet går till var och en, varför, och var det är."""
    counted = Counter[Kind]()
    people = _counted(standings(incident, by=by, now=now, world=world()), counted)
    if to is None:
        for _ in people:
            pass
    else:
        columns = tuple(Column("", heading) for heading in _HEADINGS)
        with new_file(to) as draft:
            write_csv(Listing("Mottagare", columns, map(_row, people), (), now), draft)
    if as_json:
        told = [
            {"way": way.value, "reason": reason.value, "stands": stands, "people": count}
            for (way, reason, stands), count in sorted(counted.items())
        ]
        answer({"incident": incident, "recipients": counted.total(), "ways": told})
        return
    typer.echo(f"{incident} har {number(counted.total())} mottagare:")
    for (way, reason, stands), count in sorted(counted.items()):
        typer.echo(f"- {number(count)}: {word(way)} ({word(reason)}), {_WORDS[stands]}")
    if to is not None:
        typer.echo(f"Var och en står i {to}. Filen innehåller personuppgifter: radera den när ni är klara.")


def _counted(people: Iterator[Standing], counted: Counter[Kind]) -> Iterator[Standing]:
    for one in people:
        counted[one.route.way, one.route.reason, _stands(one)] += 1
        yield one


def _row(one: Standing) -> tuple[str, ...]:
    return one.person.id, one.person.name, label(one.route.way), word(one.route.reason), _WORDS[_stands(one)]


def _stands(one: Standing) -> str:
    if one.end is None:
        return "not_released"
    if isinstance(one.end, Pending):
        return one.end.value
    return "no_letter" if one.end in _NO_LETTER else "done"
