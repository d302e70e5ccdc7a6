"""Register that a person filed the approved sheet, or a supplement, in the authority's e-service."""

from datetime import datetime

from law.lateness import warnings
from law.particulars import missing
from law.statute_book import StatuteBook
from letters.compose import letterhead
from models.base import ActorId, IncidentId
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.events import DelayExplained, Event, LetterDrafted, NotificationSubmitted, Phase, StatedReason
from models.facts import Facts
from models.incident import Incident, replay
from services.drafts import NOTIFICATION, SUPPLEMENT
from services.issue import approved, issue
from services.ports import World
from services.record import Case, duties_of, law_for, read_open, require_past, write_down
from services.roles import PREPARES, require_role


def submit_notification(
    incident_id: IncidentId,
    *,
    phase: Phase,
    filed_at: datetime,
    complete: bool,
    delay_reasons: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Record the filing at ``filed_at`` and keep the sheet as it was filed.

    Raises NotApproved for a sheet nobody approved, MissingParticular for a late filing without reasons or a "complete"
    one with holes, StepOutOfOrder for a supplement to nothing or a second first notification.
    """
    case = read_open(incident_id, world.timeline)
    incident = case.incident
    require_role(incident, by=by, among=PREPARES, register=world.register)
    name = NOTIFICATION if phase is Phase.INITIAL else SUPPLEMENT
    event = NotificationSubmitted(
        phase=phase,
        sha256=incident.drafts[name].sha256 if name in incident.drafts else "0" * 64,
        stated=_facts_at_draft(case, name),
        complete=complete,
        occurred_at=filed_at,
        recorded_at=now,
        recorded_by=by,
    )
    if event in case.history:
        return incident
    _require_order(incident, phase, filed_at, now)
    sheet = approved(name, incident=incident, world=world)
    _require_completeness(incident, event, world.book)
    delay = _delay(incident, event, delay_reasons, world.book)
    controller = world.register.controller(incident.party)
    head = letterhead(controller, recipient=(), date=filed_at, reference=incident.id, kind="")
    issue(
        sheet,
        head,
        name=f"anmalan/{len(incident.filings) + 1}-{phase.value}",
        incident=incident,
        world=world,
    )
    return write_down(case, *delay, event, world=world)


def _facts_at_draft(case: Case, name: str) -> Facts:
    """Return the facts the sheet was drafted from: what was filed, even if more became known before the filing."""
    drafted = [
        place for place, event in enumerate(case.history) if isinstance(event, LetterDrafted) and event.letter == name
    ]
    return replay(case.history[: drafted[-1]]).facts if drafted else case.incident.facts


def _require_order(incident: Incident, phase: Phase, filed_at: datetime, now: datetime) -> None:
    require_past(filed_at, now)
    if (phase is Phase.INITIAL) == bool(incident.filings):
        raise StepOutOfOrder(
            N_("The first notification comes first, and only once, in {incident}."),
            why=N_("The first stamp never moves; everything after it is a supplement."),
            remedy=N_("Choose first notification or supplement according to what is filed already."),
            incident=incident.id,
        )


def _require_completeness(incident: Incident, event: NotificationSubmitted, book: StatuteBook) -> None:
    holes = [
        item.key for item in missing("gdpr.33.3", event.stated, law_for(incident, book)) if not item.where_possible
    ]
    if event.complete and holes:
        raise MissingParticular(
            N_("The notification of {incident} is not complete."),
            why=N_("It lacks: {particular}."),
            remedy=N_("File it as incomplete and supplement it later, or establish what is missing first."),
            incident=incident.id,
            particular=tuple(holes),
        )


def _delay(
    incident: Incident, event: NotificationSubmitted, reasons: str | None, book: StatuteBook
) -> tuple[Event, ...]:
    due_at = next((duty.due_at for duty in duties_of(incident, book) if duty.provision == "gdpr.33.1"), None)
    if event.phase is not Phase.INITIAL or due_at is None or event.occurred_at <= due_at:
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
    explained = DelayExplained(
        reasons=reasons,
        warnings=tuple(StatedReason(text=known.text, citation=known.citation) for known in warnings(reasons)),
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        recorded_by=event.recorded_by,
    )
    return (explained,)
