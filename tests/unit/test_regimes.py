from datetime import date
from itertools import product
from typing import Any, get_args

import pytest

from law.parallel import parallel_duties
from law.regimes import route
from law.statute import ParallelRegime
from law.statute_book import StatuteBook
from models.duty import DutyStatus
from models.instants import parse_local
from models.regime import LEADS_TO, Answers, Regime

BOOK = StatuteBook.load()
LAW = BOOK.on(date(2026, 11, 21))
NEITHER = {"security_sensitive": False, "law_enforcement_purpose": False}
UNKNOWN = dict.fromkeys(Answers.model_fields)
EVERY_ANSWER = [Answers(**dict(zip(UNKNOWN, values, strict=True))) for values in product((None, True, False), repeat=8)]


def test_whatever_is_answered_some_law_always_applies() -> None:
    assert all(route(answers, LAW).regimes for answers in EVERY_ANSWER)


def test_unknown_never_sets_a_law_aside() -> None:
    assert not [f for f in route(Answers(), LAW).findings if not f.applies]


def test_the_gdpr_is_set_aside_by_protective_security_or_law_enforcement_and_by_nothing_else() -> None:
    for answers in EVERY_ANSWER:
        instead = bool(answers.security_sensitive or answers.law_enforcement_purpose)
        assert ("gdpr" in route(answers, LAW).regimes) is not instead


def test_content_may_be_kept_only_once_protective_security_is_denied() -> None:
    for answers in EVERY_ANSWER:
        assert route(answers, LAW).content_may_be_kept is (answers.security_sensitive is False)


def test_only_what_is_unknown_is_asked() -> None:
    for answers in EVERY_ANSWER:
        for question in route(answers, LAW).ask:
            assert getattr(answers, question.answers) is None


def test_what_is_not_asked_would_change_nothing() -> None:
    for answers in EVERY_ANSWER:
        found = route(answers, LAW)
        asked = {question.answers for question in found.ask}
        if asked:
            continue
        unknown = [name for name in UNKNOWN if getattr(answers, name) is None and name != "journalistic"]
        for name, value in product(unknown, (True, False)):
            later = route(answers.model_copy(update={name: value}), LAW)
            assert later.regimes == found.regimes, (name, value, answers)


def test_every_finding_gives_a_reason_and_cites_provisions_that_exist() -> None:
    for answers in EVERY_ANSWER:
        for finding in route(answers, LAW).findings:
            assert finding.because.endswith(".")
            assert finding.cited
            for provision in (*finding.cited, *finding.duties):
                LAW.statute(provision)


def test_a_law_that_is_set_aside_brings_no_duties() -> None:
    for answers in EVERY_ANSWER:
        assert not [f for f in route(answers, LAW).findings if not f.applies and f.duties]


def test_a_trust_service_provider_never_gets_both_clocks_for_one_notification() -> None:
    for answers in EVERY_ANSWER:
        duties = route(answers, LAW).duties
        assert not {"se.cybersakerhetslagen.2.6", "se.cybersakerhetslagen.2.6.trust"} <= set(duties)
        assert len(duties) == len(set(duties))


def test_every_duty_under_another_law_can_be_reached_by_some_answer() -> None:
    reached = {provision for answers in EVERY_ANSWER for provision in route(answers, LAW).duties}
    written = {s.id for s in BOOK.statutes.values() if s.regime is not None and s.values}
    assert written <= reached


def test_a_report_that_was_made_is_fulfilled_and_shows_when() -> None:
    aware_at, filed_at = parse_local("2026-11-20 15.00"), parse_local("2026-11-21 15.01")
    (duty,) = parallel_duties(
        ["se.cybersakerhetslagen.2.5"], LAW, {"awareness": aware_at, "se.cybersakerhetslagen.2.5": filed_at}
    )
    assert duty.status is DutyStatus.FULFILLED
    assert duty.fulfilled_at == filed_at
    assert str(duty.late_by) == "0:01:00"


def test_alarms_for_hours_aim_at_the_earlier_reading_across_the_change_to_summer_time() -> None:
    (duty,) = parallel_duties(["eu.611.2.2"], LAW, {"awareness": parse_local("2026-03-28 12.00")})
    assert duty.due_at == parse_local("2026-03-29 13.00")
    assert duty.operate_at == parse_local("2026-03-29 12.00")


def test_the_gdprs_own_duties_are_left_to_the_gdpr() -> None:
    assert parallel_duties(["gdpr.33.1"], LAW, {"awareness": parse_local("2026-11-20 15.00")}) == ()


@pytest.mark.parametrize(
    "provision, recipient",
    [
        ("se.cybersakerhetslagen.2.5", "NCSC/CERT-SE"),
        ("eu.dora.19.4.a", "Finansinspektionen (FI)"),
        ("eu.611.2.2", "Post- och telestyrelsen (PTS)"),
    ],
)
def test_each_duty_names_its_own_recipient(provision: str, recipient: str) -> None:
    (duty,) = parallel_duties([provision], LAW, {"awareness": parse_local("2026-11-20 15.00")})
    assert duty.owed_to == recipient


def test_the_record_has_a_word_for_every_law_the_router_knows() -> None:
    assert {*get_args(ParallelRegime), "gdpr", "security_protection"} == set(Regime)


@pytest.mark.parametrize("regime", Regime)
def test_the_fewest_answers_to_a_law_lead_to_it(regime: Regime) -> None:
    assert regime in route(LEADS_TO[regime], LAW).regimes


def test_before_the_criminal_data_act_came_the_gdpr_applied_to_law_enforcement() -> None:
    answers = Answers(security_sensitive=False, law_enforcement_purpose=True)
    assert route(answers, BOOK.on(date(2018, 7, 31))).regimes == ("gdpr",)
    assert route(answers, BOOK.on(date(2018, 8, 1))).regimes == ("law_enforcement",)


@pytest.mark.parametrize(
    "given, because, cited",
    [
        ({}, "Nobody has said", "gdpr.33.1"),
        ({"security_sensitive": False}, "Nobody has said", "gdpr.33.1"),
        ({"law_enforcement_purpose": False}, "Nobody has said", "gdpr.33.1"),
        (NEITHER, "Personal data are concerned", "gdpr.33.1"),
        ({**NEITHER, "journalistic": False}, "Personal data are concerned", "gdpr.33.1"),
        ({**NEITHER, "journalistic": True}, "Journalism is exempt from other articles", "se.dataskyddslagen.1.7"),
    ],
)
def test_the_gdpr_says_why_it_applies(given: dict[str, bool], because: str, cited: str) -> None:
    (gdpr,) = (finding for finding in route(Answers(**given), LAW).findings if finding.regime == "gdpr")
    assert gdpr.because.startswith(because)
    assert gdpr.cited == (cited,)


@pytest.mark.parametrize(
    "given", [{"significant_incident": False}, {"trust_service_provider": True}, {"financial_entity_under_dora": True}]
)
def test_nobody_is_asked_whether_they_are_an_operator_once_it_cannot_matter(given: dict[str, Any]) -> None:
    assert "operator_under_cybersecurity_act" in {question.answers for question in route(Answers(), LAW).ask}
    assert "operator_under_cybersecurity_act" not in {question.answers for question in route(Answers(**given), LAW).ask}


def test_a_duty_with_two_limits_exists_from_the_earlier_start() -> None:
    happened = {"awareness": parse_local("2026-11-20 15.00"), "classification": parse_local("2026-11-20 18.00")}
    (duty,) = parallel_duties(["eu.dora.19.4.a"], LAW, happened)
    assert (duty.since, duty.due_at) == (happened["awareness"], parse_local("2026-11-20 22.00"))
