"""Commands for what is filed with the authority. A person files; Timglas prepares the sheet and keeps the record."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.desk import answer, world
from flows.commands.status import limits, rows_of
from flows.commands.typed import AsJson, By, Case, Now, choose, day, existing_file, incident_id, member, text, when
from letters.citations import cited
from letters.language import capital, label, moment, named, on_the, say
from letters.language import day as said_day
from letters.vocabulary import PARTICULARS
from letters.voice import TRANSLATED
from models.filing_events import DelayExplained, MissingItem, Way
from models.incident import Incident
from services.documents.sheets import lacks
from services.documents.translate_texts import translate_texts
from services.filing.attempt_filing import attempt_filing
from services.filing.bundle_notifications import bundle_notifications
from services.filing.explain_delay import explain_delay
from services.filing.explain_missing import explain_missing
from services.filing.keep_copy import keep_copy
from services.filing.submit_notification import submit_notification
from services.filing.withdraw_notification import withdraw_notification
from services.ports.world import World
from services.record import law_for, read

CopyFile = Annotated[
    Path | None,
    typer.Option(
        "--copy", parser=existing_file, metavar="FIL", help="Kopian från e-tjänsten: PDF, webbsida eller bild."
    ),
]


def filed(
    incident: Case,
    by: By,
    filed_at: Annotated[datetime, when("Tiden på IMY:s kvittens.")],
    now: Now,
    way: Annotated[Way, typer.Option(parser=member(Way), metavar="VÄG", help="e-tjänst eller post.")] = Way.E_SERVICE,
    copy: CopyFile = None,
    delay_reasons: Annotated[str | None, text("Varför anmälan är sen, om den blev det efter godkännandet.")] = None,
    as_json: AsJson = False,
) -> None:
    """Registrera att ni har lämnat det godkända underlaget till IMY."""
    here = world()
    given = submit_notification(
        incident, filed_at=filed_at, way=way, delay_reasons=delay_reasons, by=by, now=now, world=here
    )
    if copy is not None:
        given = keep_copy(incident, content=copy.read_bytes(), by=by, now=now, world=here)
    rows = rows_of(given, here, now)
    if as_json:
        due = {row.duty.provision: {"status": row.duty.status, "due_at": row.duty.due_at} for row in rows}
        filing = given.filings[-1]
        told = {"phase": filing.phase, "complete": filing.complete}
        answer({"incident": incident, "filed_at": filed_at, **told, "duties": due})
        return
    typer.echo(f"{label(given.filings[-1].phase)} registrerad, lämnad {on_the(filed_at)}.")
    _warn(given.delay if delay_reasons else None)
    if given.without_copy:
        typer.echo(_keep_now(incident, way))
    for line in limits(rows):
        typer.echo(line)


def copy(
    incident: Case,
    by: By,
    now: Now,
    file: Annotated[Path | None, typer.Argument(parser=existing_file, metavar="FIL")] = None,
    because: Annotated[str | None, text("Varför det inte finns någon kopia.")] = None,
) -> None:
    """Spara kopian av det som lämnades till IMY, eller skriv varför den saknas."""
    content = file.read_bytes() if file else None
    keep_copy(incident, content=content, because=because, by=by, now=now, world=world())
    typer.echo(f"{incident}: {'kopian är sparad' if content else 'skälet till att kopian saknas är antecknat'}.")


def missing(
    incident: Case,
    by: By,
    now: Now,
    item: Annotated[str | None, typer.Option(metavar="UPPGIFT", help="Det som saknas i anmälan.")] = None,
    because: Annotated[str | None, text("Varför uppgiften saknas.")] = None,
    until: Annotated[
        date | None, typer.Option(parser=day, metavar="DAG", help="Dagen då uppgiften senast kommer.")
    ] = None,
    never: Annotated[bool, typer.Option("--never", help="Uppgiften går inte att fastställa.")] = False,
    as_json: AsJson = False,
) -> None:
    """Visa vad anmälan saknar, eller förklara varför och när det kommer."""
    here = world()
    if item is not None:
        if because is None or (until is None) != never:
            raise typer.BadParameter(
                "Skriv varför (--because), och antingen när uppgiften kommer (--until) eller --never."
            )
        key = choose(item, {name: (name, named("particular", name)) for name in PARTICULARS})
        items = (MissingItem(key=key, because=because, follows_on=until),)
        explain_missing(incident, items=items, by=by, now=now, world=here)
    standing = read(incident, here.timeline).incident
    found = lacks(standing, law_for(standing, here.book), at=now)
    if as_json:
        answer({"incident": incident, "missing": [one.model_dump(mode="json") for one in found]})
        return
    for one in found:
        by_day = f"kommer senast den {said_day(one.follows_on)}" if one.follows_on else "går inte att fastställa"
        typer.echo(f"{capital(named('particular', one.key))}: {by_day}. {one.because}")
    if not found:
        typer.echo(f"Anmälan i {incident} saknar inget.")


def delay(
    incident: Case,
    by: By,
    reasons: Annotated[str, text("När ni fick veta, vad ni gjorde och vad som tog tid.")],
    now: Now,
) -> None:
    """Förklara varför anmälan blir sen. Det ska stå i ärendet innan underlaget tas fram."""
    explained = explain_delay(incident, reasons=reasons, by=by, now=now, world=world())
    typer.echo(f"{incident}: skälen till förseningen är antecknade.")
    _warn(explained.delay)


def bundle(
    incident: Case,
    by: By,
    because: Annotated[str, text("Varför de anmäls tillsammans, eller varför de delas upp.")],
    now: Now,
    others: Annotated[
        list[str] | None,
        typer.Argument(metavar="ÄRENDEN…", help="De ärenden som anmäls i samma anmälan. Inga: dela upp dem igen."),
    ] = None,
) -> None:
    """Samla flera likadana incidenter i en anmälan, eller dela upp dem igen."""
    also = tuple(incident_id(typed) for typed in others or ())
    bundle_notifications(incident, others=also, because=because, by=by, now=now, world=world())
    if not also:
        typer.echo(f"{incident} anmäls för sig igen, och de andra också. Varje incident har sin egen frist.")
        return
    typer.echo(
        f"{', '.join(also)} anmäls tillsammans med {incident}. Ta fram underlaget: timglas draft {incident} anmälan"
    )


def portal_down(
    incident: Case,
    by: By,
    what_happened: Annotated[str, text("Vad som hände när ni försökte.")],
    now: Now,
    tried_at: Annotated[datetime | None, when("När ni försökte. Annars nu.")] = None,
    proof: Annotated[
        Path | None, typer.Option(parser=existing_file, metavar="FIL", help="Skärmbild eller annat som visar det.")
    ] = None,
) -> None:
    """Anteckna att IMY:s e-tjänst låg nere, och skriv följebrevet till en anmälan med post."""
    here = world()
    content = proof.read_bytes() if proof else None
    tried = attempt_filing(
        incident, tried_at=tried_at or now, what_happened=what_happened, proof=content, by=by, now=now, world=here
    )
    letter = tried.attempts[-1].documents[0].name
    typer.echo(f"Följebrevet ligger i ärendets arkiv: {letter}.")
    typer.echo(_by_post(tried, here))


def withdraw(
    incident: Case,
    by: By,
    now: Now,
    withdrawn_at: Annotated[datetime | None, when("När den lämnades. Annars nu.")] = None,
) -> None:
    """Registrera att ni har lämnat den godkända återkallelsen till IMY."""
    at = withdrawn_at or now
    withdraw_notification(incident, withdrawn_at=at, by=by, now=now, world=world())
    typer.echo(f"{incident}: anmälan är tillbakatagen {moment(at)}. Tiden för den står kvar.")


def english(
    incident: Case,
    by: By,
    now: Now,
    name: Annotated[str, typer.Argument(metavar="TEXT", help="Den text som skrivs på engelska.")],
    words: Annotated[str, text("Texten på engelska.", "--text")],
) -> None:
    """Skriv en av underlagets texter på engelska, för myndigheter i andra länder."""
    key = choose(name, {one: (one, named("text", one)) for one in TRANSLATED})
    translate_texts(incident, english={key: words}, by=by, now=now, world=world())
    typer.echo(f"{incident}: {named('text', key)} finns nu på engelska.")


def _keep_now(incident: str, way: Way) -> str:
    if way is Way.POST:
        return f"Spara postens kvitto, som bild eller PDF: timglas copy {incident} FIL."
    return f"Spara kopian från e-tjänsten nu: timglas copy {incident} FIL. Den går inte att hämta senare."


def _warn(explained: DelayExplained | None) -> None:
    for warning in explained.warnings if explained else ():
        typer.echo(f"Tänk på: {say(warning.text)} ({cited(warning.citation)})")


def _by_post(incident: Incident, here: World) -> str:
    address = law_for(incident, here.book).text("se.imy", "postal_address")
    return (
        f"Skriv ut det och underlaget, posta dem till IMY, {address}, och spara postens kvitto. "
        f"Registrera sedan: timglas filed {incident.id} --way post"
    )
