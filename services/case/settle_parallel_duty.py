"""Record what became of a duty under another law: the report that was filed, or why its condition is not met."""

from datetime import datetime

from models.base import ActorId, IncidentId
from models.duty import Duty
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.filing_events import ParallelDutyLifted, ParallelReportSubmitted
from models.incident import Incident
from services.ports.world import World
from services.record import duties_of, law_for, read_open, require_awareness, require_past, write_down
from services.roles import DECIDES, PREPARES, require_role


def submit_parallel_report(
    incident_id: IncidentId,
    *,
    provision: str,
    filed_at: datetime,
    receipt: str,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down that what ``provision`` demands was filed at ``filed_at``, with the number or note of its receipt.

    Raises UnknownReference if no such duty has arisen, StepOutOfOrder before awareness or if it is reported already.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_awareness(case.incident)
    require_past(filed_at, now)
    event = ParallelReportSubmitted(
        provision=provision, receipt=receipt, occurred_at=filed_at, recorded_at=now, recorded_by=by
    )
    if event not in case.history:
        _parallel_duty(provision, case.incident, world)
        _require_first(provision, case.incident)
    return write_down(case, event, world=world)


def lift_parallel_duty(
    incident_id: IncidentId, *, provision: str, reasoning: str, by: ActorId, now: datetime, world: World
) -> Incident:
    """Write down why the condition of the duty under ``provision`` is not met.

    Raises UnknownReference if no such duty has arisen, StepOutOfOrder if its law sets no condition.
    """
    case = read_open(incident_id, world.timeline)
    require_role(case.incident, by=by, among=DECIDES, register=world.register)
    require_awareness(case.incident)
    duty = _parallel_duty(provision, case.incident, world)
    condition = law_for(case.incident, world.book).statute(duty.provision).only_if
    if condition is None:
        raise StepOutOfOrder(
            N_("{provision} sets no condition that you may find not met."),
            why=N_("Its duty stands until it is fulfilled."),
            remedy=N_("File the report and register it, or correct the answers about which law applies."),
            provision=provision,
        )
    event = ParallelDutyLifted(
        provision=provision, reasoning=reasoning, occurred_at=now, recorded_at=now, recorded_by=by
    )
    return write_down(case, event, world=world)


def _parallel_duty(provision: str, incident: Incident, world: World) -> Duty:
    """Return the duty under another law. Raises UnknownReference with those there are."""
    law = law_for(incident, world.book)
    beside = {d.provision: d for d in duties_of(incident, world.book) if law.statute(d.provision).regime is not None}
    if provision not in beside:
        raise UnknownReference(
            N_("Nothing is owed under {provision} in {incident}."),
            why=N_("Under other laws than the GDPR this is owed now: {known}."),
            remedy=N_("Check the provision, or answer first which laws apply."),
            provision=provision,
            incident=incident.id,
            known=", ".join(beside) or "–",
        )
    return beside[provision]


def _require_first(provision: str, incident: Incident) -> None:
    if provision in incident.reports:
        raise StepOutOfOrder(
            N_("The report under {provision} is registered already in {incident}."),
            why=N_("The first filing counts, and its time never moves."),
            remedy=N_("Register what followed under the provision that asks for it."),
            provision=provision,
            incident=incident.id,
        )
