"""An incident: everything its timeline says, folded together, and what follows from that at once."""

from datetime import datetime
from typing import Literal

from models.base import Value
from models.breach import PersonalDataBreach
from models.breach_events import (
    AuthorityOrderReceived,
    BreachReported,
    BreachRuledOut,
    DutiesDetermined,
    ExceptionInvoked,
    FactsEstablished,
    RegimeDetermined,
    RiskAssessed,
    RiskDecided,
)
from models.communication_events import (
    CommunicationCompleted,
    CommunicationHalted,
    CommunicationStarted,
    LettersPosted,
    PublicNoticePublished,
    RecipientsLoaded,
)
from models.duty import Ground, Untold
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
    MissingItem,
    NotificationIssued,
    NotificationsBundled,
    NotificationSubmitted,
    NotificationWithdrawn,
    ParallelDutyLifted,
    ParallelReportSubmitted,
)
from models.publication import PublicNoticeCaptured, PublicNoticeWithdrawn, PublicStatusNoted
from models.record_events import (
    ChainAnchored,
    ChainStamped,
    HandedToRegistrar,
    IncidentArchived,
    IncidentClosed,
    ReminderAcknowledged,
    ReminderPassedOn,
    ReminderSent,
)
from models.reminder import PlannedDeadline
from models.supply import Supply
from models.untold import unposted, unreachable


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
    ruled_out: BreachRuledOut | None = None
    regime: RegimeDetermined | None = None
    facts: Facts = Facts()
    advice: RiskAssessed | None = None
    decisions: tuple[RiskDecided, ...] = ()
    reopened_by: FactsEstablished | None = None
    clock_moved_to: datetime | None = None
    clock_at_filing: datetime | None = None
    exceptions: tuple[ExceptionInvoked, ...] = ()
    order: AuthorityOrderReceived | None = None
    drafts: dict[str, LetterDrafted] = {}
    approvals: dict[str, LetterApproved] = {}
    explained: dict[str, MissingItem] = {}
    bundle: NotificationsBundled | None = None
    issued: tuple[NotificationIssued, ...] = ()
    attempts: tuple[FilingAttempted, ...] = ()
    filings: tuple[NotificationSubmitted, ...] = ()
    filed_lines: tuple[int, ...] = ()
    copies: dict[int, FilingCopyKept | FilingCopyMissing] = {}
    complete_at: datetime | None = None
    untold: tuple[FactsEstablished, ...] = ()
    supplement_reopened_at: datetime | None = None
    withdrawn: NotificationWithdrawn | None = None
    reports: dict[str, ParallelReportSubmitted] = {}
    clock_at_report: dict[str, datetime] = {}
    lifted: dict[str, ParallelDutyLifted] = {}
    diary_number: str | None = None
    delay: DelayExplained | None = None
    supply: Supply = Supply()
    asked: dict[int, AuthorityQuestionReceived] = {}
    answered: dict[int, AuthorityQuestionAnswered] = {}
    secrecy: dict[str, tuple[str, ...]] = {}
    openly_said: tuple[str, ...] = ()
    english: dict[str, str] = {}
    started: CommunicationStarted | None = None
    completed: CommunicationCompleted | None = None
    releases: tuple[CommunicationStarted, ...] = ()
    told: tuple[CommunicationCompleted, ...] = ()
    told_everyone_at: tuple[datetime, ...] = ()
    posted: dict[int, LettersPosted] = {}
    brought_back: dict[int, tuple[int, ...]] = {}
    left_out: dict[int, tuple[int, ...]] = {}
    uncertain: int = 0
    returned: int = 0
    laid_aside: RecipientsLoaded | None = None
    found: RecipientsLoaded | None = None
    halted: CommunicationHalted | None = None
    notices: tuple[PublicNoticePublished, ...] = ()
    plans: dict[str, tuple[PlannedDeadline, ...]] = {}
    statuses: tuple[PublicStatusNoted, ...] = ()
    captures: tuple[PublicNoticeCaptured, ...] = ()
    notice_withdrawn: PublicNoticeWithdrawn | None = None
    reminders: tuple[ReminderSent, ...] = ()
    answers: tuple[ReminderAcknowledged | ReminderPassedOn, ...] = ()
    duties_stated: DutiesDetermined | None = None
    closed: IncidentClosed | None = None
    archived: IncidentArchived | None = None
    anchored: tuple[ChainAnchored, ...] = ()
    stamped: tuple[ChainStamped, ...] = ()
    handed_to_registrar: tuple[HandedToRegistrar, ...] = ()
    last_word: int = 0
    last_filing: int = 0

    @property
    def told_with(self) -> tuple[str, ...]:
        """The other incidents that this one's first sheet tells of."""
        bundle = self.bundle
        leads = bundle is not None and bundle.lead == self.id
        return tuple(one for one in bundle.incidents if one != self.id) if bundle is not None and leads else ()

    @property
    def decision(self) -> RiskDecided | None:
        """The risk decision that stands; None if nobody decided or new facts have re-opened it."""
        return self.decisions[-1] if self.decisions and self.reopened_by is None else None

    @property
    def is_classified(self) -> bool:
        """Whether it falls under the Protective Security Act, so that no more of its content may be kept here."""
        return self.regime is not None and self.regime.answers.security_sensitive is True

    @property
    def is_sending(self) -> bool:
        """Whether letters are released and not all of them gone, and go on by themselves: nobody has halted them.

        What turned out to be classified goes no further.
        """
        under_way = self.started is not None and self.completed is None
        return under_way and self.halted is None and not self.is_classified

    @property
    def unposted(self) -> int:
        """How many letters, on paper or to digital mailboxes, are written and nobody has said to be posted."""
        return unposted(self.told, self.left_out.values(), self.posted.values())

    @property
    def untold_people(self) -> Untold | None:
        """Who has not been told although letters went out; None if nobody is, or as long as none have gone out."""
        if not self.told or self.closed is not None:
            return None  # a closed file stands as it was left: once, nobody registered what was posted
        out_of_reach = 0 if self.notices else unreachable(self.told, self.releases)
        left = Untold(unposted=self.unposted, returned=self.returned, unreachable=out_of_reach)
        return left if left != Untold() else None

    @property
    def without_copy(self) -> tuple[int, ...]:
        """The lines of the filings whose copy is neither kept nor explained to be missing."""
        return tuple(line for line in self.filed_lines if line not in self.copies)

    @property
    def unanswered(self) -> dict[int, AuthorityQuestionReceived]:
        """What the authority has asked and nobody has answered, by its line of the timeline."""
        return {line: asked for line, asked in self.asked.items() if line not in self.answered}

    @property
    def breach(self) -> PersonalDataBreach | None:
        """What the law looks at, from awareness on."""
        return self._breach_since(self.aware_at) if self.aware_at else None

    @property
    def suspicion(self) -> PersonalDataBreach | None:
        """The worst case, until awareness is established: a breach of which one was aware when one was told of it."""
        return self._breach_since(self.report.occurred_at) if self.report and self.aware_at is None else None

    def _breach_since(self, aware_at: datetime) -> PersonalDataBreach:
        decision = self.decision
        return PersonalDataBreach(
            owed_as=self.owed_as,
            aware_at=aware_at,
            clock_at=min(filter(None, (self.clock_at_filing, self.clock_moved_to or aware_at))),
            facts=self.facts,
            risk=decision.level if decision else None,
            risk_at=self._undecided_since(),
            risk_ground=_ground("gdpr.33.1", decision) if decision else None,
            exceptions=tuple(_ground(invoked.provision, invoked) for invoked in self.exceptions),
            order=self.order,
            filed_at=self.filings[0].occurred_at if self.filings else None,
            filed_complete=self.complete_at is not None and not self.untold,
            completed_at=self.complete_at,
            reopened_at=self.supplement_reopened_at,
            withdrawn=_withdrawal(self.withdrawn),
            communicated=() if self.untold_people and self.untold_people.waits else self.told_everyone_at,
            untold=self.untold_people,
            published=tuple(notice.occurred_at for notice in self.notices),
            controllers_informed_at=self._all_informed_at(),
            documented_at=self._documented_at(),
        )

    def _undecided_since(self) -> datetime | None:
        if self.reopened_by is not None:
            return self.reopened_by.recorded_at
        return self.decisions[-1].recorded_at if self.decisions else self.aware_at

    @property
    def concerned(self) -> tuple[str, ...]:
        """The controllers a processor must tell: those of the report, and those whose data turned out to be in it."""
        named = (*self.report.concerned, *self.supply.slices) if self.report else ()
        return tuple(dict.fromkeys(party for party in named if self.supply.needs(party)))

    def _all_informed_at(self) -> datetime | None:
        """The instant the last of the controllers concerned was first told; None while one is not."""
        told, concerned = self.supply.first_told, self.concerned
        return max(map(told.__getitem__, concerned)) if concerned and set(concerned) <= set(told) else None

    def _documented_at(self) -> datetime | None:
        """Facts, effects and remedial action are on record (Article 33(5)); the instant the file was closed."""
        facts = self.facts
        written = facts.what_happened and facts.consequences_described and facts.measures_taken
        return self.closed.occurred_at if self.closed and written else None


def _ground(provision: str, decided: RiskDecided | ExceptionInvoked) -> Ground:
    return Ground(provision=provision, because=decided.reasoning, by=decided.recorded_by)


def _withdrawal(event: NotificationWithdrawn | None) -> Ground | None:
    return Ground(provision="gdpr.33.1", because=event.reasons, by=event.recorded_by) if event else None
