"""Who decided what and why, beside the advice that was given, and whether it was followed."""

from collections.abc import Iterator

from letters.chronicle import details, heading, who
from letters.citations import cited
from letters.dossier.matter import Matter, Part, Row
from letters.language import capital, label, moment, say, spoken
from models.base import ENGINE
from models.breach_events import (
    AuthorityOrderReceived,
    AwarenessCorrected,
    AwarenessEstablished,
    BreachRuledOut,
    ExceptionInvoked,
    RegimeDetermined,
    RiskAssessed,
    RiskDecided,
)
from models.errors import N_
from models.events import Event
from models.filing_events import NotificationWithdrawn, ParallelDutyLifted
from models.record_events import IncidentClosed, IncidentReopened

DECISIONS = (
    AuthorityOrderReceived,
    AwarenessCorrected,
    AwarenessEstablished,
    BreachRuledOut,
    ExceptionInvoked,
    IncidentClosed,
    IncidentReopened,
    NotificationWithdrawn,
    ParallelDutyLifted,
    RegimeDetermined,
    RiskDecided,
)
"""The events in which somebody judged something, and must be able to answer for it."""


def decisions(matter: Matter) -> tuple[Part, ...]:
    """Return every judgement in the order it was made: who, when, what, why; for the risk also what was advised."""
    return tuple(_decisions(matter))


def _decisions(matter: Matter) -> Iterator[Part]:
    advice: RiskAssessed | None = None
    for event in matter.history:
        if isinstance(event, RiskAssessed):
            advice = event
        if isinstance(event, RiskDecided):
            yield f"{heading(event)}: {spoken(event.level)}", (*_stamp(event, matter), *_risk(event, advice))
        elif isinstance(event, DECISIONS):
            yield heading(event), (*_stamp(event, matter), *details(event, matter.register))


def _stamp(event: Event, matter: Matter) -> Iterator[Row]:
    yield say(N_("When")), capital(moment(event.occurred_at))
    if event.recorded_at != event.occurred_at:
        yield say(N_("Written down")), capital(moment(event.recorded_at))
    yield say(N_("By whom")), _by(event, matter)


def _by(event: Event, matter: Matter) -> str:
    if event.recorded_by == ENGINE:
        return capital(who(event, matter.register))
    person = matter.register.person(event.recorded_by)
    return f"{person.name}, {person.title}"


def _risk(decided: RiskDecided, advice: RiskAssessed | None) -> Iterator[Row]:
    yield say(N_("Decided level")), label(decided.level)
    yield say(N_("Reasons for the decision")), decided.reasoning
    if advice is not None:
        followed = N_("Followed") if advice.level is decided.level else N_("Not followed")
        yield say(N_("Advice of the engine")), f"{label(advice.level)}. {say(followed)}."
        yield (
            say(N_("Reasons for the advice")),
            " ".join(f"{say(why.text)} ({cited(why.citation)})" for why in advice.because),
        )
    if decided.officer_advice is not None:
        yield say(N_("Advice of the data protection officer")), decided.officer_advice
    else:
        yield say(N_("Advice of the data protection officer")), say(N_("None is on record."))
    if decided.could_change is not None:
        yield say(N_("What could change the decision")), decided.could_change
