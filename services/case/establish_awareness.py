"""Record the moment the organisation became aware. This starts the clock."""

from datetime import datetime

from law.awareness import Gap, gap
from models.base import ActorId, IncidentId
from models.breach_events import AwarenessEstablished
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.incident import Incident
from models.instants import local
from services.ports.world import World
from services.record import read_open, require_past, write_down
from services.roles import PREPARES, require_role


def establish_awareness(
    incident_id: IncidentId,
    *,
    aware_at: datetime,
    evidence: str,
    reasoning: str,
    detected_at: datetime | None = None,
    gap_reason: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Start the clock at ``aware_at``. Raises StepOutOfOrder if it runs already or the moment lies ahead of ``now``.

    ``detected_at`` is when somebody first noticed, if the facts do not say it. More than a day between the two needs a
    ``gap_reason``: raises MissingParticular without one.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(aware_at, now)
    noticed_at = detected_at or case.incident.facts.detected_at
    between = gap(noticed_at, aware_at, world.book.on(local(aware_at).date()))
    if between.must_be_explained and gap_reason is None:
        raise _unexplained(between, incident_id)
    event = AwarenessEstablished(
        aware_at=aware_at,
        evidence=evidence,
        reasoning=reasoning,
        detected_at=noticed_at,
        gap_reason=gap_reason,
        long_gap=between.is_long,
        occurred_at=aware_at,
        recorded_at=now,
        recorded_by=by,
    )
    if case.incident.aware_at is not None and event not in case.history:
        raise StepOutOfOrder(
            N_("Awareness is established already in {incident}."),
            why=N_("Two starting points would give two time limits."),
            remedy=N_("If the time is wrong, correct it and say why; the old time stays on record."),
            incident=incident_id,
        )
    return write_down(case, event, world=world)


def _unexplained(between: Gap, incident_id: IncidentId) -> MissingParticular:
    return MissingParticular(
        N_("{length} lie between detection and awareness in {incident}, and the reason is missing."),
        why=N_("A short investigation may come before awareness, about a day; drifting in it is a failure to notify."),
        remedy=N_("Write what you investigated and why it took that long, or set awareness to an earlier time."),
        incident=incident_id,
        length=between.length,
    )
