"""Record that a notification was taken back. The first filing keeps its stamp; nothing more is to be supplemented."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.confirmation import Act, Subject, digest_of
from models.errors import N_, StepOutOfOrder
from models.events import NotificationWithdrawn, Risk
from models.incident import Incident
from services.confirm import require_code
from services.ports import World
from services.record import read_open, require_past, write_down
from services.roles import DECIDES, require_role


def withdraw_notification(
    incident_id: IncidentId,
    *,
    reasons: str,
    withdrawn_at: datetime,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down the withdrawal at ``withdrawn_at`` and why, confirmed by the ``code`` for ``withdrawal_of`` it.

    Raises StepOutOfOrder if nothing is filed, or unless it is decided that a risk is unlikely: otherwise the
    notification is still owed.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    require_past(withdrawn_at, now)
    event = NotificationWithdrawn(reasons=reasons, occurred_at=withdrawn_at, recorded_at=now, recorded_by=by)
    if event not in case.history:
        _require_withdrawable(case.incident)
        require_code(withdrawal_of(incident_id, reasons=reasons, by=by), code, now=now, world=world)
    return write_down(case, event, world=world)


def withdrawal_of(incident_id: IncidentId, *, reasons: str, by: ActorId) -> Subject:
    """Return what a code for the withdrawal is bound to: its reasons."""
    return Subject(
        act=Act.WITHDRAW_NOTIFICATION,
        incident_id=incident_id,
        actor=by,
        content=digest_of(reasons.strip()),
        said=reasons.strip(),
    )


def _require_withdrawable(incident: Incident) -> None:
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
