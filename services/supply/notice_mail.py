"""One notice on its way to one contact point: the message, its key, and what became of it."""

from datetime import datetime

from letters import compose
from letters.plain import sha256
from models.contact import ContactPoint
from models.incident import Incident
from models.letter import Letter
from models.mail import Attachment
from models.notice import Notice
from models.parties import Processor
from models.recipient import DeliveryState, Dispatch
from models.supply_events import ControllerInformed
from services.ports.world import World
from services.post.post import Outgoing, mail_of
from services.supply.notice_bundle import Prepared

FOLDER = "till-personuppgiftsansvariga"
SIGNED, SIGNATURE = "underrattelse.json", "underrattelse.json.sig"
"""What the notice that machines read is called in the mail, and its detached signature."""


def contacts_of(controller: str, world: World) -> tuple[ContactPoint, ...]:
    """Return whom to try at ``controller``, in order."""
    return world.register.controller(controller).reached_at


def place_of(one: Prepared) -> str:
    """Return where the notice is kept in the archive, without an ending."""
    return f"{FOLDER}/{one.controller}-{one.notice.version}"


def told(incident: Incident, informed: ControllerInformed, world: World) -> Prepared:
    """Return the notice that ``informed`` records, as it was kept."""
    name = f"{FOLDER}/{informed.controller}-{informed.version}.json"
    notice = Notice.model_validate_json(world.archive.read(incident.id, name))
    return Prepared(
        controller=informed.controller, notice=notice, letter=compose.controller_notice_from_processor(notice)
    )


def outgoing(  # noqa: PLR0917 - six things make a message
    one: Prepared, letter: Letter, contact: int, processor: Processor, now: datetime, world: World
) -> Outgoing:
    """Return ``letter`` about the notice to contact point number ``contact``, counted from 1, with the signed file.

    An answer goes to the people at the processor and to the mailbox that the engine reads.
    """
    mail = mail_of(
        letter,
        to=contacts_of(one.controller, world)[contact - 1].email,
        sender_name=processor.name,
        reply_to=f"{processor.email}, {world.sender}",
        incident=one.notice.reference,
        now=now,
        world=world,
    )
    kept = {
        ending: world.archive.read(one.notice.reference, place_of(one) + ending) for ending in (".pdf", ".json", ".sig")
    }
    attached = (
        Attachment(name=SIGNED, media_type="application/json", content=kept[".json"]),
        Attachment(name=SIGNATURE, media_type="application/octet-stream", content=kept[".sig"]),
        Attachment(name="underrattelse.pdf", media_type="application/pdf", content=kept[".pdf"]),
    )
    return Outgoing(_dispatch(one, contact), mail.model_copy(update={"attachments": attached}))


def end_of(one: Prepared, contact: int, world: World) -> DeliveryState | None:
    """Return what became of the notice to contact point number ``contact``; None if nobody tried."""
    return next((state for _, state in world.outbox.counts(_dispatch(one, contact).communication)), None)


def _dispatch(one: Prepared, contact: int) -> Dispatch:
    communication = f"{one.notice.reference}/gdpr.33.2/{one.controller}-{one.notice.version}/{contact}"
    return Dispatch(communication=communication, recipient=one.controller, letter_sha256=sha256(one.letter))
