"""Which decisions the law now wants from a person. Pure: the same incident, the same questions, each with its basis."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from law.particulars import missing
from law.statute_book import LawInForce, StatuteBook
from letters.case_page import reasons
from letters.language import capital, label, named, say, soon, spoken, stamp
from models.base import ActorId, IncidentId
from models.duty import Duty, DutyStatus
from models.errors import N_
from models.events import Phase, Risk
from models.incident import Incident
from models.parties import Party, Role
from services.drafts import COMMUNICATION, CORRECTION, NOT_NOTIFIED, NOTICE, NOTIFICATION, SUPPLEMENT
from services.record import duties_of, law_for
from services.roles import DECIDES, PREPARES
from services.unsettled import unsettled


class Kind(StrEnum):
    """What a person is asked to decide or to register."""

    REGIME = "regime"
    AWARENESS = "awareness"
    RISK = "risk"
    APPROVAL = "approval"
    FILING = "filing"
    COMMUNICATION = "communication"
    CLOSING = "closing"


_NAMES = {
    Kind.REGIME: N_("Choose the law"),
    Kind.AWARENESS: N_("Establish awareness"),
    Kind.RISK: N_("Decide the risk"),
    Kind.APPROVAL: N_("Approve {letter}"),
    Kind.FILING: N_("Register the notification"),
    Kind.COMMUNICATION: N_("Tell the people concerned"),
    Kind.CLOSING: N_("Close the case"),
}

_DUTY_OF = {
    NOTIFICATION: "gdpr.33.1",
    NOT_NOTIFIED: "gdpr.33.1",
    SUPPLEMENT: "gdpr.33.4",
    COMMUNICATION: "gdpr.34.1",
    CORRECTION: "gdpr.34.1",
    NOTICE: "gdpr.34.1",
}
"""The duty that each letter serves."""


class Question(NamedTuple):
    """One decision that waits: by when, whose it is, what it rests on, and the advice by the fields of its form.

    A different ``basis`` makes it another question: whoever answers must have seen what stands on file. ``letter`` is
    the text that waits for approval, ``author`` who wrote it and so may not approve it.
    """

    incident: IncidentId
    kind: Kind
    due_at: datetime | None
    roles: tuple[Role, ...]
    basis: str
    advice: dict[str, str]
    letter: str | None = None
    author: ActorId | None = None

    @property
    def place(self) -> str:
        """The question whatever it rests on; a newer one in the same place takes over."""
        return f"{self.incident}/{self.kind}/{self.letter or ''}"

    @property
    def key(self) -> str:
        """The question and its basis in one word."""
        return f"{self.place}/{self.basis}"

    @property
    def name(self) -> str:
        """The question in Swedish, as in "Bedöm risk · INC-2026-0042 · senast torsdag 27 april kl. 16.10"."""
        what = say(_NAMES[self.kind], letter=named("letter", self.letter or ""))
        if self.due_at is None:
            return f"{what} · {self.incident}"
        return say(N_("{what} · {incident} · by {when}"), what=what, incident=self.incident, when=soon(self.due_at))

    def whose(self, party: Party) -> tuple[ActorId, ...]:
        """Return who may answer, the first in line first."""
        bearers = (party.roles[role] for role in self.roles if role in party.roles)
        return tuple(dict.fromkeys(actor for actor in bearers if actor != self.author))


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
        basis = hashlib.sha256(repr((kind, due_at, rests_on)).encode()).hexdigest()[:16]
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
        yield case.ask(Kind.REGIME, due_at=_first(case.turning_on_the_risk), roles=PREPARES)


def _awareness(case: _Case) -> Iterator[Question]:
    incident = case.incident
    if incident.aware_at is None and incident.ruled_out is None and incident.report is not None:
        advice = {"aware_at": stamp(incident.report.occurred_at)}
        yield case.ask(Kind.AWARENESS, _known(incident), due_at=_first(case.duties), roles=PREPARES, advice=advice)


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
    incident = case.incident
    letter, phase = (SUPPLEMENT, Phase.SUPPLEMENT) if incident.filings else (NOTIFICATION, Phase.INITIAL)
    duty, approval, draft = case.duty(_DUTY_OF[letter]), incident.approvals.get(letter), incident.drafts.get(letter)
    if duty is None or approval is None or draft is None or approval.sha256 != draft.sha256:
        return
    if approval.sha256 in {filing.sha256 for filing in incident.filings}:
        return
    holes = [item for item in missing("gdpr.33.3", incident.facts, case.law) if not item.where_possible]
    advice = {"phase": label(phase), "complete": capital(spoken(not holes))}
    yield case.ask(Kind.FILING, approval.sha256, due_at=duty.due_at, roles=PREPARES, advice=advice)


def _communication(case: _Case) -> Iterator[Question]:
    """Nobody is told yet: write to them, or say why not. With (c) invoked, or a notice out, that is decided."""
    incident, duty = case.incident, case.duty("gdpr.34.1")
    by_notice = incident.notices or any(invoked.provision == "gdpr.34.3.c" for invoked in incident.exceptions)
    if duty is None or duty.status is DutyStatus.UNDECIDED or incident.started is not None or by_notice:
        return
    approval, order = incident.approvals.get(COMMUNICATION), incident.order
    rests_on = (_known(incident), len(incident.decisions), approval and approval.sha256, order and order.reference)
    yield case.ask(Kind.COMMUNICATION, *rests_on, due_at=duty.due_at)


def _closing(case: _Case, book: StatuteBook) -> Iterator[Question]:
    """Everything is settled but the file itself (Article 33(5)), and that has no holes."""
    if not unsettled(case.incident, book):
        settled = tuple((duty.provision, duty.status, duty.fulfilled_at) for duty in case.duties)
        yield case.ask(Kind.CLOSING, _known(case.incident), settled, due_at=None)


_ASKED: tuple[Callable[[_Case], Iterator[Question]], ...] = (
    _regime,
    _awareness,
    _risk,
    _approval,
    _filing,
    _communication,
)

_NEEDED: dict[str, Callable[[_Case], bool]] = {
    NOTIFICATION: lambda case: not case.incident.filings,
    SUPPLEMENT: lambda case: case.duty("gdpr.33.4") is not None,
    COMMUNICATION: lambda case: _unsent(COMMUNICATION, case) and case.duty("gdpr.34.1") is not None,
    CORRECTION: lambda case: _unsent(CORRECTION, case),
    NOTICE: lambda case: case.incident.drafts[NOTICE].sha256 not in {told.sha256 for told in case.incident.notices},
    NOT_NOTIFIED: lambda case: case.incident.decision is not None and case.incident.decision.level is Risk.UNLIKELY,
}
"""Whether a drafted letter still has something to do."""


def _unsent(letter: str, case: _Case) -> bool:
    return case.incident.drafts[letter].sha256 not in {released.sha256 for released in case.incident.releases}


def _first(duties: tuple[Duty, ...]) -> datetime | None:
    return min((duty.due_at for duty in duties if duty.is_open and duty.due_at), default=None)


def _known(incident: Incident) -> str:
    return incident.facts.model_dump_json(exclude_none=True)
