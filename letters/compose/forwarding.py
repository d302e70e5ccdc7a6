"""What goes to Skatteverket with sealed letters, which it forwards to people whose address nobody else may know."""

from letters.language import number
from letters.render import render
from letters.senders import contact_point, postal_address, signature
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Register

FORWARDED_BY = ("Skatteverket", "Förmedling av post", "Box 2820", "403 20  GÖTEBORG")
"""Where such letters go, in an outer envelope (skatteverket.se, "Skicka post till någon med skyddade personuppgifter")."""


def sealed_forwarding(*, incident: Incident, controller: Controller, register: Register, letters: int) -> Letter:
    """Return the cover sheet of so many sealed letters. It names nobody they are to."""
    context = {
        **contact_point(controller, register),
        **signature(controller, register),
        "reference": incident.id,
        "letters": number(letters),
        "address": postal_address(controller),
    }
    return render("sealed_forwarding", context)
