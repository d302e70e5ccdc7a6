from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from law.assessment import UnreadableFacts, assess, level, read_facts, to_report
from law.exposure import is_malicious
from law.published_tables import FOLDER, Gravity, RiskMatrix, matches, read_table, risk_matrix
from law.questions import DOUBTS, EXCUSES, FAVOURABLE, SETTLED, answers
from law.reason import rank
from models.breach_events import Risk
from models.errors import StatuteError
from models.facts import BreachType, Facts, Quantity

CASES = Path(__file__).parents[1] / "cases" / "edpb"


def read(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


EDPB, OWN, HELD_OUT = read("guidelines_01_2021"), read("own_cases"), read("held_out_cases")
ALL = [*EDPB, *OWN, *HELD_OUT]


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases])


@named(EDPB)
def test_published_example(case: dict[str, Any]) -> None:
    advice = assess(read_facts(case["facts"]))
    assert advice.risk == case["level"], [reason.principle for reason in advice.because]
    assert advice.notify_authority is (case["level"] != "unlikely")
    assert advice.communicate is (case["level"] == "high")


@named(OWN)
def test_own_case(case: dict[str, Any]) -> None:
    advice = assess(read_facts(case["facts"]))
    assert advice.risk == case["level"], [reason.principle for reason in advice.because]


@named(HELD_OUT)
def test_held_out_case(case: dict[str, Any]) -> None:
    advice = assess(read_facts(case["facts"]))
    assert advice.risk == case["level"], [reason.principle for reason in advice.because]


def test_there_are_eighteen_published_examples_and_every_case_says_where_it_is_from() -> None:
    assert len(EDPB) == 18
    assert len(OWN) >= 30
    assert all(case["source"] for case in ALL)
    assert len({case["name"] for case in ALL}) == len(ALL)


@named(ALL)
def test_every_advice_gives_reasons_with_their_places(case: dict[str, Any]) -> None:
    advice = assess(read_facts(case["facts"]))
    assert advice.because
    assert all(reason.text.endswith(".") and reason.citation for reason in advice.because)


@named(ALL)
def test_what_does_not_matter_does_not_move_the_advice(case: dict[str, Any]) -> None:
    facts = read_facts(case["facts"])
    other = {"controller_sector": "circus", "n_subjects_text": "a crowd", "duration_text": "a while"}
    assert level(facts.model_copy(update=other)) == level(facts)


EXPECTED = {case["source"].split(", ")[1]: case for case in EDPB}


@pytest.mark.parametrize(
    "case, changed, expected",
    [
        ("case 01", {"key_safe": False}, "risk"),
        ("case 01", {"restored_in_time": False}, "risk"),
        ("case 02", {"restored_in_time": True, "availability_loss": "temporary_minor"}, "risk"),
        ("case 03", {"restored_in_time": True, "availability_loss": "temporary_minor"}, "risk"),
        ("case 05", {"exfiltration": "none_confirmed"}, "risk"),
        ("case 06", {"credentials": "plaintext", "encrypted": False, "ease_of_identification": "maximum"}, "high"),
        ("case 08", {"data_categories": ["health"]}, "high"),
        ("case 09", {"deletion_or_return_confirmed": False}, "risk"),
        ("case 09", {"recipient_trusted": False}, "risk"),
        ("case 10", {"encrypted": False}, "risk"),
        ("case 10", {"encrypted": False, "ease_of_identification": "maximum"}, "high"),
        ("case 13", {"publicly_exposed": True}, "risk"),
        ("case 14", {"recipient_count": 1, "recipient_trusted": True, "deletion_or_return_confirmed": True}, "risk"),
        ("case 15", {"recipient_count": 1500, "n_subjects": 1500}, "risk"),
        ("case 15", {"data_categories": ["diagnosis"]}, "high"),
        ("case 16", {"recipient_trusted": True, "deletion_or_return_confirmed": True}, "unlikely"),
        ("case 16", {"national_id_number": True}, "high"),
    ],
)
def test_a_decisive_fact_moves_the_advice(case: str, changed: dict[str, Any], expected: str) -> None:
    facts = EXPECTED[case]["facts"]
    assert level(read_facts(facts)) == EXPECTED[case]["level"]
    assert level(read_facts({**facts, **changed})) == expected


maybe = st.sampled_from([None, True, False])
labels = st.sampled_from(
    ["name", "email", "date_of_birth", "salary", "health", "personnummer", "food_preferences", "zzz", "username"]
)
recipients = st.fixed_dictionaries(
    {
        "recipient_known": st.booleans(),
        "recipient_count": st.sampled_from([1, 15, 60, 5000]),
        "recipient_trusted": maybe,
        "deletion_or_return_confirmed": maybe,
    }
)
"""Coherent answers: who says anything about recipients says that there are some."""

facts_but_recipients = st.fixed_dictionaries(
    {
        "breach_types": st.lists(
            st.sampled_from(["confidentiality", "integrity", "availability"]), unique=True, max_size=3
        ),
        "incident_type": st.sampled_from([None, "ransomware", "misdirected_email", "lost_device", "snooping", "x"]),
        "data_categories": st.lists(labels, unique=True, max_size=3),
        "special_category": maybe,
        "national_id_number": maybe,
        "financial_data": maybe,
        "credentials": st.sampled_from([None, "none", "hashed_salted_strong", "hashed", "plaintext"]),
        "data_subject_categories": st.lists(st.sampled_from(["customers", "patients", "children"]), max_size=2),
        "vulnerable_subjects": maybe,
        "protected_identities": maybe,
        "n_subjects": st.sampled_from([None, 1, 90, 500, 50_000]),
        "ease_of_identification": st.sampled_from([None, "negligible", "limited", "maximum"]),
        "encrypted": maybe,
        "key_safe": maybe,
        "restored_in_time": maybe,
        "availability_loss": st.sampled_from([None, "none", "temporary_minor", "temporary_serious", "permanent"]),
        "exfiltration": st.sampled_from([None, "unknown", "none_confirmed", "not_applicable", "confirmed"]),
        "malicious": maybe,
        "publicly_exposed": maybe,
        "permanent": maybe,
    }
)


def answered(received: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Facts]:
    return st.builds(lambda rest, about: read_facts({**rest, **about}), facts_but_recipients, received)


any_facts = answered(st.just({}) | recipients)

UNFAVOURABLE = {
    "encrypted": False,
    "key_safe": False,
    "exfiltration": "confirmed",
    "recipient_trusted": False,
    "deletion_or_return_confirmed": False,
    "restored_in_time": False,
}
WORSE = {
    **UNFAVOURABLE,
    "malicious": True,
    "publicly_exposed": True,
    "special_category": True,
    "criminal_data": True,
    "national_id_number": True,
    "vulnerable_subjects": True,
    "children": True,
    "protected_identities": True,
    "threat_to_publish": True,
    "own_data_published": True,
    "permanent": True,
    "n_subjects": 1_000_000,
    "ease_of_identification": "maximum",
    "availability_loss": "permanent",
    "credentials": "plaintext",
}


def but(facts: Facts, **changed: Any) -> Facts:
    return facts.model_copy(update={name: getattr(read_facts(changed), name) for name in changed})


@settings(max_examples=200)
@given(any_facts, st.sampled_from(sorted(WORSE)))
def test_a_worse_fact_never_lowers_the_level(facts: Facts, name: str) -> None:
    assert rank(level(but(facts, **{name: WORSE[name]}))) >= rank(level(facts))


@settings(max_examples=200)
@given(any_facts, st.sampled_from(["health", "personnummer", "salary", "password", "criminal_record"]))
def test_more_kinds_of_data_never_lower_the_level(facts: Facts, label: str) -> None:
    more = facts.model_copy(update={"data_categories": (*(facts.data_categories or ()), label)})
    assume(facts.credentials != "hashed_salted_strong")
    assume(facts.data_categories)
    assert rank(level(more)) >= rank(level(facts))


@settings(max_examples=200)
@given(answered(recipients))
def test_more_and_unknown_recipients_never_lower_the_level(facts: Facts) -> None:
    for worse in ({"recipient_count": 100_000}, {"recipient_known": False}):
        if facts.exfiltration != "none_confirmed" or "recipient_count" in worse:
            assert rank(level(but(facts, **worse))) >= rank(level(facts))


@settings(max_examples=200)
@given(any_facts, st.sampled_from(sorted(UNFAVOURABLE)))
def test_what_nobody_knows_counts_as_the_unfavourable_answer(facts: Facts, name: str) -> None:
    settled = facts.breach_types and "confidentiality" not in facts.breach_types and is_malicious(facts) is False
    assume(name != "exfiltration" or not settled)
    known_badly = but(facts, **{name: UNFAVOURABLE[name]})
    unknown = facts.model_copy(update={name: None})
    assert rank(level(unknown)) >= rank(level(known_badly))


@settings(max_examples=50)
@given(any_facts)
@example(Facts())
def test_an_advice_of_no_notice_rests_on_positive_facts(facts: Facts) -> None:
    advice = assess(facts)
    if advice.risk is Risk.UNLIKELY:
        assert facts.known()
        assert "unknown_data" not in {reason.principle for reason in advice.because}


def test_an_attack_on_confidentiality_without_a_word_on_exfiltration_is_not_none() -> None:
    facts = read_facts(
        {
            "breach_types": ["availability"],
            "malicious": True,
            "data_categories": ["name"],
            "restored_in_time": True,
            "availability_loss": "temporary_minor",
        }
    )
    assert level(facts) is Risk.RISK


def test_a_label_nobody_knows_is_kept_and_taken_for_private() -> None:
    facts = {**EXPECTED["case 13"]["facts"], "data_categories": ["basic_identity", "zzz"]}
    assert level(read_facts(facts)) is Risk.RISK


def test_the_swedish_word_for_the_identity_number_is_recognised() -> None:
    facts = {**EXPECTED["case 16"]["facts"], "national_id_number": None, "data_categories": ["namn", "Personnummer"]}
    assert level(read_facts(facts)) is Risk.HIGH


def test_naming_a_likely_harm_rules_out_that_harm_is_unlikely() -> None:
    facts = {**EXPECTED["case 13"]["facts"], "consequences": ["identity_theft"]}
    assert level(read_facts(facts)) is Risk.RISK
    assert level(read_facts({**facts, "consequences": ["physical_harm"]})) is Risk.HIGH


def test_a_threat_to_publish_overturns_logs_that_showed_nothing() -> None:
    facts = {
        "breach_types": ["availability"],
        "data_categories": ["name"],
        "special_category": False,
        "national_id_number": False,
        "vulnerable_subjects": False,
        "exfiltration": "none_confirmed",
        "malicious": True,
        "restored_in_time": True,
        "availability_loss": "temporary_minor",
    }
    assert level(read_facts(facts)) is Risk.UNLIKELY
    assert level(read_facts({**facts, "threat_to_publish": True})) is Risk.RISK


def test_the_unknown_that_matters_is_named_and_the_rest_is_not() -> None:
    facts = {name: value for name, value in EXPECTED["case 09"]["facts"].items() if name != "recipient_trusted"}
    advice = assess(read_facts(facts))
    assert advice.risk is Risk.RISK
    assert "recipient_trusted" in advice.unknown
    assert "backup_available" not in advice.unknown
    assert "recipient_trusted=true: unlikely" in advice.could_change


def test_with_nothing_known_every_way_out_is_asked_about() -> None:
    assert {"encrypted", "exfiltration", "recipient_known", "data_categories"} <= set(assess(Facts()).unknown)


def test_a_later_loss_of_the_key_is_named_as_news_that_would_change_the_advice() -> None:
    assert "key_safe=false: risk" in assess(read_facts(EXPECTED["case 10"]["facts"])).could_change


def test_open_questions_that_only_together_could_make_it_a_risk_make_it_one_and_are_named() -> None:
    facts = Facts(
        n_subjects=Quantity(at_least=1, at_most=1),
        breach_types=(BreachType.CONFIDENTIALITY,),
        recipient_known=True,
        recipient_count=1,
        recipient_trusted=True,
        deletion_or_return_confirmed=True,
    )
    advice = assess(facts)
    assert (advice.risk, [reason.principle for reason in advice.because]) == (Risk.RISK, ["unknown_together"])
    assert {"special_category", "national_id_number"} <= set(advice.unknown)
    settled = facts.model_copy(update={"special_category": False})
    assert assess(settled).risk is Risk.UNLIKELY


@pytest.mark.parametrize("name", sorted(DOUBTS))
def test_an_open_question_that_could_make_it_a_risk_makes_it_one_and_is_named(name: str) -> None:
    facts = {**EXPECTED["case 13"]["facts"], name: None}
    facts |= {"data_categories": ["name"], "deletion_or_return_confirmed": None}
    advice = assess(read_facts(facts))
    assert (advice.risk, [reason.principle for reason in advice.because]) == (Risk.RISK, [f"unknown_{name}"])
    assert name in advice.unknown


@pytest.mark.parametrize("name", sorted(DOUBTS))
def test_an_open_question_that_changes_nothing_does_not_forbid_silence(name: str) -> None:
    assert level(read_facts({**EXPECTED["case 10"]["facts"], name: None})) is Risk.UNLIKELY


def test_a_stolen_thing_that_nobody_can_read_is_still_a_risk_without_a_copy() -> None:
    assert level(read_facts({**EXPECTED["case 10"]["facts"], "backup_available": False})) is Risk.RISK


def test_the_word_unknown_is_read_as_unknown_in_every_fact() -> None:
    facts = read_facts({"encrypted": "unknown", "exfiltration": "unknown", "ease_of_identification": "unknown"})
    assert facts.encrypted is None
    assert facts.exfiltration == "unknown"
    assert facts.ease_of_identification is None


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(UnreadableFacts, match="encypted"):
        read_facts({"encypted": True})


def test_a_refused_value_is_not_repeated() -> None:
    with pytest.raises(UnreadableFacts) as refusal:
        read_facts({"exfiltration": "Anna Andersson"})
    assert "Anna" not in str(refusal.value)


def test_the_report_holds_exactly_what_the_command_promises() -> None:
    report = to_report(assess(read_facts(EXPECTED["case 16"]["facts"])))
    assert set(report) == {"risk", "notify_authority", "communicate", "because", "unknown", "severity"}
    assert (report["risk"], report["notify_authority"], report["communicate"]) == ("risk", True, False)
    assert all(isinstance(line, str) for line in report["because"])


def test_no_row_of_the_matrix_falls_from_left_to_right() -> None:
    matrix = risk_matrix()
    assert matrix.columns == tuple(Gravity)
    for row in matrix.rows.values():
        assert list(row.levels) == sorted(row.levels, key=rank)


def test_every_question_asks_for_a_fact() -> None:
    assert set(FAVOURABLE) <= set(Facts.model_fields)
    assert set(FAVOURABLE) >= SETTLED | frozenset().union(*EXCUSES)
    assert all(len(answers(name)) > 1 for name in FAVOURABLE)


def test_a_table_with_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "risk_matrix.yaml"
    file.write_text((FOLDER / "risk_matrix.yaml").read_text(encoding="utf-8") + "\nadopted: '2024-01-01'\n")
    with pytest.raises(StatuteError, match="written twice"):
        read_table(file, RiskMatrix)


@pytest.mark.parametrize(
    "label, stem, found",
    [
        ("other_bank_data", "bank", True),
        ("riverbank", "bank", False),
        ("Bank-account", "bank", True),
        ("hiv status", "hiv_", True),
        ("hive", "hiv_", False),
        ("hälsouppgifter", "hälso", True),
    ],
)
def test_a_stem_matches_at_the_start_of_a_word(label: str, stem: str, found: bool) -> None:  # noqa: FBT001
    assert matches(label, (stem,)) is found
