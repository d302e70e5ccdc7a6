"""The command that shows a whole family: one happening, many controllers, each with decisions of its own."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.commands.desk import answer, world
from flows.commands.typed import AsJson
from letters.family_page import Difference, FamilyView, Member, family_view
from models.incident import Incident
from models.told import letters_left_at
from services.case.family_board import family_named, members

_WIDE = 200


def family(
    key: Annotated[str, typer.Argument(metavar="ÄRENDE|FAMILJ", help="Ett av ärendena, eller familjens namn.")],
    as_json: AsJson = False,
) -> None:
    """Visa alla ärenden om samma händelse: vad alla vet, vad var och en har gjort och till när, och vad som skiljer sig."""
    here = world()
    name = family_named(key, here)
    found = members(name, here)
    view = family_view(name, found)
    if as_json:
        answer({"family": name, "members": [_data(one) for one in found], "differences": _differences(view)})
        return
    Console(width=_WIDE).print(_table(view))
    if view.common:
        typer.secho("Det här vet alla:", bold=True)
    for label, value in view.common:
        typer.echo(f"- {label}: {value}")
    _tell("Det här har de gjort olika:", view.decisions)
    _tell("Uppgifter som skiljer sig:", view.facts)


def _table(view: FamilyView) -> Table:
    columns = (
        "Ärende",
        "Vem",
        "Underrättad",
        "Bekräftat",
        "Kännedom",
        "Senast till IMY",
        "Risk",
        "Anmält",
        "Informerade",
    )
    table = Table(*columns, title=view.family, title_justify="left")
    for row in view.rows:
        table.add_row(*(Text(cell or "–") for cell in row))
    return table


def _tell(heading: str, differences: tuple[Difference, ...]) -> None:
    if differences:
        typer.secho(heading, bold=True)
    for difference in differences:
        typer.echo(difference.question)
        for take in difference.takes:
            typer.echo(f"- {take.answer}: {', '.join(take.parties)}")
            for party, why in take.reasons:
                typer.echo(f"  {party}: ”{why}”")


def _differences(view: FamilyView) -> list[dict[str, Any]]:
    return [
        {
            "question": one.question,
            "takes": [
                {
                    "answer": take.answer,
                    "parties": take.parties,
                    "reasons": [{"party": party, "reason": why} for party, why in take.reasons],
                }
                for take in one.takes
            ],
        }
        for one in (*view.decisions, *view.facts)
    ]


def _data(one: Member) -> dict[str, Any]:
    notify, own = one.duty("gdpr.33.1"), one.incident
    return {
        "incident": own.id if own else None,
        "party": one.party,
        "name": one.name,
        "told_at": one.told_at,
        "acknowledged_at": one.acknowledged_at,
        "aware_at": own.aware_at if own else None,
        "notify_by": notify.due_at if notify else None,
        **(_decided(one.decides) if one.decides else {}),
    }


def _decided(own: Incident) -> dict[str, Any]:
    return {
        "risk": own.decision.level if own.decision else None,
        "reasoning": own.decision.reasoning if own.decision else None,
        "notified_at": own.filings[0].occurred_at if own.filings else None,
        "letters_at": letters_left_at(own),
        "public_notice_at": own.notices[0].occurred_at if own.notices else None,
    }
