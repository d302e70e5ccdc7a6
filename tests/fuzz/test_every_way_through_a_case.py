"""Whatever people do, in whatever order, some things never happen: rules drawn by Hypothesis over the real services."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Part
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from law.assessment import level
from models.breach_events import FactsEstablished, Risk
from models.duty import Duty, DutyStatus
from models.errors import TimglasError
from models.facts import Facts, Trigger
from models.filing_events import MissingItem, NotificationSubmitted
from models.incident import Incident
from models.instants import local, parse_local
from models.recipient import Recipient
from models.regime import Answers
from models.replay import evolve, replay
from services.case.close_incident import close_incident
from services.case.correct_awareness import correct_awareness
from services.case.correct_facts import correct_facts
from services.case.decide_risk import decide_risk
from services.case.determine_regime import determine_regime
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.case.invoke_exception import invoke_exception
from services.case.report_breach import report_breach
from services.case.rule_out_breach import rule_out_breach
from services.case.settle_parallel_duty import lift_parallel_duty, submit_parallel_report
from services.documents.approve_letter import approve_letter
from services.documents.draft_letter import draft_letter
from services.documents.drafts import COMMUNICATION, NOTICE, NOTIFICATION, SUPPLEMENT, WITHDRAWAL
from services.filing.authority_question import answer_question, receive_question
from services.filing.explain_delay import explain_delay
from services.filing.explain_missing import explain_missing
from services.filing.keep_copy import keep_copy
from services.filing.receive_order import receive_order
from services.filing.submit_notification import submit_notification
from services.filing.withdraw_notification import withdraw_notification
from services.people.communicate import communicate
from services.people.load_recipients import load_recipients
from services.people.start_communication import start_communication
from services.public.publish_notice import publish_notice
from services.record import duties_of
from services.sweep.sweep import advance
from tests.fakes import Listed
from tests.small_world import BOARD, BOOK, DELEGATE, OFFICER, Desk, small_world

START = parse_local("2026-02-10 10.00")
SAID = "Som det står i underlaget."
MAYBE = st.sampled_from([None, True, False])
HOURS = st.sampled_from([0, 1, 12, 30, 75, 800])
FACTS = st.builds(
    Facts,
    what_happened=st.sampled_from([None, "Ett mejl kom fel."]),
    breach_types=st.sampled_from([None, ("confidentiality",), ("availability",)]),
    consequences_described=st.sampled_from([None, "Någon kan läsa det."]),
    measures_taken=st.sampled_from([None, ("Mejlet är raderat.",)]),
    encrypted=MAYBE,
    key_safe=MAYBE,
    availability_loss=st.sampled_from([None, "none", "permanent"]),
    exfiltration=st.sampled_from([None, "unknown", "confirmed", "none_confirmed"]),
    own_data_published=MAYBE,
)
WHOLE = Facts.model_validate(
    {
        "what_happened": "Ett mejl kom fel.",
        "breach_types": ["confidentiality"],
        "data_subject_categories": ["patients"],
        "data_categories": ["health"],
        "n_subjects": 1,
        "n_records": 1,
        "data_described": "Uppgifter om hälsa.",
        "told_data": "Uppgifter om din hälsa.",
        "consequences_described": "Någon kan läsa det.",
        "told_consequences": "Någon kan läsa det.",
        "advice_to_persons": ["Var vaksam."],
        "measures_taken": ["Mejlet är raderat."],
    }
)
ANSWERS = st.builds(Answers, **dict.fromkeys(set(Answers.model_fields) - {"journalistic"}, MAYBE))
NO_CLASSIFIED = ANSWERS.map(lambda answers: answers.model_copy(update={"security_sensitive": False}))
PARALLEL = sorted(statute.id for statute in BOOK.statutes.values() if statute.regime and statute.values)
OPEN = (DutyStatus.OWED, DutyStatus.UNDECIDED, DutyStatus.ORDERED)


class EveryWayThroughACase(RuleBasedStateMachine):
    """People of one board at work on one case; a refusal is an answer, any other exception is a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.late_when_filed: timedelta | None = None
        self.seen: tuple[int, Incident, dict[str, Duty]] = (0, Incident(), {})

    @initialize(
        far=st.sampled_from(["told", "aware", "known", "decided", "notified", "notified"]), level=st.sampled_from(Risk)
    )
    def report(self, far: str, level: Risk) -> None:
        """Begin somewhere on the usual way, so that the rules below start from every part of a case."""
        world = small_world()
        case = report_breach(
            BOARD, family="f", summary=SAID, source=SAID, reported_at=START, by=OFFICER, now=START, world=world
        )
        self.desk = Desk(world, case, START)
        usual = {
            "aware": lambda: self.aware(back=0, gap=0, reason=None),
            "known": lambda: self.learn(facts=WHOLE, trigger=None),
            "decided": lambda: self.decide(level=level),
            "notified": lambda: self.notify(complete=True, reasons=None),
        }
        for stage, take in usual.items():
            if far in list(usual)[list(usual).index(stage) :]:
                take()

    def step(self, service: Any, by: str = DELEGATE, **given: Any) -> None:
        with suppress(TimglasError):
            self.desk.do(service, by=by, **given)

    def now_stands(self) -> tuple[Incident, dict[str, Duty]]:
        """Read the case again only if something was written since."""
        length = len(self.desk.world.timeline.read(self.desk.case))
        if length != self.seen[0]:
            self.seen = (length, self.desk.incident, self.desk.duties)
        return self.seen[1:]

    def duties(self) -> dict[str, Duty]:
        return self.now_stands()[1]

    def incident(self) -> Incident:
        return self.now_stands()[0]

    @rule(hours=HOURS)
    def wait(self, hours: int) -> None:
        self.desk.now += timedelta(hours=hours)

    @rule(back=HOURS, gap=HOURS, reason=st.sampled_from([None, SAID]))
    def aware(self, back: int, gap: int, reason: str | None) -> None:
        moment = self.desk.now - timedelta(hours=back)
        noticed = moment - timedelta(hours=gap)
        self.step(
            establish_awareness, aware_at=moment, evidence=SAID, reasoning=SAID, detected_at=noticed, gap_reason=reason
        )

    @rule(back=HOURS)
    def correct_the_clock(self, back: int) -> None:
        self.step(correct_awareness, aware_at=self.desk.now - timedelta(hours=back), because=SAID, evidence=SAID)

    @rule(answers=ANSWERS | NO_CLASSIFIED | NO_CLASSIFIED)
    def answer(self, answers: Answers) -> None:
        self.step(determine_regime, answers=answers, reasoning=SAID, classified_at=self.desk.now)

    @rule(facts=FACTS | st.just(WHOLE), trigger=st.none() | st.sampled_from(Trigger))
    def learn(self, facts: Facts, trigger: Trigger | None) -> None:
        self.step(establish_facts, facts=facts, source=SAID, known_at=self.desk.now, trigger=trigger)

    @rule(facts=FACTS, withdrawn=st.lists(st.sampled_from(["encrypted", "measures_taken"]), max_size=1))
    def correct_a_fact(self, facts: Facts, withdrawn: list[str]) -> None:
        words = self.desk.words
        line = words.index("facts_established") + 1 if "facts_established" in words else 1
        self.step(correct_facts, supersedes=line, because=SAID, facts=facts, withdrawn=tuple(withdrawn))

    @rule(level=st.sampled_from(Risk))
    def decide(self, level: Risk) -> None:
        self.step(decide_risk, level=level, reasoning=SAID)

    @rule(point=st.sampled_from("abc"), evidence=st.sampled_from([None, SAID]))
    def rely_on(self, point: str, evidence: str | None) -> None:
        self.step(invoke_exception, provision=f"gdpr.34.3.{point}", reasoning=SAID, evidence=evidence)

    @rule(days=st.integers(0, 20), point=st.none() | st.sampled_from("abc"))
    def be_ordered(self, days: int, point: str | None) -> None:
        by = None if point else (local(self.desk.now) + timedelta(days=days)).date()
        met = f"gdpr.34.3.{point}" if point else None
        self.step(receive_order, reference=SAID, received_at=self.desk.now, communicate_by=by, condition_met=met)

    def drafted(self, letter: str) -> None:
        self.step(draft_letter, by=OFFICER, letter=letter, issue_at=self.desk.now)
        draft = self.desk.incident.drafts.get(letter)
        self.step(approve_letter, letter=letter, sha256=draft.sha256 if draft else "0" * 64)

    @rule(complete=st.booleans(), reasons=st.sampled_from([SAID, "Semester.", None]))
    def notify(self, complete: bool, reasons: str | None) -> None:  # noqa: FBT001
        if complete:
            items = tuple(MissingItem(key=key, because=SAID) for key in ("data_subjects", "records"))
            self.step(explain_missing, items=items)
        if reasons is not None:
            self.step(explain_delay, reasons=reasons)
        self.drafted(SUPPLEMENT if self.desk.incident.filings else NOTIFICATION)
        self.step(submit_notification, by=OFFICER, filed_at=self.desk.now, delay_reasons=reasons)

    @rule()
    def keep_the_copy(self) -> None:
        self.step(keep_copy, because=SAID)

    @rule()
    def withdraw(self) -> None:
        self.drafted(WITHDRAWAL)
        self.step(withdraw_notification, withdrawn_at=self.desk.now)

    @rule(provision=st.sampled_from(PARALLEL), lift=st.booleans())
    def settle_beside(self, provision: str, lift: bool) -> None:  # noqa: FBT001
        if lift:
            self.step(lift_parallel_duty, provision=provision, reasoning=SAID)
        else:
            self.step(submit_parallel_report, provision=provision, filed_at=self.desk.now, receipt=SAID)

    @rule()
    def settle_everything_beside(self) -> None:
        for provision, duty in self.duties().items():
            if duty.is_open and not provision.startswith("gdpr."):
                self.settle_beside(provision, lift=True)
                self.settle_beside(provision, lift=False)

    @rule(days=st.integers(0, 20), answer=st.booleans())
    def be_asked(self, days: int, answer: bool) -> None:  # noqa: FBT001
        by = (local(self.desk.now) + timedelta(days=days)).date()
        said = {"reference": SAID, "question": SAID, "answer_by": by}
        self.step(receive_question, received_at=self.desk.now, **said)
        if answer:
            self.step(answer_question, answer=SAID, answered_at=self.desk.now)

    @rule()
    def rule_out(self) -> None:
        self.step(rule_out_breach, reasoning=SAID)

    @rule()
    def publish(self) -> None:
        self.drafted(NOTICE)
        self.step(publish_notice, channels=("webbplatsen",), published_at=self.desk.now)

    @rule()
    def write_to_people(self) -> None:
        person = Recipient.model_validate(RECIPIENT)
        with suppress(TimglasError):
            self.desk.do(load_recipients, listed=Listed((person,)))
        self.drafted(COMMUNICATION)
        self.step(start_communication)
        with suppress(TimglasError):
            asyncio.run(communicate(self.desk.case, now=self.desk.now, world=self.desk.world))

    @rule()
    def sweep(self) -> None:
        asyncio.run(advance(self.desk.case, now=self.desk.now, world=self.desk.world))

    @rule()
    def close(self) -> None:
        self.step(close_incident, reasoning=SAID, lessons=SAID)

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def somebody_must_be_told_unless_a_person_decided_otherwise(self) -> None:
        incident, duties = self.now_stands()
        notify = duties.get("gdpr.33.1")
        if incident.is_classified:
            assert incident.regime is not None
            assert incident.regime.recorded_by != "timglas"
            assert not [d for d in duties.values() if d.status in (DutyStatus.OWED, DutyStatus.UNDECIDED)]
            return
        assert notify is not None
        assert notify.due_at is not None
        if notify.status is DutyStatus.NOT_REQUIRED:
            assert notify.ground is not None
            by_risk = incident.decision is not None and incident.decision.level is Risk.UNLIKELY
            ruled_out = incident.aware_at is None and incident.ruled_out is not None
            instead = duties.get("se.brottsdatalagen.3.9")
            assert by_risk or ruled_out or instead is not None
        elif incident.aware_at is None:
            assert notify.status is DutyStatus.UNDECIDED
        else:
            assert notify.status in (DutyStatus.OWED, DutyStatus.FULFILLED)

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def nothing_stays_closed_with_something_open_in_it(self) -> None:
        if self.incident().closed is not None:
            assert not [duty.provision for duty in self.duties().values() if duty.status in OPEN]

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def nothing_is_lifted_without_a_ground_and_only_what_has_no_number_has_no_limit(self) -> None:
        for duty in self.duties().values():
            if duty.status in (DutyStatus.NOT_REQUIRED, DutyStatus.EXCUSED):
                assert duty.ground is not None
            if duty.status is DutyStatus.FULFILLED:
                assert duty.fulfilled_at is not None

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def nothing_counts_as_filed_that_was_not_issued(self) -> None:
        incident = self.incident()
        assert {filing.sha256 for filing in incident.filings} <= {issued.sha256 for issued in incident.issued}

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def an_order_stands_until_it_is_obeyed_or_the_authority_decides_otherwise(self) -> None:
        incident = self.incident()
        if incident.order is not None and incident.order.communicate_by is not None:
            assert self.duties()["gdpr.34.1"].status in (DutyStatus.ORDERED, DutyStatus.FULFILLED)

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def what_was_late_stays_late(self) -> None:
        duty = self.duties().get("gdpr.33.1")
        if duty is not None and duty.status is DutyStatus.FULFILLED:
            late = duty.late_by or timedelta()
            self.late_when_filed = late if self.late_when_filed is None else self.late_when_filed
            assert late >= self.late_when_filed

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        history = self.desk.world.timeline.read(self.desk.case)
        incident = replay(())
        for length, event in enumerate(history, start=1):
            incident = evolve(incident, event)
            assert incident == replay(history[:length])
            assert duties_of(incident, BOOK) == duties_of(replay(history[:length]), BOOK)
            assert not isinstance(event, NotificationSubmitted) or incident.filings


RECIPIENT = {"id": "r-1", "name": "Anna Påhittad", "email": "anna@example.org", "protection": "none"}


TestEveryWayThroughACase = EveryWayThroughACase.TestCase
TestEveryWayThroughACase.settings = settings(
    max_examples=120,
    stateful_step_count=25,
    phases=(Part.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def stated(facts: dict[str, Any], at: datetime = START) -> FactsEstablished:
    return FactsEstablished(
        facts=Facts.model_validate(facts), source=SAID, occurred_at=at, recorded_at=at, recorded_by=OFFICER
    )


@settings(max_examples=100)
@given(facts=FACTS, cuts=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_the_same_facts_in_another_order_give_the_same_end_and_the_same_advice(
    facts: Facts, cuts: tuple[int, int]
) -> None:
    known = list(facts.known().items())
    low, high = sorted(cuts)
    parts = [dict(known[:low]), dict(known[low:high]), dict(known[high:])]
    ends = [replay(stated(part) for part in order).facts for order in permutations(parts)]
    assert all(end == ends[0] == facts for end in ends)
    assert {level(end) for end in ends} == {level(facts)}
