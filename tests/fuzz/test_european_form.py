"""The common European form: whatever is known, what we fill in keeps to the schema; and the schema shows what the form shows."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from enum import EnumMeta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from law.form_book import EDPB, form_on
from law.statute_book import StatuteBook
from letters.compose.answers import answers
from letters.compose.form_filling import fill
from letters.form_json import document
from letters.form_schema import faults, schema
from letters.voice import ENGLISH
from models.breach_events import FactsEstablished, Risk
from models.facts import Facts, Quantity
from models.filing_events import MissingExplained, MissingItem, SecrecyMark, SecrecyMarked
from models.form import FormField, Shown
from models.replay import replay
from services.documents.sheets import NOTIFICATION, SUPPLEMENT, WITHDRAWAL, sheet_of
from services.record import Case
from tests.letters.case import decided, filed, history, recorded, register

FORM = form_on(EDPB, date(2026, 11, 21))
PUBLISHED = Path(__file__).parents[2] / "docs" / f"edpb_notification.{FORM.valid_from}.schema.json"
SCHEMA = Draft202012Validator(schema(FORM))
LAW = StatuteBook.load().on(date(2023, 4, 24))
REGISTER = register()

WORDS = sorted({word for field in FORM.fields for option in field.options.values() for word in option.means})
TEXT = st.sampled_from(["Ett angrepp.", "Åäö – “citat”\n\nTvå stycken.", "ord " * 300])
MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBER = st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()).map(
    lambda drawn: Quantity(at_least=min(drawn[:2]), at_most=max(drawn[:2]), about=drawn[2])
)
OPEN_ENDED = st.builds(Quantity, at_least=st.integers(0, 9)) | st.builds(Quantity, at_most=st.integers(0, 9))


def value_of(name: str) -> st.SearchStrategy[Any]:
    """Draw a value for the fact ``name``, or None."""
    kind = next(arm for arm in (*get_args(Facts.model_fields[name].annotation), str) if arm is not type(None))
    inner = get_args(kind)
    if inner and isinstance(inner[0], EnumMeta):
        drawn: Any = st.lists(st.sampled_from(list(inner[0])), max_size=3, unique=True).map(tuple)
    elif name == "countries":
        drawn = st.lists(st.sampled_from(["FI", "NO"]), max_size=2).map(tuple)
    elif inner and inner[0] is str and name.endswith("categories"):
        drawn = st.lists(st.sampled_from([*WORDS, "något annat"]), max_size=4).map(tuple)
    elif name in ("n_subjects", "n_records"):
        drawn = NUMBER | OPEN_ENDED
    elif isinstance(kind, EnumMeta):
        drawn = st.sampled_from(list(kind))
    elif kind in (bool, date):
        drawn = {bool: st.booleans(), date: st.dates()}[kind]
    elif name == "recipient_count":
        drawn = st.integers(0, 9)
    elif name.endswith("_at"):
        drawn = MOMENT
    elif name in ("incident_type", "controller_sector", "credentials"):
        drawn = st.sampled_from([*WORDS, "något annat"])
    else:
        listed = any("tuple" in str(arm) for arm in (kind, inner))
        drawn = st.lists(TEXT, max_size=2).map(tuple) if listed else TEXT
    return st.none() | drawn


FACTS = st.fixed_dictionaries({name: value_of(name) for name in Facts.model_fields}).map(Facts.model_validate)
ITEMS = st.lists(
    st.builds(
        MissingItem,
        key=st.sampled_from(["records", "data_subjects", "likely_consequences", "measures"]),
        because=st.just("Leverantören räknar."),
        follows_on=st.sampled_from([None, date(2023, 5, 5)]),
    ),
    max_size=4,
)


@settings(max_examples=200)
@given(
    facts=FACTS,
    news=FACTS,
    letter=st.sampled_from([NOTIFICATION, SUPPLEMENT, WITHDRAWAL]),
    risk=st.none() | st.sampled_from(Risk),
    items=ITEMS,
    secret=st.booleans(),
)
def test_whatever_is_known_in_whatever_phase_the_filled_form_keeps_to_the_schema(
    *,
    facts: Facts,
    news: Facts,
    letter: str,
    risk: Risk | None,
    items: list[MissingItem],
    secret: bool,
) -> None:
    events: list[Any] = [*history(facts)]
    events += [MissingExplained(items=tuple(items), **recorded("2023-04-26 10.00"))]
    events += [decided(risk or Risk.UNLIKELY)] if risk or letter == WITHDRAWAL else []
    if secret:
        marks = (SecrecyMark(field="measures_before", provisions=("osl.18.8",)),)
        events += [SecrecyMarked(marks=marks, **recorded("2023-04-26 12.00"))]
    if letter != NOTIFICATION:
        events += [filed(facts), FactsEstablished(facts=news, source="L.", **recorded("2023-05-02 09.00"))]
    case = Case(replay(events), tuple(events))
    at = events[-1].recorded_at
    sheet = sheet_of(letter, case, register=REGISTER, law=LAW, beside=(), at=at)
    filled = document(
        FORM, fill(FORM, sheet), reference="INC-2023-0042", prepared_at=at, truths=answers(sheet, ENGLISH)
    )
    assert faults(FORM, json.loads(json.dumps(filled))) == ()


def shows(alternatives: tuple[Shown, ...], filled: dict[str, Any]) -> bool:
    """Judge a condition straight from the form, by neither the schema nor what fills the form in."""
    if not alternatives:
        return True
    known = {**filled["circumstances"], **filled["fields"]}
    given_ = {name: set(said if isinstance(said, list) else [said]) for name, said in known.items()}
    return any(all(given_.get(name, set()) & set(wanted) for name, wanted in one.items()) for one in alternatives)


@st.composite
def filled_forms(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a form that somebody filled in by its rules: circumstances, then every question that shows, in order."""
    filled: dict[str, Any] = {
        "$schema": schema(FORM)["$id"],
        "form": {"id": FORM.id, "version": FORM.version, "status": FORM.status, "source": FORM.source},
        "reference": "INC-2026-0042",
        "prepared_at": "2026-11-21T16:10:00+01:00",
        "circumstances": {name: draw(st.sampled_from(["yes", "no"])) for name in FORM.circumstances},
        "fields": {},
        "open": {},
    }
    for field in FORM.fields:
        if not shows(field.shown_if, filled):
            continue
        if field.required == "false" and not draw(st.booleans()):
            continue
        if draw(st.integers(0, 9)) == 0:
            filled["open"][field.id] = {"because": "Utreds."}
        else:
            filled["fields"][field.id] = draw(an_answer(field, filled))
    return filled


def an_answer(field: FormField, filled: dict[str, Any]) -> st.SearchStrategy[Any]:
    offered = [key for key, option in field.options.items() if shows(option.shown_if, filled)]
    return {
        "text": st.just("Text"),
        "choice": st.sampled_from(offered or [""]),
        "choices": st.lists(st.sampled_from(offered or [""]), min_size=1, max_size=3, unique=True),
        "instant": st.just("2026-11-21T16:10:00+01:00"),
        "day": st.just("2026-11-21"),
        "number": st.integers(0, 100),
    }[field.kind]


RULES = settings(max_examples=200)


@RULES
@given(filled=filled_forms())
def test_a_form_filled_in_by_its_rules_is_valid(filled: dict[str, Any]) -> None:
    assert faults(FORM, filled) == ()


@RULES
@given(filled=filled_forms(), data=st.data())
def test_a_question_that_does_not_show_is_refused_an_answer_and_a_reason(
    filled: dict[str, Any], data: st.DataObject
) -> None:
    hidden = [field for field in FORM.fields if field.shown_if and not shows(field.shown_if, filled)]
    field = data.draw(st.sampled_from(hidden))
    answered, explained = deepcopy(filled), deepcopy(filled)
    answered["fields"][field.id] = data.draw(an_answer(field.model_copy(update={"shown_if": ()}), filled))
    explained["open"][field.id] = {"because": "Utreds."}
    assert not SCHEMA.is_valid(answered)
    assert not SCHEMA.is_valid(explained)


@RULES
@given(filled=filled_forms(), data=st.data())
def test_a_required_question_that_shows_is_answered_or_left_open_and_never_passed_over(
    filled: dict[str, Any], data: st.DataObject
) -> None:
    required = [
        field.id
        for field in FORM.fields
        if field.required == "true" and field.id in {**filled["fields"], **filled["open"]}
    ]
    key = data.draw(st.sampled_from(required))
    filled["fields"].pop(key, None)
    filled["open"].pop(key, None)
    assert not SCHEMA.is_valid(filled)


@RULES
@given(filled=filled_forms(), data=st.data())
def test_an_option_is_chosen_only_where_the_form_offers_it(filled: dict[str, Any], data: st.DataObject) -> None:
    refused = [
        (field, key)
        for field in FORM.fields
        for key, option in field.options.items()
        if shows(field.shown_if, filled) and not shows(option.shown_if, filled)
    ]
    if not refused:
        return
    field, key = data.draw(st.sampled_from(refused))
    filled["open"].pop(field.id, None)
    filled["fields"][field.id] = [key] if field.kind == "choices" else key
    assert not SCHEMA.is_valid(filled)


def test_the_published_schema_is_the_one_the_code_goes_by() -> None:
    remedy = f"run: timglas schema anmälan > docs/{PUBLISHED.name}, and ask whether it is still the same version"
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema(FORM), remedy


def test_the_schema_is_itself_one() -> None:
    Draft202012Validator.check_schema(schema(FORM))


def test_an_end_that_is_known_is_told_though_an_earlier_word_had_it_going_on() -> None:
    ended = Facts(began_at=recorded("2023-04-24 09.00")["occurred_at"], ongoing=True).learn(
        Facts(ended_at=recorded("2023-05-02 08.00")["occurred_at"])
    )
    events = history(ended)
    sheet = sheet_of(
        NOTIFICATION,
        Case(replay(events), events),
        register=REGISTER,
        law=LAW,
        beside=(),
        at=events[-1].recorded_at,
    )
    assert answers(sheet, ENGLISH)["ended_at"] == ended.ended_at


@pytest.mark.parametrize(
    "place, wrong",
    [
        ("prepared_at", "2026-11-21T16:10:00"),
        ("reference", "42"),
        ("circumstances", {}),
        ("fields", {"999": "Finns inte"}),
    ],
)
def test_what_is_wrong_is_said_by_its_place_and_never_by_what_stands_there(place: str, wrong: Any) -> None:
    found = faults(FORM, {"$schema": schema(FORM)["$id"], "form": {}, "open": {}, place: wrong})
    assert found
    assert not [said for said in found if "Finns inte" in said or "16:10" in said]
