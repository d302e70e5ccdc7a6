"""Commands for notices that reach us, and for the key that ours are checked with."""

import asyncio
import email.policy
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.desk import answer, world
from flows.commands.typed import AsJson, By, Now, existing_file, incident_id, when
from letters.language import moment
from letters.senders import full_name
from services.ports.world import World
from services.record import read
from services.supply.confirm_notice import confirm_notice
from services.supply.read_notice_mail import Enclosed, notice_in
from services.supply.receive_notice import Received, receive_notice

_BECAME = {
    "opened": "Ett nytt ärende är öppnat: {case}, {controller}.",
    "updated": "Underrättelsen är tillagd i {case}, {controller}.",
    "known": "Underrättelsen fanns redan i {case}, {controller}. Inget är ändrat.",
}


def receive(
    file: Annotated[
        Path,
        typer.Argument(parser=existing_file, metavar="FIL", help="Underrättelsen som .json, eller mejlet som .eml."),
    ],
    by: By,
    now: Now,
    signature: Annotated[
        Path | None,
        typer.Option(
            parser=existing_file, metavar="FIL", help="Signaturen. Annars filen med samma namn och .sig efter."
        ),
    ] = None,
    arrived_at: Annotated[datetime | None, when("När underrättelsen kom fram till er. Annars nu.")] = None,
    into: Annotated[
        str | None,
        typer.Option(parser=incident_id, metavar="ÄRENDE", help="Ärendet den ska in i. Annars hittar Timglas det."),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm/--no-confirm", metavar=" ", help="Bekräfta till leverantören.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Ta in en leverantörs signerade underrättelse. Den öppnar ärendet, eller går in i det som finns."""
    here = world()
    enclosed = _enclosed(file, signature)
    received = receive_notice(
        enclosed.content,
        enclosed.signature,
        arrived_at=arrived_at or now,
        into=into,
        by=by,
        now=now,
        world=here,
    )
    _say(received, here, as_json=as_json)
    if confirm:
        asyncio.run(confirm_notice(received, now=now, world=here))


def _say(received: Received, here: World, *, as_json: bool) -> None:
    if as_json:
        answer({"incident": received.incident, "became": received.became, "version": received.notice.version})
        return
    party = here.register.controller(read(received.incident, here.timeline).incident.party)
    typer.echo(_BECAME[received.became].format(case=received.incident, controller=full_name(party)))
    if received.notice.next_update_at:
        typer.echo(f"Leverantören hör av sig igen senast {moment(received.notice.next_update_at)}.")


def _enclosed(file: Path, signature: Path | None) -> Enclosed:
    content = file.read_bytes()
    if file.suffix.lower() == ".eml":
        found = notice_in(BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content))
        if found is None:
            raise typer.BadParameter("Mejlet innehåller ingen underrättelse. Skriv in den för hand i stället.")
        return found
    beside = signature or file.with_name(f"{file.name}.sig")
    if not beside.is_file():
        raise typer.BadParameter(f"Det finns ingen signatur: {beside.name}. Ange den med --signature.")
    return Enclosed(content, beside.read_text(encoding="ascii", errors="replace"))


def key() -> None:
    """Visa nyckeln som kunderna kontrollerar era underrättelser med. Den är inte hemlig."""
    typer.echo(world().signer.public_key)
