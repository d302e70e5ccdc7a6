"""Who writes, who signs, and whom to ask: what every letter says about the organisation behind it."""

import re
from collections.abc import Iterable
from datetime import datetime

from letters.language import capital, day, listed, named, say
from letters.voice import ENGLISH
from models.base import IncidentId
from models.duty import Duty
from models.errors import N_, MissingParticular
from models.letter import Letterhead
from models.parties import Party, Person, PostalAddress, Register, Role

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T")
_WINDOW_LINES = 7
_NAMED = 2
"""How many organisations a letterhead names; of more it says how many."""


def full_name(party: Party) -> str:
    """Return the party as a person knows it: "Kommunstyrelsen i Exempelkommun", or a company's own name."""
    return known_as(party.name, party.organisation)


def known_as(name: str, organisation: str) -> str:
    """Return a board with its organisation; an organisation without boards by its name alone."""
    return name if name == organisation else say(N_("{board} of {organisation}"), board=name, organisation=organisation)


def deadline_name(duty: Duty, register: Register) -> str:
    """Return what is due, as it stands alone; of several of one kind also which, by its name."""
    return deadline_called(duty.key, register)


def deadline_called(key: str, register: Register) -> str:
    """Return the same of the deadline that is known by ``key``, as in "decision/supervisory_authority_notification"."""
    kind, _, about = key.partition("/")
    what = capital(named("provision", kind))
    if not about or _INSTANT.match(about):
        return what  # told apart by its instant, which stands beside it
    parties = (*register.controllers, *register.processors)
    which = next((full_name(party) for party in parties if party.id == about), None)
    return f"{what}: {which or named('particular', named('letter', about))}"


def role_bearer(party: Party, role: Role, register: Register) -> Person:
    """Return who bears ``role`` for ``party``. Raises MissingParticular if nobody does."""
    if role not in party.roles:
        raise MissingParticular(
            N_("Nobody is {role} for {party}."),
            why=N_("The letter names that person."),
            remedy=N_("Add the person to the register of parties, with the role."),
            role=role,
            party=party.id,
        )
    return register.person(party.roles[role])


def contact_point(party: Party, register: Register) -> dict[str, str]:
    """Return the data protection officer's name and how to reach them (Article 33(3)(b)), and the switchboard."""
    officer = role_bearer(party, Role.OFFICER, register)
    return {
        "officer": officer.name,
        "officer_email": officer.email,
        "officer_phone": officer.phone or party.phone,
        "switchboard": party.phone,
        "website": party.website,
    }


def signature(party: Party, register: Register) -> dict[str, str]:
    """Return who signs for ``party``: the delegate, who decides."""
    delegate = role_bearer(party, Role.DELEGATE, register)
    return {
        "sender": full_name(party),
        "signer": delegate.name,
        "signer_title": delegate.title,
        "signer_phone": delegate.phone or party.phone,
        "signer_email": delegate.email,
    }


def address_lines(name: str, address: PostalAddress) -> tuple[str, ...]:
    """Return the lines of the window: name, c/o, street, "291 32  KRISTIANSTAD", and the country if it is another."""
    postcode = address.postcode if address.country else f"{address.postcode[:3]} {address.postcode[3:]}"
    place = f"{postcode}  {address.city.upper()}"
    care_of = address.care_of and f"c/o {address.care_of}"
    return tuple(line for line in (name, care_of, address.street, place, address.country.upper()) if line.strip())


def postal_address(party: Party) -> str:
    """Return the party's postal address on one line."""
    address = party.address
    return f"{address.street}, {address.postcode[:3]} {address.postcode[3:]} {address.city}"


def letterhead(party: Party, *, recipient: tuple[str, ...], date: datetime, reference: str, kind: str) -> Letterhead:
    """Return what stands around a letter from ``party`` on paper.

    ``recipient`` is the window, ``date`` the instant it is issued, ``reference`` the case, ``kind`` what sort of
    document it is. Blank lines are left out of the window, and it holds at most seven.
    """
    return Letterhead(
        sender=party.organisation,
        department="" if party.name == party.organisation else party.name,
        recipient=tuple(line.strip() for line in recipient if line.strip())[:_WINDOW_LINES],
        date=day(date),
        reference=reference,
        kind=kind,
        footer=(
            say(N_("Postal address: {address}"), address=postal_address(party)),
            say(N_("Telephone: {phone}"), phone=party.phone),
            say(N_("E-mail: {email}"), email=party.email),
            say(N_("Web: {website}"), website=party.website),
            say(N_("Organisation number: {number}"), number=party.organisation_number),
        ),
    )


def english_letterhead(party: Party, *, date: datetime, reference: str) -> Letterhead:
    """Return what stands around the English version of a sheet, for whoever reads no Swedish."""
    footer = (
        ENGLISH.say(N_("Postal address: {address}"), address=ENGLISH.place(postal_address(party))),
        ENGLISH.say(N_("Telephone: {phone}"), phone=ENGLISH.phone(party.phone)),
        ENGLISH.say(N_("E-mail: {email}"), email=party.email),
        ENGLISH.say(N_("Web: {website}"), website=party.website),
        ENGLISH.say(N_("Organisation number: {number}"), number=party.organisation_number),
    )
    head = letterhead(party, recipient=(), date=date, reference=reference, kind="")
    return head.model_copy(update={"date": ENGLISH.day(date), "footer": footer})


def joint_letterhead(parties: Iterable[Party], *, date: datetime, kind: str) -> Letterhead:
    """Return what stands around a document on several parties, addressed to nobody: their organisation, or how many."""
    among = tuple(parties)
    if len(among) == 1:
        return letterhead(among[0], recipient=(), date=date, reference="", kind=kind)
    names = tuple(dict.fromkeys(party.organisation for party in among))
    joint = say(N_("{count} organisations"), count=len(names)) if len(names) > _NAMED else listed(names)
    return Letterhead(sender=joint or "Timglas", date=day(date), kind=kind)


def case_address(desk: str, incident: IncidentId) -> str:
    """Return where the page of the case is read; empty where nobody has said where the ``desk`` is reached."""
    return f"{desk}/arende/{incident}" if desk else ""
