"""Where each controller of a processor's incident stands: what it was sent, the receipt, its answer, whom to try next."""

from datetime import datetime
from typing import NamedTuple

from models.incident import Incident
from models.recipient import Dispatch
from models.supply_events import NoticeKind
from services.ports.world import World
from services.supply.chase_controllers import chases
from services.supply.notice_mail import contacts_of


class Standing(NamedTuple):
    """One controller. ``receipt`` is the Message-ID of the notice that a mail server took; ``next_contact`` is tried next."""

    controller: str
    unaffected: bool
    version: int = 0
    kind: NoticeKind | None = None
    sent_at: datetime | None = None
    sent_to: str = ""
    receipt: str = ""
    answer_by: datetime | None = None
    answered_at: datetime | None = None
    next_update_at: datetime | None = None
    next_contact: str = ""
    telephone: str = ""


def standings(incident: Incident, world: World) -> tuple[Standing, ...]:
    """Return a row per controller concerned, those that need a person first."""
    upcoming = {chase.informed.controller: chase.contact for chase in chases(incident, world)}
    named = dict.fromkeys((*incident.concerned, *incident.supply.slices))
    rows = (_standing(one, incident, upcoming.get(one), world) for one in named)
    return tuple(sorted(rows, key=lambda row: (row.answered_at is not None, row.sent_at is not None, row.controller)))


def _standing(controller: str, incident: Incident, contact: int | None, world: World) -> Standing:
    supply = incident.supply
    sent, known = supply.last_told.get(controller), supply.slices.get(controller)
    unaffected = known is not None and known.unaffected
    if sent is None:
        return Standing(controller, unaffected, telephone=contacts_of(controller, world)[0].phone)
    ways, answer = contacts_of(controller, world), supply.answered.get(controller)
    answered = answer if answer and answer.version >= sent.version else None
    communication = f"{incident.id}/gdpr.33.2/{controller}-{sent.version}/{sent.contact}"
    key = Dispatch(communication=communication, recipient=controller, letter_sha256=sent.sha256)
    return Standing(
        controller,
        unaffected,
        version=sent.version,
        kind=sent.kind,
        sent_at=sent.occurred_at,
        sent_to=ways[min(sent.contact, len(ways)) - 1].email,
        receipt=world.outbox.message_id(key),
        answer_by=sent.answer_by,
        answered_at=answered.occurred_at if answered else None,
        next_update_at=sent.next_update_at,
        next_contact=ways[contact - 1].name if contact else "",
        telephone=ways[min(sent.contact, len(ways)) - 1].phone,
    )
