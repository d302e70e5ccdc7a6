"""Archive a closed case: its file, packed as it would be handed over, beside the documents it was made from."""

import hashlib
from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.record_events import IncidentArchived
from proof.anchors import Anchor
from proof.contents import packed
from services.evidence.compile_file import compile_file, lines_of
from services.evidence.file_documents import FILES
from services.ports.world import World
from services.record import Case, read, write_down
from services.roles import PREPARES, require_role


def archive_incident(incident_id: IncidentId, *, by: ActorId, now: datetime, world: World) -> Incident:
    """Keep the case file, and record the manifest's hash over everything that is kept.

    Of a case that falls under the Protective Security Act no file is made: only the end of its chain is kept. Raises
    StepOutOfOrder for a case that is not closed.
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
    head = lines_of(incident_id, world)[case.incident.length - 1].hash
    _keep(case, head, now, world)
    event = IncidentArchived(
        head=head,
        manifest=world.archive.seal(incident_id),
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)


def _keep(case: Case, head: str, now: datetime, world: World) -> None:
    """Keep the file under a name that its content decides: a run that died half-way leaves nothing in the way."""
    incident = case.incident
    if incident.is_classified:
        anchor = Anchor(incident.id, incident.length, head, {})
        world.archive.keep(incident.id, anchor.name, anchor.statement.encode())
        return
    content = packed(compile_file(incident.id, at=now, world=world), incident.id)
    digest = hashlib.sha256(content).hexdigest()[:12]
    world.archive.keep(incident.id, f"{FILES}/{incident.length}-{digest}.zip", content)
