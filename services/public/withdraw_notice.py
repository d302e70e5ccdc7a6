"""Take the notice to the public down: the page says so, and the time it stood is known."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.incident import Incident
from models.publication import PublicNoticeWithdrawn
from services.ports.world import World
from services.public.publish_notice import put_site
from services.record import read, require_past, write_down
from services.roles import PREPARES, require_role


def withdraw_notice(
    incident_id: IncidentId, *, reasons: str, withdrawn_at: datetime, by: ActorId, now: datetime, world: World
) -> Incident:
    """Record when the notice was taken down and why. Raises StepOutOfOrder if none stands."""
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(withdrawn_at, now)
    event = PublicNoticeWithdrawn(reasons=reasons, occurred_at=withdrawn_at, recorded_at=now, recorded_by=by)
    if event in case.history:
        return case.incident
    require_published(case.incident)
    incident = write_down(case, event, world=world)
    put_site(incident, world)
    return incident


def require_published(incident: Incident) -> None:
    """Refuse to go on unless a notice stands. Raises StepOutOfOrder."""
    if not incident.notices or incident.notice_withdrawn is not None:
        raise StepOutOfOrder(
            N_("No notice to the public stands in {incident}."),
            why=N_("Only what is published can be looked at or taken down."),
            remedy=N_("Publish the notice first."),
            incident=incident.id,
        )
