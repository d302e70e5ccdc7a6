"""Decide that one notification tells of several alike breaches (Guidelines 9/2022, II.B.3)."""

from datetime import datetime

from law.bundling import may_be_bundled
from letters.language import say
from models.base import ActorId, IncidentId
from models.errors import N_, StepOutOfOrder
from models.filing_events import NotificationsBundled
from models.incident import Incident
from services.ports.world import World
from services.record import law_for, read_open, require_awareness, write_down
from services.roles import PREPARES, require_role


def bundle_notifications(
    lead: IncidentId, *, others: tuple[IncidentId, ...], because: str, by: ActorId, now: datetime, world: World
) -> Incident:
    """Write down, in the file of each, that the sheet of ``lead`` tells of ``others`` too, and why that is right.

    Each breach keeps its own clock: if one becomes late by waiting for the others, ``because`` is its reason. Raises
    StepOutOfOrder unless all are alike and close in time, and none is filed. Safe to run again.
    """
    cases = [read_open(each, world.timeline) for each in dict.fromkeys((lead, *others))]
    for case in cases:
        require_role(case.incident, by=by, among=PREPARES, register=world.register)
        require_awareness(case.incident)
        _require_unfiled(case.incident)
    _require_alike([case.incident for case in cases], world)
    event = NotificationsBundled(
        lead=lead,
        incidents=tuple(case.incident.id for case in cases),
        because=because,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    written = [write_down(case, event, world=world) for case in reversed(cases)]
    return written[-1]


def _require_unfiled(incident: Incident) -> None:
    if incident.filings:
        raise StepOutOfOrder(
            N_("The first notification of {incident} is filed already."),
            why=N_("Only what has not been notified can be notified together."),
            remedy=N_("Leave it out, and supplement its own notification."),
            incident=incident.id,
        )


def _require_alike(incidents: list[Incident], world: World) -> None:
    found = may_be_bundled(incidents, law_for(incidents[0], world.book))
    if len(incidents) < 2 or not found.allowed:
        raise StepOutOfOrder(
            N_("These incidents cannot be notified together: {incidents}."),
            why=N_("{reasons} Strictly, each breach is notified by itself (Guidelines 9/2022, II.B.3)."),
            remedy=N_("Notify them one by one, or establish the facts that show that they are alike."),
            incidents=tuple(incident.id for incident in incidents),
            reasons=" ".join(say(reason.text) for reason in found.reasons) if len(incidents) > 1 else "",
        )
