"""Keep in English what a sheet says in Swedish, written by a person, for authorities in other countries."""

from datetime import datetime

from letters.voice import TRANSLATED
from models.base import ActorId, IncidentId
from models.errors import N_, UnknownReference
from models.filing_events import TextsTranslated
from models.incident import Incident
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import PREPARES, require_role


def translate_texts(
    incident_id: IncidentId, *, english: dict[str, str], by: ActorId, now: datetime, world: World
) -> Incident:
    """Write down the ``english`` texts by the names of what they translate. Each falls when its Swedish text changes.

    Raises UnknownReference for a name that no sheet has.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    odd = [name for name in english if name not in TRANSLATED]
    if odd:
        raise UnknownReference(
            N_("{name} is no text of the sheet."),
            why=N_("These can be written in English: {known}."),
            remedy=N_("Check the spelling."),
            name=odd[0],
            known=", ".join(TRANSLATED),
        )
    event = TextsTranslated(english=english, occurred_at=now, recorded_at=now, recorded_by=by)
    return write_down(case, event, world=world)
