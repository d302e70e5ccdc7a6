"""An incident is what its timeline says: ``replay`` reads it from the events, one at a time."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from typing import Literal

from models.base import Value
from models.breach import PersonalDataBreach
from models.duty import Ground
from models.events import (
    AwarenessCorrected,
    AwarenessEstablished,
    BreachReported,
    CommunicationCompleted,
    CommunicationStarted,
    ControllerInformed,
    DelayExplained,
    DutiesDetermined,
    Event,
    ExceptionInvoked,
    FactCorrected,
    FactsEstablished,
    IncidentArchived,
    IncidentClosed,
    LetterApproved,
    LetterDrafted,
    NotificationAcknowledged,
    NotificationSubmitted,
    PublicNoticePublished,
    Regime,
    RegimeDetermined,
    ReminderSent,
    Risk,
    RiskAssessed,
    RiskDecided,
)
from models.facts import Facts


class Incident(Value):
    """Everything recorded so far, folded together. Two incidents with equal timelines are equal."""

    id: str = ""
    party: str = ""
    owed_as: Literal["controller", "processor"] = "controller"
    family: str = ""
    length: int = 0
    report: BreachReported | None = None
    aware_at: datetime | None = None
    awareness_sequence: int | None = None
    regime: RegimeDetermined | None = None
    facts: Facts = Facts()
    advice: RiskAssessed | None = None
    decisions: tuple[RiskDecided, ...] = ()
    reopened_by: FactsEstablished | None = None
    clock_moved_to: datetime | None = None
    clock_at_filing: datetime | None = None
    exceptions: tuple[ExceptionInvoked, ...] = ()
    drafts: dict[str, LetterDrafted] = {}
    approvals: dict[str, LetterApproved] = {}
    filings: tuple[NotificationSubmitted, ...] = ()
    diary_number: str | None = None
    delay: DelayExplained | None = None
    informed: tuple[ControllerInformed, ...] = ()
    started: CommunicationStarted | None = None
    completed: CommunicationCompleted | None = None
    notices: tuple[PublicNoticePublished, ...] = ()
    reminders: tuple[ReminderSent, ...] = ()
    duties_stated: DutiesDetermined | None = None
    closed: IncidentClosed | None = None
    archived: IncidentArchived | None = None

    @property
    def decision(self) -> RiskDecided | None:
        """The risk decision that stands; None if nobody decided or new facts have re-opened it."""
        return self.decisions[-1] if self.decisions and self.reopened_by is None else None

    @property
    def breach(self) -> PersonalDataBreach | None:
        """What the law looks at, from awareness on."""
        if self.aware_at is None:
            return None
        decision = self.decision
        complete = next((filing.occurred_at for filing in self.filings if filing.complete), None)
        return PersonalDataBreach(
            owed_as=self.owed_as,
            aware_at=self.aware_at,
            clock_at=min(filter(None, (self.clock_at_filing, self.clock_moved_to or self.aware_at))),
            set_aside=self._set_aside(),
            risk=decision.level if decision else None,
            risk_at=self._undecided_since(),
            risk_ground=_ground("gdpr.33.1", decision) if decision else None,
            exceptions=tuple(_ground(invoked.provision, invoked) for invoked in self.exceptions),
            filed_at=self.filings[0].occurred_at if self.filings else None,
            filed_complete=complete is not None,
            completed_at=complete,
            communicated_at=self.completed.occurred_at if self.completed else None,
            published_at=self.notices[0].occurred_at if self.notices else None,
            controllers_informed_at=self._all_informed_at(),
            documented_at=self._documented_at(),
        )

    def _undecided_since(self) -> datetime | None:
        if self.reopened_by is not None:
            return self.reopened_by.recorded_at
        return self.decisions[-1].recorded_at if self.decisions else self.aware_at

    def _all_informed_at(self) -> datetime | None:
        """The instant the last of the controllers concerned was told; None while one is not."""
        concerned = self.report.concerned if self.report else ()
        told = {informed.controller: informed.occurred_at for informed in self.informed}
        return max(told.values()) if concerned and all(party in told for party in concerned) else None

    def _set_aside(self) -> Ground | None:
        """The decision that Articles 33 and 34 do not apply, with the provision that says so."""
        provision = self.regime and _INSTEAD_OF_THE_GDPR.get(self.regime.regime)
        return _ground(provision, self.regime) if self.regime and provision else None

    def _documented_at(self) -> datetime | None:
        """Facts, effects and remedial action are on record (Article 33(5)); the instant the file was closed."""
        facts = self.facts
        written = facts.what_happened and facts.consequences_described and facts.measures_taken
        return self.closed.occurred_at if self.closed and written else None


_INSTEAD_OF_THE_GDPR = {
    Regime.SECURITY_PROTECTION: "se.dataskyddslagen.1.4",
    Regime.LAW_ENFORCEMENT: "se.brottsdatalagen.3.9",
}


def _ground(provision: str, decided: RiskDecided | ExceptionInvoked | RegimeDetermined) -> Ground:
    return Ground(provision=provision, because=decided.reasoning, by=decided.recorded_by)


def replay(events: Iterable[Event]) -> Incident:
    """Fold a timeline into the incident it tells of. Any prefix of any timeline is one too."""
    return reduce(evolve, events, Incident())


def evolve(incident: Incident, event: Event) -> Incident:
    """Return ``incident`` as it is once ``event`` is known."""
    return incident.model_copy(update={"length": incident.length + 1, **_changes(incident, event)})


def _changes(incident: Incident, event: Event) -> dict[str, object]:  # noqa: C901, PLR0911, PLR0912 - one arm a word
    match event:
        case BreachReported():
            return {
                "id": event.incident_id,
                "party": event.party,
                "owed_as": event.owed_as,
                "family": event.family,
                "report": event,
            }
        case AwarenessEstablished() | AwarenessCorrected():
            return {"aware_at": event.aware_at, "awareness_sequence": incident.length + 1}
        case RegimeDetermined():
            return {"regime": event}
        case FactsEstablished():
            return {"facts": incident.facts.learn(event.facts), **_reopened(incident, event)}
        case FactCorrected():
            return {"facts": incident.facts.learn(event.facts, event.withdrawn)}
        case RiskAssessed():
            return {"advice": event}
        case RiskDecided():
            return {"decisions": (*incident.decisions, event), "reopened_by": None}
        case ExceptionInvoked():
            return {"exceptions": (*incident.exceptions, event)}
        case LetterDrafted():
            return {"drafts": {**incident.drafts, event.letter: event}}
        case LetterApproved():
            return {"approvals": {**incident.approvals, event.letter: event}}
        case NotificationSubmitted():
            clock_at = incident.clock_at_filing or incident.clock_moved_to or incident.aware_at
            return {"filings": (*incident.filings, event), "clock_at_filing": clock_at}
        case NotificationAcknowledged():
            return {"diary_number": event.diary_number}
        case DelayExplained():
            return {"delay": event}
        case ControllerInformed():
            return {"informed": (*incident.informed, event)}
        case CommunicationStarted():
            return {"started": event}
        case CommunicationCompleted():
            return {"completed": event}
        case PublicNoticePublished():
            return {"notices": (*incident.notices, event)}
        case ReminderSent():
            return {"reminders": (*incident.reminders, event)}
        case DutiesDetermined():
            return {"duties_stated": event}
        case IncidentClosed():
            return {"closed": event}
        case IncidentArchived():
            return {"archived": event}
    return {}


def _reopened(incident: Incident, event: FactsEstablished) -> dict[str, object]:
    """A trigger re-opens a decision, and what lifted Article 34 rests on the old facts and falls with them.

    If the decision was "unlikely" and nothing is filed, the clock runs from the new facts.
    """
    if event.trigger is None:
        return {}
    kept = {"exceptions": tuple(e for e in incident.exceptions if e.provision == "gdpr.34.3.c")}
    if not incident.decisions:
        return {**kept}
    overtaken = incident.decision is not None and incident.decision.level is Risk.UNLIKELY and not incident.filings
    return {**kept, "reopened_by": event, "clock_moved_to": event.occurred_at if overtaken else incident.clock_moved_to}
