"""Record a delegate's decision on the level of risk, with the officer's advice beside it."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.breach_events import Risk, RiskDecided
from models.confirmation import Act, Subject, digest_of
from models.incident import Incident
from services.confirm import require_code
from services.ports.world import World
from services.record import read_open, require_awareness, write_down
from services.roles import DECIDES, require_role


def decide_risk(
    incident_id: IncidentId,
    *,
    level: Risk,
    reasoning: str,
    officer_advice: str | None = None,
    could_change: str | None = None,
    code: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down ``level`` and why.

    "Unlikely" means that nobody is told, so it is confirmed by the ``code`` for ``decision_of`` it. Raises StepOutOfOrder
    before awareness, NotEntitled for anyone but a delegate, NotConfirmed without the code.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    require_awareness(case.incident)
    event = RiskDecided(
        level=level,
        reasoning=reasoning,
        officer_advice=officer_advice,
        could_change=could_change,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    if level is Risk.UNLIKELY and event not in case.history:
        require_code(decision_of(case.incident, reasoning=reasoning, by=by), code, now=now, world=world)
    return write_down(case, event, world=world)


def decision_of(incident: Incident, *, reasoning: str, by: ActorId) -> Subject:
    """Return what a code for the decision not to notify is bound to: its reasons, and the facts it rests on."""
    return Subject(
        act=Act.DECIDE_NOT_TO_NOTIFY,
        incident_id=incident.id,
        actor=by,
        content=digest_of([reasoning.strip(), incident.facts.model_dump(mode="json")]),
        said=reasoning.strip(),
    )
