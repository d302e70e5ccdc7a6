"""Record that the approved notice to the public was published, and keep what it said."""

from datetime import datetime

from letters.compose import letterhead
from models.base import ActorId, IncidentId
from models.events import PublicNoticePublished
from models.incident import Incident
from services.drafts import NOTICE
from services.issue import approved, issue
from services.ports import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role


def publish_notice(
    incident_id: IncidentId,
    *,
    channels: tuple[str, ...],
    published_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Keep the notice as PDF, text and a web page, and write down where it was published. Raises NotApproved."""
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(published_at, now)
    notice = approved(NOTICE, incident=case.incident, world=world)
    digest = case.incident.approvals[NOTICE].sha256
    if any(published.sha256 == digest for published in case.incident.notices):
        return case.incident
    version = len(case.incident.notices) + 1
    head = letterhead(
        world.register.controller(case.incident.party), recipient=(), date=published_at, reference=incident_id, kind=""
    )
    issue(
        notice,
        head,
        name=f"till-allmanheten/meddelande-{version}",
        incident=case.incident,
        world=world,
    )
    event = PublicNoticePublished(
        version=version,
        sha256=digest,
        channels=channels,
        occurred_at=published_at,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
