from typing import Any

import pytest

from law.assessment import read_facts
from law.severity import band, score
from models.facts import Facts

HOSPITAL = {
    "data_categories": ["health"],
    "ease_of_identification": "maximum",
    "breach_types": ["availability"],
    "availability_loss": "temporary_serious",
    "malicious": True,
    "exfiltration": "none_confirmed",
}
SHOES = {
    "data_categories": ["basic_identity", "purchase"],
    "ease_of_identification": "maximum",
    "malicious": False,
    "breach_types": ["confidentiality"],
    "recipient_known": True,
    "recipient_count": 2,
    "n_subjects": 2,
    "availability_loss": "none",
    "exfiltration": "not_applicable",
}


@pytest.mark.parametrize(
    "total, expected",
    [
        (0.25, "low"),
        (1.25, "low"),
        (1.99, "low"),
        (2, "medium"),
        (2.99, "medium"),
        (3, "high"),
        (3.75, "high"),
        (4, "very_high"),
        (6, "very_high"),
    ],
)
def test_an_edge_belongs_to_the_band_above_it(total: float, expected: str) -> None:
    assert band(total) == expected


@pytest.mark.parametrize("facts, expected", [(HOSPITAL, 4.75), (SHOES, 1.25)])
def test_the_score_is_the_sum_that_is_shown(facts: dict[str, object], expected: float) -> None:
    severity = score(read_facts(facts))
    context, ease, *circumstances = severity.sum
    assert severity.score == expected
    assert context.points * ease.points + sum(line.points for line in circumstances) == expected
    assert len(circumstances) == 4


def test_the_highest_kind_of_data_counts() -> None:
    assert score(read_facts({"data_categories": ["name", "payment_card"]})).sum[0].answer == "payment_means"


@pytest.mark.parametrize(
    "ease, points", [("negligible", 0.25), ("limited", 0.5), ("significant", 0.75), ("maximum", 1), (None, 1)]
)
def test_an_unknown_identification_counts_as_maximum(ease: str | None, points: float) -> None:
    assert score(read_facts({"ease_of_identification": ease})).sum[1].points == points


def test_a_lost_laptop_scores_nothing_for_disclosure_but_says_that_it_is_unknown() -> None:
    severity = score(read_facts({"breach_types": ["confidentiality"], "exfiltration": "unknown"}))
    assert severity.sum[2].points == 0
    assert "exfiltration" in severity.unknown


def test_publication_scores_more_than_known_recipients() -> None:
    assert score(read_facts({**SHOES, "publicly_exposed": True})).score == 1.5


def test_changed_for_good_scores_more_than_changed_and_recoverable() -> None:
    facts = {**SHOES, "breach_types": ["confidentiality", "integrity"]}
    points = [
        score(read_facts({**facts, **more})).sum[3].points
        for more in ({"restored_in_time": True}, {}, {"permanent": True})
    ]
    assert points == [0, 0.25, 0.5]


def test_gone_for_good_scores_more_than_gone_for_a_while() -> None:
    points = [
        score(read_facts({**SHOES, "availability_loss": loss})).sum[4].points
        for loss in ("none", "temporary_serious", "permanent")
    ]
    assert points == [0, 0.25, 0.5]


def test_flags_draw_attention_without_moving_the_score() -> None:
    flagged = score(read_facts({**SHOES, "n_subjects": 101}))
    assert flagged.flags == ("more_than_100_individuals",)
    assert score(read_facts({**SHOES, "n_subjects": 100})).flags == ()
    assert flagged.score == score(read_facts(SHOES)).score
    assert score(read_facts({**SHOES, "encrypted": True, "key_safe": True})).flags == ("unintelligible_data",)


def test_a_score_within_a_quarter_of_an_edge_says_so() -> None:
    near = score(read_facts({"data_categories": ["salary"], "malicious": False}))
    assert (near.score, near.band, near.to_edge, near.near_edge) == (3, "high", 0, True)
    assert not score(read_facts(SHOES)).near_edge


def test_the_score_names_what_was_not_known() -> None:
    assert score(Facts()).unknown == (
        "data_categories",
        "ease_of_identification",
        "exfiltration",
        "availability_loss",
        "malicious",
        "n_subjects",
    )


def test_what_is_known_is_not_listed_as_unknown() -> None:
    assert score(read_facts(SHOES)).unknown == ()
    assert score(read_facts({**SHOES, "n_subjects": None})).unknown == ("n_subjects",)


def test_the_lowest_band_has_no_edge_below_it() -> None:
    lowest = score(read_facts({"data_categories": ["name"], "ease_of_identification": "negligible"}))
    assert (lowest.score, lowest.to_edge, lowest.near_edge) == (0.25, 1.75, False)


def test_a_quarter_from_an_edge_is_still_near() -> None:
    facts = {"data_categories": ["salary"], "ease_of_identification": "limited", "recipient_known": True}
    near = score(read_facts(facts))
    assert (near.score, near.to_edge, near.near_edge) == (1.75, 0.25, True)


@pytest.mark.parametrize(
    "facts, answer",
    [
        ({}, "none"),
        ({"recipient_known": True}, "known"),
        ({"recipient_count": 1}, "known"),
        ({"recipient_known": False}, "unknown"),
        ({"exfiltration": "confirmed"}, "unknown"),
        ({"exfiltration": "confirmed", "recipient_known": True}, "known"),
        ({"exfiltration": "none_confirmed"}, "none"),
        ({"publicly_exposed": True, "recipient_known": True}, "unknown"),
        ({"own_data_published": True}, "unknown"),
        ({"publicly_exposed": True, "encrypted": True, "key_safe": True}, "none"),
    ],
)
def test_to_whom_it_was_disclosed(facts: dict[str, Any], answer: str) -> None:
    assert score(read_facts(facts)).sum[2].answer == answer


@pytest.mark.parametrize(
    "facts, answer",
    [
        ({}, "none"),
        ({"availability_loss": "temporary_minor"}, "temporary"),
        ({"availability_loss": "temporary_minor", "restored_in_time": True}, "none"),
        ({"availability_loss": "temporary_serious", "restored_in_time": True}, "temporary"),
        ({"availability_loss": "permanent", "restored_in_time": True}, "permanent"),
    ],
)
def test_for_how_long_it_was_gone(facts: dict[str, Any], answer: str) -> None:
    assert score(read_facts(facts)).sum[4].answer == answer
