"""Register that the issued withdrawal was filed. The first filing keeps its stamp; nothing more is to be supplemented."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.filing_events import NotificationWithdrawn
from models.incident import Incident
from services.documents.draft_letter import require_withdrawable
from services.documents.issue import at_draft, issued_sheet
from services.documents.sheets import WITHDRAWAL
from services.ports.world import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role


def withdraw_notification(
    incident_id: IncidentId, *, withdrawn_at: datetime, by: ActorId, now: datetime, world: World
) -> Incident:
    """Write down that the notification was taken back at ``withdrawn_at``, for the reasons that the sheet gives.

    Raises StepOutOfOrder if nothing is filed, or unless it is decided that a risk is unlikely: otherwise the
    notification is still owed. Raises NotApproved unless the withdrawal was issued as it stands.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(withdrawn_at, now)
    decided = at_draft(case, WITHDRAWAL).incident.decision
    event = NotificationWithdrawn(
        reasons=decided.reasoning if decided else "–", occurred_at=withdrawn_at, recorded_at=now, recorded_by=by
    )
    if event not in case.history:
        require_withdrawable(case.incident)
        issued_sheet(WITHDRAWAL, incident=case.incident, world=world)
    return write_down(case, event, world=world)
