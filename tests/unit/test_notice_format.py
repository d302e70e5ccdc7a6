import json
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from models.facts import Facts, Quantity
from models.notice import FACTS, Notice, schema
from tests.letters.case import register
from tests.letters.samples import notice

PUBLISHED = Path(__file__).parents[2] / "docs" / "notice.v1.schema.json"
BY_HAND = """
{
 "format": "timglas.notice.v1", "reference": "INC-2026-0007", "version": 1, "kind": "first",
 "sent_at": "2026-11-23T16:05:00+01:00",
 "sender": {"name": "Lönesystem AB", "organisation_number": "556000-0001", "contact": "Jouren",
            "email": "jour@lon.example", "phone": "08-465 004 10", "answer_to": "svar@lon.example"},
 "addressee": {"name": "Socialnämnden", "organisation": "Exempelkommun", "organisation_number": "212000-0000"},
 "aware_at": "2026-11-23T13:20:00+01:00", "answer_by": "2026-11-23T20:00:00+01:00", "reply_code": "7F3K-9Q2D",
 "facts": {"what_happened": "Ett system har angripits.", "n_subjects": {"at_least": 12}}
}
"""


def test_the_published_schema_is_the_one_the_code_goes_by() -> None:
    remedy = "run: python -m models.notice > docs/notice.v1.schema.json, and ask whether it is still version 1"
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema(), remedy


def test_every_notice_we_sign_is_valid_under_the_published_schema() -> None:
    whole = notice(register(), facts=Facts(what_happened="Något.", n_subjects=Quantity(at_most=9)))
    jsonschema.validate(json.loads(whole.octets), schema(), format_checker=jsonschema.FormatChecker())
    assert Notice.model_validate_json(whole.octets) == whole


def test_what_another_program_writes_by_the_schema_can_be_read() -> None:
    jsonschema.validate(json.loads(BY_HAND), schema())
    read = Notice.model_validate_json(BY_HAND)
    assert read.facts.n_subjects == Quantity(at_least=12)
    assert read.sent_at.utcoffset() is not None


@pytest.mark.parametrize(
    "before, after",
    [
        ('"version": 1', '"version": 0'),
        ("timglas.notice.v1", "timglas.notice.v2"),
        ("2026-11-23T16:05:00+01:00", "2026-11-23T16:05:00"),
        ("Ett system har angripits.", "Det gäller 811228-9874."),
        ('"what_happened"', '"told_data"'),
        ("7F3K-9Q2D", "7F3K"),
    ],
)
def test_what_is_no_notice_of_this_format_is_refused(before: str, after: str) -> None:
    with pytest.raises(ValidationError):
        Notice.model_validate_json(BY_HAND.replace(before, after))


def test_a_fact_of_the_model_that_is_not_in_the_format_stays_out_of_it() -> None:
    assert set(FACTS) < set(Facts.model_fields)
    assert not [name for name in FACTS if name.startswith("told_")]
    assert set(schema()["$defs"]["Facts"]["properties"]) == set(FACTS)
