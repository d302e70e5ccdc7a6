"""Mark which facts may be secret, and under which provision (OSL 5 kap. 5 §). Whoever releases the file decides anew."""

from datetime import datetime

from law.secrecy import secrecy_provisions
from models.base import ActorId, IncidentId
from models.breach_register import FREE_TEXT
from models.errors import N_, UnknownReference
from models.facts import Facts
from models.filing_events import SecrecyMark, SecrecyMarked
from models.incident import Incident
from services.ports.world import World
from services.record import read, write_down
from services.roles import FILES, require_role


def mark_secrecy(
    incident_id: IncidentId, *, marks: tuple[SecrecyMark, ...], by: ActorId, now: datetime, world: World
) -> Incident:
    """Write down the ``marks``; one without provisions takes an earlier one away.

    Raises UnknownReference for a field that is neither a fact nor a free text of the register, or a provision that is not among those offered.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=FILES, register=world.register)
    for mark in marks:
        _require_known(mark)
    event = SecrecyMarked(marks=marks, occurred_at=now, recorded_at=now, recorded_by=by)
    return write_down(case, event, world=world)


def _require_known(mark: SecrecyMark) -> None:
    known = secrecy_provisions()
    odd = [provision for provision in mark.provisions if provision not in known]
    if mark.field not in (*Facts.model_fields, *FREE_TEXT) or odd:
        raise UnknownReference(
            N_("{name} cannot be marked as secret."),
            why=N_("A mark names a fact, or a text of the register, and a provision among: {known}."),
            remedy=N_("Check the spelling."),
            name=odd[0] if odd else mark.field,
            known=", ".join(known),
        )
