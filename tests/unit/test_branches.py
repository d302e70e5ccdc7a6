from collections.abc import Callable
from typing import Any

import pytest

from law.assessment import read_facts
from law.assessment_rules import availability, confidentiality, integrity, stated_consequences
from law.reason import Finding
from models.facts import Facts

GONE = {"breach_types": ["availability"], "availability_loss": "temporary_serious"}
BACK = {"breach_types": ["availability"], "availability_loss": "temporary_minor", "restored_in_time": True}
CHANGED = {"breach_types": ["integrity"]}
SENT = {**CHANGED, "data_categories": ["salary"]}
BY_MISTAKE = {"breach_types": ["availability"], "malicious": False}


def concluded(branch: Callable[[Facts], Finding | None], facts: dict[str, Any]) -> str | None:
    finding = branch(read_facts(facts))
    if finding is None:
        return None
    return f"{finding.level}: {', '.join(reason.principle for reason in finding.reasons)}"


@pytest.mark.parametrize(
    "facts, expected",
    [
        ({}, "risk: restoration_not_shown"),
        ({"availability_loss": "none"}, "unlikely: still_available"),
        ({"permanent": True}, "risk: serious_unavailability"),
        ({"breach_types": ["confidentiality"]}, None),
        ({"breach_types": ["confidentiality"], "availability_loss": "none"}, None),
        ({"breach_types": ["confidentiality"], "permanent": True}, None),
        ({"breach_types": ["confidentiality"], "availability_loss": "temporary_minor"}, "risk: restoration_not_shown"),
        ({"breach_types": ["confidentiality"], "availability_loss": "permanent"}, "risk: serious_unavailability"),
        ({"breach_types": ["availability"]}, "risk: restoration_not_shown"),
        ({"breach_types": ["availability"], "restored_in_time": True}, "risk: restoration_not_shown"),
        ({"breach_types": ["availability"], "availability_loss": "none"}, "unlikely: still_available"),
        (
            {"breach_types": ["confidentiality", "availability"], "availability_loss": "none", "permanent": True},
            "risk: serious_unavailability",
        ),
        (BACK, "unlikely: restored_in_time"),
        ({**BACK, "restored_in_time": False}, "risk: restoration_not_shown"),
        ({**BACK, "restored_in_time": None}, "risk: restoration_not_shown"),
        ({**BACK, "permanent": True}, "risk: serious_unavailability"),
        ({**BACK, "backup_available": False}, "unlikely: restored_in_time"),
        ({**BACK, "backup_available": False, "incident_type": "stulen dator"}, "risk: restoration_not_shown"),
        (
            {"breach_types": ["confidentiality"], "permanent": True, "incident_type": "lost_paper"},
            "risk: serious_unavailability",
        ),
        ({**BACK, "restored_in_time": False, "children": True}, "risk: restoration_not_shown"),
        (GONE, "risk: serious_unavailability"),
        ({**GONE, "restored_in_time": True}, "risk: serious_unavailability"),
        ({**GONE, "availability_loss": "permanent"}, "risk: serious_unavailability"),
        ({**GONE, "availability_loss": "permanent", "children": True}, "high: people_depend_on_it"),
        ({**GONE, "data_categories": ["name"]}, "risk: serious_unavailability"),
        ({**GONE, "data_categories": ["health"]}, "high: people_depend_on_it"),
        ({**GONE, "data_categories": ["social_services"]}, "high: people_depend_on_it"),
        ({**GONE, "special_category": True}, "high: people_depend_on_it"),
        ({**GONE, "special_category": True, "data_categories": ["food_preferences"]}, "risk: serious_unavailability"),
        ({**GONE, "children": True}, "high: people_depend_on_it"),
    ],
)
def test_being_without_the_data(facts: dict[str, Any], expected: str | None) -> None:
    assert concluded(availability, facts) == expected


@pytest.mark.parametrize(
    "facts, expected",
    [
        ({}, "risk: restoration_not_shown"),
        ({"breach_types": ["confidentiality", "availability"]}, None),
        ({"breach_types": ["confidentiality", "integrity"]}, "risk: restoration_not_shown"),
        ({**CHANGED, "restored_in_time": True}, "unlikely: originals_restored"),
        ({**CHANGED, "restored_in_time": False}, "risk: restoration_not_shown"),
        (SENT, "risk: restoration_not_shown"),
        ({**SENT, "recipient_known": True}, "high: others_act_on_it"),
        ({**SENT, "recipient_known": False}, "high: others_act_on_it"),
        ({**SENT, "recipient_count": 1}, "high: others_act_on_it"),
        ({**SENT, "publicly_exposed": True}, "high: others_act_on_it"),
        ({**SENT, "publicly_exposed": True, "data_categories": ["name"]}, "risk: restoration_not_shown"),
        ({**CHANGED, "permanent": True, "data_categories": ["name"]}, "risk: restoration_not_shown"),
        ({**CHANGED, "permanent": True, "children": True}, "high: wrong_for_good"),
        ({**CHANGED, "permanent": False, "children": True}, "risk: restoration_not_shown"),
    ],
)
def test_having_wrong_data(facts: dict[str, Any], expected: str | None) -> None:
    assert concluded(integrity, facts) == expected


@pytest.mark.parametrize(
    "facts, expected",
    [
        ({}, "risk: exposure_uncontrolled, unknown_data"),
        ({"encrypted": True, "key_safe": True}, "unlikely: exposure_nobody"),
        (BY_MISTAKE, None),
        ({**BY_MISTAKE, "breach_types": ["integrity"]}, None),
        ({**BY_MISTAKE, "exfiltration": "none_confirmed"}, None),
        ({**BY_MISTAKE, "breach_types": ["confidentiality"]}, "risk: exposure_uncontrolled, unknown_data"),
        ({**BY_MISTAKE, "exfiltration": "confirmed"}, "risk: exposure_uncontrolled, unknown_data"),
        ({**BY_MISTAKE, "exfiltration": "unknown"}, "risk: exposure_uncontrolled, unknown_data"),
        ({**BY_MISTAKE, "publicly_exposed": True}, "risk: exposure_uncontrolled, unknown_data"),
        ({**BY_MISTAKE, "recipient_count": 3}, "risk: exposure_uncontrolled, unknown_data"),
        ({**BY_MISTAKE, "own_data_published": True}, "high: exposure_attacker, unknown_data"),
        ({**BY_MISTAKE, "threat_to_publish": True}, "high: exposure_attacker, unknown_data"),
        ({**BY_MISTAKE, "malicious": None}, "risk: exposure_uncontrolled, unknown_data"),
        ({**BY_MISTAKE, "malicious": True}, "high: exposure_attacker, unknown_data"),
        ({**BY_MISTAKE, "malicious": True, "exfiltration": "none_confirmed"}, "risk: exposure_entered, unknown_data"),
        ({**BY_MISTAKE, "malicious": True, "exfiltration": "none_confirmed", "data_categories": ["name"]}, None),
        ({**BY_MISTAKE, "malicious": True, "exfiltration": "not_applicable"}, "high: exposure_attacker, unknown_data"),
        ({**BY_MISTAKE, "malicious": True, "incident_type": "ddos"}, None),
        ({**BY_MISTAKE, "malicious": True, "incident_type": "ddos_attack"}, None),
        (
            {"breach_types": ["availability"], "incident_type": "ransomware outage"},
            "high: exposure_attacker, unknown_data",
        ),
    ],
)
def test_somebody_may_have_seen_the_data(facts: dict[str, Any], expected: str | None) -> None:
    assert concluded(confidentiality, facts) == expected


@pytest.mark.parametrize(
    "consequences, expected",
    [
        ([], None),
        (["other"], None),
        (["loss_of_control"], None),
        (["other", "loss_of_control"], None),
        (["limitation_of_rights"], "risk: stated_consequences"),
        (["other", "fraud"], "risk: stated_consequences"),
        (["fraud", "physical_harm"], "high: stated_consequences"),
    ],
)
def test_harm_that_somebody_names(consequences: list[str], expected: str | None) -> None:
    assert concluded(stated_consequences, {"consequences": consequences}) == expected
