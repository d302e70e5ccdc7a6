"""``replay`` reads an incident from its events, one at a time; ``evolve`` adds one."""

from collections.abc import Iterable
from functools import reduce

from models.breach_events import (
    AuthorityOrderReceived,
    AwarenessCorrected,
    AwarenessEstablished,
    BreachReported,
    BreachRuledOut,
    DutiesDetermined,
    ExceptionInvoked,
    FactCorrected,
    FactsEstablished,
    RegimeDetermined,
    Risk,
    RiskAssessed,
    RiskDecided,
)
from models.communication_events import (
    CommunicationCompleted,
    CommunicationHalted,
    CommunicationResumed,
    CommunicationStarted,
    DeliveriesReturned,
    DeliveriesUncertain,
    LettersLeftOut,
    LettersPosted,
    LettersReturned,
    PrintFileLost,
    PublicNoticePublished,
    RecipientsLoaded,
    UncertaintySettled,
)
from models.events import Event
from models.facts import Facts
from models.filing_events import (
    AuthorityQuestionAnswered,
    AuthorityQuestionReceived,
    DelayExplained,
    FilingAttempted,
    FilingCopyKept,
    FilingCopyMissing,
    LetterApproved,
    LetterDrafted,
    MissingExplained,
    NotificationAcknowledged,
    NotificationIssued,
    NotificationsBundled,
    NotificationSubmitted,
    NotificationWithdrawn,
    ParallelDutyLifted,
    ParallelReportSubmitted,
    SecrecyMarked,
    TextsTranslated,
)
from models.incident import Incident
from models.publication import PublicNoticeCaptured, PublicNoticeWithdrawn, PublicStatusNoted
from models.record_events import (
    ChainAnchored,
    ChainStamped,
    HandedToRegistrar,
    IncidentArchived,
    IncidentClosed,
    PersonalDataErased,
    ReminderAcknowledged,
    ReminderPassedOn,
    ReminderSent,
    RemindersPlanned,
)
from models.reminder import PlannedDeadline
from models.supply import Supply, evolve_supply
from models.supply_events import NoticeAnswered, NoticeConfirmed, Supplied
from models.told import brought_back, everyone_told_at, left_out, reached, told

_KEPT_OUTSIDE = (ChainAnchored, ChainStamped, HandedToRegistrar)
"""What is recorded of the record itself; ``last_word`` is the last line that is anything else."""


_HANDED_IN = (NotificationSubmitted, NotificationWithdrawn, ParallelReportSubmitted)
"""What an authority gets; ``last_filing`` is the line of the last one."""


_LEAVES_CLOSED = (
    *_KEPT_OUTSIDE,
    AuthorityQuestionAnswered,
    DutiesDetermined,
    FilingCopyKept,
    FilingCopyMissing,
    IncidentArchived,
    IncidentClosed,
    NoticeAnswered,
    NoticeConfirmed,
    NotificationAcknowledged,
    PersonalDataErased,
    PublicNoticeCaptured,
    PublicNoticeWithdrawn,
    ReminderSent,
    RemindersPlanned,
    RiskAssessed,
    SecrecyMarked,
    TextsTranslated,
)
"""What may be recorded in a closed file; anything else opens it again."""


def replay(events: Iterable[Event]) -> Incident:
    """Fold a timeline into the incident it tells of. Any prefix of any timeline is one too."""
    return reduce(evolve, events, Incident())


def evolve(incident: Incident, event: Event) -> Incident:
    """Return ``incident`` as it is once ``event`` is known."""
    if isinstance(event, Supplied):
        changed: dict[str, object] = {"supply": evolve_supply(incident.supply, event)}
    else:
        changed = _changes(incident, event)
    opened = {} if isinstance(event, _LEAVES_CLOSED) else {"closed": None, "archived": None}
    line = incident.length + 1
    spoken = {} if isinstance(event, _KEPT_OUTSIDE) else {"last_word": line}
    filed = {"last_filing": line} if isinstance(event, _HANDED_IN) else {}
    after = incident.model_copy(update={"length": line, **spoken, **filed, **opened, **changed})
    told_now = everyone_told_at(after, event)
    return after.model_copy(update={"told_everyone_at": (*after.told_everyone_at, *told_now)}) if told_now else after


def _changes(incident: Incident, event: Event) -> dict[str, object]:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one arm a word
    match event:
        case BreachReported():
            return {
                "id": event.incident_id,
                "party": event.party,
                "owed_as": event.owed_as,
                "family": event.family,
                "report": event,
                "supply": Supply(windows=event.windows),
            }
        case BreachRuledOut():
            return {"ruled_out": event}
        case AwarenessEstablished() | AwarenessCorrected():
            return {"aware_at": event.aware_at, "awareness_sequence": incident.length + 1, "ruled_out": None}
        case RegimeDetermined():
            return {"regime": event}
        case FactsEstablished():
            return {**_learned(incident, event.facts), **_reopened(incident, event)}
        case FactCorrected():
            return _learned(incident, event.facts, event.withdrawn)
        case RiskAssessed():
            return {"advice": event}
        case RiskDecided():
            return {"decisions": (*incident.decisions, event), "reopened_by": None, **_stale(incident, "risk_reasons")}
        case ExceptionInvoked():
            return {"exceptions": (*incident.exceptions, event), **_stale(incident, "exception_reasons")}
        case AuthorityOrderReceived():
            return {"order": event}
        case LetterDrafted():
            return {"drafts": {**incident.drafts, event.letter: event}}
        case LetterApproved():
            return {"approvals": {**incident.approvals, event.letter: event}}
        case MissingExplained():
            explained = {**incident.explained, **{item.key: item for item in event.items}}
            return {"explained": explained, **_stale(incident, *(f"missing_{item.key}" for item in event.items))}
        case NotificationsBundled():
            return {"bundle": event, **_stale(incident, "bundle_reasons")}
        case NotificationIssued():
            return {"issued": (*incident.issued, event)}
        case FilingAttempted():
            return {"attempts": (*incident.attempts, event)}
        case FilingCopyKept() | FilingCopyMissing():
            return {"copies": {**incident.copies, event.filing: event}}
        case NotificationSubmitted():
            return _filed(incident, event)
        case NotificationAcknowledged():
            return {"diary_number": event.diary_number}
        case NotificationWithdrawn():
            return {
                "withdrawn": event,
                "complete_at": None,
                "supplement_reopened_at": event.occurred_at,
                "filed_lines": (*incident.filed_lines, incident.length + 1),
            }
        case ParallelReportSubmitted():
            return _reported(incident, event)
        case ParallelDutyLifted():
            return {"lifted": {**incident.lifted, event.provision: event}}
        case DelayExplained():
            return {"delay": event, **_stale(incident, "delay_reasons")}
        case AuthorityQuestionReceived():
            return {"asked": {**incident.asked, incident.length + 1: event}}
        case AuthorityQuestionAnswered():
            return {"answered": {**incident.answered, event.question: event}}
        case SecrecyMarked():
            return _marked(incident, event)
        case TextsTranslated():
            return {"english": {**incident.english, **event.english}}
        case RecipientsLoaded():
            unwritten = event.recipients > event.written_to
            return {"laid_aside": event, "found": event if unwritten else None} if incident.started else {}
        case CommunicationStarted():
            return {
                "started": event,
                "completed": None,
                "releases": (*incident.releases, event),
                **({"laid_aside": None, "found": None} if event.lets_in else {}),
            }
        case CommunicationCompleted():
            return told(incident, event)
        case LettersPosted():
            return {"posted": {**incident.posted, event.batch: event}}
        case PrintFileLost() | LettersLeftOut():
            return {"left_out": left_out(incident, event)}
        case LettersReturned():
            return {"brought_back": brought_back(incident, event)}
        case DeliveriesUncertain():
            return {"uncertain": event.messages}
        case UncertaintySettled():
            return {"uncertain": 0}
        case DeliveriesReturned():
            return {"completed": None, "returned": event.recipients}
        case CommunicationHalted():
            return {"halted": event}
        case CommunicationResumed():
            return {"halted": None}
        case PublicNoticePublished():
            return {**reached(incident), "notices": (*incident.notices, event), "notice_withdrawn": None}
        case PublicStatusNoted():
            return {"statuses": (*incident.statuses, event)}
        case PublicNoticeCaptured():
            return {"captures": (*incident.captures, event)}
        case PublicNoticeWithdrawn():
            return {"notice_withdrawn": event}
        case RemindersPlanned():
            return {"plans": _planned(incident, event)}
        case ReminderSent():
            return {"reminders": (*incident.reminders, event)}
        case ReminderAcknowledged() | ReminderPassedOn():
            return {"answers": (*incident.answers, event)}
        case DutiesDetermined():
            return {"duties_stated": event}
        case IncidentClosed():
            return {"closed": event}
        case IncidentArchived():
            return {"archived": event}
        case PersonalDataErased():
            return {"laid_aside": None, "found": None}
        case ChainAnchored():
            return {"anchored": (*incident.anchored, event)}
        case ChainStamped():
            return {"stamped": (*incident.stamped, event)}
        case HandedToRegistrar():
            return {"handed_to_registrar": (*incident.handed_to_registrar, event)}
    return {}


def _learned(incident: Incident, stated: Facts, withdrawn: tuple[str, ...] = ()) -> dict[str, object]:
    facts = incident.facts.learn(stated, withdrawn)
    changed = [name for name in incident.english if getattr(facts, name, None) != getattr(incident.facts, name, None)]
    return {"facts": facts, **_stale(incident, *changed)}


def _stale(incident: Incident, *names: str) -> dict[str, object]:
    """An English text falls with the Swedish one it was written from."""
    if not incident.english.keys() & set(names):
        return {}
    return {"english": {name: text for name, text in incident.english.items() if name not in names}}


def _marked(incident: Incident, event: SecrecyMarked) -> dict[str, object]:
    marks = {**incident.secrecy, **{mark.field: mark.provisions for mark in event.marks}}
    opened = (*incident.openly_said, *(mark.field for mark in event.marks))
    return {
        "secrecy": {field: provisions for field, provisions in marks.items() if provisions},
        "openly_said": tuple(field for field in dict.fromkeys(opened) if not marks.get(field)),
    }


def _reopened(incident: Incident, event: FactsEstablished) -> dict[str, object]:
    """A trigger re-opens a decision, and what lifted a duty rests on the old facts and falls with them.

    If the decision was "unlikely" and nothing is filed, the clock runs from the new facts. A notification that was
    complete is so no longer.
    """
    if event.trigger is None:
        return {}
    settled = incident.withdrawn is not None or (incident.complete_at is not None and not incident.untold)
    fallen: dict[str, object] = {
        "exceptions": tuple(e for e in incident.exceptions if e.provision == "gdpr.34.3.c"),
        "order": incident.order if incident.order and incident.order.communicate_by else None,
        "lifted": {},
        "ruled_out": None,
        "untold": (*incident.untold, event),
        "supplement_reopened_at": event.occurred_at if settled else incident.supplement_reopened_at,
    }
    if not incident.decisions:
        return fallen
    overtaken = incident.decision is not None and incident.decision.level is Risk.UNLIKELY and not incident.filings
    moved_to = event.occurred_at if overtaken else incident.clock_moved_to
    return {**fallen, "reopened_by": event, "clock_moved_to": moved_to}


def _filed(incident: Incident, event: NotificationSubmitted) -> dict[str, object]:
    """The first filing freezes the clock. Each one tells the authority what it states; what it lacks stays untold."""
    completes = event.complete and (incident.complete_at is None or bool(incident.untold))
    by_itself = () if event.bundled_in else (incident.length + 1,)
    return {
        "filings": (*incident.filings, event),
        "filed_lines": (*incident.filed_lines, *by_itself),
        "clock_at_filing": incident.clock_at_filing or incident.clock_moved_to or incident.aware_at,
        "complete_at": event.occurred_at if completes else incident.complete_at,
        "untold": tuple(news for news in incident.untold if not _tells(event, news, incident)),
        "withdrawn": None,
    }


def _tells(filing: NotificationSubmitted, news: FactsEstablished, incident: Incident) -> bool:
    return all(getattr(filing.stated, name) == getattr(incident.facts, name) for name in news.facts.known())


def _planned(incident: Incident, event: RemindersPlanned) -> dict[str, tuple[PlannedDeadline, ...]]:
    """Keep what each deadline was before: how often it moved numbers the versions of its calendar file."""
    new = {one.deadline: (*incident.plans.get(one.deadline, ()), one) for one in event.planned}
    return {**incident.plans, **new}


def _reported(incident: Incident, event: ParallelReportSubmitted) -> dict[str, object]:
    """The first report under a provision counts, and its clock freezes with it."""
    if event.provision in incident.reports:
        return {}
    clock_at = incident.clock_moved_to or incident.aware_at
    frozen = {event.provision: clock_at} if clock_at else {}
    return {
        "reports": {**incident.reports, event.provision: event},
        "clock_at_report": {**incident.clock_at_report, **frozen},
    }
