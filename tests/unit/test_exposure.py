from typing import Any

import pytest

from law.assessment import read_facts
from law.exposure import exposure, is_malicious
from law.published_tables import Gravity

ONE = {"malicious": False, "recipient_known": True, "recipient_count": 1}
TRUST = {**ONE, "recipient_trusted": True}
SAFE = {"encrypted": True, "key_safe": True}
NOTHING_LEFT = {"exfiltration": "none_confirmed", "malicious": False, "publicly_exposed": False}
THEFT = {"exfiltration": "none_confirmed", "incident_type": "theft"}
LOSS = {**NOTHING_LEFT, "incident_type": "lost_device"}


@pytest.mark.parametrize(
    "facts, expected",
    [
        (SAFE, "nobody"),
        ({**SAFE, "threat_to_publish": True}, "attacker"),
        ({**SAFE, "key_safe": None}, "uncontrolled"),
        ({**SAFE, "encrypted": None}, "uncontrolled"),
        ({**SAFE, "credentials": "none"}, "nobody"),
        ({**SAFE, "credentials": "plaintext"}, "uncontrolled"),
        ({**SAFE, "credentials": "plaintext", "ease_of_identification": "limited"}, "uncontrolled"),
        ({**SAFE, "credentials": "plaintext", "ease_of_identification": "negligible"}, "nobody"),
        ({**NOTHING_LEFT, "threat_to_publish": True}, "attacker"),
        ({**NOTHING_LEFT, "own_data_published": True}, "attacker"),
        (NOTHING_LEFT, "nobody"),
        ({**NOTHING_LEFT, "publicly_exposed": None}, "reachable"),
        ({**NOTHING_LEFT, "publicly_exposed": True}, "reachable"),
        ({**NOTHING_LEFT, "exfiltration": "not_applicable"}, "uncontrolled"),
        ({**NOTHING_LEFT, "exfiltration": "unknown"}, "uncontrolled"),
        ({**NOTHING_LEFT, "malicious": True}, "entered"),
        ({**NOTHING_LEFT, "malicious": None}, "entered"),
        ({**NOTHING_LEFT, "recipient_known": False}, "nobody"),
        ({**NOTHING_LEFT, "recipient_known": True}, "uncontrolled"),
        ({**NOTHING_LEFT, "recipient_count": 2}, "uncontrolled"),
        ({**NOTHING_LEFT, "incident_type": "snooping"}, "uncontrolled"),
        (LOSS, "reachable"),
        ({**LOSS, "deletion_or_return_confirmed": True}, "nobody"),
        (THEFT, "attacker"),
        ({**THEFT, "deletion_or_return_confirmed": True}, "entered"),
        ({**THEFT, "malicious": False, "publicly_exposed": False}, "reachable"),
        ({"malicious": True}, "attacker"),
        ({"malicious": True, "recipient_known": True}, "insider"),
        ({"malicious": True, "recipient_known": True, "publicly_exposed": True}, "attacker"),
        ({**TRUST, "publicly_exposed": True}, "uncontrolled"),
        ({"malicious": False, "recipient_trusted": True}, "uncontrolled"),
        ({"recipient_trusted": True, "recipient_known": True}, "uncontrolled"),
        (TRUST, "trusted"),
        ({**TRUST, "deletion_or_return_confirmed": True}, "assured"),
        ({**TRUST, "deletion_or_return_confirmed": True, "recipient_count": None}, "uncontrolled"),
        ({**TRUST, "deletion_or_return_confirmed": True, "recipient_known": None}, "uncontrolled"),
        ({**TRUST, "deletion_or_return_confirmed": True, "incident_type": "snooping"}, "insider"),
        ({**TRUST, "recipient_known": False}, "uncontrolled"),
        ({**TRUST, "recipient_count": 20}, "trusted"),
        ({**TRUST, "recipient_count": 21}, "uncontrolled"),
        (ONE, "known"),
        ({**ONE, "deletion_or_return_confirmed": True}, "contained"),
        ({**ONE, "malicious": None}, "uncontrolled"),
        ({**ONE, "recipient_known": None}, "uncontrolled"),
        ({**ONE, "recipient_known": False}, "uncontrolled"),
        ({**ONE, "recipient_count": None}, "uncontrolled"),
        ({}, "uncontrolled"),
    ],
)
def test_who_has_private_data(facts: dict[str, Any], expected: str) -> None:
    assert exposure(read_facts(facts), Gravity.PRIVATE) == expected


@pytest.mark.parametrize(
    "gravity, people, expected",
    [
        (Gravity.SERIOUS, None, "assured"),
        (Gravity.GRAVE, None, "trusted"),
        (Gravity.GRAVE, 100, "assured"),
        (Gravity.GRAVE, 101, "trusted"),
        (Gravity.COMPOUND, 101, "trusted"),
    ],
)
def test_a_promise_bears_grave_data_only_for_few_people(gravity: Gravity, people: int | None, expected: str) -> None:
    facts = read_facts({**TRUST, "deletion_or_return_confirmed": True, "n_subjects": people})
    assert exposure(facts, gravity) == expected


@pytest.mark.parametrize(
    "gravity, recipients, people, expected",
    [
        (Gravity.GRAVE, 20, 5000, "known"),
        (Gravity.PRIVATE, 20, 5000, "known"),
        (Gravity.PRIVATE, 21, 1, "uncontrolled"),
        (Gravity.ORDINARY, 1, None, "uncontrolled"),
        (Gravity.ORDINARY, 100, 100, "known"),
        (Gravity.ORDINARY, 101, 100, "uncontrolled"),
        (Gravity.ORDINARY, 100, 101, "uncontrolled"),
        (Gravity.SLIGHT, 1000, 1000, "known"),
        (Gravity.SLIGHT, 1001, 1000, "uncontrolled"),
        (Gravity.SLIGHT, 1000, 1001, "uncontrolled"),
        (Gravity.NONE, 1000, 1000, "known"),
    ],
)
def test_how_many_recipients_can_be_held_to_account(
    gravity: Gravity, recipients: int, people: int | None, expected: str
) -> None:
    assert exposure(read_facts({**ONE, "recipient_count": recipients, "n_subjects": people}), gravity) == expected


@pytest.mark.parametrize(
    "facts, expected",
    [
        ({"malicious": True, "incident_type": "misdirected_email"}, True),
        ({"malicious": False, "incident_type": "ransomware"}, False),
        ({"incident_type": "ransomware"}, True),
        ({"incident_type": "theft"}, True),
        ({"incident_type": "misdirected_email"}, False),
        ({"incident_type": "lost_device"}, False),
        ({"incident_type": "power_outage"}, False),
        ({"incident_type": "Nätfiske"}, True),
        ({"incident_type": "stulen dator"}, True),
        ({"incident_type": "felskickat brev"}, False),
        ({"incident_type": "borttappad telefon"}, False),
        ({"incident_type": "zzz"}, None),
        ({}, None),
    ],
)
def test_whether_somebody_meant_it(facts: dict[str, Any], expected: bool | None) -> None:  # noqa: FBT001
    assert is_malicious(read_facts(facts)) is expected
