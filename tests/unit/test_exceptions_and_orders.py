from datetime import date
from itertools import product
from typing import Any

import pytest

from law.exceptions import shortfall
from models.breach_events import AuthorityOrderReceived, Risk
from models.duty import DutyStatus
from models.errors import MissingParticular, NotEntitled, StepOutOfOrder
from models.facts import AvailabilityLoss, Facts
from models.replay import evolve
from services.case.close_incident import close_incident
from services.case.decide_risk import decide_risk
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.case.invoke_exception import invoke_exception
from services.filing.receive_order import receive_order
from services.reminding.plan import planned_anew, running, steps_of, to_remind_of
from tests.small_world import OFFICER, POLICY, Desk, at

SAFE = {"encrypted": True, "key_safe": True, "availability_loss": AvailabilityLoss.NONE}


@pytest.fixture
def high(desk: Desk) -> Desk:
    desk.do(establish_awareness, aware_at=desk.now, evidence="Mejl", reasoning="Säkert.")
    desk.decide(decide_risk, level=Risk.HIGH, reasoning="Hälsouppgifter.")
    return desk


def facts_of(desk: Desk, **facts: Any) -> None:
    desk.do(establish_facts, facts=Facts.model_validate(facts), source="it-drift", known_at=desk.now)


@pytest.mark.parametrize("unshown", SAFE)
@pytest.mark.parametrize("known", [True, False])
def test_encryption_excuses_only_if_every_fact_shows_it_and_the_refusal_names_what_is_missing(
    high: Desk, unshown: str, *, known: bool
) -> None:
    contrary = {"encrypted": False, "key_safe": False, "availability_loss": AvailabilityLoss.PERMANENT}
    facts_of(high, **{name: value for name, value in SAFE.items() if name != unshown})
    if known:
        facts_of(high, **{unshown: contrary[unshown]})
    with pytest.raises(MissingParticular, match=f"This is not shown: {unshown}\\.") as refusal:
        high.decide(invoke_exception, provision="gdpr.34.3.a", reasoning="Krypterat.")
    assert refusal.value.values["fact"] == (unshown,)
    assert "exception_invoked" not in high.words


def test_encryption_with_the_key_safe_and_nobody_without_their_data_excuses(high: Desk) -> None:
    facts_of(high, **SAFE)
    high.decide(invoke_exception, provision="gdpr.34.3.a", reasoning="Krypterat.")
    assert high.duties["gdpr.34.1"].status is DutyStatus.EXCUSED


def test_a_copy_restored_in_time_will_do_for_the_availability() -> None:
    for backup, restored in product((None, True, False), repeat=2):
        facts = Facts(encrypted=True, key_safe=True, backup_available=backup, restored_in_time=restored)
        assert (shortfall("gdpr.34.3.a", facts) == ()) is (backup is True and restored is True)


@pytest.mark.parametrize("provision", ["gdpr.34.3.b", "gdpr.34.3.c"])
def test_what_rests_on_no_facts_of_ours_lacks_none(provision: str) -> None:
    assert shortfall(provision, Facts()) == ()


@pytest.mark.parametrize("evidence", [None, ""])
def test_later_measures_excuse_only_with_evidence(high: Desk, evidence: str | None) -> None:
    with pytest.raises(MissingParticular, match="no evidence"):
        high.decide(invoke_exception, provision="gdpr.34.3.b", reasoning="Spärrat.", evidence=evidence)
    assert high.duties["gdpr.34.1"].status is DutyStatus.OWED


def test_with_evidence_they_do(high: Desk) -> None:
    high.decide(invoke_exception, provision="gdpr.34.3.b", reasoning="Spärrat.", evidence="Loggen visar ingen läsning.")
    assert high.duties["gdpr.34.1"].status is DutyStatus.EXCUSED


def test_disproportionate_effort_asks_for_no_facts_and_lifts_nothing(high: Desk) -> None:
    high.decide(invoke_exception, provision="gdpr.34.3.c", reasoning="Adresserna saknas.")
    assert high.duties["gdpr.34.1"].status is DutyStatus.OWED


def order(desk: Desk, **given: Any) -> None:
    desk.do(receive_order, reference="IMY-2026-7801", received_at=desk.now, **given)


def test_an_order_sets_the_authoritys_own_day_and_nothing_of_ours_lifts_it(high: Desk) -> None:
    facts_of(high, **SAFE)
    order(high, communicate_by=date(2026, 2, 20))
    high.decide(invoke_exception, provision="gdpr.34.3.a", reasoning="Krypterat.")
    high.decide(decide_risk, level=Risk.UNLIKELY, reasoning="Allt är krypterat.")
    duty = high.duties["gdpr.34.1"]
    assert (duty.status, duty.due_at, duty.is_open) == (DutyStatus.ORDERED, at("2026-02-20 23.59"), True)
    with pytest.raises(StepOutOfOrder, match=r"gdpr\.34\.1"):
        high.decide(close_incident, reasoning="Klart.", lessons="Inga.")


def test_an_order_is_reminded_of_until_its_day(high: Desk) -> None:
    order(high, communicate_by=date(2026, 2, 20))
    high.decide(decide_risk, level=Risk.UNLIKELY, reasoning="Ingen risk.")
    duties = tuple(high.duties.values())
    assert "gdpr.34.1" in {duty.provision for duty in to_remind_of(duties)}
    ordered = tuple(duty for duty in duties if duty.status is DutyStatus.ORDERED)
    planned = planned_anew(high.incident, ordered, POLICY, high.now)
    assert planned is not None
    (run,) = running(evolve(high.incident, planned), ordered)
    assert [step.at for step in steps_of(run, high.now) if step.name.endswith(" -48 h")] == [at("2026-02-18 23.59")]


def test_the_authority_may_find_that_a_condition_is_met(high: Desk) -> None:
    order(high, condition_met="gdpr.34.3.b")
    duty = high.duties["gdpr.34.1"]
    assert duty.status is DutyStatus.EXCUSED
    assert duty.ground is not None
    assert (duty.ground.provision, duty.ground.because) == ("gdpr.34.3.b", "IMY-2026-7801")


def test_the_authority_may_find_that_a_notice_is_enough_and_then_the_notice_is_owed(high: Desk) -> None:
    order(high, condition_met="gdpr.34.3.c")
    assert high.duties["gdpr.34.1"].status is DutyStatus.OWED


@pytest.mark.parametrize("given", [{}, {"communicate_by": date(2026, 2, 20), "condition_met": "gdpr.34.3.a"}])
def test_an_order_says_one_thing(high: Desk, given: dict[str, Any]) -> None:
    with pytest.raises(MissingParticular, match="not clear what the authority decided"):
        order(high, **given)
    with pytest.raises(ValueError, match="exactly one of them"):
        AuthorityOrderReceived(reference="R", occurred_at=high.now, recorded_at=high.now, recorded_by=OFFICER, **given)


def test_an_order_is_received_by_somebody_of_ours_after_awareness_and_not_in_the_future(desk: Desk) -> None:
    with pytest.raises(StepOutOfOrder, match="Awareness has not been established"):
        order(desk, communicate_by=date(2026, 2, 20))
    desk.do(establish_awareness, aware_at=desk.now, evidence="Mejl", reasoning="Säkert.")
    with pytest.raises(NotEntitled):
        desk.do(receive_order, by="maja.modell", reference="R", received_at=desk.now, communicate_by=date(2026, 2, 20))
    with pytest.raises(StepOutOfOrder, match="has not come yet"):
        desk.do(receive_order, reference="R", received_at=at("2026-02-10 10.01"), communicate_by=date(2026, 2, 20))
