"""What the registrar's mailbox gets to keep: where a chain stood, in words and in the one line that the check reads."""

from letters.language import number
from letters.render import render
from letters.senders import full_name
from models.letter import Letter
from models.parties import Party

ANCHOR = "chain_anchor"


def chain_anchor(*, reference: str, party: Party, lines: int, head: str, documents: int, told: str) -> Letter:
    """Return the message; ``told`` is the line of ``proof.anchors`` that the check finds again. No time stands in it."""
    context = {
        "reference": reference,
        "party": full_name(party),
        "lines": number(lines),
        "head": head,
        "documents": number(documents),
        "told": told,
    }
    return render(ANCHOR, context)
