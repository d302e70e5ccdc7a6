"""Read a signed notice: who sent it, whom it is for, and whether it is exactly what was sent. Refuses all else."""

from typing import NamedTuple

from pydantic import ValidationError

from models.errors import N_, NotApproved, UnknownReference, UnreadableFile
from models.notice import Addressee, Notice
from models.parties import Controller, Processor, Register
from services.ports.signing import Signer


class Genuine(NamedTuple):
    """A notice that is signed by whom it says it is from, and meant for a controller of ours."""

    notice: Notice
    processor: Processor
    controller: Controller
    key: str


def read_notice(content: bytes, signature: str, *, register: Register, signer: Signer) -> Genuine:
    """Return the notice in ``content`` if it is genuine and ours.

    Raises UnreadableFile for what is no notice, UnknownReference for a sender that the register does not hold or an
    addressee that is not ours, NotApproved for a signature that is missing or does not fit.
    """
    notice = _parsed(content)
    processor = _sender(notice, register)
    key = next((key for key in processor.signing_keys if signer.is_signed(content, signature.strip(), key)), None)
    if key is None:
        raise NotApproved(
            N_("The notice {reference} from {sender} does not carry a signature that fits."),
            why=N_("Its content was changed on the way, it is signed with another key, or it is not signed."),
            remedy=N_(
                "Call the sender on a number you know. Is the notice real? Type it in by hand; the clock may be running."
            ),
            reference=notice.reference,
            sender=processor.id,
        )
    return Genuine(notice, processor, _addressee(notice.addressee, processor, register), key)


def _parsed(content: bytes) -> Notice:
    try:
        return Notice.model_validate_json(content)
    except ValidationError as fault:
        place = ".".join(str(step) for step in fault.errors()[0]["loc"]) or "format"
        raise UnreadableFile(
            N_("The file is no notice that Timglas can read: {place} is missing or has the wrong form."),
            why=N_("A notice has the format timglas.notice.v1, described in docs/notice.v1.schema.json."),
            remedy=N_("Ask the sender for the file again, or type the notice in by hand; the clock may be running."),
            place=place,
        ) from None


def _sender(notice: Notice, register: Register) -> Processor:
    for processor in register.processors:
        if processor.organisation_number == notice.sender.organisation_number and not processor.ended:
            return processor
    raise UnknownReference(
        N_("The sender of the notice, {number}, is no processor in the register."),
        why=N_("A signature says nothing unless one knows whose key it was made with."),
        remedy=N_(
            "Call the sender on a number you know, add it to the register with its key, and take the notice in again."
        ),
        number=notice.sender.organisation_number,
    )


def _addressee(addressee: Addressee, processor: Processor, register: Register) -> Controller:
    """Return the controller of ours that is meant: by its customer number, else by its own name and number."""
    for controller in register.controllers:
        same = controller.organisation_number == addressee.organisation_number and not controller.ended
        number = controller.agreement(processor.id).customer_number
        known = (
            number == addressee.customer_number if number else controller.name.casefold() == addressee.name.casefold()
        )
        if same and known:
            return controller
    raise UnknownReference(
        N_("The notice is for {addressee}, and that is no controller of this installation."),
        why=N_(
            "Whoever opens a case on another's notice starts a clock that is not theirs, and sees what is not theirs."
        ),
        remedy=N_(
            "Tell the sender that it went astray, and delete it. Is it yours after all? Compare the name and the customer number with the register."
        ),
        addressee=addressee.name,
    )
