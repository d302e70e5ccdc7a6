"""Register that the issued withdrawal was filed. The first filing keeps its stamp; nothing more is to be supplemented."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.breach_events import Risk
from models.errors import N_, NotApproved, StepOutOfOrder
from models.filing_events import NotificationWithdrawn
from models.incident import Incident
from services.issue import approved, at_draft
from services.ports import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role
from services.sheets import WITHDRAWAL


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
        _require_issued(case.incident, world)
    return write_down(case, event, world=world)


def require_withdrawable(incident: Incident) -> None:
    """Refuse the withdrawal of what is not filed, or of what is still owed. Raises StepOutOfOrder."""
    if not incident.filings or incident.withdrawn is not None:
        raise StepOutOfOrder(
            N_("There is no notification to withdraw in {incident}."),
            why=N_("Only what has been filed, and not withdrawn already, can be taken back."),
            remedy=N_("Look the filings up in the timeline."),
            incident=incident.id,
        )
    if incident.decision is None or incident.decision.level is not Risk.UNLIKELY:
        raise StepOutOfOrder(
            N_("The notification of {incident} cannot be withdrawn."),
            why=N_("It is not decided that a risk is unlikely, so the breach must stay notified."),
            remedy=N_("Decide the risk first, with reasons; supplement the notification if the risk remains."),
            incident=incident.id,
        )


def _require_issued(incident: Incident, world: World) -> None:
    approved(WITHDRAWAL, incident=incident, world=world)
    sha256 = incident.approvals[WITHDRAWAL].sha256
    if not any(made.letter == WITHDRAWAL and made.sha256 == sha256 for made in incident.issued):
        raise NotApproved(
            N_("{letter} has not been issued."),
            why=N_("Only the sheet that was issued can have been filed."),
            remedy=N_("Have it approved again; that issues it."),
            letter=WITHDRAWAL,
        )
