"""Write the file: the timeline as people read it and as machines do, and a manifest over every document."""

import json
from datetime import datetime

from letters.chronicle import chronicle
from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.events import IncidentArchived
from models.incident import Incident
from services.ports import World
from services.record import read, write_down
from services.roles import PREPARES, require_role


def archive_incident(incident_id: IncidentId, *, by: ActorId, now: datetime, world: World) -> Incident:
    """Keep ``tidslinje.json`` and ``tidslinje.md`` beside the issued documents, and record the manifest's hash.

    Raises StepOutOfOrder for a case that is not closed.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=(*PREPARES,), register=world.register)
    if case.incident.closed is None:
        raise StepOutOfOrder(
            N_("{incident} is not closed."),
            why=N_("What is archived does not change any more."),
            remedy=N_("Close the case first."),
            incident=incident_id,
        )
    if case.incident.archived is not None:
        return case.incident
    rows = world.timeline.rows(incident_id)
    lines = [
        {"sequence": sequence, "hash": link, "event": json.loads(payload), "payload": payload}
        for _, sequence, payload, link in rows
    ]
    world.archive.keep(incident_id, "tidslinje.json", json.dumps(lines, ensure_ascii=False, indent=1).encode())
    party = world.register.party(case.incident.party)
    world.archive.keep(incident_id, "tidslinje.md", chronicle(case.history, party, world.register).encode())
    event = IncidentArchived(
        head=rows[-1][3],
        manifest=world.archive.seal(incident_id),
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
