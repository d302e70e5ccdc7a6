from datetime import datetime, timedelta
from typing import Any

import pytest

from law.bundling import may_be_bundled
from law.statute_book import StatuteBook
from models.facts import Facts
from models.incident import Incident
from models.instants import local, parse_local

FIRST = parse_local("2026-02-10 10.00")
LAW = StatuteBook.load().on(local(FIRST).date())
ALIKE = {
    "data_categories": ("name", "email"),
    "incident_type": "misdirected_email",
    "breach_types": ("confidentiality",),
}


def breach(aware_at: datetime | None = FIRST, party: str = "socialnamnden", **facts: Any) -> Incident:
    return Incident(party=party, aware_at=aware_at, facts=Facts.model_validate({**ALIKE, **facts}))


def against(*breaches: Incident) -> set[str]:
    found = may_be_bundled(breaches, LAW)
    assert found.reasons
    assert all(reason.citation.startswith("Guidelines 9/2022") for reason in found.reasons)
    return set() if found.allowed else {reason.principle for reason in found.reasons}


def test_the_same_data_the_same_way_within_a_short_time_go_together() -> None:
    assert against(breach(), breach(FIRST + timedelta(hours=5)), breach(FIRST + timedelta(hours=9))) == set()


def test_the_order_of_the_words_does_not_matter() -> None:
    assert against(breach(), breach(data_categories=("email", "name"))) == set()


@pytest.mark.parametrize(
    "later, fault", [(timedelta(hours=72), set()), (timedelta(hours=72, seconds=1), {"short_time"})]
)
def test_a_short_time_ends_somewhere(later: timedelta, fault: set[str]) -> None:
    assert against(breach(), breach(FIRST + later)) == fault


@pytest.mark.parametrize(
    "other, fault",
    [
        (breach(party="kommunstyrelsen"), "one_controller"),
        (breach(data_categories=("name", "health")), "same_data"),
        (breach(data_categories=None), "same_data"),
        (breach(incident_type="mispostal"), "same_way"),
        (breach(incident_type=None), "same_way"),
        (breach(breach_types=("confidentiality", "availability")), "same_way"),
        (breach(breach_types=None), "same_way"),
        (breach(None), "short_time"),
    ],
)
def test_one_difference_or_one_unknown_keeps_them_apart(other: Incident, fault: str) -> None:
    assert against(breach(), other) == {fault}
    assert against(other, breach()) == {fault}


def test_two_unknowns_are_not_the_same() -> None:
    unknown = breach(data_categories=None, incident_type=None)
    assert against(unknown, unknown) == {"same_data", "same_way"}
