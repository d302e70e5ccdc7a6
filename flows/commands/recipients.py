"""Commands for the list of people a letter is for: check it, take it in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from adapters.csv_listing import write_csv
from adapters.new_file import new_file
from adapters.people_list.judging import Judging, Noted
from adapters.people_list.recipient_file import RecipientFile
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, DryRun, Now, existing_file
from letters.language import capital, listed, number, word
from models.base import IncidentId
from models.instants import local
from models.listing import Column, Listing
from models.people_list import ListReport, Remark, RowReport, Said
from services.people.communication import communication_of
from services.people.erase_recipients import erase_recipients
from services.people.load_recipients import Loaded, load_recipients, require_past, to_do

ListFile = Annotated[
    Path,
    typer.Argument(
        parser=existing_file, metavar="FIL", help="En lista i CSV eller XLSX. Första raden namnger kolumnerna."
    ),
]
CheckedOn = Annotated[
    datetime | None,
    typer.Option(
        "--checked-on",
        formats=["%Y-%m-%d"],
        metavar="DAG",
        help="Dagen då någon kontrollerade listan mot folkbokföringen. Då betyder en tom ruta att skydd saknas.",
    ),
]


def check(
    file: ListFile,
    now: Now,
    checked_on: CheckedOn = None,
    bad: Annotated[
        Path | None, typer.Option(metavar="FIL", help="Skriv de rader som har anmärkningar till den här filen, i CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Granska en lista rad för rad. Inget sparas."""
    with _progress() as told:
        people = RecipientFile(file, on=local(now).date(), checked=checked_on is not None, progress=told)
        require_past(checked_on.date() if checked_on else None, now)
        report = people.check() if bad is None else _exported(people, bad, now)
    if as_json:
        answer(_as_data(report))
    else:
        for line in _lines(report, file.name):
            typer.echo(line)
        if bad is not None:
            typer.echo(
                f"Raderna med anmärkningar står i {bad}. Filen innehåller personuppgifter: radera den när ni är klara."
            )
    if report.refused:
        raise typer.Exit(1)


def load(
    incident: Case,
    file: ListFile,
    by: By,
    now: Now,
    checked_on: CheckedOn = None,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help="Läs bara in listan om varje rad går att läsa.")
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Låt listan ersätta den som är inläst. De som bara står i den gamla raderas."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Läs in dem som ska få brev. Är breven redan ute väntar de nya tills någon släpper brevet till dem."""
    with _progress() as told:
        people = RecipientFile(file, on=local(now).date(), checked=checked_on is not None, progress=told)
        loaded = load_recipients(
            incident,
            listed=people,
            checked_on=checked_on.date() if checked_on else None,
            all_or_nothing=all_or_nothing,
            replace=replace,
            by=by,
            now=now,
            world=world(),
        )
    if as_json:
        names = ("recipients", "later", "written_to", "to_write_again")
        counts = {name: getattr(loaded, name) for name in names}
        answer({"incident": incident, **counts, **_as_data(loaded.report)})
        return
    for line in _lines(loaded.report, file.name):
        typer.echo(line)
    typer.echo(_taken_in(incident, loaded))
    if loaded.to_write_again:
        typer.echo(to_do(loaded))
        typer.echo(f"Skriv en fil igen: timglas letters again {incident} OMGÅNG")


def _taken_in(incident: str, loaded: Loaded) -> str:
    """Say who is on the list now; or, once letters are out, who waits for a release and who has the letter already."""
    if not loaded.later:
        earlier = loaded.recipients - loaded.report.people
        kept = f" {number(earlier)} av dem är kvar från tidigare. Ska de inte ha brevet: läs in listan med --replace."
        return f"{incident} har nu {number(loaded.recipients)} mottagare.{kept if earlier > 0 else ''}"
    people = _many(loaded.recipients, "person", "personer")
    has_it = (
        f" {number(loaded.written_to)} av dem har redan fått brevet och får inget nytt." if loaded.written_to else ""
    )
    return f"{people} väntar på brevet.{has_it} Släpp det till de andra med: timglas send {incident}"


def erase(incident: Case, by: By, now: Now, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Radera mottagarnas uppgifter för gott: nyckeln förstörs, och ingen kan läsa dem igen."""
    here = world()
    count = here.recipients.count(communication_of(incident))
    letters = here.printed.count(communication_of(incident))
    if not dry_run:
        erase_recipients(incident, by=by, now=now, world=here)
    if as_json:
        answer({"incident": incident, "erased": not dry_run, "recipients": count, "letters": letters})
    elif dry_run:
        typer.echo(
            f"Inget är raderat. {incident} har {_many(count, 'mottagare', 'mottagare')} som skulle bli oläsbara."
        )
    else:
        _tell_erased(incident, count, letters)


def _tell_erased(incident: IncidentId, count: int, letters: int) -> None:
    typer.echo(f"{incident}: nyckeln är förstörd. {_many(count, 'mottagare', 'mottagare')} går inte längre att läsa.")
    if letters:
        typer.echo(f"Det gäller också {_many(letters, 'utskrivet brev', 'utskrivna brev')}, som bara fanns förseglade.")
    typer.echo("En säkerhetskopia av databasen från före raderingen går att läsa för den som också har huvudnyckeln.")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        shown = progress.add_task("Läser listan")
        yield lambda row: progress.update(shown, description=f"Läser listan, rad {number(row)}")


def _exported(people: RecipientFile, file: Path, now: datetime) -> ListReport:
    """Check the list, and write each row that there is something to say of, once, with all there is to say."""
    judging = Judging()
    headings = ["Rad", "Läses in", "Anmärkning", *people.heading]
    columns = tuple(Column("", heading) for heading in headings)
    with new_file(file) as draft:
        write_csv(Listing("Anmärkningar", columns, _noted(people.judge(judging)), (), now), draft)
    return judging.report()


def _noted(judged: Iterator[Noted]) -> Iterator[tuple[str, ...]]:
    for row, group in groupby(judged, key=lambda noted: noted[0].row):
        noted = list(group)
        taken = "nej" if any(report.is_fault for report, _ in noted) else "ja"
        yield str(row), taken, "; ".join(_reason(report) for report, _ in noted), *noted[0][1]


def _lines(report: ListReport, name: str) -> Iterator[str]:
    """Say what a list holds, the faults first."""
    rows, people = _many(report.rows, "rad", "rader"), _many(report.people, "person", "personer")
    yield f"{name}: {rows}, {people} kan läsas in."
    if report.unread:
        yield f"De här kolumnerna läses inte: {listed(report.unread)}."
    if not report.tells_protection:
        yield (
            "Listan har ingen kolumn för skyddade personuppgifter. Utan --checked-on behandlas alla som skyddade, och "
            "ingen får brevet med e-post eller vanlig post."
        )
    for title, faults in (("Läses inte in:", True), ("Läses in, men notera:", False)):
        kinds = [said for said in report.counts if isinstance(said, Remark) is not faults]
        if kinds:
            yield title
        for said in kinds:
            yield from _kind(said, report)


def _kind(said: Said, report: ListReport) -> Iterator[str]:
    rows = [one for one in report.examples if one.said is said]
    count = report.counts[said]
    yield f"- {capital(word(said))}: {_many(count, 'rad', 'rader')}"
    places = listed(f"{one.row}{_detail(one)}" for one in rows)
    yield f"  rad {places}{' med flera' if count > len(rows) else ''}"


def _many(count: int, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}"


def _reason(report: RowReport) -> str:
    return f"{word(report.said)}{_detail(report)}"


def _detail(report: RowReport) -> str:
    if not report.detail:
        return ""
    return f" ({report.detail})" if report.detail.startswith("U+") else f" (se rad {report.detail})"


def _as_data(report: ListReport) -> dict[str, object]:
    return {
        "rows": report.rows,
        "people": report.people,
        "refused": report.refused,
        "columns": report.columns,
        "unread": report.unread,
        "counts": {said.value: count for said, count in report.counts.items()},
        "examples": [{"row": one.row, "said": one.said.value, "detail": one.detail} for one in report.examples],
    }
