from typing import Any

import pytest

from law.assessment import assess, read_facts
from law.gravity import grade, kinds_in
from models.breach_events import Risk
from models.facts import Facts, Identification

NAMES = {"data_categories": ["name"]}
BIRTH = {"data_categories": ["date_of_birth"]}
PAY = {"data_categories": ["salary"]}
WORK = {"data_categories": ["work_email"]}
PUBLIC = {"data_categories": ["already_public"]}


def graded(facts: dict[str, Any]) -> str:
    found = grade(read_facts(facts))
    return f"{found.gravity.name.lower()}: {', '.join(reason.principle for reason in found.reasons)}"


@pytest.mark.parametrize(
    "facts, expected",
    [
        ({}, "private: unknown_data"),
        ({"data_categories": ["zzz"]}, "private: unknown_data"),
        (NAMES, "ordinary: everyday"),
        ({"data_categories": ["name", "zzz"]}, "private: everyday"),
        ({"data_categories": ["salary", "zzz"]}, "serious: finance"),
        ({"data_categories": ["name", "salary", "email"]}, "serious: finance"),
        (PUBLIC, "none: already_public"),
        ({**NAMES, "data_subject_categories": ["business_contact"]}, "slight: everyday, people_at_work"),
        ({**NAMES, "data_subject_categories": ["business_contact", "customers"]}, "ordinary: everyday"),
        ({**NAMES, "data_subject_categories": []}, "ordinary: everyday"),
        ({**PAY, "data_subject_categories": ["business_contact"]}, "serious: finance"),
        ({**NAMES, "data_subject_categories": ["party_members"]}, "serious: everyday, revealing_people"),
        ({**PAY, "data_subject_categories": ["party_members"]}, "serious: finance"),
        ({**NAMES, "children": True}, "private: everyday, vulnerable_people"),
        ({**NAMES, "vulnerable_subjects": True}, "private: everyday, vulnerable_people"),
        ({**NAMES, "data_subject_categories": ["pupils"]}, "private: everyday, vulnerable_people"),
        ({**NAMES, "data_subject_categories": ["pupils"], "vulnerable_subjects": False}, "ordinary: everyday"),
        ({**NAMES, "children": False, "vulnerable_subjects": False}, "ordinary: everyday"),
        ({**BIRTH, "children": True}, "serious: private_life, vulnerable_people"),
        ({**PAY, "children": True}, "serious: finance"),
        ({**PUBLIC, "children": True}, "none: already_public"),
        ({**WORK, "children": True}, "ordinary: work_contact, vulnerable_people"),
        ({**NAMES, "n_subjects": 9_999}, "ordinary: everyday"),
        ({**NAMES, "n_subjects": 10_000}, "private: everyday, very_many_people"),
        ({**NAMES, "n_subjects": {"at_least": 10_000}}, "private: everyday, very_many_people"),
        ({**NAMES, "n_subjects": {"at_most": 10_000}}, "private: everyday, very_many_people"),
        ({**NAMES, "n_subjects": {"at_least": 1, "at_most": 10_000}}, "private: everyday, very_many_people"),
        ({**PAY, "n_subjects": 10_000}, "serious: finance"),
        ({**PUBLIC, "n_subjects": 10_000}, "none: already_public"),
        ({**WORK, "n_subjects": 10_000}, "ordinary: work_contact, very_many_people"),
        (
            {**NAMES, "children": True, "n_subjects": 10_000},
            "serious: everyday, vulnerable_people, very_many_people",
        ),
        ({**NAMES, "ease_of_identification": "negligible"}, "none: everyday, hard_to_identify"),
        ({**BIRTH, "ease_of_identification": "negligible"}, "ordinary: private_life, hard_to_identify"),
        ({**PAY, "ease_of_identification": "negligible"}, "ordinary: finance, hard_to_identify"),
        ({**PAY, "ease_of_identification": "limited"}, "serious: finance"),
        ({"data_categories": ["personnummer"]}, "grave: national_id"),
        ({"data_categories": ["personnummer", "name"]}, "grave: national_id"),
        ({"data_categories": ["personnummer", "salary"]}, "compound: compound"),
        ({"data_categories": ["personnummer", "health"]}, "compound: compound"),
        ({"data_categories": ["password", "criminal_record"]}, "compound: compound"),
        ({"data_categories": ["salary", "health"]}, "grave: health"),
        ({"protected_identities": True}, "compound: protected_identity"),
    ],
)
def test_how_grave_the_data_are(facts: dict[str, Any], expected: str) -> None:
    assert graded(facts) == expected


@pytest.mark.parametrize(
    "facts, expected",
    [
        ({"data_categories": ["patient_name"]}, ["everyday", "health"]),
        ({"data_categories": ["billing_address"]}, ["billing_address"]),
        ({"data_categories": ["work_email_in_a_public_register"]}, ["work_contact"]),
        ({"special_category": True}, ["special"]),
        ({"special_category": True, "data_categories": ["health"]}, ["health"]),
        ({"special_category": True, "data_categories": ["food_preferences"]}, ["weak_hint"]),
        ({"special_category": True, "data_categories": ["name"]}, ["everyday", "special"]),
        ({"special_category": True, "data_categories": ["diet", "name"]}, ["everyday", "weak_hint"]),
        ({"special_category": True, "data_categories": ["diet", "cv"]}, ["life_in_detail", "special", "weak_hint"]),
        ({"data_categories": ["journal"]}, ["health"]),
        ({"data_categories": ["kopia på pass"]}, ["national_id"]),
        ({"data_categories": ["boende på kvinnojour"]}, ["protected_identity"]),
        ({"special_category": False, "national_id_number": False, "financial_data": False, "criminal_data": False}, []),
        ({"national_id_number": True}, ["national_id"]),
        ({"criminal_data": True}, ["criminal"]),
        ({"financial_data": True}, ["finance"]),
        ({"financial_data": True, "data_categories": ["payment_card"]}, ["finance", "payment_means"]),
        ({"financial_data": True, "data_categories": ["cvv"]}, ["payment_means"]),
        ({"protected_identities": True}, ["protected_identity"]),
        ({"credentials": "none"}, []),
        ({"credentials": "plaintext"}, ["credentials"]),
        ({"credentials": "hashed"}, ["credentials"]),
        ({"credentials": "bcrypt"}, ["protected_password"]),
        ({"credentials": "bcrypt, but reused"}, ["credentials"]),
        ({"credentials": "bcrypt", "data_categories": ["password"]}, ["protected_password"]),
        ({"data_categories": ["password"]}, ["credentials"]),
    ],
)
def test_which_kinds_the_labels_and_the_flags_name(facts: dict[str, Any], expected: list[str]) -> None:
    kinds, unrecognised = kinds_in(read_facts(facts))
    assert sorted(kind.name for kind in kinds) == expected
    assert unrecognised == ()


def test_a_label_nobody_knows_is_kept_by_its_name() -> None:
    assert kinds_in(Facts(data_categories=("name", "zzz")))[1] == ("zzz",)
    assert grade(Facts(data_categories=("name", "zzz"))).unrecognised == ("zzz",)


def test_a_protected_identity_is_never_too_hard_to_recognise_to_count() -> None:
    returned = Facts(
        breach_types=("confidentiality",),
        data_categories=("address",),
        protected_identities=True,
        special_category=False,
        vulnerable_subjects=False,
        national_id_number=False,
        ease_of_identification=Identification.NEGLIGIBLE,
        malicious=False,
        exfiltration="not_applicable",
        recipient_known=True,
        recipient_count=1,
        recipient_trusted=True,
        deletion_or_return_confirmed=True,
        n_subjects=1,
    )
    assert assess(returned).risk is not Risk.UNLIKELY
