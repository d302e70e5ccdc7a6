import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.utilities.callables import parameter_schema
from pydantic import TypeAdapter

from adapters.files import read_register
from adapters.settings import Settings
from flows.board.waiting import ANSWERS
from flows.deploy import DESK, TEXTS, in_swedish
from flows.forms.answers import FORMS, Answer
from flows.forms.facts import SECTIONS, StatedFacts, form_schema
from flows.forms.fields import LOCAL_TIME, SEPARATOR, UNKNOWN, When
from flows.host.up import prefect_environment, require_free, require_password
from flows.sweep import sweep
from letters.language import named, slug
from letters.vocabulary import FORM, HELP
from models.errors import NotEntitled, UnreadableFacts, UnreadableTime
from models.facts import Cause, Facts, Quantity
from models.instants import parse_local

FLOWS = [flow for flows in DESK.values() for flow in flows]
REGISTER = read_register(Settings().parties)
FACTS: TypeAdapter[Facts] = TypeAdapter(StatedFacts)


def form_of(flow: Flow[..., Any]) -> dict[str, Any]:
    return dict(in_swedish(parameter_schema(flow).model_dump(), REGISTER)["properties"])


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_question_of_a_form_is_asked_in_swedish_and_never_for_the_clock(flow: Flow[..., Any]) -> None:
    form = form_of(flow)
    assert "now" not in form
    assert {name for name, field in form.items() if field["title"] == name} == set()


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_no_form_has_a_date_picker_or_an_empty_answer_that_is_null(flow: Flow[..., Any]) -> None:
    for field in form_of(flow).values():
        assert field.get("format") != "date-time"
        assert field.get("default", "") is not None


@pytest.mark.parametrize("flow", [*FLOWS, *ANSWERS.values(), sweep], ids=lambda flow: flow.name)
def test_every_deployment_has_a_text_that_teaches(flow: Flow[..., Any]) -> None:
    assert len((TEXTS / f"{slug(flow.name)}.md").read_text(encoding="utf-8")) > 40


def test_what_the_law_wants_a_person_to_do_has_a_form_by_its_name() -> None:
    twelve = {
        "Ny incident",
        "Uppgifter om incidenten",
        "Fastställ kännedom",
        "Rätta tidpunkt",
        "Bedöm risk",
        "Anmälan till IMY",
        "Registrera anmälan",
        "Informera registrerade",
        "Informera allmänheten",
        "Underrätta personuppgiftsansvariga",
        "Svara på myndighetens fråga",
        "Avsluta ärende",
    }
    assert twelve <= {flow.name for flow in FLOWS}


def test_the_vocabulary_of_the_forms_is_no_larger_than_the_forms() -> None:
    asked = {name for flow in FLOWS for name in form_of(flow)}
    assert set(HELP) <= set(FORM)
    assert asked <= set(FORM)


def test_controllers_and_people_are_chosen_from_the_register() -> None:
    form = form_of(next(flow for flow in FLOWS if flow.name == "Ny incident"))
    assert "kommunstyrelsen – Kommunstyrelsen i Exempelkommun" in form["parties"]["items"]["enum"]
    assert "sara.exempel – dataskyddsombud" in form["by"]["enum"]


def test_every_fact_is_asked_for_in_one_place() -> None:
    asked = [name for names in SECTIONS.values() for name in names]
    left_to_others = {"incident_type", "controller_sector", "n_subjects_text", "restore_time_text", "duration_text"}
    assert sorted(asked) == sorted(set(Facts.model_fields) - left_to_others)
    assert set(form_schema()["properties"]) == set(SECTIONS)


def test_every_fact_may_be_left_unknown_and_is_so_until_somebody_says_otherwise() -> None:
    for section in form_schema()["properties"].values():
        for name, field in section["properties"].items():
            unknown = UNKNOWN if "enum" in field else [] if field["type"] == "array" else ""
            assert field["default"] == unknown, name
            assert field["type"] != "string" or "enum" not in field or UNKNOWN in field["enum"], name
            assert "enum" in field or field["type"] == "array" or re.search(field["pattern"], ""), name


def test_every_law_that_may_apply_may_be_left_unanswered() -> None:
    asked = form_of(next(flow for flow in FLOWS if flow.name == "Välj regelverk"))["answers"]["properties"]
    assert {tuple(field["enum"]) for field in asked.values()} == {("Ja", "Nej", UNKNOWN)}
    assert {field["default"] for field in asked.values()} == {UNKNOWN}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_choice_is_said_in_words_and_not_as_the_code_has_it(flow: Flow[..., Any]) -> None:
    offered = [one for field in form_of(flow).values() for one in choices(field) if SEPARATOR not in one]
    assert [one for one in offered if "_" in one or not (one[0].isupper() or one[0].isdigit())] == []


def choices(field: dict[str, Any]) -> Iterator[str]:
    yield from field.get("enum", ())
    for inner in (*field.get("properties", {}).values(), *filter(None, [field.get("items")])):
        yield from choices(inner)


def test_what_is_left_on_vet_inte_stays_unknown() -> None:
    stated = FACTS.validate_python(
        {
            "event": {
                "what_happened": "Ett mejl gick fel.",
                "cause": "Antagonistiskt angrepp",
                "malicious": "Vet inte",
            },
            "people": {"n_subjects": "cirka 8 400", "children": "Nej", "data_subject_categories": ["jobbsökande"]},
        }
    )
    assert stated.known() == {
        "what_happened": "Ett mejl gick fel.",
        "cause": Cause.ADVERSARIAL_ATTACK,
        "n_subjects": Quantity(at_least=8400, at_most=8400, about=True),
        "children": False,
        "data_subject_categories": ("job_applicants",),
    }


@pytest.mark.parametrize(
    "text, expected",
    [
        ("8400", Quantity(at_least=8400, at_most=8400)),
        ("minst 20", Quantity(at_least=20)),
        ("högst 30", Quantity(at_most=30)),
        ("20-30", Quantity(at_least=20, at_most=30)),
    ],
)
def test_a_number_is_exact_about_a_range_or_open_at_one_end(text: str, expected: Quantity) -> None:
    assert FACTS.validate_python({"people": {"n_subjects": text}}).n_subjects == expected


def test_a_number_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(UnreadableFacts, match="8400"):
        FACTS.validate_python({"people": {"n_subjects": "många"}})


def test_a_time_in_a_form_is_swedish_time_and_the_hour_that_never_comes_is_refused_in_swedish() -> None:
    moment = TypeAdapter(When)
    assert moment.validate_python("2026-11-21 16.10") == parse_local("2026-11-21 16.10")
    with pytest.raises(UnreadableTime, match="finns inte"):
        moment.validate_python("2026-03-29 02.30")


def test_a_category_has_a_swedish_name_to_choose() -> None:
    assert named("category", "job_applicants") == "jobbsökande"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_desk_opens_on_this_machine_without_a_password(tmp_path: Path, host: str) -> None:
    require_password(host, None)
    assert "PREFECT_SERVER_API_AUTH_STRING" not in prefect_environment(tmp_path, host, 4200, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7"])
def test_the_desk_does_not_open_to_others_without_a_password(tmp_path: Path, host: str) -> None:
    with pytest.raises(NotEntitled, match="TIMGLAS_UI_PASSWORD"):
        require_password(host, None)
    require_password(host, "hemligt")
    assert prefect_environment(tmp_path, host, 4200, "hemligt")["PREFECT_SERVER_API_AUTH_STRING"] == "timglas:hemligt"


def test_a_desk_does_not_start_where_something_listens_already() -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(NotEntitled, match="--port"):
            require_free("127.0.0.1", other.getsockname()[1])


def strings(schema: dict[str, Any], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every place of a form where a person may type."""
    for name, field in schema.get("properties", {}).items():
        yield from strings(field, f"{place}.{name}")
    if "items" in schema:
        yield from strings(schema["items"], f"{place}[]")
    if schema.get("type") == "string" and "enum" not in schema:
        yield place, schema


@pytest.mark.parametrize(
    "number", ["811218-9876", "8112189876", "19811218-9876", "Om 811218 9876, elev", "701063-2391"]
)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_no_field_of_any_form_lets_a_personnummer_through(flow: Flow[..., Any], number: str) -> None:
    schema = in_swedish(parameter_schema(flow).model_dump(), REGISTER)
    open_to_it = [place for place, field in strings(schema) if re.search(field.get("pattern", ""), number)]
    assert open_to_it == []


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.__name__)
def test_no_field_of_a_waiting_decision_lets_a_personnummer_through(form: type[Answer]) -> None:
    schema = form.model_json_schema()
    fields = [(place, field) for place, field in strings(schema) if "x-register" not in field]
    assert [place for place, field in fields if re.search(field.get("pattern", ""), "Om 811218-9876.")] == []


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-21 16.10",
        "2026-11-21",
        "2026-11-21 kl. 16.10",
        "2026-03-29 03.00",
        "2026-10-25 02.30 sommartid",
        "2026-10-25 03.00",
    ],
)
def test_the_form_itself_takes_the_times_that_can_be_read(typed: str) -> None:
    assert re.search(LOCAL_TIME, typed)


@pytest.mark.parametrize(
    "typed", ["2026-03-29 02.30", "2026-10-25 02.30", "2026-10-25 2.30", "igår", "2026-11-21T16:10:00Z"]
)
def test_the_form_itself_refuses_the_times_that_are_none_or_two(typed: str) -> None:
    assert not re.search(LOCAL_TIME, typed)
