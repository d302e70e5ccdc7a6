"""Who is concerned: controllers, processors, and the role-bearers of our own organisation."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints, model_validator

from models.base import ActorId, Instant, Value
from models.contact import ContactPoint, Email, Phone
from models.duty import Period
from models.errors import N_, UnknownReference

PartyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]


class Role(StrEnum):
    """What a person does in a case. The officer advises and never decides (Article 38(6) GDPR).

    STAND_IN decides when the delegate cannot. HEAD_OF_ADMINISTRATION and ON_CALL are told when nobody else answers; the
    bearer of ON_CALL (or of REGISTRAR) is often a mailbox that several people read.
    """

    OFFICER = "officer"
    DELEGATE = "delegate"
    LEGAL = "legal"
    STAND_IN = "stand_in"
    REGISTRAR = "registrar"
    COMMUNICATOR = "communicator"
    INCIDENT_MANAGER = "incident_manager"
    HEAD_OF_ADMINISTRATION = "head_of_administration"
    ON_CALL = "on_call"


class PostalAddress(Value):
    """Where a letter goes. In Sweden ``country`` is empty and ``postcode`` five digits, printed as ``NNN NN``."""

    care_of: str = ""
    street: str
    postcode: str
    city: str
    country: str = ""

    @model_validator(mode="after")
    def _swedish_postcode(self) -> "PostalAddress":
        if not self.country and not re.fullmatch(r"[0-9]{5}", self.postcode):
            raise ValueError("a Swedish postcode has five digits")
        return self


class Absence(Value):
    """Days on which somebody is away, the first and the last included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> "Absence":
        if self.first > self.last:
            raise ValueError("an absence ends on the day it begins or later")
        return self


class Person(Value):
    """A role-bearer of a controller or a processor, or a mailbox that bears a role; never a data subject.

    Whoever has ``left`` still stands behind what they recorded, but bears no role any more.
    """

    id: ActorId
    name: str
    title: str
    email: Email
    phone: Phone = ""
    absences: tuple[Absence, ...] = ()
    left: bool = False

    def is_away(self, on: date) -> bool:
        """Tell whether this person is absent ``on`` that day."""
        return any(absence.first <= on <= absence.last for absence in self.absences)


class Party(Value):
    """An organisation that owes duties: what its letters need to say about it.

    ``stand_ins`` do what a role's bearer does. ``contacts`` are tried in order, and without any its own mailbox. What has
    ``ended`` stays for its old cases.
    """

    id: PartyId
    name: str
    organisation: str
    organisation_number: Annotated[str, StringConstraints(pattern=r"^\d{6}-\d{4}$")]
    address: PostalAddress
    phone: Phone
    email: Email
    website: str = ""
    roles: dict[Role, ActorId] = {}
    stand_ins: dict[Role, tuple[ActorId, ...]] = {}
    contacts: tuple[ContactPoint, ...] = ()
    ended: bool = False

    def who(self, role: Role) -> tuple[ActorId, ...]:
        """Return who may act in a role: its bearer, then the stand-ins in their order; nobody if nobody bears it."""
        return (self.roles[role], *self.stand_ins.get(role, ())) if role in self.roles else ()

    def bears(self, actor: ActorId) -> bool:
        """Tell whether ``actor`` has a role here, or stands in for one."""
        return any(actor in self.who(role) for role in self.roles)

    @property
    def reached_at(self) -> tuple[ContactPoint, ...]:
        """Every way to reach the party about an incident, the first in line first; never none."""
        return self.contacts or (ContactPoint(name=self.name, email=self.email, phone=self.phone),)


class Agreement(Value):
    """What a controller agreed with its processor (Article 28(3)): for which products, and how soon it is to be told.

    ``notice_within`` is the contract's own window, counted from the processor's awareness; the law has no number.
    ``customer_number`` is what the processor calls the controller.
    """

    processor: PartyId
    products: tuple[str, ...] = ()
    notice_within: Period | None = None
    customer_number: str = ""


class Controller(Party):
    """Decides purposes and means (Article 4(7)); in a municipality each board is one."""

    diary_prefix: str = ""
    sector: str = ""
    agreements: tuple[Agreement, ...] = ()

    def agreement(self, processor: PartyId) -> Agreement:
        """Return what is agreed with ``processor``; nothing in particular if nothing is noted."""
        return next((one for one in self.agreements if one.processor == processor), Agreement(processor=processor))


class Product(Value):
    """What a processor sells, and who stands behind it (Article 28(4))."""

    name: str
    sub_processors: tuple[str, ...] = ()


class Processor(Party):
    """Processes on behalf of controllers (Article 4(8)). ``signing_keys`` are what its notices are checked with, in base64."""

    products: tuple[Product, ...] = ()
    signing_keys: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")], ...] = ()

    def stand_behind(self, products: Iterable[str]) -> tuple[str, ...]:
        """Return the sub-processors behind ``products``, each once."""
        named = frozenset(products)
        return tuple(
            dict.fromkeys(one for product in self.products if product.name in named for one in product.sub_processors)
        )


class Register(Value):
    """The parties and people an installation knows."""

    controllers: tuple[Controller, ...]
    processors: tuple[Processor, ...] = ()
    people: tuple[Person, ...]

    @model_validator(mode="after")
    def _holds_together(self) -> "Register":
        """Every id is there once, and everyone it names is in it."""
        faults = tuple(_faults(self))
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def controller(self, party_id: str) -> Controller:
        """Return the controller ``party_id``. Raises UnknownReference with the ids there are."""
        for controller in self.controllers:
            if controller.id == party_id:
                return controller
        raise UnknownReference(
            N_("There is no controller {party} in the register."),
            why=N_("The register holds: {known}."),
            remedy=N_("Check the spelling, or add the controller to the register of parties."),
            party=party_id,
            known=", ".join(controller.id for controller in self.controllers),
        )

    def party(self, party_id: str) -> Controller | Processor:
        """Return the controller or processor ``party_id``. Raises UnknownReference."""
        for processor in self.processors:
            if processor.id == party_id:
                return processor
        return self.controller(party_id)

    def person(self, actor: str) -> Person:
        """Return the role-bearer ``actor``. Raises UnknownReference."""
        for person in self.people:
            if person.id == actor:
                return person
        raise UnknownReference(
            N_("There is no person {actor} in the register."),
            why=N_("Every act in a case is recorded with the person who did it."),
            remedy=N_("Check the spelling, or add the person to the register of parties."),
            actor=actor,
        )

    def customers(self, processor: PartyId, product: str | None = None) -> tuple[Controller, ...]:
        """Return the controllers that have an agreement with ``processor``, on ``product`` if one is given."""

        def agreed(one: Agreement) -> bool:
            return one.processor == processor and product in (None, *one.products)

        return tuple(one for one in self.controllers if not one.ended and any(map(agreed, one.agreements)))


class LoadedRegister(Value):
    """One version of the register: what it held, and who took it in, when and from which file. The first is version 1."""

    version: int
    content: Register
    loaded_at: Instant
    loaded_by: ActorId
    source: str


def _faults(register: Register) -> Iterator[str]:
    parties, people = (*register.controllers, *register.processors), {person.id for person in register.people}
    ids = Counter(party.id for party in parties) + Counter(person.id for person in register.people)
    yield from (f"{one} stands there twice" for one, times in ids.items() if times > 1)
    for party in parties:
        named = {*party.roles.values()}.union(*party.stand_ins.values())
        yield from (f"{party.id}: there is no person {actor}" for actor in sorted(named - people))
        alone = party.stand_ins.keys() - party.roles.keys()
        yield from (f"{party.id}: {role} has stand-ins and no bearer" for role in sorted(alone))
        if set(party.who(Role.OFFICER)) & set(party.who(Role.DELEGATE)):
            yield f"{party.id}: the officer advises and cannot decide as delegate too"
    sold = {processor.id: {product.name for product in processor.products} for processor in register.processors}
    for controller in register.controllers:
        for agreement in controller.agreements:
            if agreement.processor not in sold:
                yield f"{controller.id}: there is no processor {agreement.processor}"
                continue
            unsold = set(agreement.products) - sold[agreement.processor]
            yield from (f"{controller.id}: {agreement.processor} has no product {name}" for name in sorted(unsold))
