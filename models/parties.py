"""Who is concerned: controllers, processors, and the role-bearers of our own organisation."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, model_validator

from models.base import ActorId, Value
from models.errors import N_, UnknownReference

Phone = Annotated[str, AfterValidator(lambda number: number.replace(" ", "\u00a0"))]
"""A telephone number as people read it, 031-390 06 00; its groups never part at the end of a line."""

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
    """A role-bearer of a controller or a processor, or a mailbox that bears a role; never a data subject."""

    id: ActorId
    name: str
    title: str
    email: str
    phone: Phone = ""
    absences: tuple[Absence, ...] = ()

    def is_away(self, on: date) -> bool:
        """Tell whether this person is absent ``on`` that day."""
        return any(absence.first <= on <= absence.last for absence in self.absences)


class Party(Value):
    """An organisation that owes duties: what its letters need to say about it."""

    id: PartyId
    name: str
    organisation: str
    organisation_number: Annotated[str, StringConstraints(pattern=r"^\d{6}-\d{4}$")]
    address: PostalAddress
    phone: Phone
    email: str
    website: str
    roles: dict[Role, ActorId]


class Controller(Party):
    """Decides purposes and means (Article 4(7)); in a municipality each board is one."""

    diary_prefix: str
    sector: str


class Processor(Party):
    """Processes on behalf of controllers (Article 4(8))."""

    product: str
    sub_processor: str | None = None


class Register(Value):
    """The parties and people an installation knows."""

    controllers: tuple[Controller, ...]
    processors: tuple[Processor, ...] = ()
    people: tuple[Person, ...]

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
