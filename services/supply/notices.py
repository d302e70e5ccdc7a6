"""The notice to one controller, from what all share and what is known of its own data, and of nobody else's. Pure."""

from datetime import datetime

from letters.senders import role_bearer
from models.contact import ContactPoint
from models.errors import N_, StepOutOfOrder
from models.facts import Facts
from models.incident import Incident
from models.notice import FACTS, Addressee, Notice, Sender, StatedTime
from models.parties import Controller, Processor, Register, Role
from models.supply_events import NoticeKind
from services.supply.notice_kind import kind_of

OWN = (
    "controller_sector",
    "n_subjects",
    "n_subjects_text",
    "n_records",
    "window_from",
    "window_until",
    "children",
    "protected_identities",
    "own_data_published",
)
"""What can only be said of one controller's data: said of everybody's, it would tell one the sum of all."""


def notice_to(
    controller: Controller,
    *,
    incident: Incident,
    processor: Processor,
    register: Register,
    code: str,
    answer_to: str,
    sent_at: datetime,
    answer_by: datetime,
    next_update_at: datetime | None,
) -> Notice:
    """Return what ``controller`` is told at ``sent_at``; its version follows the newest one it has.

    Raises StepOutOfOrder if it would name another organisation that is concerned.
    """
    supply = incident.supply
    own, newest = supply.slices.get(controller.id), supply.last_told.get(controller.id)
    kind = kind_of(controller.id, supply)
    products = (own.products if own else ()) or controller.agreement(processor.id).products
    notice = Notice(
        reference=incident.id,
        version=newest.version + 1 if newest else 1,
        kind=kind,
        sent_at=sent_at,
        sender=_sender(processor, register, answer_to),
        addressee=_addressee(controller, processor),
        products=products,
        sub_processors=processor.stand_behind(products),
        aware_at=incident.aware_at or sent_at,
        times=_times(incident),
        facts=shared(incident.facts).learn(_stated(own.facts) if own else Facts()),
        basis=own.source if own else None,
        answer_by=answer_by,
        reply_code=code,
        next_update_at=None if kind is NoticeKind.WITHDRAWN else next_update_at,
    )
    _require_nobody_else(notice, controller, incident, register)
    return notice


def code_subject(incident: str, controller: str, version: int) -> str:
    """Return what the reply code of one notice is made from."""
    return f"{incident}/{controller}/{version}"


def shared(facts: Facts) -> Facts:
    """Return what may be told to every controller."""
    return facts.learn(Facts(), tuple(name for name in facts.known() if name in OWN or name not in FACTS))


def _stated(own: Facts) -> Facts:
    return own.learn(Facts(), tuple(name for name in own.known() if name not in FACTS))


def _sender(processor: Processor, register: Register, answer_to: str) -> Sender:
    at_any_hour = next((one for one in processor.contacts if one.round_the_clock), None)
    contact = at_any_hour or _manager(processor, register)
    return Sender(
        name=processor.name,
        organisation_number=processor.organisation_number,
        contact=contact.name,
        email=contact.email,
        phone=contact.phone or processor.phone,
        answer_to=answer_to,
    )


def _manager(processor: Processor, register: Register) -> ContactPoint:
    manager = role_bearer(processor, Role.INCIDENT_MANAGER, register)
    return ContactPoint(name=manager.name, email=manager.email, phone=manager.phone)


def _addressee(controller: Controller, processor: Processor) -> Addressee:
    return Addressee(
        name=controller.name,
        organisation=controller.organisation,
        organisation_number=controller.organisation_number,
        customer_number=controller.agreement(processor.id).customer_number,
    )


def _times(incident: Incident) -> tuple[StatedTime, ...]:
    told = set(StatedTime.model_fields)
    return tuple(StatedTime.model_validate(one.model_dump(include=told)) for one in incident.supply.times)


def _require_nobody_else(notice: Notice, controller: Controller, incident: Incident, register: Register) -> None:
    """Numbers cannot cross over, but a sentence that somebody wrote can name another customer."""
    others = {register.controller(one).organisation for one in incident.concerned} - {controller.organisation}
    said = notice.model_dump_json(include={"facts", "basis", "times"})
    named = sorted(other for other in others if other in said)
    if named:
        raise StepOutOfOrder(
            N_("The notice to {party} would name another customer: {other}."),
            why=N_("Each controller is told of its own data and of nobody else's."),
            remedy=N_("Take the name out of the facts, or out of what is said of this controller, and prepare again."),
            party=controller.id,
            other=named[0],
        )
