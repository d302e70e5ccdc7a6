"""Release exactly one bundle of notices. Its author cannot, and another text is another bundle."""

from datetime import datetime

from letters.language import say
from models.base import ActorId, IncidentId
from models.confirmation import Act, Subject
from models.errors import N_, NotEntitled
from models.incident import Incident
from models.supply_events import NoticesApproved, NoticesPrepared
from services.confirm import require_code
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import DECIDES, require_role
from services.supply.notice_bundle import drafted


def release_notices(
    incident_id: IncidentId, *, code: str | None = None, by: ActorId, now: datetime, world: World
) -> Incident:
    """Record the release of the newest bundle, confirmed by the ``code`` for ``release_of`` it.

    Raises NotApproved without a bundle, NotEntitled for its author, NotConfirmed without the code.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    drafted(case.incident, world)
    prepared = case.incident.supply.prepared
    if prepared is None or not case.incident.supply.is_waiting:
        return case.incident
    if prepared.recorded_by == by:
        raise NotEntitled(
            N_("{actor} prepared the notices and cannot release them."),
            why=N_("A text is approved by somebody other than its author."),
            remedy=N_("Ask somebody else who may decide, or let another person prepare them."),
            actor=by,
        )
    require_code(release_of(incident_id, prepared, by=by), code, now=now, world=world)
    event = NoticesApproved(sha256=prepared.sha256, occurred_at=now, recorded_at=now, recorded_by=by)
    return write_down(case, event, world=world)


def release_of(incident_id: IncidentId, prepared: NoticesPrepared, *, by: ActorId) -> Subject:
    """Return what a code for the release is bound to: every text of the bundle."""
    said = say(N_("{count} notices to controllers"), count=prepared.notices)
    return Subject(act=Act.RELEASE_NOTICES, incident_id=incident_id, actor=by, content=prepared.sha256, said=said)
