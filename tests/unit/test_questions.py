from pathlib import Path
from typing import Any

import pytest
import yaml

from law.assessment import assess, level, read_facts
from law.questions import FAVOURABLE
from models.breach_events import Risk
from models.errors import UnreadableFacts
from models.facts import Facts

CASES = Path(__file__).parents[1] / "cases" / "edpb"
PUBLISHED = {
    case["source"].split(", ")[1]: case["facts"]
    for case in yaml.safe_load((CASES / "guidelines_01_2021.yaml").read_text(encoding="utf-8"))
}
LOST = ("availability_loss=temporary_serious: risk", "availability_loss=permanent: risk")

SENT_WRONG = {
    "breach_types": ["confidentiality"],
    "malicious": False,
    "encrypted": False,
    "data_categories": ["date_of_birth"],
    "special_category": False,
    "national_id_number": False,
    "vulnerable_subjects": False,
    "exfiltration": "confirmed",
    "publicly_exposed": False,
}


class Watched(Facts):
    """Facts that remember what they were asked."""

    def __getattribute__(self, name: str) -> Any:
        if name in Facts.model_fields:
            SEEN.add(name)
        return super().__getattribute__(name)


SEEN: set[str] = set()


def test_whatever_the_rules_look_at_is_asked_about_but_for_what_the_case_tells_itself() -> None:
    for facts in PUBLISHED.values():
        level(Watched.model_validate(read_facts(facts).known()))
    told = {"children", "consequences", "data_subject_categories", "incident_type"}
    published = {"own_data_published", "threat_to_publish"}
    assert set(FAVOURABLE) | told | published == SEEN


def test_every_kind_answer_together_speaks_the_risk_away() -> None:
    assert level(Facts.model_validate(FAVOURABLE)) is Risk.UNLIKELY


def test_with_nothing_known_the_advice_names_what_matters_and_what_would_make_it_worse() -> None:
    advice = assess(Facts())
    assert advice.unknown == (
        "data_categories",
        "special_category",
        "criminal_data",
        "national_id_number",
        "financial_data",
        "credentials",
        "vulnerable_subjects",
        "protected_identities",
        "n_subjects",
        "encrypted",
        "key_safe",
        "availability_loss",
        "exfiltration",
        "malicious",
        "publicly_exposed",
        "recipient_known",
        "recipient_count",
    )
    assert advice.could_change == (
        "data_categories=('health',): high",
        "special_category=true: high",
        "criminal_data=true: high",
        "national_id_number=true: high",
        "financial_data=true: high",
        "credentials=plaintext: high",
        "vulnerable_subjects=true: high",
        "protected_identities=true: high",
        "n_subjects=at_least=1000000 at_most=1000000 about=False: high",
        "malicious=true: high",
    )


def test_an_empty_list_and_the_answer_unknown_are_no_knowledge() -> None:
    facts = read_facts({"data_categories": [], "breach_types": [], "exfiltration": "unknown"})
    assert assess(facts).unknown == assess(Facts()).unknown


@pytest.mark.parametrize(
    "case, unknown, could_change",
    [
        (
            "case 01",
            (),
            ("key_safe=false: risk", "restored_in_time=false: risk", *LOST, "permanent=true: risk"),
        ),
        (
            "case 02",
            ("protected_identities", "recipient_known", "recipient_count"),
            ("exfiltration=confirmed: high", "recipient_count=1: high", "recipient_count=1000: high"),
        ),
        ("case 03", (), ("availability_loss=none: risk",)),
        (
            "case 05",
            ("protected_identities", "recipient_known"),
            ("exfiltration=none_confirmed: risk", "recipient_known=true: risk"),
        ),
        (
            "case 09",
            ("protected_identities",),
            (
                "protected_identities=true: risk",
                *LOST,
                "publicly_exposed=true: risk",
                "recipient_trusted=false: risk",
                "deletion_or_return_confirmed=false: risk",
            ),
        ),
        ("case 11", ("deletion_or_return_confirmed",), ()),
        ("case 14", (), ()),
        ("case 16", ("protected_identities",), ("protected_identities=true: high",)),
    ],
)
def test_the_advice_names_the_unknown_that_matters_and_the_news_that_would_move_it(
    case: str, unknown: tuple[str, ...], could_change: tuple[str, ...]
) -> None:
    advice = assess(read_facts(PUBLISHED[case]))
    assert (advice.unknown, advice.could_change) == (unknown, could_change)


@pytest.mark.parametrize("name", ["encrypted", "key_safe", "exfiltration", "recipient_trusted", "restored_in_time"])
def test_what_once_spoke_the_risk_away_is_asked_about_when_it_is_not_known(name: str) -> None:
    carried_by = {
        "encrypted": "case 10",
        "key_safe": "case 10",
        "exfiltration": "case 05",
        "recipient_trusted": "case 09",
        "restored_in_time": "case 01",
    }
    facts = {fact: value for fact, value in PUBLISHED[carried_by[name]].items() if fact != name}
    assert name in assess(read_facts(facts)).unknown


def test_trust_and_a_promise_are_both_asked_about_where_only_together_they_help() -> None:
    unknown = assess(read_facts(SENT_WRONG)).unknown
    assert {"recipient_trusted", "deletion_or_return_confirmed"} <= set(unknown)


@pytest.mark.parametrize("half", ["encrypted", "key_safe"])
def test_half_an_answer_on_encryption_hides_no_other_way_out(half: str) -> None:
    facts = {"breach_types": ["confidentiality"], "malicious": False, "data_categories": ["date_of_birth"], half: True}
    assert {"encrypted", "key_safe", "exfiltration", "publicly_exposed"} - {half} <= set(
        assess(read_facts(facts)).unknown
    )


def test_that_it_concerns_one_person_is_news_that_may_speak_the_risk_away() -> None:
    bound = {"recipient_known": True, "recipient_count": 1, "recipient_trusted": True}
    facts = {**SENT_WRONG, **bound, "deletion_or_return_confirmed": True, "data_categories": ["personnummer"]}
    assert "n_subjects=at_least=1 at_most=1 about=False: unlikely" in assess(read_facts(facts)).could_change


def test_that_hardly_anybody_can_be_recognised_is_such_news_too() -> None:
    news = assess(read_facts({**SENT_WRONG, "data_categories": ["name"]})).could_change
    assert [each for each in news if each.startswith("ease")] == ["ease_of_identification=negligible: unlikely"]


def test_only_the_branches_that_carry_the_level_give_reasons() -> None:
    advice = assess(read_facts(PUBLISHED["case 03"]))
    assert [reason.principle for reason in advice.because] == ["people_depend_on_it"]


def test_of_two_facts_that_cannot_be_read_the_first_is_named() -> None:
    with pytest.raises(UnreadableFacts, match="'malicious' cannot be read"):
        read_facts({"malicious": "perhaps", "encypted": True})
