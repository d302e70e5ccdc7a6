"""Which decisions the law now wants from a person. Pure: the same incident, the same questions, each with its basis."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from law.clock import last_minute
from law.statute_book import LawInForce, StatuteBook
from letters.case_page import reasons
from letters.language import label, say, stamp
from models.base import in_letters
from models.breach_events import Risk
from models.duty import Duty, DutyStatus
from models.errors import N_
from models.filing_events import Way
from models.incident import Incident
from services.documents.drafts import (
    COMMUNICATION,
    CORRECTION,
    NOT_NOTIFIED,
    NOTICE,
    NOTIFICATION,
    SUPPLEMENT,
    WITHDRAWAL,
)
from services.due.question import Kind, Question
from services.due.unsettled import unsettled
from services.record import duties_of, law_for
from services.roles import DECIDES, FILES, PREPARES

_DUTY_OF = {
    NOTIFICATION: "gdpr.33.1",
    NOT_NOTIFIED: "gdpr.33.1",
    SUPPLEMENT: "gdpr.33.4",
    WITHDRAWAL: "gdpr.33.4",
    COMMUNICATION: "gdpr.34.1",
    CORRECTION: "gdpr.34.1",
    NOTICE: "gdpr.34.1",
}
"""The duty that each letter serves."""


class _Case(NamedTuple):
    incident: Incident
    duties: tuple[Duty, ...]
    law: LawInForce

    def duty(self, provision: str) -> Duty | None:
        """Return the open duty under ``provision``."""
        return next((duty for duty in self.duties if duty.is_open and duty.provision == provision), None)

    @property
    def turning_on_the_risk(self) -> tuple[Duty, ...]:
        """The open duties that wait for a decision on the risk, or that such a decision may lift."""
        open_ones = (duty for duty in self.duties if duty.is_open)
        return tuple(
            duty
            for duty in open_ones
            if duty.status is DutyStatus.UNDECIDED or "threshold" in self.law.statute(duty.provision).values
        )

    def ask(self, kind: Kind, *rests_on: object, due_at: datetime | None, **given: object) -> Question:
        """Return the question, with its due instant among what it rests on: it stands in its name."""
        basis = in_letters(hashlib.sha256(repr((kind, due_at, rests_on)).encode()).hexdigest()[:16])
        values: dict[str, object] = {"roles": DECIDES, "advice": {}, **given}
        return Question(incident=self.incident.id, kind=kind, due_at=due_at, basis=basis, **values)  # type: ignore[arg-type]


def questions(incident: Incident, *, book: StatuteBook) -> tuple[Question, ...]:
    """Return what ``incident`` asks of people now; nothing of a closed file or one whose content is kept out."""
    if incident.report is None or incident.closed is not None or incident.is_classified:
        return ()
    case = _Case(incident, duties_of(incident, book), law_for(incident, book))
    asked = [question for ask in _ASKED for question in ask(case)]
    return tuple(asked if any(one.kind is not Kind.REGIME for one in asked) else [*asked, *_closing(case, book)])


def _regime(case: _Case) -> Iterator[Question]:
    if case.incident.regime is None and case.incident.ruled_out is None:
        yield case.ask(Kind.REGIME, _known(case.incident), due_at=_first(case.turning_on_the_risk), roles=PREPARES)


def _awareness(case: _Case) -> Iterator[Question]:
    incident = case.incident
    if incident.aware_at is None and incident.ruled_out is None and incident.report is not None:
        advice = {"aware_at": stamp(incident.report.occurred_at), **_arrival(incident)}
        yield case.ask(Kind.AWARENESS, _known(incident), due_at=_first(case.duties), roles=PREPARES, advice=advice)


def _arrival(incident: Incident) -> dict[str, str]:
    """A processor's notice is evidence, and it is its first arrival that counts, not when somebody read it."""
    first = incident.supply.first_arrival
    if first is None or incident.report is None:
        return {}
    evidence = say(N_("Notice version {version} from {sender}"), version=str(first.version), sender=first.sender)
    return {"aware_at": stamp(min(first.occurred_at, incident.report.occurred_at)), "evidence": evidence}


def _risk(case: _Case) -> Iterator[Question]:
    incident, advice = case.incident, case.incident.advice
    turning = case.turning_on_the_risk
    if incident.aware_at is None or incident.owed_as != "controller" or incident.decision is not None or not turning:
        return
    told = {"level": label(advice.level), "reasoning": reasons(advice)} if advice else {}
    yield case.ask(Kind.RISK, _known(incident), len(incident.decisions), due_at=_first(turning), advice=told)


def _approval(case: _Case) -> Iterator[Question]:
    for letter, draft in case.incident.drafts.items():
        approval = case.incident.approvals.get(letter)
        unapproved = approval is None or approval.sha256 != draft.sha256
        if unapproved and _NEEDED[letter](case):
            due_at = next((duty.due_at for duty in case.duties if duty.provision == _DUTY_OF[letter]), None)
            yield case.ask(Kind.APPROVAL, draft.sha256, due_at=due_at, letter=letter, author=draft.recorded_by)


def _filing(case: _Case) -> Iterator[Question]:
    """The sheet is issued and not filed: a first one while it is owed, a supplement as soon as somebody approved it."""
    incident = case.incident
    letter = SUPPLEMENT if incident.filings else NOTIFICATION
    duty, sha256 = case.duty(_DUTY_OF[letter]), _unfiled(letter, incident)
    if sha256 is not None and (duty is not None or letter == SUPPLEMENT):
        usual = {"way": label(Way.E_SERVICE)}
        yield case.ask(Kind.FILING, sha256, due_at=duty.due_at if duty else None, roles=PREPARES, advice=usual)


def _withdrawal(case: _Case) -> Iterator[Question]:
    sha256 = _unfiled(WITHDRAWAL, case.incident)
    if sha256 is not None and _may_be_withdrawn(case):
        yield case.ask(Kind.WITHDRAWAL, sha256, due_at=None, roles=PREPARES)


def _copy(case: _Case) -> Iterator[Question]:
    for line in case.incident.without_copy:
        yield case.ask(Kind.COPY, line, due_at=None, roles=FILES, line=line)


def _authority(case: _Case) -> Iterator[Question]:
    for line, asked in case.incident.unanswered.items():
        yield case.ask(Kind.AUTHORITY, line, due_at=last_minute(asked.answer_by), roles=PREPARES, line=line)


def _unfiled(letter: str, incident: Incident) -> str | None:
    """Return the digest of the sheet that is approved as it stands, issued, and not filed."""
    approval, draft = incident.approvals.get(letter), incident.drafts.get(letter)
    if approval is None or draft is None or approval.sha256 != draft.sha256:
        return None
    issued = any(made.letter == letter and made.sha256 == approval.sha256 for made in incident.issued)
    filed = approval.sha256 in {filing.sha256 for filing in incident.filings}
    return approval.sha256 if issued and not filed else None


def _may_be_withdrawn(case: _Case) -> bool:
    incident = case.incident
    unlikely = incident.decision is not None and incident.decision.level is Risk.UNLIKELY
    return bool(incident.filings) and incident.withdrawn is None and unlikely


def _communication(case: _Case) -> Iterator[Question]:
    """Nobody is told yet: write to them, or say why not. With (c) invoked, or a notice out, that is decided.

    Those who were found later wait for a decision of their own, and so does a letter that the authority orders after the last.
    """
    incident, duty = case.incident, case.duty("gdpr.34.1")
    if incident.found is not None:
        yield case.ask(Kind.COMMUNICATION, len(incident.releases), incident.found.recipients, due_at=None)
        return
    if duty is None or duty.status is DutyStatus.UNDECIDED or _by_notice(incident, duty):
        return
    if incident.started is not None and not _ordered_since(incident, duty):
        return
    approval, order = incident.approvals.get(COMMUNICATION), incident.order
    rests_on = (_known(incident), len(incident.decisions), approval and approval.sha256, order and order.reference)
    yield case.ask(Kind.COMMUNICATION, *rests_on, due_at=duty.due_at)


def _by_notice(incident: Incident, duty: Duty) -> bool:
    """Tell whether the public is told, or is to be: under an order of the authority, since it came."""
    decided = (invoked for invoked in incident.exceptions if invoked.provision == "gdpr.34.3.c")
    ordered = duty.status is DutyStatus.ORDERED
    return any(not ordered or event.occurred_at >= duty.since for event in (*incident.notices, *decided))


def _ordered_since(incident: Incident, duty: Duty) -> bool:
    """Tell whether the authority orders what no letter on its way can fulfil: they had all left before."""
    left = incident.untold_people
    all_left = incident.completed is not None and not (left and left.waits)
    return duty.status is DutyStatus.ORDERED and all_left


def _uncertain(case: _Case) -> Iterator[Question]:
    """Nobody knows whether some messages arrived, and nothing goes on by itself for those they were for."""
    if case.incident.uncertain:
        yield case.ask(Kind.UNCERTAIN, case.incident.uncertain, due_at=None)


def _closing(case: _Case, book: StatuteBook) -> Iterator[Question]:
    """Everything is settled but the file itself (Article 33(5)), that has no holes, and no letter waits to be posted."""
    incident = case.incident
    waiting = incident.without_copy or incident.unanswered or incident.found or incident.unposted
    if not unsettled(case.incident, book) and not waiting:
        settled = tuple((duty.provision, duty.status, duty.fulfilled_at) for duty in case.duties)
        yield case.ask(Kind.CLOSING, _known(case.incident), settled, due_at=None)


_ASKED: tuple[Callable[[_Case], Iterator[Question]], ...] = (
    _regime,
    _awareness,
    _risk,
    _approval,
    _filing,
    _withdrawal,
    _copy,
    _authority,
    _communication,
    _uncertain,
)

_NEEDED: dict[str, Callable[[_Case], bool]] = {
    NOTIFICATION: lambda case: not case.incident.filings,
    SUPPLEMENT: lambda case: _is_new(SUPPLEMENT, case),
    WITHDRAWAL: _may_be_withdrawn,
    COMMUNICATION: lambda case: _unsent(COMMUNICATION, case) and case.duty("gdpr.34.1") is not None,
    CORRECTION: lambda case: _unsent(CORRECTION, case),
    NOTICE: lambda case: case.incident.drafts[NOTICE].sha256 not in {told.sha256 for told in case.incident.notices},
    NOT_NOTIFIED: lambda case: case.incident.decision is not None and case.incident.decision.level is Risk.UNLIKELY,
}
"""Whether a drafted letter still has something to do."""


def _unsent(letter: str, case: _Case) -> bool:
    return case.incident.drafts[letter].sha256 not in {released.sha256 for released in case.incident.releases}


def _is_new(letter: str, case: _Case) -> bool:
    filed = {filing.sha256 for filing in case.incident.filings}
    return bool(filed) and case.incident.drafts[letter].sha256 not in filed


def _first(duties: tuple[Duty, ...]) -> datetime | None:
    return min((duty.due_at for duty in duties if duty.is_open and duty.due_at), default=None)


def _known(incident: Incident) -> str:
    return incident.facts.model_dump_json(exclude_none=True)
