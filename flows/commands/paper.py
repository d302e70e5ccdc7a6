"""Commands for letters on paper: take out the print file, see what was taken out, register what is posted."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.settings import Settings
from flows.commands.codes import CodeOption, confirmed
from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Case, Now, member, text, when
from letters.language import moment, number, word
from models.delivery import ReturnReason
from models.recipient import Channel
from models.sheet import Batch
from services.people.batches import batch_of, batches_of, whole_name
from services.people.leave_out import told as left_out_of
from services.people.post_batch import post_batch
from services.people.print_again import print_again
from services.people.print_again import told as left_out_again
from services.people.print_batch import print_batch
from services.people.return_letters import return_letters, told
from services.people.write_print_file import COVER
from services.record import read

Sealed = Annotated[
    bool,
    typer.Option(
        "--sealed",
        help="Breven till personer med skyddade personuppgifter, med följebrev till Skatteverket. Kräver kod.",
    ),
]
Digital = Annotated[
    bool, typer.Option("--digital", help="Breven till digitala brevlådor, som en ZIP-fil för er förmedlare.")
]


def take_out(
    incident: Case,
    by: By,
    now: Now,
    sealed: Sealed = False,
    digital: Digital = False,
    code: CodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Skriv filen till tryckeriet eller skrivaren: alla brev på papper som inte redan är uttagna."""
    here = world()
    channel = Channel.SEALED if sealed else Channel.MAILBOX if digital else Channel.PAPER
    with confirmed(now=now, here=here):
        made = print_batch(incident, channel=channel, code=code, by=by, now=now, world=here)
    file = Settings().print_folder / whole_name(incident, made)
    after = read(incident, here.timeline).incident
    if as_json:
        left_out = after.left_out.get(made.number, ())
        answer(
            {"incident": incident, "file": str(file) if made.letters else None, **made._asdict(), "left_out": left_out}
        )
        return
    if made.letters:
        _tell_written(made, incident, file)
    else:
        typer.echo("Ingen fil är skriven: inget av breven får gå den här vägen längre.")
    if left_out_of(after, made.number):
        typer.echo(left_out_of(after, made.number))


def _tell_written(made: Batch, incident: str, file: Path) -> None:
    typer.echo(f"Omgång {made.number}: {number(made.letters)} brev på {number(made.pages)} sidor i {file}.")
    typer.echo("Varje brev är läst ur filen igen och jämfört. Filen innehåller personuppgifter: skydda den.")
    sealed = made.channel is Channel.SEALED
    if sealed and not file.with_name(f"{file.stem}-{COVER}.pdf").exists():
        typer.echo(
            "Inget av breven har ett nummer i fönstret. Dem kan Skatteverket inte förmedla, så lämna dem på annat säkert sätt."
        )
    elif sealed:
        typer.echo(
            f"Lägg varje brev i ett eget fönsterkuvert där bara numret syns, med vår returadress på baksidan. Lägg "
            f"kuverten och följebrevet ({file.stem}-{COVER}.pdf) i ett ytterkuvert till Skatteverket. Brev utan nummer i "
            "fönstret ligger sist: dem kan Skatteverket inte förmedla, så lämna dem på annat säkert sätt."
        )
    typer.echo(f"När breven är postade: timglas letters posted {incident} {made.number}. Då tas filen bort.")


def again(
    incident: Case,
    batch: Annotated[int, typer.Argument(metavar="OMGÅNG", help="Omgångens nummer.")],
    reasoning: Annotated[str, text("Vad som hände med filen.")],
    by: By,
    now: Now,
    code: CodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Skriv en utskriftsfil som gått förlorad en gång till, utan brev som inte längre får gå så. Inte när omgången är postad."""
    here = world()
    with confirmed(now=now, here=here):
        after = print_again(incident, batch=batch, reasoning=reasoning, code=code, by=by, now=now, world=here)
    made = batch_of(after, batch, here).batch
    name, letters = whole_name(incident, made), made.letters
    if as_json:
        file = {"folder": str(Settings().print_folder), "name": name if letters else None}
        left_out = after.left_out.get(batch, ())
        answer({"incident": incident, "batch": batch, **file, "letters": letters, "left_out": left_out})
        return
    if letters:
        typer.echo(f"Omgång {batch} är skriven igen, brev för brev som förut: {name} i {Settings().print_folder}.")
    else:
        typer.echo(f"Inget brev är kvar i omgång {batch}, så ingen fil är skriven.")
    if left_out_again(after, batch):
        typer.echo(left_out_again(after, batch))
    typer.echo("Kommer den första filen fram: förstör den. Omgången ska postas en gång.")


def posted(
    incident: Case,
    batch: Annotated[int, typer.Argument(metavar="OMGÅNG", help="Omgångens nummer.")],
    by: By,
    now: Now,
    at: Annotated[datetime | None, when("När breven postades. Annars nu.", "--at")] = None,
) -> None:
    """Registrera att en omgång är postad. Utskriftsfilen tas bort."""
    post_batch(incident, batch=batch, posted_at=at or now, by=by, now=now, world=world())
    typer.echo(f"{incident}: omgång {batch} är postad, och utskriftsfilen är borttagen.")


def returned(
    incident: Case,
    marks: Annotated[
        list[str],
        typer.Argument(
            metavar="MÄRKE", help="Märket längst ned på brevets sidor, till exempel 2-000117. Flera går bra."
        ),
    ],
    reason: Annotated[
        ReturnReason,
        typer.Option(parser=member(ReturnReason), metavar="ORSAK", help="Vad posten har skrivit på kuvertet."),
    ],
    by: By,
    now: Now,
    as_json: AsJson = False,
) -> None:
    """Registrera brev som posten har skickat tillbaka. Personerna nås på annat sätt om det finns något."""
    back = return_letters(incident, marks=" ".join(marks), reason=reason, by=by, now=now, world=world())
    if as_json:
        answer({"incident": incident, "open_again": back.returned})
        return
    typer.echo(f"{incident}: {told(back)}")


def batches(incident: Case, as_json: AsJson = False) -> None:
    """Visa vilka omgångar som är uttagna och vilka som är postade."""
    here = world()
    made = [one.batch for one in batches_of(read(incident, here.timeline).incident, here)]
    if as_json:
        answer([one._asdict() for one in made])
        return
    for one in made:
        typer.echo(_line(one))
    if not made:
        typer.echo("Inga brev är uttagna.")


def _line(batch: Batch) -> str:
    kind = "" if batch.channel is Channel.PAPER else f", {word(batch.channel)}"
    end = f"postad {moment(batch.posted_at)}" if batch.posted_at else "inte postad" if batch.letters else "utgår"
    return f"Omgång {batch.number}{kind}: {number(batch.letters)} brev, {number(batch.pages)} sidor, {end}."
