"""Register that a person filed the issued sheet with the authority: when, and by which way. The rest the sheet says."""

from datetime import datetime

from law.obligations import is_late
from models.base import ActorId, IncidentId
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.filing_events import DelayExplained, NotificationIssued, NotificationSubmitted, Phase, Way
from models.incident import Incident
from services.documents.draft_letter import require_own_sheet
from services.documents.issue import at_draft, issued_sheet
from services.documents.sheets import NOTIFICATION, SUPPLEMENT, is_complete, promised
from services.filing.explain_delay import explained
from services.filing.told_together import register_told_with
from services.ports.world import World
from services.record import Case, law_for, read_open, require_past, stands, write_down
from services.roles import PREPARES, require_role


def submit_notification(
    incident_id: IncidentId,
    *,
    filed_at: datetime,
    way: Way = Way.E_SERVICE,
    delay_reasons: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record that the issued sheet was filed at ``filed_at``: the first notification, or what supplements it.

    What it states, its phase and whether it is complete come from the sheet. The incidents bundled with it are
    registered too. Raises NotApproved for a sheet that was not issued as it stands, MissingParticular for a late filing
    without reasons, StepOutOfOrder for a sheet that is filed already or is another incident's.
    """
    case = read_open(incident_id, world.timeline)
    incident = case.incident
    require_role(incident, by=by, among=PREPARES, register=world.register)
    require_past(filed_at, now)
    if stands(case, NotificationSubmitted, occurred_at=filed_at, now=now, by=by, content={"way": way}):
        return incident
    require_own_sheet(incident)
    issued = _issued(incident, SUPPLEMENT if incident.filings else NOTIFICATION, world)
    stamp = {"occurred_at": filed_at, "recorded_at": now, "recorded_by": by}
    event = _filing(case, issued, stamp, way, world)
    delay = _delay(incident, event, delay_reasons, world)
    for other in () if incident.filings else incident.told_with:
        register_told_with(other, case, issued, event, world=world)
    return write_down(case, *delay, event, world=world)


def _issued(incident: Incident, letter: str, world: World) -> NotificationIssued:
    """Return the issue of the approved sheet. Raises NotApproved without one, StepOutOfOrder if it is filed already."""
    issued = issued_sheet(letter, incident=incident, world=world)
    if issued.sha256 in {filing.sha256 for filing in incident.filings}:
        raise StepOutOfOrder(
            N_("This sheet of {incident} is filed already."),
            why=N_("The first stamp never moves; everything after it is a supplement."),
            remedy=N_("Draft a supplement with what is new, and have it approved."),
            incident=incident.id,
        )
    return issued


def _filing(
    case: Case, issued: NotificationIssued, stamp: dict[str, object], way: Way, world: World
) -> NotificationSubmitted:
    basis = at_draft(case, issued.letter).incident
    law = law_for(basis, world.book)
    said = {
        "phase": issued.phase,
        "sha256": issued.sha256,
        "stated": basis.facts,
        "complete": is_complete(basis, law, at=issued.occurred_at),
        "promised": promised(basis, law, at=issued.occurred_at),
        "way": way,
    }
    return NotificationSubmitted.model_validate({**said, **stamp})


def _is_late(incident: Incident, event: NotificationSubmitted, world: World) -> bool:
    return is_late(incident, law_for(incident, world.book), at=event.occurred_at)


def _delay(
    incident: Incident, event: NotificationSubmitted, reasons: str | None, world: World
) -> tuple[DelayExplained, ...]:
    """Return the reasons for a late first filing, unless they stand on record from before the sheet."""
    if event.phase is not Phase.INITIAL or incident.delay is not None or not _is_late(incident, event, world):
        return ()
    if reasons is None:
        raise MissingParticular(
            N_("The notification of {incident} is late, and its reasons are missing."),
            why=N_("A notification later than the time limit states the reasons for the delay (Article 33(1))."),
            remedy=N_(
                "Write when you became aware, what you did, and what took time. Authorities have rejected absence, lack "
                "of staff, mistakes, and waiting for an investigation or advice."
            ),
            incident=incident.id,
        )
    return (explained(reasons, occurred_at=event.occurred_at, now=event.recorded_at, by=event.recorded_by),)
