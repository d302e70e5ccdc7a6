"""Record what decides which laws apply, and which ones follow: purpose decides, not organisation."""

from datetime import datetime

from law.regimes import route
from models.base import ActorId, IncidentId
from models.breach_events import RegimeDetermined
from models.errors import N_, MissingParticular
from models.incident import Incident
from models.regime import LEADS_TO, Answers, Regime
from services.ports.world import World
from services.record import law_for, read, write_down
from services.roles import PREPARES, require_role


def determine_regime(
    incident_id: IncidentId,
    *,
    reasoning: str,
    answers: Answers | None = None,
    regime: Regime | None = None,
    classified_at: datetime | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down ``answers`` with their reasons and the laws that follow; a ``regime`` stands for the answers to it.

    ``classified_at`` is when a financial entity classified the incident as major. Raises MissingParticular without
    either answers or regime.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    given = answers or (LEADS_TO[regime] if regime else None)
    if given is None:
        raise MissingParticular(
            N_("Nothing is answered about which law applies in {incident}."),
            why=N_("Which laws apply follows from the answers, and several may apply at once."),
            remedy=N_("Answer what you know about the purpose and the organisation; leave out what you do not know."),
            incident=incident_id,
        )
    event = RegimeDetermined(
        answers=given,
        regimes=tuple(Regime(name) for name in route(given, law_for(case.incident, world.book)).regimes),
        reasoning=reasoning,
        classified_at=classified_at,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)
