"""What a sheet for the authority holds: its phase, what it lacks and promises, what changed, what may be secret. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from law.clock import end_of_day, last_minute
from law.obligations import is_late, notify_by
from law.particulars import is_stated, missing
from law.secrecy import secrecy_provisions
from law.statute_book import LawInForce
from letters.compose.sheet import Sheet
from letters.compose.supplement import Change
from letters.language import clock_time, facts_label, say
from models.breach_events import FactCorrected, FactsEstablished
from models.duty import Duty, DutyStatus, Period
from models.errors import N_, StatuteError
from models.facts import Facts
from models.filing_events import MissingItem, NotificationSubmitted, Phase
from models.incident import Incident
from models.instants import local
from models.parties import Register
from services.record import Case

NOTIFICATION = "supervisory_authority_notification"
SUPPLEMENT = "supervisory_authority_supplement"
WITHDRAWAL = "supervisory_authority_withdrawal"
SHEETS = (NOTIFICATION, SUPPLEMENT, WITHDRAWAL)
"""The letters that a person files with the authority, and that are issued when they are approved."""

PROMISED = "promised_particular"
"""What a particular promised for a day is called among the deadlines that are not law."""

_SAID_TO_PERSONS = frozenset({"told_data", "told_consequences", "told_news", "advice_to_persons"})


def sheet_of(
    letter: str, case: Case, *, register: Register, law: LawInForce, beside: tuple[Incident, ...], at: datetime
) -> Sheet:
    """Return what the sheet ``letter`` of ``case`` holds at ``at``; ``beside`` are the incidents bundled with it."""
    incident = case.incident
    first_at = incident.filings[0].occurred_at if incident.filings else at
    return Sheet(
        incident=incident,
        controller=register.controller(incident.party),
        register=register,
        phase=phase_of(letter, case, law),
        at=at,
        due_at=notify_by(incident, law) or at,
        supplement_by=end_of_day(first_at, _numbered(law.period("se.imy", "supplement_within"), "se.imy")),
        authority=law.text("se.imy", "name"),
        e_service=law.text("se.imy", "e_service"),
        lacks=() if letter == WITHDRAWAL else lacks(incident, law, at=at),
        secrecy=tuple(secrecy_said(incident)),
        beside=beside,
        late_beside=tuple(one.id for one in beside if is_late(one, law, at=at)),
    )


def lacks(incident: Incident, law: LawInForce, *, at: datetime) -> tuple[MissingItem, ...]:
    """Return what a sheet issued at ``at`` would lack, each with its reason and its day, None if it cannot be determined.

    What nobody has explained is being investigated, and follows by the day on which the authority decides on what it
    has (four weeks after the first filing).
    """
    first_at = incident.filings[0].occurred_at if incident.filings else at
    by = local(end_of_day(first_at, _numbered(law.period("se.imy", "supplement_within"), "se.imy"))).date()
    because = say(N_("It is being investigated."))
    keys = [item.key for item in missing("gdpr.33.3", incident.facts, law)]
    demanded = {item.key for item in law.particulars("gdpr.33.3")}
    beyond = [key for key in incident.explained if key not in demanded and not is_stated(key, incident.facts)]
    return tuple(
        incident.explained.get(key, MissingItem(key=key, because=because, follows_on=by)) for key in (*keys, *beyond)
    )


def promised(incident: Incident, law: LawInForce, *, at: datetime) -> tuple[MissingItem, ...]:
    """Return what a sheet issued at ``at`` promises for a day that somebody chose."""
    return tuple(
        item for item in lacks(incident, law, at=at) if item.key in incident.explained and item.follows_on is not None
    )


def holes(incident: Incident, law: LawInForce) -> tuple[str, ...]:
    """Return the particulars that a notification may not go without for good, and that nobody knows yet."""
    return tuple(item.key for item in missing("gdpr.33.3", incident.facts, law) if not item.where_possible)


def is_complete(incident: Incident, law: LawInForce, *, at: datetime) -> bool:
    """Tell whether a sheet of ``incident`` leaves nothing to follow."""
    return not any(item.follows_on for item in lacks(incident, law, at=at)) and not holes(incident, law)


def phase_of(letter: str, case: Case, law: LawInForce) -> Phase:
    """Return which part of the notification a sheet is: its content says it, nobody chooses it."""
    if letter == NOTIFICATION:
        return Phase.INITIAL
    if letter == WITHDRAWAL:
        return Phase.WITHDRAWAL
    changed = changed_since_filing(case)
    mended = bool(changed) and all(change.because for change in changed)
    whole = not any(item.follows_on for item in lacks(case.incident, law, at=case.history[-1].recorded_at))
    if mended and (not whole or case.incident.complete_at is not None):
        return Phase.CORRECTION
    return Phase.FINAL if whole else Phase.SUPPLEMENT


def changed_since_filing(case: Case) -> tuple[Change, ...]:
    """Return the facts that differ from what the authority was last told, since when they are known, or what was wrong."""
    filings = case.incident.filings
    if not filings:
        return ()
    stated = {name: event for event in _statements(case) for name in _touched(event)}
    return tuple(_change(name, stated) for name in changes(filings[-1].stated, case.incident.facts))


def changes(before: Facts, after: Facts) -> tuple[str, ...]:
    """Return the names of the facts that differ, in the order of the vocabulary, without what only letters say."""
    fields = (name for name in Facts.model_fields if name not in _SAID_TO_PERSONS)
    return tuple(name for name in fields if getattr(before, name) != getattr(after, name))


def secrecy_said(incident: Incident) -> Iterator[str]:
    """Yield the sentences for the form's last field: what may be secret, and under which provision."""
    known = secrecy_provisions()
    for field, keys in ((field, keys) for field, keys in incident.secrecy.items() if field in Facts.model_fields):
        cited = ", ".join(known[key].citation if key in known else key for key in keys)
        said = N_("{field} may be secret under {provisions} of the Public Access to Information and Secrecy Act (OSL).")
        yield say(said, field=facts_label(field), provisions=cited)
    yield from incident.facts.secrecy or ()


def promised_particulars(incident: Incident) -> Iterator[Duty]:
    """Yield the deadline of each particular that the authority was promised for a day.

    It is settled by the filing that states it, or that says why it cannot be stated. A day that somebody has moved, and
    the authority has not been told of, counts for nothing.
    """
    if incident.withdrawn is not None:
        return
    days: dict[str, date] = {}
    settled: dict[str, NotificationSubmitted] = {}
    for filing in incident.filings:
        still = {item.key: item.follows_on for item in filing.promised if item.follows_on is not None}
        settled = {key: settled.get(key, filing) for key in days if key not in still}
        days |= still
    for key, on in days.items():
        told, due_at = settled.get(key), last_minute(on)
        yield Duty(
            provision=PROMISED,
            owed_to="supervisory_authority",
            status=DutyStatus.FULFILLED if told else DutyStatus.OWED,
            about=key,
            since=incident.filings[0].occurred_at,
            due_at=due_at,
            operate_at=due_at,
            fulfilled_at=told.occurred_at if told else None,
        )


def _statements(case: Case) -> Iterator[FactsEstablished | FactCorrected]:
    return (event for event in case.history if isinstance(event, FactsEstablished | FactCorrected))


def _touched(event: FactsEstablished | FactCorrected) -> tuple[str, ...]:
    withdrawn = event.withdrawn if isinstance(event, FactCorrected) else ()
    return (*event.facts.known(), *withdrawn)


def _change(name: str, stated: Mapping[str, FactsEstablished | FactCorrected]) -> Change:
    event = stated[name]
    because = event.because if isinstance(event, FactCorrected) else None
    return Change(name=name, since=clock_time(event.occurred_at), because=because)


def _numbered(period: Period | None, provision: str) -> Period:
    if period is None:
        raise StatuteError(
            N_("{provision} has no number."),
            why=N_("The notification to the authority has a time limit in hours."),
            remedy=N_("Mend the file of the provision in law/statutes."),
            provision=provision,
        )
    return period
