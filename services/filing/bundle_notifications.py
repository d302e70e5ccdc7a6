"""Decide that one notification tells of several alike breaches (Guidelines 9/2022, II.B.3)."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.filing_events import NotificationsBundled
from models.incident import Incident
from services.documents.draft_letter import require_alike
from services.ports.world import World
from services.record import read, read_open, require_awareness, write_down
from services.roles import PREPARES, require_role


def bundle_notifications(
    lead: IncidentId, *, others: tuple[IncidentId, ...], because: str, by: ActorId, now: datetime, world: World
) -> Incident:
    """Write down, in the file of each, that the sheet of ``lead`` tells of ``others`` too, and why that is right.

    Each breach keeps its own clock: if one becomes late by waiting for the others, ``because`` is its reason. Without
    ``others`` those that were bundled with ``lead`` part: each is notified by itself again. Raises StepOutOfOrder unless
    all are alike and close in time, and none is filed. Safe to run again.
    """
    before = read_open(lead, world.timeline).incident.bundle
    parting = before is not None and not others
    together = before.incidents if before is not None and not others else (lead, *others)
    cases = [read_open(each, world.timeline) for each in dict.fromkeys(together)]
    for case in cases:
        require_role(case.incident, by=by, among=PREPARES, register=world.register)
        require_awareness(case.incident)
        _require_unfiled(case.incident)
    if not parting:
        for case in cases:
            _require_free(case.incident, lead)
        require_alike([case.incident for case in cases], world)
    stamp = {"because": because, "occurred_at": now, "recorded_at": now, "recorded_by": by}
    ids = tuple(case.incident.id for case in cases)
    for case in reversed(cases):
        alone = case.incident.id
        said = {"lead": alone, "incidents": (alone,)} if parting else {"lead": lead, "incidents": ids}
        write_down(case, NotificationsBundled.model_validate({**said, **stamp}), world=world)
    return read(lead, world.timeline).incident


def _require_unfiled(incident: Incident) -> None:
    if incident.filings:
        raise StepOutOfOrder(
            N_("The first notification of {incident} is filed already."),
            why=N_("Only what has not been notified can be notified together."),
            remedy=N_("Leave it out, and supplement its own notification."),
            incident=incident.id,
        )


def _require_free(incident: Incident, lead: IncidentId) -> None:
    """Refuse what another sheet tells of already: it would be told twice, or by nobody. Raises StepOutOfOrder."""
    bundle = incident.bundle
    if bundle is not None and len(bundle.incidents) > 1 and bundle.lead != lead:
        raise StepOutOfOrder(
            N_("{incident} is notified together with {lead}."),
            why=N_("An incident is told of in one notification only."),
            remedy=N_("Part that bundle first: bundle {lead} without the others."),
            incident=incident.id,
            lead=bundle.lead,
        )
