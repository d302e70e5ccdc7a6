"""The approved letter as it goes to one person: the text for their audience, and for a guardian the child's name."""

from letters.language import say
from letters.senders import address_lines
from models.errors import N_
from models.identity import shown
from models.letter import Audience, Letter, Paragraph
from models.recipient import Channel
from models.route import Envelope


def audience_of(envelope: Envelope) -> Audience:
    """Return whom the letter in ``envelope`` speaks to."""
    if envelope.channel is Channel.SEALED:
        return Audience.PROTECTED
    return Audience.PERSON if envelope.for_child is None else Audience.GUARDIAN


def letter_to(envelope: Envelope, letter: Letter) -> Letter:
    """Return what lies in ``envelope``. All letters of one audience are equal, but for the line that names a child."""
    text, line = letter.to(audience_of(envelope)), about(envelope)
    return text.model_copy(update={"blocks": (Paragraph(text=line), *text.blocks)}) if line else text


def about(envelope: Envelope) -> str:
    """Return the line that says which child the letter is about; nothing in a letter to the person."""
    return say(N_("This letter is about {child}."), child=envelope.for_child) if envelope.for_child else ""


def window(envelope: Envelope) -> tuple[str, ...]:
    """Return what stands in the window of the envelope: name and address, or nothing.

    A sealed letter shows the identity number alone: Skatteverket finds the address by it, and needs no name.
    """
    if envelope.channel is Channel.SEALED and envelope.number is not None:
        return (shown(envelope.number),)
    if envelope.address is None:
        return ()
    name = envelope.name or say(N_("The guardian of {child}"), child=envelope.for_child)
    return address_lines(name, envelope.address)
