"""Commands about the register: take in a new one, look at it, see who changed what."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from adapters.customer_file import read_customers
from adapters.files import read_register
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, DryRun, Now, existing_file
from letters.language import moment, say
from letters.register_page import party_lines, place
from letters.senders import full_name
from models.errors import N_
from models.parties import Register
from services.ports.world import World
from services.supply.load_register import Change, differences, load_register, succeeding, with_customers

_SIGNS = {"added": "+", "changed": "~", "ended": "-"}


def load(
    file: Annotated[
        Path,
        typer.Argument(
            parser=existing_file,
            metavar="FIL",
            help="YAML med hela registret, eller CSV med kunder till ett personuppgiftsbiträde.",
        ),
    ],
    by: By,
    now: Now,
    processor: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Vems kunder CSV-filen gäller. Behövs om registret har flera biträden."),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Läs in registret. Skillnaderna visas, och vem som ändrade vad sparas."""
    here = world()
    loaded = _read(file, processor, here)
    if dry_run:
        changes = differences(here.register, succeeding(here.register, loaded))
    else:
        changes = load_register(loaded, source=file.name, by=by, now=now, world=here)
    if as_json:
        answer({"recorded": bool(changes) and not dry_run, "changes": [_plain(change) for change in changes]})
        return
    for change in changes:
        _say(change)
    if not changes:
        typer.echo("Inget skiljer sig från registret som det är.")
    elif dry_run:
        typer.echo(f"{_count(changes)} Inget är ändrat än.")
    else:
        typer.echo(
            f"{_count(changes)} Registret är ändrat. Formulären i Prefect får de nya namnen när timglas up startas om."
        )


def _read(file: Path, processor: str | None, here: World) -> Register:
    if file.suffix.lower() != ".csv":
        return read_register(file)
    known = [one.id for one in here.register.processors if not one.ended]
    if processor is None and len(known) != 1:
        raise typer.BadParameter(
            f"Skriv --processor med ett av de här: {', '.join(known) or 'registret har inget biträde'}."
        )
    supplier = here.register.party(processor or known[0]).id
    return with_customers(here.register, read_customers(file, supplier))


def show(
    party: Annotated[
        str | None, typer.Argument(metavar="ORGANISATION", help="En organisations id. Annars alla.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Visa registret, eller en organisation med roller, kontaktvägar och avtal."""
    register = world().register
    shown = (register.party(party),) if party else (*register.controllers, *register.processors)
    if as_json:
        answer([one.model_dump(mode="json", exclude_defaults=True) for one in shown])
    elif party:
        for label, text in party_lines(shown[0], register):
            typer.echo(f"{label}: {text}")
    else:
        for one in shown:
            typer.echo(f"{one.id}: {full_name(one)}{' (avslutad)' if one.ended else ''}")


def history(as_json: AsJson = False) -> None:
    """Visa varje ändring av registret: när, av vem, ur vilken fil, och vad som blev annorlunda."""
    here = world()
    versions = here.registers.versions()
    before = [Register(controllers=(), people=()), *(version.content for version in versions)]
    told = [
        {
            **version.model_dump(exclude={"content"}),
            "changes": [_plain(change) for change in differences(*pair)] if version.version > 1 else [],
        }
        for version, pair in zip(versions, pairwise(before), strict=True)
    ]
    if as_json:
        answer(told)
        return
    if not versions:
        typer.echo("Inget register är inläst. Registret är filen som TIMGLAS_PARTIES pekar på.")
    for version, pair in zip(versions, pairwise(before), strict=True):
        typer.echo(f"{version.version}. {moment(version.loaded_at)}, {version.loaded_by}, {version.source}")
        for change in differences(*pair) if version.version > 1 else ():
            _say(change)


def _say(change: Change) -> None:
    typer.echo(f"{_SIGNS[change.what]} {change.id}")
    for field in change.fields if change.what == "changed" else ():
        typer.echo(f"    {place(field.name)}: {field.before or '–'} → {field.after or '–'}")


def _count(changes: tuple[Change, ...]) -> str:
    added, changed, ended = (sum(change.what == what for change in changes) for what in _SIGNS)
    return say(
        N_("{added} new, {changed} changed, {ended} ended; those stay for the sake of their old cases."),
        added=added,
        changed=changed,
        ended=ended,
    )


def _plain(change: Change) -> dict[str, object]:
    return {**change._asdict(), "fields": [field._asdict() for field in change.fields]}
