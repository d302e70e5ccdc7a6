import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import MissingParticular, NotEntitled, StepOutOfOrder, UnknownReference
from models.facts import Facts, Trigger
from models.filing_events import MissingItem
from models.regime import LEADS_TO, Answers, Regime
from services.case.close_incident import close_incident
from services.case.correct_awareness import correct_awareness
from services.case.correct_facts import correct_facts
from services.case.decide_risk import decide_risk
from services.case.determine_regime import determine_regime
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.case.invoke_exception import invoke_exception
from services.case.rule_out_breach import rule_out_breach
from services.case.settle_parallel_duty import lift_parallel_duty, submit_parallel_report
from services.documents.approve_letter import approve_letter
from services.documents.draft_letter import draft_letter
from services.documents.drafts import NOTIFICATION, SUPPLEMENT, WITHDRAWAL
from services.due.board import board
from services.evidence.archive_incident import archive_incident
from services.filing.explain_delay import explain_delay
from services.filing.explain_missing import explain_missing
from services.filing.keep_copy import keep_copy
from services.filing.receive_order import receive_order
from services.filing.submit_notification import submit_notification
from services.filing.withdraw_notification import withdraw_notification
from services.people.load_recipients import load_recipients
from services.people.start_communication import start_communication
from services.public.publish_notice import publish_notice
from services.sweep.sweep import advance
from tests.fakes import Listed
from tests.small_world import BOOK, DELEGATE, OFFICER, REGISTER, Desk, at

OPERATOR = Answers(security_sensitive=False, operator_under_cybersecurity_act=True, significant_incident=True)
WARNING, REPORT, FINAL, TOLD = (f"se.cybersakerhetslagen.2.{number}" for number in (5, 6, 8, 9))
WHOLE = Facts.model_validate(
    {
        "breach_types": ["confidentiality"],
        "what_happened": "Ett mejl kom fel.",
        "data_subject_categories": ["patients"],
        "data_categories": ["health"],
        "n_subjects": 1,
        "n_records": 1,
        "consequences_described": "Någon kan läsa det.",
        "measures_taken": ["Mejlet är raderat."],
    }
)


@pytest.fixture
def aware(desk: Desk) -> Desk:
    desk.do(establish_awareness, aware_at=desk.now, evidence="Mejl", reasoning="Säkert.")
    return desk


def answered(desk: Desk, answers: Answers, **given: Any) -> Desk:
    desk.do(determine_regime, answers=answers, reasoning="Syftet avgör.", **given)
    return desk


def reported(desk: Desk, provision: str, when: str) -> None:
    desk.do(submit_parallel_report, when=when, provision=provision, filed_at=at(when), receipt="Kvitto 1")


def test_the_answers_are_recorded_with_the_laws_that_follow(aware: Desk) -> None:
    event = answered(aware, OPERATOR).incident.regime
    assert event is not None
    assert event.answers == OPERATOR
    assert event.regimes == (Regime.GDPR, Regime.CYBERSECURITY)


@pytest.mark.parametrize("regime", Regime)
def test_whoever_names_a_law_is_understood(aware: Desk, regime: Regime) -> None:
    aware.do(determine_regime, regime=regime, reasoning="Syftet avgör.")
    event = aware.incident.regime
    assert event is not None
    assert regime in event.regimes
    assert event.answers == LEADS_TO[regime]


def test_without_an_answer_nothing_is_recorded(aware: Desk) -> None:
    with pytest.raises(MissingParticular, match="Nothing is answered"):
        aware.do(determine_regime, reasoning="Syftet avgör.")


def test_a_municipality_hit_by_ransomware_owes_two_authorities_on_two_clocks_with_different_secrecy(
    aware: Desk,
) -> None:
    duties = answered(aware, OPERATOR).duties
    assert (duties["gdpr.33.1"].due_at, duties["gdpr.33.1"].secrecy) == (at("2026-02-13 10.00"), None)
    assert duties[WARNING].due_at == at("2026-02-11 10.00")
    assert "18 kap. 8 b §" in str(duties[WARNING].secrecy)
    rows = {row.duty.provision: row for row in board([aware.incident], book=BOOK, register=REGISTER, now=aware.now)}
    assert rows["gdpr.33.1"].secrecy == ""
    assert "18 kap. 8 b §" in rows[WARNING].secrecy


def test_a_filed_report_is_fulfilled_and_starts_the_clock_of_the_next(aware: Desk) -> None:
    answered(aware, OPERATOR)
    assert FINAL not in aware.duties
    reported(aware, REPORT, "2026-02-12 15.00")
    assert aware.duties[REPORT].status is DutyStatus.FULFILLED
    assert aware.duties[FINAL].due_at == at("2026-03-12 23.59")


def test_the_same_report_is_not_registered_twice_with_another_time(aware: Desk) -> None:
    answered(aware, OPERATOR)
    reported(aware, WARNING, "2026-02-11 12.00")
    before = aware.words
    reported(aware, WARNING, "2026-02-11 12.00")
    assert aware.words == before
    with pytest.raises(StepOutOfOrder, match="registered already"):
        reported(aware, WARNING, "2026-02-11 09.00")
    assert str(aware.duties[WARNING].late_by) == "2:00:00"


@pytest.mark.parametrize("provision", ["gdpr.33.1", FINAL, "eu.dora.19.4.a", "se.imy"])
def test_what_is_not_owed_under_another_law_cannot_be_reported(aware: Desk, provision: str) -> None:
    answered(aware, OPERATOR)
    with pytest.raises(UnknownReference, match="Nothing is owed under"):
        reported(aware, provision, "2026-02-11 09.00")


def test_a_condition_a_delegate_found_not_met_lifts_its_duty_with_the_reasons(aware: Desk) -> None:
    answered(aware, OPERATOR)
    with pytest.raises(NotEntitled):
        aware.do(lift_parallel_duty, provision=TOLD, reasoning="Tjänsten påverkas inte.")
    aware.decide(lift_parallel_duty, provision=TOLD, reasoning="Tjänsten påverkas inte.")
    duty = aware.duties[TOLD]
    assert duty.status is DutyStatus.NOT_REQUIRED
    assert duty.ground is not None
    assert (duty.ground.because, duty.ground.by) == ("Tjänsten påverkas inte.", DELEGATE)


def test_a_duty_without_a_condition_is_lifted_by_nobody(aware: Desk) -> None:
    answered(aware, OPERATOR)
    with pytest.raises(StepOutOfOrder, match="sets no condition"):
        aware.decide(lift_parallel_duty, provision=WARNING, reasoning="Onödigt.")


def test_nothing_closes_while_another_authority_waits(aware: Desk) -> None:
    answered(aware, OPERATOR)
    aware.do(establish_facts, facts=WHOLE, source="Registrator", known_at=aware.now)
    aware.decide(decide_risk, level=Risk.UNLIKELY, reasoning="Kollegan har tystnadsplikt.")
    with pytest.raises(StepOutOfOrder, match=WARNING):
        aware.decide(close_incident, reasoning="Klart.", lessons="Inga.")
    reported(aware, WARNING, "2026-02-11 09.00")
    reported(aware, REPORT, "2026-02-11 09.30")
    reported(aware, FINAL, "2026-02-20 09.00")
    aware.decide(lift_parallel_duty, provision=TOLD, reasoning="Tjänsten påverkas inte.")
    aware.decide(close_incident, reasoning="Klart.", lessons="Inga.")
    assert aware.incident.closed is not None


def test_law_enforcement_leaves_no_gap(aware: Desk) -> None:
    duties = answered(aware, Answers(security_sensitive=False, law_enforcement_purpose=True)).duties
    assert duties["gdpr.33.1"].status is DutyStatus.NOT_REQUIRED
    assert (duties["se.brottsdatalagen.3.9"].status, duties["se.brottsdatalagen.3.9"].due_at) == (
        DutyStatus.OWED,
        at("2026-02-13 10.00"),
    )
    assert duties["se.brottsdatalagen.3.10"].status is DutyStatus.UNDECIDED
    reported(aware, "se.brottsdatalagen.3.9", "2026-02-12 09.00")
    assert aware.duties["se.brottsdatalagen.3.9"].status is DutyStatus.FULFILLED


def test_the_moment_of_classification_starts_the_banks_four_hours(aware: Desk) -> None:
    bank = Answers(security_sensitive=False, financial_entity_under_dora=True)
    answered(aware, bank, when="2026-02-10 12.00", classified_at=at("2026-02-10 11.30"))
    assert aware.duties["eu.dora.19.4.a"].due_at == at("2026-02-10 15.30")


TEXT = "Innehåll"
REFUSED: dict[str, Any] = {
    "facts": lambda d: d.do(establish_facts, facts=Facts(malicious=True), source=TEXT, known_at=d.now),
    "correction": lambda d: d.do(correct_facts, supersedes=3, because=TEXT, facts=Facts()),
    "awareness": lambda d: d.do(correct_awareness, aware_at=d.now, because=TEXT, evidence=TEXT),
    "decision": lambda d: d.decide(decide_risk, level=Risk.HIGH, reasoning=TEXT),
    "exception": lambda d: d.decide(invoke_exception, provision="gdpr.34.3.c", reasoning=TEXT),
    "draft": lambda d: d.do(draft_letter, letter=NOTIFICATION, issue_at=d.now),
    "approval": lambda d: d.decide(approve_letter, letter=NOTIFICATION, sha256="0" * 64),
    "filing": lambda d: d.do(submit_notification, filed_at=d.now),
    "withdrawal": lambda d: d.do(withdraw_notification, withdrawn_at=d.now),
    "notice": lambda d: d.do(publish_notice, channels=(TEXT,), published_at=d.now),
    "release": lambda d: d.decide(start_communication),
    "report": lambda d: d.do(submit_parallel_report, provision=WARNING, filed_at=d.now, receipt=TEXT),
    "condition": lambda d: d.decide(lift_parallel_duty, provision=TOLD, reasoning=TEXT),
    "people": lambda d: load_recipients(d.case, listed=Listed(()), by="sara.exempel", now=d.now, world=d.world),
}


@pytest.mark.parametrize("step", REFUSED)
def test_what_is_classified_takes_in_no_more_content_and_says_whom_to_turn_to(aware: Desk, step: str) -> None:
    aware.do(establish_facts, facts=WHOLE, source="Registrator", known_at=aware.now)
    answered(aware, Answers(security_sensitive=True))
    before = aware.words
    kept = dict(aware.world.archive.kept)  # type: ignore[attr-defined]
    with pytest.raises(StepOutOfOrder, match="Turn to the head of security protection"):
        REFUSED[step](aware)
    assert aware.words == before
    assert aware.world.archive.kept == kept  # type: ignore[attr-defined]


def test_before_awareness_a_suspicion_that_is_classified_takes_in_nothing_either(desk: Desk) -> None:
    answered(desk, Answers(security_sensitive=True))
    for step, given in ((establish_awareness, {"aware_at": desk.now, "evidence": TEXT}), (rule_out_breach, {})):
        with pytest.raises(StepOutOfOrder, match="Security Protection Act"):
            desk.decide(step, reasoning=TEXT, **given)
    assert desk.duties == {}


def test_what_is_classified_owes_nothing_here_is_reminded_of_nothing_and_can_be_closed(aware: Desk) -> None:
    aware.do(establish_facts, facts=WHOLE, source="Registrator", known_at=aware.now, trigger=Trigger.WIDER_WINDOW)
    answered(aware, Answers(security_sensitive=True))
    assert aware.duties == {}
    incident = asyncio.run(advance(aware.case, now=at("2026-03-10 10.00"), world=aware.world))
    assert incident.reminders == ()
    aware.decide(close_incident, reasoning="Lämnat till säkerhetsskyddschefen.", lessons="Inga.")
    aware.do(archive_incident)
    assert aware.incident.archived is not None


def test_if_it_was_not_classified_after_all_every_duty_is_back_on_its_old_clock(aware: Desk) -> None:
    answered(aware, Answers(security_sensitive=True))
    answered(aware, Answers(security_sensitive=False), when="2026-02-12 10.00")
    assert aware.duties["gdpr.33.1"].due_at == at("2026-02-13 10.00")
    aware.do(establish_facts, facts=WHOLE, source="Registrator", known_at=aware.now)


def test_an_order_of_the_authority_is_received_whatever_is_classified(aware: Desk) -> None:
    answered(aware, Answers(security_sensitive=True))
    aware.do(receive_order, reference="IMY-2026-7801", received_at=aware.now, communicate_by=date(2026, 2, 20))
    assert {duty.status for duty in aware.duties.values()} == {DutyStatus.ORDERED}


def filed(desk: Desk, when: str = "2026-02-11 10.00", *, complete: bool = False) -> Desk:
    """File a sheet; an incomplete one has the rest of the investigation to follow."""
    follows_on = None if complete else date(2026, 3, 1)
    items = (MissingItem(key="investigation", because="Loggarna gås igenom.", follows_on=follows_on),)
    desk.do(explain_missing, when=when, items=items)
    if desk.duties["gdpr.33.1"].is_overdue(desk.now):
        desk.do(explain_delay, reasons="Vi hade semester.")
    issue(desk, SUPPLEMENT if desk.incident.filings else NOTIFICATION)
    desk.do(submit_notification, filed_at=at(when))
    return desk


def issue(desk: Desk, name: str) -> None:
    desk.do(draft_letter, letter=name, issue_at=desk.now)
    desk.decide(approve_letter, letter=name, sha256=desk.incident.drafts[name].sha256)


def copied(desk: Desk) -> Desk:
    while desk.incident.without_copy:
        desk.now += timedelta(minutes=1)  # the same act at the same instant is the same act run again
        desk.do(keep_copy, because="Kopian blev aldrig sparad.")
    return desk


@pytest.fixture
def notified(aware: Desk) -> Desk:
    aware.do(establish_facts, facts=WHOLE, source="Registrator", known_at=aware.now)
    return filed(aware)


def test_a_notification_is_withdrawn_once_no_risk_is_likely_and_not_twice(notified: Desk) -> None:
    with pytest.raises(StepOutOfOrder, match="cannot be withdrawn"):
        notified.do(withdraw_notification, withdrawn_at=notified.now)
    notified.decide(decide_risk, level=Risk.UNLIKELY, reasoning="Mejlet var krypterat.")
    issue(notified, WITHDRAWAL)
    notified.do(withdraw_notification, withdrawn_at=notified.now)
    assert notified.duties["gdpr.33.1"].status is DutyStatus.FULFILLED
    assert notified.duties["gdpr.33.4"].status is DutyStatus.NOT_REQUIRED
    notified.do(withdraw_notification, withdrawn_at=notified.now)
    with pytest.raises(StepOutOfOrder, match="no notification to withdraw"):
        notified.do(withdraw_notification, when="2026-02-12 10.00", withdrawn_at=notified.now)
    copied(notified).decide(close_incident, reasoning="Klart.", lessons="Inga.")


def test_what_was_never_filed_cannot_be_withdrawn(aware: Desk) -> None:
    with pytest.raises(StepOutOfOrder, match="no notification to withdraw"):
        aware.do(withdraw_notification, withdrawn_at=aware.now)


def test_new_facts_after_a_complete_notification_must_be_told_before_the_file_is_closed(notified: Desk) -> None:
    notified.decide(decide_risk, level=Risk.RISK, reasoning="Hälsouppgifter.")
    notified.do(establish_facts, facts=Facts(malicious=False), source="it", known_at=notified.now)
    filed(notified, "2026-02-12 10.00", complete=True)
    assert notified.duties["gdpr.33.4"].status is DutyStatus.FULFILLED
    notified.do(
        establish_facts,
        when="2026-02-13 10.00",
        facts=Facts(own_data_published=True),
        source="it",
        known_at=at("2026-02-13 10.00"),
        trigger=Trigger.OWN_DATA_FOUND,
    )
    notified.decide(decide_risk, level=Risk.RISK, reasoning="Samma bedömning.")
    with pytest.raises(StepOutOfOrder, match=r"gdpr\.33\.4"):
        notified.decide(close_incident, reasoning="Klart.", lessons="Inga.")
    filed(notified, "2026-02-14 10.00", complete=True)
    copied(notified).decide(close_incident, reasoning="Klart.", lessons="Inga.")


def test_a_late_filing_is_never_blocked_by_its_reasons_but_the_warnings_are_recorded(aware: Desk) -> None:
    aware.do(establish_facts, facts=WHOLE, source="Registrator", known_at=aware.now)
    filed(aware, "2026-02-14 10.00")
    delay = aware.incident.delay
    assert delay is not None
    assert [warning.citation for warning in delay.warnings] == ["Datatilsynet (DK) on the tax agency"]
    assert aware.duties["gdpr.33.1"].status is DutyStatus.FULFILLED


def test_a_suspicion_is_ruled_out_by_a_delegate_and_then_the_file_may_be_closed(desk: Desk) -> None:
    with pytest.raises(StepOutOfOrder, match=r"gdpr\.33\.1"):
        desk.decide(close_incident, reasoning="Klart.", lessons="Inga.")
    with pytest.raises(NotEntitled):
        desk.do(rule_out_breach, reasoning="Inga personuppgifter.")
    desk.decide(rule_out_breach, reasoning="Inga personuppgifter.")
    desk.decide(close_incident, reasoning="Klart.", lessons="Inga.")


def test_after_awareness_nothing_is_ruled_out(aware: Desk) -> None:
    with pytest.raises(StepOutOfOrder, match="cannot be ruled out"):
        aware.decide(rule_out_breach, reasoning="Inga personuppgifter.")


def test_the_worst_case_of_a_suspicion_is_reminded_of_before_anybody_decides(desk: Desk) -> None:
    asyncio.run(advance(desk.case, now=at("2026-02-11 10.01"), world=desk.world))
    asyncio.run(advance(desk.case, now=at("2026-02-13 10.01"), world=desk.world))
    reminders = desk.incident.reminders
    assert {reminder.provision for reminder in reminders} == {"gdpr.33.1"}
    assert reminders[0].steps == ("gdpr.33.1 2026-02-13T09:00Z -48 h",)
    assert {actor for reminder in reminders for actor in reminder.to} >= {OFFICER, DELEGATE, "bo.exempel"}


def test_every_duty_under_another_law_can_be_reminded_of(aware: Desk) -> None:
    everything = Answers(
        security_sensitive=False,
        public_electronic_communications=True,
        trust_service_provider=True,
        operator_under_cybersecurity_act=True,
        significant_incident=True,
    )
    answered(aware, everything)
    for when in ("2026-02-11 09.00", "2026-02-12 09.00", "2026-02-20 09.00"):
        asyncio.run(advance(aware.case, now=at(when), world=aware.world))
    reminded = {reminder.provision for reminder in aware.incident.reminders}
    assert {duty.provision for duty in aware.duties.values() if duty.is_open} - reminded <= {"gdpr.33.5", "gdpr.34.1"}
