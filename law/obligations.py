"""Everything one incident obliges, under every law that applies to it: what is owed, and what a decision has lifted."""

from collections.abc import Iterator
from datetime import datetime

from law.duties import below, duties
from law.parallel import parallel_duties
from law.regimes import Route, route
from law.statute_book import LawInForce
from models.breach import PersonalDataBreach
from models.breach_events import BreachRuledOut
from models.duty import Duty, DutyStatus, Ground
from models.incident import Incident
from models.regime import Answers


def obligations(incident: Incident, law: LawInForce) -> tuple[Duty, ...]:
    """Return every duty of ``incident``: those of the GDPR in the order of the law, then those under other laws.

    Before awareness it is the worst case that is shown: the limits that would run if one had been aware when one was
    told, each undecided. Under the Protective Security Act nothing more is owed here (1 kap. 4 § dataskyddslagen), except
    what the authority has ordered.
    """
    breach = incident.breach or incident.suspicion
    if breach is None:
        return ()
    routed = route(incident.regime.answers if incident.regime else Answers(), law)
    instead = _set_aside(incident, routed)
    own = duties(breach.model_copy(update={"set_aside": instead}), law)
    if incident.is_classified:
        return tuple(duty for duty in own if duty.ground != instead)
    found = (*own, *_beside(incident, breach, routed, law))
    return found if incident.breach else tuple(_worst_case(found, incident.ruled_out))


def _set_aside(incident: Incident, routed: Route) -> Ground | None:
    """Return the recorded decision that another law takes the place of Articles 33 and 34, with its provision."""
    gave_way = next((f for f in routed.findings if f.regime == "gdpr" and not f.applies), None)
    if incident.regime is None or gave_way is None:
        return None
    return Ground(provision=gave_way.cited[0], because=incident.regime.reasoning, by=incident.regime.recorded_by)


def _worst_case(found: tuple[Duty, ...], ruled_out: BreachRuledOut | None) -> Iterator[Duty]:
    """Only who must be notified is shown of a suspicion; a decision that it was no breach settles it."""
    for duty in found:
        if duty.status is DutyStatus.ORDERED:
            yield duty
        elif duty.provision == "gdpr.33.2" or duty.due_at is not None:
            settled = ruled_out and Ground(provision="gdpr.4.12", because=ruled_out.reasoning, by=ruled_out.recorded_by)
            status = DutyStatus.NOT_REQUIRED if settled else DutyStatus.UNDECIDED
            open_still = {"status": status, "ground": settled}
            yield duty.model_copy(update=open_still) if duty.is_open else duty


def _beside(incident: Incident, breach: PersonalDataBreach, routed: Route, law: LawInForce) -> Iterator[Duty]:
    """Yield the duties under other laws, each counted from awareness, or from what its law names instead."""
    reported = {provision: report.occurred_at for provision, report in incident.reports.items()}
    classified_at = incident.regime.classified_at if incident.regime else None
    happened = {**reported, **({"classification": classified_at} if classified_at else {})}
    for provision in routed.duties:
        aware_at = _counted_from(provision, incident, breach, law)
        for duty in parallel_duties((provision,), law, {**happened, "awareness": aware_at}):
            yield _by_decision(_by_risk(duty, breach, law), incident)


def _counted_from(provision: str, incident: Incident, breach: PersonalDataBreach, law: LawInForce) -> datetime:
    """Return where the clock starts: new facts move it where the risk decides; a report made freezes it."""
    own = breach.clock_at if _has_threshold(provision, law) else breach.aware_at
    return min(own, incident.clock_at_report.get(provision, own))


def _by_risk(duty: Duty, breach: PersonalDataBreach, law: LawInForce) -> Duty:
    """Lift a duty whose law asks for more risk than was decided; above the lowest step it waits for the decision."""
    if not duty.is_open or not _has_threshold(duty.provision, law):
        return duty
    threshold = law.text(duty.provision, "threshold")
    if breach.risk in below(threshold):
        ground = breach.risk_ground and breach.risk_ground.model_copy(update={"provision": duty.provision})
        return duty.model_copy(update={"status": DutyStatus.NOT_REQUIRED, "ground": ground})
    waits = breach.risk is None and threshold != "risk"
    return duty.model_copy(update={"status": DutyStatus.UNDECIDED}) if waits else duty


def _by_decision(duty: Duty, incident: Incident) -> Duty:
    lifted = incident.lifted.get(duty.provision)
    if lifted is None or not duty.is_open:
        return duty
    ground = Ground(provision=duty.provision, because=lifted.reasoning, by=lifted.recorded_by)
    return duty.model_copy(update={"status": DutyStatus.NOT_REQUIRED, "ground": ground})


def _has_threshold(provision: str, law: LawInForce) -> bool:
    return "threshold" in law.statute(provision).values


def notify_by(incident: Incident, law: LawInForce) -> datetime | None:
    """Return the time limit of Article 33(1); None where ``incident`` has none, as at a processor's."""
    return next((duty.due_at for duty in obligations(incident, law) if duty.provision == "gdpr.33.1"), None)


def is_late(incident: Incident, law: LawInForce, *, at: datetime) -> bool:
    """Tell whether ``at`` lies after the time limit of Article 33(1)."""
    due_at = notify_by(incident, law)
    return due_at is not None and at > due_at
