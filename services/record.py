"""Read the record, reason, write down: the frame every step of ours moves in."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from law.assessment import assess
from law.obligations import obligations
from law.statute_book import LawInForce, StatuteBook
from models.base import ENGINE, ActorId, IncidentId
from models.breach_events import DutiesDetermined, RiskAssessed, StatedDuty, StatedReason
from models.duty import Duty
from models.errors import N_, StepOutOfOrder
from models.events import Event
from models.facts import Facts
from models.incident import Incident
from models.instants import local
from models.replay import evolve, replay
from services.ports.record import Timeline
from services.ports.world import World


class Case(NamedTuple):
    """An incident and the timeline it was read from."""

    incident: Incident
    history: tuple[Event, ...]


def read(incident_id: IncidentId, timeline: Timeline) -> Case:
    """Return the case as it stands. Raises UnknownReference."""
    history = timeline.read(incident_id)
    return Case(replay(history), history)


def read_open(incident_id: IncidentId, timeline: Timeline) -> Case:
    """Return the case, ready to take in more. Raises UnknownReference; StepOutOfOrder where its content is kept out."""
    case = read(incident_id, timeline)
    require_unclassified(case.incident)
    return case


def write_down(case: Case, *events: Event, world: World) -> Incident:
    """Append ``events`` and, in the same breath, what follows from them: new advice, changed duties.

    An event that stands there already, word for word, is not written twice, so every step is safe to run again.
    Raises TimelineConflict.
    """
    new = [event for event in events if event not in case.history]
    incident = case.incident
    for event in new:
        incident = evolve(incident, event)
    if new:
        conclusions = _conclude(case.incident, incident, world.book, new[-1].recorded_at)
        world.timeline.append(incident.id, expected=len(case.history), events=[*new, *conclusions])
        for conclusion in conclusions:
            incident = evolve(incident, conclusion)
    return incident


def stands(
    case: Case, kind: type[Event], *, occurred_at: datetime, now: datetime, by: ActorId, content: Mapping[str, object]
) -> bool:
    """Tell whether this very act is on record: the step is run again.

    It is the same by its kind, its two instants, who did it and its ``content``, the fields that say what it was.
    """
    same = {"occurred_at": occurred_at, "recorded_at": now, "recorded_by": by, **content}
    return any(
        isinstance(event, kind) and all(getattr(event, name) == value for name, value in same.items())
        for event in case.history
    )


def law_for(incident: Incident, book: StatuteBook) -> LawInForce:
    """Return the law of the day of awareness (before awareness: of the day of the report)."""
    known_at = incident.aware_at or (incident.report.occurred_at if incident.report else None)
    if known_at is None:
        raise StepOutOfOrder(
            N_("The case has no report yet."),
            why=N_("Every case begins with somebody's report."),
            remedy=N_("Report the breach first."),
        )
    return book.on(local(known_at).date())


def duties_of(incident: Incident, book: StatuteBook) -> tuple[Duty, ...]:
    """Return what the incident obliges under every law that applies; before awareness, the worst case, undecided."""
    return obligations(incident, law_for(incident, book)) if incident.report else ()


def require_unclassified(incident: Incident) -> None:
    """Refuse anything that adds to the content of a case under the Protective Security Act. Raises StepOutOfOrder."""
    if incident.is_classified:
        raise StepOutOfOrder(
            N_("{incident} falls under the Security Protection Act."),
            why=N_("Articles 33 and 34 do not apply to it, and its content must not be stored here."),
            remedy=N_("Turn to the head of security protection; record nothing more in this case."),
            incident=incident.id,
        )


def require_awareness(incident: Incident) -> datetime:
    """Return when the clock started. Raises StepOutOfOrder if it has not."""
    if incident.aware_at is None:
        raise StepOutOfOrder(
            N_("Awareness has not been established in {incident}."),
            why=N_("Until then there is an incident but no personal data breach to decide about."),
            remedy=N_("Establish when the organisation became aware, with the evidence for it."),
            incident=incident.id,
        )
    return incident.aware_at


def require_past(moment: datetime, now: datetime) -> None:
    """Refuse a ``moment`` that lies ahead of ``now``: what is recorded has happened. Raises StepOutOfOrder."""
    if moment > now:
        raise StepOutOfOrder(
            N_("That time has not come yet."),
            why=N_("What is recorded has happened already."),
            remedy=N_("Check the date and the time."),
        )


def _conclude(before: Incident, after: Incident, book: StatuteBook, now: datetime) -> list[Event]:
    stamp = {"occurred_at": now, "recorded_at": now, "recorded_by": ENGINE}
    conclusions: list[Event] = []
    if after.facts != before.facts and after.owed_as == "controller":
        advice = _advice(after.facts, stamp)
        if after.advice is None or advice.model_copy(update=_when(after.advice)) != after.advice:
            conclusions.append(advice)
    found = duties_of(after, book) if after.aware_at else ()
    stated = tuple(StatedDuty(provision=duty.provision, status=duty.status, due_at=duty.due_at) for duty in found)
    if stated != (after.duties_stated.duties if after.duties_stated else ()):
        day = law_for(after, book).day
        conclusions.append(DutiesDetermined.model_validate({**stamp, "law_of": day, "duties": stated}))
    return conclusions


def _advice(facts: Facts, stamp: dict[str, object]) -> RiskAssessed:
    advice = assess(facts)
    because = tuple(StatedReason(text=reason.text, citation=reason.citation) for reason in advice.because)
    return RiskAssessed.model_validate({**stamp, "level": advice.risk, "because": because, "unknown": advice.unknown})


def _when(event: Event) -> dict[str, object]:
    return {"occurred_at": event.occurred_at, "recorded_at": event.recorded_at}
