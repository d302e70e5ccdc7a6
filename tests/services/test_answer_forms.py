"""The form of each decision, as the case stands that asks for it: filled in so that it can be handed in as it is."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from flows.forms.answers import FORMS, form_of
from models.breach_events import Risk
from services.documents.drafts import WITHDRAWAL
from services.due.question import Kind, Question
from services.due.questions import questions
from services.record import law_for
from tests.fakes import uncertain
from tests.services.office import COMMUNICATION, DELEGATE, NOTIFICATION, Office, person

TYPED = {
    "reasoning": "Det är utrett.",
    "lessons": "Inga.",
    "evidence": "Ett mejl.",
    "aware_at": "2023-04-24 16.10",
    "filed_at": "2023-04-26 15.20",
    "withdrawn_at": "2023-05-03 09.00",
    "answered_at": "2023-05-03 09.00",
    "answer": "Fyra.",
}
"""What a person types where nothing can be filled in for them."""


def a_filing(office: Office) -> str:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    return case


def a_copy(office: Office) -> str:
    case = a_filing(office)
    office.file(case, when="2023-04-26 15.20")
    return case


def an_approval(office: Office) -> str:
    case = office.decided(Risk.RISK)
    office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    return case


def a_letter_to_approve(office: Office) -> str:
    case = office.decided(Risk.HIGH)
    office.draft(case, COMMUNICATION, when="2023-05-12 11.00")
    return case


def a_withdrawal(office: Office) -> str:
    case = office.notified()
    office.decide(case, Risk.UNLIKELY, when="2023-05-03 09.00")
    office.drafted(case, WITHDRAWAL, when="2023-05-03 09.30")
    return case


def a_question_of_the_authority(office: Office) -> str:
    case = office.notified()
    office.asked(case, "Hur många barn?", when="2023-05-02 10.00")
    return case


def some_doubt(office: Office) -> str:
    office.post.answers = {"s0001@post.example": uncertain()}
    case = office.ready_to_write([person(1)])
    office.release(case, when="2023-05-12 12.00")
    office.send(case, when="2023-05-12 12.05")
    return case


ASKING: list[tuple[Kind, Callable[[Office], str]]] = [
    (Kind.REGIME, Office.report),
    (Kind.AWARENESS, Office.report),
    (Kind.RISK, Office.known),
    (Kind.APPROVAL, an_approval),
    (Kind.APPROVAL, a_letter_to_approve),
    (Kind.FILING, a_filing),
    (Kind.COPY, a_copy),
    (Kind.WITHDRAWAL, a_withdrawal),
    (Kind.AUTHORITY, a_question_of_the_authority),
    (Kind.COMMUNICATION, lambda office: office.decided(Risk.HIGH)),
    (Kind.UNCERTAIN, some_doubt),
    (Kind.CLOSING, Office.notified),
]


def asked(office: Office, kind: Kind, case: str) -> tuple[Question, dict[str, Any], tuple[str, ...]]:
    """The question, its form, and who may answer."""
    incident = office.incident(case)
    (question,) = [one for one in questions(incident, book=office.world.book) if one.kind is kind]
    register = office.world.register
    form = form_of(
        question, law=law_for(incident, office.world.book), register=register, party=incident.party, typed={}
    )
    return question, form, question.whose(register.party(incident.party))


def test_every_kind_of_decision_is_tried() -> None:
    assert {kind for kind, _ in ASKING} == set(Kind) == set(FORMS)


@pytest.mark.parametrize("kind, case", ASKING)
def test_each_decision_is_asked_once_and_its_advice_stands_in_its_form(
    kind: Kind, case: Callable[[Office], str], office: Office
) -> None:
    question, form, _ = asked(office, kind, case(office))
    fields = form["properties"]
    assert {name: fields[name]["default"] for name in question.advice} == question.advice
    assert {name for name, field in fields.items() if field["title"] == name} == set()


@pytest.mark.parametrize("kind, case", ASKING)
def test_what_a_form_is_filled_in_with_can_be_handed_in_as_it_is(
    kind: Kind, case: Callable[[Office], str], office: Office
) -> None:
    _, form, whose = asked(office, kind, case(office))
    fields = form["properties"]
    filled = {name: field["default"] for name, field in fields.items() if "default" in field}
    assert all(filled[name] in fields[name]["enum"] for name in filled if "enum" in fields[name])
    lacking = {name: TYPED.get(name, fields[name].get("enum", [""])[0]) for name in form["required"]}
    assert FORMS[kind].model_validate({**lacking, **filled}).by in whose


@pytest.mark.parametrize("kind, case", ASKING)
def test_only_who_may_answer_can_be_chosen(kind: Kind, case: Callable[[Office], str], office: Office) -> None:
    _, form, whose = asked(office, kind, case(office))
    assert [choice.partition(" – ")[0] for choice in form["properties"]["by"]["enum"]] == list(whose)


ONE, OTHER = "p0123456789abcdef0123", "pffff0123456789abcdef.1"


@pytest.mark.parametrize(
    "typed, meant",
    [("", ()), (ONE, (ONE,)), (f"{ONE} {OTHER}", (ONE, OTHER)), (f" {ONE},\n{OTHER}\n", (ONE, OTHER))],
)
def test_a_person_decides_about_all_uncertain_letters_or_those_copied_from_the_page(
    typed: str, meant: tuple[str, ...], office: Office
) -> None:
    _, form, _ = asked(office, Kind.UNCERTAIN, some_doubt(office))
    assert re.search(form["properties"]["only"]["pattern"], typed)
    answer = FORMS[Kind.UNCERTAIN].model_validate(
        {"verdict": "Skicka igen", "only": typed, "reasoning": "Loggen.", "by": DELEGATE}
    )
    assert answer.model_dump()["only"] == meant


@pytest.mark.parametrize("typed", ["811218-9876", "811218 9876", "Kanarie Kvitterström", "p123", f"{ONE} 8112189876"])
def test_nothing_else_fits_where_letters_are_named(typed: str, office: Office) -> None:
    _, form, _ = asked(office, Kind.UNCERTAIN, some_doubt(office))
    assert not re.search(form["properties"]["only"]["pattern"], typed)
