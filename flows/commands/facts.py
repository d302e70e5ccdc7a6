"""Commands that state what is known: new facts, and corrections of earlier ones."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.desk import answer, world
from flows.commands.stated import field, gather
from flows.commands.typed import AsJson, By, Case, DryRun, Now, existing_file, member, text, when, whole_number
from law.assessment import assess
from letters.answers import read_facts
from letters.language import fact, facts_label, label
from models.facts import Facts, Trigger
from models.incident import Incident
from services.case.correct_facts import correct_facts as correct
from services.case.establish_facts import establish_facts
from services.case.establish_family_facts import establish_family_facts
from services.documents.drafts import changes
from services.record import read


def _list_them(wanted: bool) -> None:
    """Print every fact with its Swedish label, and stop there."""
    if wanted:
        typer.echo("\n".join(f"{name:<30} {facts_label(name)}" for name in Facts.model_fields))
        raise typer.Exit


Given = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAMN=SVAR", help="En uppgift: n_subjects=8400, malicious=ja, exfiltration=vet-ej."),
]
FactsFile = Annotated[
    Path | None, typer.Option("--file", parser=existing_file, metavar="FIL", help="Uppgifter i YAML eller JSON.")
]
Listed = Annotated[
    bool, typer.Option("--list", is_eager=True, callback=_list_them, help="Lista alla uppgifter som går att lämna.")
]


def facts(
    incident: Case,
    by: By,
    source: Annotated[str, text("Varifrån uppgifterna kommer.")],
    now: Now,
    given: Given = None,
    file: FactsFile = None,
    known_at: Annotated[datetime | None, when("När ni fick veta det. Annars nu.")] = None,
    trigger: Annotated[
        Trigger | None,
        typer.Option(parser=member(Trigger), metavar="HÄNDELSE", help="Om något har hänt som kräver ett nytt beslut."),
    ] = None,
    family: Annotated[
        bool, typer.Option("--family", help="Anteckna i alla ärenden om samma händelse där du har en roll.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    listed: Listed = False,  # noqa: ARG001 - answered before the command runs
) -> None:
    """Anteckna vad ni har fått veta. Det som är okänt är okänt, inte nej."""
    here = world()
    before = read(incident, here.timeline).incident
    stated = _new_facts(before.facts, given, file)
    if not dry_run:
        record = partial(establish_family_facts if family else _alone, incident, facts=stated, source=source)
        told = record(known_at=known_at or now, trigger=trigger, by=by, now=now, world=here)
        for each in told:
            typer.echo(f"Antecknat i {each.id}.", err=as_json)
    _tell(before, before.facts.learn(stated), dry_run=dry_run, as_json=as_json)
    if trigger is not None and before.decisions and not as_json:
        typer.echo(f"{label(trigger)}: risken måste bedömas på nytt, timglas decide {incident}.")


def correct_facts(
    incident: Case,
    line: Annotated[
        int, typer.Argument(parser=whole_number, metavar="RAD", help="Radens nummer i tidslinjen (timglas timeline).")
    ],
    by: By,
    because: Annotated[str, text("Varför den tidigare uppgiften var fel.")],
    now: Now,
    given: Given = None,
    file: FactsFile = None,
    withdraw: Annotated[list[str] | None, typer.Option(metavar="NAMN", help="En uppgift som åter är okänd.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Rätta en tidigare uppgift, eller ta tillbaka den. Den gamla står kvar i tidslinjen."""
    here = world()
    before = read(incident, here.timeline).incident
    stated, withdrawn = read_facts(gather(file, given or ())), tuple(field(name) for name in withdraw or ())
    if not stated.known() and not withdrawn:
        raise typer.BadParameter("Säg vad som är rätt (--set) eller vad som åter är okänt (--withdraw).")
    if not dry_run:
        correct(
            incident,
            supersedes=line,
            because=because,
            facts=stated,
            withdrawn=withdrawn,
            by=by,
            now=now,
            world=here,
        )
    _tell(before, before.facts.learn(stated, withdrawn), dry_run=dry_run, as_json=as_json)


def _new_facts(known: Facts, given: list[str] | None, file: Path | None) -> Facts:
    """Read what is stated. To say that one no longer knows what stands there is a correction, and needs a reason."""
    answers = gather(file, given or ())
    if not answers:
        raise typer.BadParameter("Lämna minst en uppgift med --set eller --file.")
    stated = read_facts(answers)
    unlearned = [name for name in answers if getattr(stated, name) is None and getattr(known, name) is not None]
    if unlearned:
        raise typer.BadParameter(
            f"Uppgiften {facts_label(unlearned[0]).lower()} är redan känd i ärendet. "
            f"Om den inte stämmer, rätta den: timglas correct-facts … --withdraw {unlearned[0]}."
        )
    return stated


def _alone(incident: str, **stated: Any) -> tuple[Incident, ...]:
    return (establish_facts(incident, **stated),)


def _tell(incident: Incident, after: Facts, *, dry_run: bool, as_json: bool) -> None:
    """Say what changes, and whether the advice does."""
    before = incident.facts
    changed, advised = changes(before, after), [assess(known).risk for known in (before, after)]
    if as_json:
        dumped: list[dict[str, Any]] = [known.model_dump(mode="json") for known in (before, after)]
        moved = {name: {"before": dumped[0][name], "after": dumped[1][name]} for name in changed}
        advice = {"before": advised[0], "after": advised[1]}
        answer({"incident": incident.id, "recorded": not dry_run, "changes": moved, "advice": advice})
        return
    if dry_run:
        typer.echo("Inget är antecknat. Det här skulle ändras:")
    for name in changed:
        typer.echo(f"- {facts_label(name)}: {fact(name, before) or 'okänt'} → {fact(name, after) or 'okänt'}")
    if not changed:
        typer.echo("Inget av det är nytt.")
    if advised[0] is not advised[1] and incident.owed_as == "controller":
        typer.echo(f"Rådet ändras: {label(advised[0]).lower()} → {label(advised[1]).lower()}.")
