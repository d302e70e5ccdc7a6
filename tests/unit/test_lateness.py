import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.lateness import TEXTS, rejected_reasons, warnings


@pytest.mark.parametrize(
    "reasons, kind",
    [
        ("Handläggaren var på semester.", "absence"),
        ("Det var julhelg och ingen på plats.", "absence"),
        ("Vi väntade på leverantörens rapport.", "awaiting_supplier"),
        ("Vår jurist behövde först titta på det.", "awaiting_experts"),
        ("Den forensiska utredningen tog tid.", "awaiting_experts"),
        ("Jag glömde att skicka in den.", "human_error"),
        ("Personalbrist på enheten.", "escalation"),
        ("Ingen kände till rutinen.", "escalation"),
        ("IMY visste redan om det genom medierna.", "authority_knew"),
        ("Det har inte lett till någon skada.", "no_known_harm"),
        ("Mottagaren har lovat att radera filen.", "promise_of_finder"),
        ("Det gällde bara en person.", "few_or_brief"),
    ],
)
def test_a_reason_like_one_that_was_rejected_is_warned_about_with_the_decision(reasons: str, kind: str) -> None:
    found = {warning.principle: warning for warning in warnings(reasons)}
    assert kind in found
    assert found[kind].citation
    assert found[kind].text == TEXTS[kind]


@pytest.mark.parametrize(
    "reasons",
    [
        "Vi samlade flera likadana incidenter i en anmälan.",
        "Polisen bad oss att vänta till den 3 mars.",
        "Strömmen var borta i hela kommunen, och e-tjänsten gick inte att nå.",
    ],
)
def test_other_reasons_are_not(reasons: str) -> None:
    assert warnings(reasons) == ()


def test_one_text_may_sound_like_several() -> None:
    kinds = {warning.principle for warning in warnings("Semester och personalbrist. Vi väntade på juristen.")}
    assert kinds == {"absence", "escalation", "awaiting_supplier", "awaiting_experts"}


def test_a_stem_is_the_beginning_of_a_word_not_the_middle() -> None:
    assert warnings("Vi var oerhört försiktiga.") == ()


@given(st.text(max_size=200))
def test_no_text_can_break_it(reasons: str) -> None:
    assert isinstance(warnings(reasons), tuple)


def test_every_kind_has_its_words_and_its_decisions_and_the_table_says_when_it_was_read() -> None:
    table = rejected_reasons()
    assert {kind.key for kind in table.reasons} == set(TEXTS)
    assert all(kind.stems and kind.decisions for kind in table.reasons)
    assert all(re.fullmatch(r"[a-zåäö_]+", stem) for kind in table.reasons for stem in kind.stems)
    assert table.verified_on <= date(2026, 11, 21)
