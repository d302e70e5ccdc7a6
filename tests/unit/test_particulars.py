from datetime import date

import pytest

from law.particulars import demanded, missing
from law.statute_book import StatuteBook
from models.facts import Facts
from models.instants import parse_local

LAW = StatuteBook.load().on(date(2026, 2, 10))
FILED = parse_local("2026-02-11 09.00")
WHOLE = Facts.model_validate(
    {
        "what_happened": "A letter went astray.",
        "breach_types": ["confidentiality"],
        "data_subject_categories": ["patients"],
        "n_subjects": 1,
        "data_categories": ["health"],
        "n_records": 1,
        "consequences_described": "Somebody may know.",
        "measures_taken": ["It was fetched."],
    }
)


def test_everything_33_3_demands_may_follow_within_the_four_weeks() -> None:
    found = demanded("gdpr.33.3", Facts(), LAW, filed_at=FILED)
    assert [item.key for item in found if not item.stated] == [
        "nature",
        "data_subject_categories",
        "data_subjects",
        "data_categories",
        "records",
        "likely_consequences",
        "measures",
    ]
    assert {item.follow_by for item in found if not item.stated} == {parse_local("2026-03-11 23.59")}


def test_only_numbers_and_categories_may_stay_unknown() -> None:
    found = demanded("gdpr.33.3", Facts(), LAW, filed_at=FILED)
    assert [item.key for item in found if item.where_possible] == [
        "data_subject_categories",
        "data_subjects",
        "data_categories",
        "records",
    ]


@pytest.mark.parametrize("provision", ["gdpr.33.3", "gdpr.34.2", "gdpr.33.5"])
def test_what_is_said_need_not_follow(provision: str) -> None:
    found = demanded(provision, WHOLE, LAW, filed_at=FILED)
    assert all(item.stated and item.follow_by is None for item in found)
    assert missing(provision, WHOLE, LAW) == ()


def test_a_letter_to_a_person_is_whole_from_the_start() -> None:
    found = demanded("gdpr.34.2", Facts(), LAW, filed_at=FILED)
    assert [(item.key, item.stated) for item in found] == [
        ("nature", False),
        ("contact_point", True),
        ("likely_consequences", False),
        ("measures", False),
    ]
    assert all(item.follow_by is None and not item.where_possible for item in found)


@pytest.mark.parametrize("provision", ["gdpr.33.3", "gdpr.34.2", "gdpr.33.5"])
def test_what_is_missing_is_what_is_demanded_and_not_said(provision: str) -> None:
    facts = Facts(what_happened="A letter went astray.")
    found = demanded(provision, facts, LAW, filed_at=FILED)
    assert [item.key for item in found if not item.stated] == [item.key for item in missing(provision, facts, LAW)]


def test_a_summary_without_the_kind_of_breach_is_no_nature() -> None:
    (nature,) = (
        i for i in demanded("gdpr.34.2", Facts(what_happened="A letter."), LAW, filed_at=FILED) if i.key == "nature"
    )
    assert not nature.stated
