from datetime import date, datetime, timedelta
from typing import Any

import pytest

from law.duties import PROVISIONS, duties
from law.page import provision_of
from law.statute_book import PROPOSED, StatuteBook
from models.breach import PersonalDataBreach
from models.breach_events import AuthorityOrderReceived, Risk
from models.duty import Duty, DutyStatus, Ground
from models.errors import StatuteError
from models.instants import parse_local

BOOK = StatuteBook.load()
LAW = BOOK.on(date(2026, 2, 10))
AWARE = parse_local("2026-02-10 10.12")
DUE = AWARE + timedelta(hours=72)
DECIDED = Ground(provision="gdpr.33.1", because="The recipient is known and bound to secrecy.", by="delegate")
BY_NOTICE = Ground(provision="gdpr.34.3.c", because="Nobody has their addresses.", by="delegate")
ORDERED = parse_local("2026-03-02 10.00")
ORDER = AuthorityOrderReceived(
    reference="IMY-2026-7801",
    communicate_by=date(2026, 3, 9),
    occurred_at=ORDERED,
    recorded_at=ORDERED,
    recorded_by="officer",
)


def breach(**known: Any) -> PersonalDataBreach:
    return PersonalDataBreach.model_validate({"owed_as": "controller", "aware_at": AWARE, "clock_at": AWARE, **known})


def duty(provision: str, **known: Any) -> Duty:
    (found,) = (duty for duty in duties(breach(**known), LAW) if duty.provision == provision)
    return found


def test_each_statute_that_creates_a_duty_has_one_function_and_each_function_its_statute() -> None:
    owing = [statute.id for statute in BOOK.statutes.values() if statute.owed_by is not None]
    assert [provision_of(rule) for rule in PROVISIONS] == sorted(owing)


def test_a_duty_is_ours_to_compute_or_runs_in_parallel_but_not_both() -> None:
    assert not [s.id for s in BOOK.statutes.values() if s.owed_by is not None and s.regime is not None]


def test_each_function_states_its_rule_and_answers_for_its_own_paragraph() -> None:
    for rule in PROVISIONS:
        assert rule.__doc__
        asked = [breach(owed_as="processor"), breach(filed_at=AWARE)]
        answers = [found for each in asked if (found := rule(each, LAW)) is not None]
        assert {found.provision for found in answers} == {provision_of(rule)}
        assert {found.owed_to for found in answers} == {LAW.statute(provision_of(rule)).owed_to}


def test_the_duties_come_in_the_order_of_the_law() -> None:
    found = [duty.provision for duty in duties(breach(filed_at=AWARE), LAW)]
    assert found == ["gdpr.33.1", "gdpr.33.4", "gdpr.33.5", "gdpr.34.1"]


def test_a_ground_carries_who_decided_and_why() -> None:
    assert duty("gdpr.33.1", risk=Risk.UNLIKELY, risk_ground=DECIDED).ground == DECIDED
    told = duty("gdpr.34.1", risk=Risk.UNLIKELY, risk_ground=DECIDED).ground
    assert told == DECIDED.model_copy(update={"provision": "gdpr.34.1"})


@pytest.mark.parametrize(
    "risk, notify, tell",
    [
        (None, DutyStatus.OWED, DutyStatus.UNDECIDED),
        (Risk.UNLIKELY, DutyStatus.NOT_REQUIRED, DutyStatus.NOT_REQUIRED),
        (Risk.RISK, DutyStatus.OWED, DutyStatus.NOT_REQUIRED),
        (Risk.HIGH, DutyStatus.OWED, DutyStatus.OWED),
    ],
)
def test_the_level_of_risk_decides_whom_to_tell(risk: Risk | None, notify: DutyStatus, tell: DutyStatus) -> None:
    assert duty("gdpr.33.1", risk=risk).status is notify
    assert duty("gdpr.34.1", risk=risk).status is tell


@pytest.mark.parametrize(
    "risk, today, proposed",
    [
        (None, DutyStatus.OWED, DutyStatus.OWED),
        (Risk.UNLIKELY, DutyStatus.NOT_REQUIRED, DutyStatus.NOT_REQUIRED),
        (Risk.RISK, DutyStatus.OWED, DutyStatus.NOT_REQUIRED),
        (Risk.HIGH, DutyStatus.OWED, DutyStatus.OWED),
    ],
)
def test_the_omnibus_would_lift_the_notification_below_a_high_risk(
    risk: Risk | None, today: DutyStatus, proposed: DutyStatus
) -> None:
    changed = BOOK.if_adopted(PROPOSED / "omnibus", date(2026, 2, 10)).on(date(2026, 2, 10))
    notify, *_ = duties(breach(risk=risk), LAW)
    later, *_ = duties(breach(risk=risk), changed)
    assert (notify.status, notify.due_at) == (today, DUE)
    assert (later.status, later.due_at) == (proposed, AWARE + timedelta(hours=96))


@pytest.mark.parametrize(
    "filed_at, late_by",
    [
        (DUE - timedelta(seconds=1), None),
        (DUE, None),
        (DUE + timedelta(seconds=1), timedelta(seconds=1)),
        (DUE + timedelta(hours=72, minutes=40), timedelta(hours=72, minutes=40)),
    ],
)
def test_lateness_is_measured_from_the_strict_time_limit(filed_at: datetime, late_by: timedelta | None) -> None:
    assert duty("gdpr.33.1", filed_at=filed_at).late_by == late_by


def test_a_late_filing_fulfils_the_duty_all_the_same() -> None:
    late = duty("gdpr.33.1", filed_at=DUE + timedelta(days=9))
    assert late.status is DutyStatus.FULFILLED
    assert not late.is_overdue(DUE + timedelta(days=10))


def test_the_supplement_is_due_twenty_eight_days_after_the_day_of_the_filing() -> None:
    assert duty("gdpr.33.4", filed_at=parse_local("2026-02-11 09.00")).due_at == parse_local("2026-03-11 23.59")


@pytest.mark.parametrize("days, ends_on", [(28, "2026-03-10 23.59"), (29, None)])
def test_facts_that_come_after_the_four_weeks_leave_no_number_and_no_alarm(days: int, ends_on: str | None) -> None:
    late = duty("gdpr.33.4", filed_at=AWARE, reopened_at=AWARE + timedelta(days=days))
    assert late.due_at == (ends_on and parse_local(ends_on))
    assert late.operate_at == (ends_on and AWARE + timedelta(days=28))


def test_alarms_aim_at_the_last_minute_of_the_day_the_authority_has_set() -> None:
    found = duty("gdpr.34.1", order=ORDER)
    assert found.due_at == found.operate_at == parse_local("2026-03-09 23.59")


@pytest.mark.parametrize(
    "after, status", [(timedelta(seconds=-1), DutyStatus.ORDERED), (timedelta(), DutyStatus.FULFILLED)]
)
def test_only_what_is_said_from_the_order_on_fulfils_it(after: timedelta, status: DutyStatus) -> None:
    assert duty("gdpr.34.1", order=ORDER, communicated=(ORDERED + after,)).status is status


def test_a_public_notice_fulfils_an_order_only_where_a_notice_will_do() -> None:
    published = {"order": ORDER, "published": (AWARE, ORDERED + timedelta(hours=1), ORDERED + timedelta(days=30))}
    assert duty("gdpr.34.1", **published).status is DutyStatus.ORDERED
    enough = duty("gdpr.34.1", exceptions=(BY_NOTICE,), **published)
    assert (enough.status, enough.fulfilled_at) == (DutyStatus.FULFILLED, ORDERED + timedelta(hours=1))


def test_a_reopened_clock_moves_the_notification_and_nothing_else() -> None:
    moved = {"clock_at": AWARE + timedelta(days=10)}
    assert duty("gdpr.33.1", **moved).due_at == DUE + timedelta(days=10)
    assert duty("gdpr.33.5", **moved).since == AWARE
    assert duty("gdpr.34.1", risk=Risk.HIGH, risk_at=AWARE, **moved).since == AWARE


def test_only_duties_without_a_number_have_no_time_limit() -> None:
    without = {
        d.provision for role in ("controller", "processor") for d in duties(breach(owed_as=role), LAW) if not d.due_at
    }
    assert without == {"gdpr.33.2", "gdpr.33.5", "gdpr.34.1"}
    assert all(LAW.period(provision) is None for provision in without)


def test_another_law_in_place_of_the_gdpr_lifts_every_open_duty_and_no_settled_one() -> None:
    ground = Ground(provision="se.dataskyddslagen.1.4", because="Classified.", by="security-officer")
    found = {d.provision: d for d in duties(breach(set_aside=ground, filed_at=AWARE), LAW)}
    assert found["gdpr.33.1"].status is DutyStatus.FULFILLED
    lifted = [d for d in found.values() if d.provision != "gdpr.33.1"]
    assert {(d.status, d.ground) for d in lifted} == {(DutyStatus.NOT_REQUIRED, ground)}


def test_more_facts_never_remove_a_duty_silently() -> None:
    first = {d.provision for d in duties(breach(), LAW)}
    later = {d.provision for d in duties(breach(risk=Risk.UNLIKELY, filed_at=AWARE, communicated=(AWARE,)), LAW)}
    assert first <= later


def test_a_number_where_the_law_had_none_demands_a_new_function() -> None:
    statutes = dict(BOOK.statutes)
    numbered = {"values": statutes["gdpr.33.1"].values}
    statutes["gdpr.34.1"] = statutes["gdpr.34.1"].model_copy(update=numbered)
    with pytest.raises(StatuteError, match=r"Add the dated function to law/duties\.py"):
        duties(breach(), StatuteBook(statutes).on(LAW.day))


def test_a_notification_without_a_number_is_no_law_we_can_apply() -> None:
    statutes = dict(BOOK.statutes)
    values = {**statutes["gdpr.33.1"].values, "time_limit": statutes["gdpr.33.2"].values["time_limit"]}
    statutes["gdpr.33.1"] = statutes["gdpr.33.1"].model_copy(update={"values": values})
    with pytest.raises(StatuteError, match=r"gdpr\.33\.1 has no number"):
        duties(breach(), StatuteBook(statutes).on(LAW.day))
