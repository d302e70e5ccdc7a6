"""The register of parties as people read it: what one organisation looks like, and where in it something changed."""

from collections.abc import Iterator

from letters.language import capital, listed, named, period, say, word
from letters.senders import full_name, postal_address
from models.contact import ContactPoint
from models.errors import N_
from models.parties import Agreement, Controller, Party, Processor, Register, Role

_ROLES = frozenset(Role)


def place(path: str) -> str:
    """Return where in an entry a value stands, ``contacts.1.email``, as in "kontaktväg 1, e-post"."""
    said: list[str] = []
    for part in path.split("."):
        if part.isdigit() and said:
            said[-1] = f"{said[-1]} {part}"
        else:
            said.append(named("Role" if part in _ROLES else "register", part))
    return ", ".join(said)


def party_lines(party: Party, register: Register) -> Iterator[tuple[str, str]]:
    """Yield what the register holds about ``party``, as (label, text); what is empty is left out."""
    plain = (
        ("name", full_name(party)),
        ("organisation_number", party.organisation_number),
        ("address", postal_address(party)),
        ("phone", party.phone),
        ("email", party.email),
        ("website", party.website),
    )
    yield from ((capital(named("register", name)), value) for name, value in plain if value)
    for role in party.roles:
        people = (register.person(actor) for actor in party.who(role))
        yield capital(word(role)), "; ".join(f"{one.name}, {one.title}, {one.email}" for one in people)
    for number, contact in enumerate(party.contacts, start=1):
        yield capital(place(f"contacts.{number}")), _contact(contact)
    if isinstance(party, Controller):
        yield from ((say(N_("Agreement with {party}"), party=one.processor), _agreed(one)) for one in party.agreements)
    if isinstance(party, Processor):
        yield from ((product.name, listed(product.sub_processors) or "–") for product in party.products)


def _contact(contact: ContactPoint) -> str:
    ways = [contact.name, contact.email, contact.phone]
    always = [say(N_("round the clock"))] if contact.round_the_clock else []
    return ", ".join([*filter(None, ways), *always])


def _agreed(agreement: Agreement) -> str:
    told = (
        [say(N_("is told within {period}"), period=period(agreement.notice_within))] if agreement.notice_within else []
    )
    number = (
        [say(N_("customer number {number}"), number=agreement.customer_number)] if agreement.customer_number else []
    )
    return "; ".join([*agreement.products, *told, *number]) or "–"
