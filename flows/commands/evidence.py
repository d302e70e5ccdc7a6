"""Commands for what must stand in supervision: the file of a case, and the proof that nothing in it was changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from adapters.case_file import write_folder, write_zip
from adapters.tsa import read_roots, stamp_fault
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, Case, Now, existing_file, incident_id
from letters.language import moment
from models.chain import first_broken
from proof.check import Report, check, record_faults
from proof.contents import Contents, Fault, Unreadable, read_contents
from proof.tell import CHANGED, NOT_CHECKED, sentences, told_outside
from services.evidence.compile_file import compile_file, lines_of
from services.evidence.file_documents import choose

Kept = Annotated[
    list[Path] | None,
    typer.Option(
        "--anchor", parser=existing_file, metavar="MEJL", help="Ett sparat mejl ur registratorns brevlåda (.eml, .txt)."
    ),
]


Roots = Annotated[
    Path | None,
    typer.Option(
        "--tsa-roots",
        parser=existing_file,
        envvar="TIMGLAS_TSA_ROOTS",
        metavar="FIL",
        help="Tidsstämplingstjänstens rotcertifikat (PEM). Med det kontrolleras också stämplarnas underskrift.",
    ),
]


def file(
    incident: Case,
    now: Now,
    out: Annotated[
        Path | None, typer.Option(metavar="PLATS", help="Mapp eller ZIP-fil. Annars ärendets nummer.")
    ] = None,
    as_zip: Annotated[bool, typer.Option("--zip", metavar=" ", help="Packa akten i en ZIP-fil.")] = False,
    as_json: AsJson = False,
) -> None:
    """Skriv akten: allt i ärendet, läsbart utan Timglas, med bevis för att inget är ändrat."""
    zipped = as_zip or (out is not None and out.suffix.lower() == ".zip")
    target = out or Path(f"{incident}.zip" if zipped else incident)
    files = compile_file(incident, at=now, world=world())
    if zipped:
        write_zip(target, files, folder=incident)
    else:
        write_folder(target, files)
    report = check(read_contents(target))
    if as_json:
        answer({"path": str(target.resolve()), **_data(report)})
        return
    typer.echo(f"Akten i {incident} är skriven, så som ärendet stod {moment(now)}: {target}")
    if not zipped:
        typer.echo(f"Öppna {target / 'index.html'} i en webbläsare.")
    for line in sentences(report):
        typer.echo(line)


def verify(
    what: Annotated[
        str, typer.Argument(metavar="ÄRENDE|AKT", help="Ett ärende här, eller en akts mapp eller ZIP-fil.")
    ],
    anchor: Kept = None,
    tsa_roots: Roots = None,
    as_json: AsJson = False,
) -> None:
    """Kontrollera att inget är ändrat i efterhand: i ett ärende här, eller i en akt."""
    path = Path(what)
    if path.exists():
        _verify_file(path, anchor or [], tsa_roots, as_json=as_json)
    else:
        _verify_case(incident_id(what), anchor or [], as_json=as_json)


def _verify_file(path: Path, mails: list[Path], roots: Path | None, *, as_json: bool) -> None:
    try:
        contents = read_contents(path)
        report = _signed(check(contents, told_outside(mails) if mails else None), contents, roots)
    except Unreadable as fault:
        typer.echo(f"Inte kontrollerad. {fault}", err=True)
        raise typer.Exit(NOT_CHECKED) from fault
    if as_json:
        answer(_data(report))
    else:
        for line in sentences(report):
            typer.echo(line, err=bool(report.faults))
    if report.faults:
        raise typer.Exit(CHANGED)


def _signed(report: Report, contents: Contents, roots: Path | None) -> Report:
    """Check the signatures of the time stamps too, which takes more than the script in the file has."""
    if roots is None:
        return report
    trusted = read_roots(roots)
    faults = [
        Fault(name, f"är ingen giltig tidsstämpel: {fault}.")
        for name, _ in report.stamps
        if (statement := contents.files.get(f"{name.removesuffix('.tsr')}.txt")) is not None
        and (fault := stamp_fault(contents.files[name], statement, trusted)) is not None
    ]
    return report._replace(faults=[*report.faults, *faults], signatures_checked=True)


def _verify_case(incident: str, mails: list[Path], *, as_json: bool) -> None:
    """Check a case where it lives: its chain, its documents in the archive, and its anchors."""
    here = world()
    rows = here.timeline.rows(incident)
    if not rows:
        here.timeline.read(incident)  # refuses a case that does not exist
    broken, lines = first_broken(rows), lines_of(incident, here)
    kept = choose(incident, lines, here).files
    faults = list(record_faults(kept, lines, incident, told_outside(mails) if mails else None))
    if as_json:
        found = [fault._asdict() for fault in faults]
        held = {"lines": len(rows), "holds": not faults, "broken_at": broken, "faults": found}
        answer({"incident": incident, **held})
    elif not faults:
        typer.echo(f"Kedjan håller: {len(rows)} rader i {incident}, ingen ändrad. Handlingarna är de som lämnades.")
    else:
        for line in _broken(incident, broken, len(rows), faults):
            typer.echo(line, err=True)
    if faults:
        raise typer.Exit(CHANGED)


def _broken(incident: str, broken: int | None, lines: int, faults: list[Fault]) -> Iterator[str]:
    if broken is not None:
        yield (
            f"Kedjan i {incident} brister på rad {broken} av {lines}. Raden, eller en rad före den, har ändrats, tagits "
            "bort eller flyttats sedan den skrevs."
        )
    yield from (f"- {fault.where}: {fault.what}" for fault in faults)
    yield "Låt databasen och arkivet vara som de är och ring den som sköter Timglas."


def _data(report: Report) -> dict[str, object]:
    faults = [fault._asdict() for fault in report.faults]
    return {**report._asdict(), "faults": faults, "holds": not faults}
