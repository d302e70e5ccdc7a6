from typing import Any

import pytest
from prefect import Flow
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import build_error_obj, validate

from adapters.files import read_register
from adapters.settings import Settings
from flows.acts.authority import register_diary_number
from flows.acts.incident import establish_facts, open_incident
from flows.deploy import in_swedish as form
from flows.forms.refusals import in_swedish, rewrite

NUMBER = "811218-9876"


def said_by_prefect(flow: Flow[..., Any], **answers: Any) -> dict[str, list[str]]:
    """What Prefect's own check says of each field, as the front of the desk rewrites it."""
    schema: Any = form(parameter_schema(flow).model_dump(), read_register(Settings().parties))
    return {one["property"]: one["errors"] for one in rewrite(build_error_obj(validate(answers, schema)))["errors"]}


@pytest.mark.parametrize(
    "field, typed, says",
    [
        ("summary", f"Mejlet gällde {NUMBER}.", "ser ut som ett personnummer"),
        ("summary", "   ", "måste fyllas i"),
        ("reported_at", "2026-03-29 02.30", "finns inte"),
        ("reported_at", "2026-10-25 02.30", "sommartid (första gången) eller vintertid"),
        ("reported_at", "igår kväll", "2026-11-21 16.10"),
        ("by", "någon annan", "Välj ett av svaren i listan."),
        ("family", "O'Hara 'och' \"dubbelt\" " + NUMBER, "ser ut som ett personnummer"),
    ],
)
def test_what_does_not_fit_is_refused_in_swedish_beside_its_field_and_not_repeated(
    field: str, typed: str, says: str
) -> None:
    (said,) = said_by_prefect(open_incident, **{field: typed})[field]
    assert says in said
    assert NUMBER not in said
    assert "match" not in said


def test_what_is_left_out_is_asked_for() -> None:
    assert said_by_prefect(open_incident)["summary"] == ["Det här måste fyllas i."]


def test_a_fact_deep_in_the_small_forms_is_refused_where_it_stands() -> None:
    facts = {"people": {"n_subjects": "många"}, "measures": {"measures_taken": ["Vi ringde.", f"Ring {NUMBER}."]}}
    people, measures = said_by_prefect(establish_facts, facts=facts)["facts"]
    assert people["errors"][0]["errors"] == [
        "Skriv ett antal, till exempel 8400, cirka 8400, minst 20, högst 30 eller 20-30."
    ]
    assert measures["errors"][0]["errors"][0]["index"] == 1
    assert "personnummer" in str(measures)
    assert NUMBER not in str(measures)


def test_every_pattern_of_the_forms_is_put_in_words() -> None:
    said = said_by_prefect(register_diary_number, incident_id="ärendet", diary_number="17", received_at="nyss", by="x")
    assert all("passar inte här" not in sentence for sentences in said.values() for sentence in sentences)


@pytest.mark.parametrize(
    "said, read",
    [
        (
            "Error creating flow run: Validation failed. Failure reason: 'summary' is a required property",
            "Vad har hänt, kort? Det här måste fyllas i.",
        ),
        (
            "Reason: Validation failed for field 'facts.data.n_records'. Failure reason: 'x' is not one of ['y']",
            "Antal personuppgiftsposter: Välj ett av svaren i listan.",
        ),
    ],
)
def test_a_form_that_is_refused_as_a_whole_names_the_field(said: str, read: str) -> None:
    assert in_swedish(said) == read


def test_all_else_that_prefect_says_is_left_as_it_was() -> None:
    for body in ({"detail": "Deployment not found"}, {"status": "ACCEPT", "details": {"type": "accept_details"}}, []):
        assert rewrite(body) == body
