"""The steps most cases never need: no breach after all, an order, a withdrawal, a report under another law."""

import json
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import MissingParticular, NotApproved, NotEntitled, StepOutOfOrder, UnknownReference
from models.facts import Facts, Trigger
from models.incident import Incident
from models.regime import Regime
from services.case.establish_awareness import establish_awareness
from services.case.rule_out_breach import rule_out_breach
from services.case.settle_parallel_duty import lift_parallel_duty, submit_parallel_report
from services.documents.drafts import WITHDRAWAL
from services.filing.receive_order import receive_order
from services.filing.withdraw_notification import withdraw_notification
from tests.services.office import AWARE, DELEGATE, OFFICER, THREAT, Office, at

NO_DATA = "Den stulna datorn var ny och tom."


def ruled_out(office: Office, case: str, *, when: str = "2023-04-24 18.00", by: str = DELEGATE) -> object:
    return rule_out_breach(case, reasoning=NO_DATA, by=by, now=at(when), world=office.world)


def aware_after_a_gap(office: Office, case: str, hours: int, reason: str | None = None) -> object:
    return establish_awareness(
        case,
        aware_at=AWARE,
        detected_at=AWARE - timedelta(hours=hours),
        gap_reason=reason,
        evidence="Serverns logg",
        reasoning="Loggen visar det.",
        by=OFFICER,
        now=at("2023-04-24 16.35"),
        world=office.world,
    )


def ordered(office: Office, case: str, **decided: Any) -> object:
    return receive_order(
        case,
        reference="IMY-2023-99001",
        received_at=at("2023-05-02 09.00"),
        by=OFFICER,
        now=at("2023-05-02 09.30"),
        world=office.world,
        **decided,
    )


def withdrawn(office: Office, case: str, *, when: str = "2023-05-03 10.00", by: str = OFFICER) -> Incident:
    return withdraw_notification(case, withdrawn_at=at(when), by=by, now=at(when), world=office.world)


def test_a_suspicion_shows_the_time_limit_that_would_run_and_a_decision_rules_it_out(office: Office) -> None:
    case = office.report(when="2023-04-24 16.25")
    duty = office.duty(case)
    assert (duty.status, duty.due_at) == (DutyStatus.UNDECIDED, at("2023-04-27 16.25"))
    ruled_out(office, case)
    assert office.duty(case).status is DutyStatus.NOT_REQUIRED
    office.close(case, when="2023-04-25 09.00")


def test_a_suspicion_nobody_has_ruled_out_is_not_closed(office: Office) -> None:
    with pytest.raises(StepOutOfOrder, match="cannot be closed"):
        office.close(office.report(), when="2023-04-25 09.00")


def test_a_breach_one_is_aware_of_is_not_ruled_out(office: Office) -> None:
    case = office.known()
    with pytest.raises(StepOutOfOrder, match="cannot be ruled out"):
        ruled_out(office, case)
    assert "breach_ruled_out" not in office.words(case)


def test_the_officer_rules_nothing_out(office: Office) -> None:
    with pytest.raises(NotEntitled):
        ruled_out(office, office.report(), by=OFFICER)


def test_new_facts_bring_a_suspicion_back(office: Office) -> None:
    case = office.report()
    ruled_out(office, case)
    office.facts(case, THREAT, when="2023-04-25 09.00", trigger=Trigger.THREAT_TO_PUBLISH)
    assert office.duty(case).status is DutyStatus.UNDECIDED


@pytest.mark.parametrize("hours, explained", [(24, True), (25, False)])
def test_more_than_a_day_between_detection_and_awareness_is_explained(
    office: Office, hours: int, *, explained: bool
) -> None:
    case = office.report()
    step = partial(aware_after_a_gap, office, case, hours)
    if not explained:
        with pytest.raises(MissingParticular, match="the reason is missing"):
            step()
        assert office.words(case) == ["breach_reported"]
        step(reason="Leverantören gick igenom loggarna.")
    else:
        step()
    assert office.incident(case).aware_at == AWARE


def test_an_order_sets_a_day_that_no_exception_lifts(office: Office) -> None:
    case = office.notified()
    ordered(office, case, communicate_by=date(2023, 5, 10))
    duty = office.duty(case, "gdpr.34.1")
    assert duty.status is DutyStatus.ORDERED
    assert duty.due_at is not None
    assert at("2023-05-10 23.58") < duty.due_at < at("2023-05-11 00.00")


@pytest.mark.parametrize("decided", [{}, {"communicate_by": date(2023, 5, 10), "condition_met": "gdpr.34.3.a"}])
def test_an_order_is_one_thing_exactly(office: Office, decided: dict[str, Any]) -> None:
    case = office.notified()
    with pytest.raises(MissingParticular, match="not clear what the authority decided"):
        ordered(office, case, **decided)
    assert "authority_order_received" not in office.words(case)


def test_there_is_no_order_before_awareness(office: Office) -> None:
    with pytest.raises(StepOutOfOrder, match="Awareness"):
        ordered(office, office.report(), communicate_by=date(2023, 5, 10))


def test_a_notification_is_withdrawn_only_once_a_risk_is_decided_to_be_unlikely(office: Office) -> None:
    case = office.notified(complete=False)
    with pytest.raises(StepOutOfOrder, match="cannot be withdrawn"):
        office.draft(case, WITHDRAWAL, when="2023-05-03 08.00")
    office.decide(case, Risk.UNLIKELY, when="2023-05-03 09.00")
    office.drafted(case, WITHDRAWAL, when="2023-05-03 09.30")
    assert withdrawn(office, case).withdrawn is not None
    assert office.duty(case, "gdpr.33.4").status is DutyStatus.NOT_REQUIRED
    assert office.duty(case).fulfilled_at == at("2023-04-26 15.20"), "the first filing keeps its stamp"
    with pytest.raises(StepOutOfOrder, match="no notification to withdraw"):
        withdrawn(office, case, when="2023-05-04 10.00")


def test_the_reasons_of_a_withdrawal_are_those_of_the_sheet_that_was_approved(office: Office) -> None:
    case = office.notified()
    office.decide(case, Risk.UNLIKELY, when="2023-05-03 09.00", reasoning="Loggarna visar att ingen var inne.")
    office.drafted(case, WITHDRAWAL, when="2023-05-03 09.30")
    incident = withdrawn(office, case)
    assert incident.withdrawn is not None
    assert incident.withdrawn.reasons == "Loggarna visar att ingen var inne."
    assert "Loggarna visar" in office.world.archive.read(case, "anmalan/2-withdrawal.txt").decode()
    form = json.loads(office.world.archive.read(case, "anmalan/2-withdrawal.json"))
    assert (form["fields"]["4"], form["fields"]["5"]) == (
        "c",
        "In Swedish, not translated: Loggarna visar att ingen var inne.",
    )


def test_a_withdrawal_nobody_approved_is_not_registered(office: Office) -> None:
    case = office.notified()
    office.decide(case, Risk.UNLIKELY, when="2023-05-03 09.00")
    with pytest.raises(NotApproved):
        withdrawn(office, case)
    office.draft(case, WITHDRAWAL, when="2023-05-03 09.30")
    with pytest.raises(NotApproved):
        withdrawn(office, case)
    assert "notification_withdrawn" not in office.words(case)


def test_what_was_never_filed_is_not_withdrawn(office: Office) -> None:
    with pytest.raises(StepOutOfOrder, match="no notification to withdraw"):
        withdrawn(office, office.decided(Risk.UNLIKELY))


def test_a_withdrawal_waits_for_its_copy_like_every_filing(office: Office) -> None:
    case = office.notified()
    office.decide(case, Risk.UNLIKELY, when="2023-05-03 09.00")
    office.drafted(case, WITHDRAWAL, when="2023-05-03 09.30")
    assert len(withdrawn(office, case).without_copy) == 1
    assert office.copy(case, when="2023-05-03 10.05").without_copy == ()
    assert "anmalan/2-kvittens.pdf" in office.documents(case)


def reported(office: Office, case: str, provision: str, *, when: str = "2023-04-25 12.00") -> object:
    return submit_parallel_report(
        case, provision=provision, filed_at=at(when), receipt="Kvitto", by=OFFICER, now=at(when), world=office.world
    )


def beside(office: Office, case: str) -> list[str]:
    stated = office.incident(case).duties_stated
    assert stated is not None
    return [duty.provision for duty in stated.duties if not duty.provision.startswith("gdpr.")]


def test_a_report_under_another_law_is_registered_once_and_settles_its_duty(office: Office) -> None:
    case = office.known()
    office.regime(case, Regime.TRUST_SERVICES, when="2023-04-25 09.00")
    (first, *_) = beside(office, case)
    reported(office, case, first)
    assert office.duty(case, first).status is DutyStatus.FULFILLED
    with pytest.raises(StepOutOfOrder, match="registered already"):
        reported(office, case, first, when="2023-04-25 13.00")


def test_nothing_is_reported_under_a_law_that_does_not_apply(office: Office) -> None:
    case = office.known()
    with pytest.raises(UnknownReference, match=r"se\.nowhere"):
        reported(office, case, "se.nowhere")
    with pytest.raises(UnknownReference, match=r"se\.nowhere"):
        lift_parallel_duty(
            case, provision="se.nowhere", reasoning="Nej.", by=DELEGATE, now=at("2023-04-25 12.00"), world=office.world
        )


def test_a_regime_needs_an_answer(office: Office) -> None:
    from services.case.determine_regime import determine_regime

    with pytest.raises(MissingParticular, match="Nothing is answered"):
        determine_regime(
            office.known(), reasoning="Vet inte.", by=OFFICER, now=at("2023-04-25 12.00"), world=office.world
        )


def test_a_late_reason_that_authorities_have_rejected_is_kept_with_a_warning(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, "supervisory_authority_notification", when="2023-04-27 15.00")
    incident = office.file(case, when="2023-04-28 09.00", delay_reasons="Ombudet hade semester.")
    assert incident.delay is not None
    assert incident.delay.warnings


def test_what_is_classified_takes_in_nothing_more_and_says_so(office: Office) -> None:
    case = office.known()
    office.regime(case, Regime.SECURITY_PROTECTION, when="2023-04-25 09.00")
    before = office.history(case)
    for step in (
        partial(office.facts, case, Facts(children=True), when="2023-04-25 10.00"),
        partial(office.decide, case, Risk.HIGH, when="2023-04-25 10.00"),
        partial(office.draft, case, "data_subject_communication", when="2023-04-25 10.00"),
        partial(office.load, case, []),
    ):
        with pytest.raises(StepOutOfOrder, match="Security Protection Act"):
            step()
    assert office.history(case) == before


def test_a_day_that_the_authority_takes_back_is_told_to_have_ended_and_leaves_the_calendar(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    ordered(office, case, communicate_by=date(2023, 5, 12))
    office.sweep(case, at("2023-05-11 09.00"))
    receive_order(
        case,
        reference="IMY-2023-99002",
        condition_met="gdpr.34.3.b",
        received_at=at("2023-05-11 10.00"),
        by=OFFICER,
        now=at("2023-05-11 10.05"),
        world=office.world,
    )
    office.post.mails.clear()
    office.sweep(case, at("2023-05-11 10.10"))
    files = [file for mail in office.post.mails for file in mail.attachments if "method=CANCEL" in file.media_type]
    assert files
    assert all(b"STATUS:CANCELLED" in file.content and b"20230512" in file.content for file in files)
