"""Record that a delegate relies on an exception of Article 34(3)."""

from datetime import datetime

from law.exceptions import shortfall
from models.base import ActorId, IncidentId
from models.breach_events import ExceptionInvoked, ExceptionProvision, Risk
from models.errors import N_, MissingParticular, StepOutOfOrder
from models.incident import Incident
from services.ports.world import World
from services.record import read_open, write_down
from services.roles import DECIDES, require_role


def invoke_exception(
    incident_id: IncidentId,
    *,
    provision: ExceptionProvision,
    reasoning: str,
    evidence: str | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down the exception and why it applies. Raises StepOutOfOrder unless a high risk has been decided.

    Raises MissingParticular if the facts do not show that the data were unintelligible to anyone (a), or without
    ``evidence`` that the high risk is gone (b). (c) changes the form of the duty only.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    decision = case.incident.decision
    if decision is None or decision.level is not Risk.HIGH:
        raise StepOutOfOrder(
            N_("There is no duty to except from in {incident}."),
            why=N_("Article 34 asks for letters only at a high risk, and no such decision stands."),
            remedy=N_("Decide the risk first."),
            incident=incident_id,
        )
    _require_grounds(case.incident, provision, evidence)
    event = ExceptionInvoked(
        provision=provision,
        reasoning=reasoning,
        evidence=evidence,
        occurred_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)


def _require_grounds(incident: Incident, provision: ExceptionProvision, evidence: str | None) -> None:
    unshown = shortfall(provision, incident.facts)
    if unshown:
        raise MissingParticular(
            N_("The facts of {incident} do not show what {provision} demands."),
            why=N_("This is not shown: {fact}. What is unknown does not count as a yes."),
            remedy=N_("Establish the facts if they hold. Otherwise tell the people concerned."),
            incident=incident.id,
            provision=provision,
            fact=unshown,
        )
    if provision == "gdpr.34.3.b" and not evidence:
        raise MissingParticular(
            N_("There is no evidence in {incident} that the high risk is gone."),
            why=N_("{provision} asks that later measures ensure it; a risk that is merely smaller is not enough."),
            remedy=N_("Say what shows it: a log, a confirmation, a test. Otherwise tell the people concerned."),
            incident=incident.id,
            provision=provision,
        )
