from datetime import time
from pathlib import Path

import pytest

from adapters.files import read_policy
from adapters.settings import CHECKOUT
from models.errors import UnknownReference
from models.parties import Role
from models.policy import ReminderPolicy, Steps
from services.reminding.check_policy import require_known
from tests.small_world import BOOK, POLICY, REGISTER

OWN = """\
parties:
  ordningsverket:
    to: [legal]
    deadlines: {gdpr.33.1: {before: [4], then_every: 2}}
    night: {begins: "20:00", ends: "07:00", evening: "19:00"}
"""
SOUND = (CHECKOUT / "deployments" / "policy.yaml").read_text(encoding="utf-8")


def policy(tmp_path: Path, **changed: str) -> ReminderPolicy:
    """The policy that comes along with some words replaced, read from a file."""
    text = SOUND
    for old, new in changed.values():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    return read_policy(tmp_path / "policy.yaml")


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('"22:00"', "22:00", "write the time in quotes"),
        ("before: [48, 24, 12, 6, 2]", "before: [2, 6, 12]", "count downwards"),
        ("before: [48, 24, 12, 6, 2]", "before: [48, 48]", "count downwards"),
        ("before: [48, 24, 12, 6, 2]", "before: [48, 0]", "at least one"),
        ("after: [0, 6]", "after: [6, 0]", "count upwards"),
        ("    then_every: 24\n    call_before", "    call_before", "then_every"),
        ("then_every: 168", "then_every: 0", "greater than 0"),
        ('evening: "21:00"', 'evening: "23:00"', "the evening comes before it"),
        ('begins: "08:00"', 'begins: "17:00"', "working day begins in the morning"),
        ("hours: 4, at_most: 12", "hours: 24, at_most: 12", "no longer than the longest"),
        ("  default:\n", "  gdpr.34.1:\n", "steps called default are missing"),
        ("[officer, legal, delegate, incident_manager]", "[officer, boss]", "officer"),
        ("[officer, legal, delegate, incident_manager]", "[]", "at least 1"),
        ("call_since: {stand_in: 96}", "call_since: {stand_in: -1}", "greater than 0"),
        ("since: [1, 4, 24]", "since: [1, 4, 24]\n    shout: true", "shout"),
    ],
)
def test_a_policy_with_a_fault_is_refused_with_the_place_of_it(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UnknownReference, match=r"policy\.yaml") as refusal:
        policy(tmp_path, change=(old, new))
    assert said in str(refusal.value)


def test_the_policy_that_comes_along_names_only_what_there_is() -> None:
    require_known(POLICY, book=BOOK, register=REGISTER)


def test_a_misspelt_deadline_or_party_is_refused_and_not_silently_unused() -> None:
    misspelt = POLICY.model_copy(update={"deadlines": {**POLICY.deadlines, "gdpr.33.11": Steps(then_every=24)}})
    with pytest.raises(UnknownReference, match=r"gdpr\.33\.11"):
        require_known(misspelt, book=BOOK, register=REGISTER)
    stranger = ReminderPolicy.model_validate(
        {**POLICY.model_dump(mode="json"), "parties": {"ordningverket": {"to": ["officer"]}}}
    )
    with pytest.raises(UnknownReference, match="ordningverket"):
        require_known(stranger, book=BOOK, register=REGISTER)


def test_a_party_has_its_own_habits_and_the_rest_as_everybody(tmp_path: Path) -> None:
    own = policy(
        tmp_path,
        change=(
            "parties: {}",
            OWN,
        ),
    )
    plan = own.plan("ordningsverket", "gdpr.33.1")
    assert (plan.to, plan.steps.before, plan.night and plan.night.evening) == ((Role.LEGAL,), (4,), time(19))
    assert plan.working_hours == POLICY.working_hours
    assert own.plan("ordningsverket", "gdpr.33.4").steps == POLICY.deadlines["gdpr.33.4"]
    assert own.plan("kommunstyrelsen", "gdpr.33.1") == POLICY.plan("kommunstyrelsen", "gdpr.33.1")
