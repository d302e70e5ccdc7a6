"""A controller has confirmed its notice: by the reply code in a mail, or to somebody who noted it."""

import re
from datetime import datetime

from models.base import ENGINE, ActorId, IncidentId
from models.errors import N_, UnknownReference
from models.incident import Incident
from models.mail import Incoming
from models.supply_events import Answered, NoticeAnswered
from services.ports.world import World
from services.record import read, require_past, write_down
from services.roles import PREPARES, require_role
from services.supply.notices import code_subject

_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", re.IGNORECASE)
_CONFIRMED = "Bekräftelse: "
_CASE = re.compile(r"\bINC-\d{4}-\d{4,}\b", re.IGNORECASE)


def record_answer(
    incident_id: IncidentId,
    *,
    controller: str,
    how: Answered,
    answered_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Note that ``controller`` has the newest notice it was sent. Raises UnknownReference if it was sent none."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(answered_at, now)
    newest = case.incident.supply.last_told.get(controller)
    if newest is None:
        raise UnknownReference(
            N_("{party} has not been sent any notice in {incident}."),
            why=N_("An answer is an answer to a notice."),
            remedy=N_("Check the controller, or send the notice first."),
            party=controller,
            incident=incident_id,
        )
    if controller not in case.incident.supply.silent:
        return case.incident
    event = NoticeAnswered(
        controller=controller,
        version=newest.version,
        how=how,
        occurred_at=answered_at,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)


async def read_answer(message: Incoming, now: datetime, world: World) -> bool:
    """Record the answer in ``message``, and tell whether it is one: it carries a case and one of its reply codes.

    What a machine answered (away until Monday) is taken, but it confirms nothing: nobody has read it.
    """
    said = f"{message.message['Subject'] or ''}\n{message.text}"
    codes = {code.upper() for code in _CODE.findall(said)}
    for incident_id in dict.fromkeys(case.upper() for case in _CASE.findall(said)) if codes else ():
        found = _answered(incident_id, codes, world)
        if found is not None:
            how = _how(message)
            if how is not None:
                _note(incident_id, found, how, message.arrived_at, now, world)
            return True
    return False


def _answered(incident_id: str, codes: set[str], world: World) -> tuple[str, int] | None:
    """Return the controller and the version that one of ``codes`` belongs to."""
    try:
        incident = read(incident_id, world.timeline).incident
    except UnknownReference:
        return None
    for sent in reversed(incident.supply.informed):
        if world.signer.reply_code(code_subject(incident_id, sent.controller, sent.version)) in codes:
            return sent.controller, sent.version
    return None


def _how(message: Incoming) -> Answered | None:
    """Tell a person's answer and a case system's confirmation from what confirms nothing.

    That is a machine's answer that somebody is away (RFC 3834, section 5) and a report of delivery (RFC 3464). Some mail
    servers call the first "generated" too, so a confirmation is known by how its subject begins.
    """
    automatic = str(message.message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    if message.message.get_content_type() == "multipart/report":
        return None
    if automatic == "no":
        return Answered.REPLY
    return Answered.SYSTEM if str(message.message["Subject"] or "").startswith(_CONFIRMED) else None


def _note(  # noqa: PLR0917 - private, and read once
    incident_id: str, sent: tuple[str, int], how: Answered, answered_at: datetime, now: datetime, world: World
) -> None:
    controller, version = sent
    case = read(incident_id, world.timeline)
    answered = case.incident.supply.answered.get(controller)
    if answered is not None and answered.version >= version:
        return
    event = NoticeAnswered(
        controller=controller,
        version=version,
        how=how,
        occurred_at=answered_at,
        recorded_at=now,
        recorded_by=ENGINE,
    )
    write_down(case, event, world=world)
