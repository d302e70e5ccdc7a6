from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import language
from models.breach_events import Risk
from models.errors import MissingParticular, TimglasError, UnreadableTime
from models.facts import BreachType, Cause, Facts, Quantity
from models.instants import parse_local
from tests.letters.case import AWARE, DUE, NO_BREAK


def test_a_moment_has_its_weekday_and_a_full_stop_in_the_time() -> None:
    assert language.moment(DUE) == "torsdag 27 april 2023 kl. 16.10"
    assert language.clock_time(AWARE) == "24 april 2023 kl. 16.10"
    assert language.stamp(DUE) == "2023-04-27 16.10"
    assert language.day(DUE) == "27 april 2023"
    assert language.day(date(2020, 12, 1)) == "1 december 2020"


def test_a_moment_just_after_midnight_belongs_to_the_swedish_day() -> None:
    assert language.day(datetime(2023, 5, 1, 22, 30, tzinfo=UTC)) == "2 maj 2023"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert language.moment(first) == "söndag 25 oktober 2026 kl. 02.30 sommartid"
    assert language.stamp(first + timedelta(hours=1)) == "2026-10-25 02.30 vintertid"


@given(st.datetimes(min_value=datetime(2018, 5, 25), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_stamp_is_read_back_as_the_same_minute(instant: datetime) -> None:
    assert parse_local(language.stamp(instant)) == instant.replace(second=0, microsecond=0)


def test_thousands_are_kept_together_by_a_no_break_space() -> None:
    assert language.number(64000) == f"64{NO_BREAK}000"


@pytest.mark.parametrize(
    "value, said",
    [
        (Quantity(at_least=3, at_most=3), "3"),
        (Quantity(at_least=8400, at_most=8400, about=True), f"cirka 8{NO_BREAK}400"),
        (Quantity(at_least=20, at_most=30), "mellan 20 och 30"),
        (Quantity(at_least=20, at_most=30, about=True), "cirka 20–30"),
        (Quantity(at_least=5), "minst 5"),
        (Quantity(at_most=100), "högst 100"),
    ],
)
def test_a_quantity_says_how_well_it_is_known(value: Quantity, said: str) -> None:
    assert language.quantity(value) == said


def test_people_are_counted_in_the_right_form() -> None:
    assert language.people(Quantity(at_least=1, at_most=1)) == "1 person"
    assert language.people(Quantity(at_least=2, at_most=2)) == "2 personer"
    assert language.people(Quantity(at_least=8400, at_most=8400, about=True)) == f"cirka 8{NO_BREAK}400 personer"


@pytest.mark.parametrize(
    "length, said",
    [
        (timedelta(hours=47, minutes=10), "47 timmar och 10 minuter"),
        (timedelta(hours=1, minutes=1), "1 timme och 1 minut"),
        (timedelta(hours=72), "72 timmar"),
        (timedelta(hours=96), "96 timmar"),
        (timedelta(days=28), "28 dygn"),
        (timedelta(days=5, hours=2, minutes=3), "5 dygn, 2 timmar och 3 minuter"),
        (timedelta(minutes=59, seconds=59), "59 minuter"),
        (timedelta(seconds=59), "mindre än en minut"),
    ],
)
def test_a_length_of_time_is_said_to_the_minute(length: timedelta, said: str) -> None:
    assert language.duration(length) == said


def test_lists_are_joined_by_och() -> None:
    assert language.listed(["namn", "adress", "personnummer"]) == "namn, adress och personnummer"
    assert language.listed(["namn"]) == "namn"


def test_labels_stand_alone_with_a_capital_and_inside_a_sentence_without() -> None:
    assert language.label(Risk.HIGH) == "Hög risk"
    assert language.word(Risk.HIGH) == "hög risk"
    assert language.facts_label("what_happened") == "Vad som har hänt"
    assert language.named("event", "risk_decided.v1") == "Risken beslutad"
    assert language.named("provision", "gdpr.33.1") == "Anmälan till IMY (artikel 33.1)"


def test_an_unknown_category_is_shown_as_somebody_wrote_it() -> None:
    assert language.category_label("health") == "uppgifter om hälsa"
    assert language.category_label("Skostorlek") == "Skostorlek"


def test_a_fact_is_said_as_it_stands_alone() -> None:
    facts = Facts(
        breach_types=(BreachType.AVAILABILITY,),
        cause=Cause.HUMAN_FACTOR,
        children=False,
        began_at=AWARE,
        recipient_count=2,
    )

    assert language.fact("cause", facts) == "Den mänskliga faktorn"
    assert language.fact("children", facts) == "Nej"
    assert language.fact("began_at", facts) == "2023-04-24 16.10"
    assert language.fact("recipient_count", facts) == "2"
    assert language.fact("ended_at", facts) is None


def test_sentences_in_a_fact_follow_one_another_and_words_make_a_list() -> None:
    facts = Facts(measures_taken=("Vi ringde.", "Vi stängde."), data_categories=("name", "phone"))

    assert language.fact("measures_taken", facts) == "Vi ringde. Vi stängde."
    assert language.fact("data_categories", facts) == "Namn och telefonnummer"


def test_a_refusal_says_in_swedish_what_is_wrong_why_and_what_to_do() -> None:
    with pytest.raises(UnreadableTime) as refusal:
        parse_local("2026-10-25 02.30")

    assert language.explain(refusal.value) == (
        "Tidpunkten 2026-10-25 02.30 finns två gånger. Den natten ställdes klockan tillbaka till vintertid, så timmen "
        "mellan 02.00 och 03.00 kom två gånger. Skriv sommartid (första gången) eller vintertid (andra gången) efter "
        "klockslaget."
    )


def test_a_refusal_says_its_values_in_swedish_too() -> None:
    error = MissingParticular(
        "The letter {letter} cannot be written: {fact} is not known.",
        why="The letter would lack something that the law demands ({provision}).",
        remedy="Decide the risk first.",
        letter="data_subject_communication",
        fact=("what_happened", "measures_taken"),
        provision="gdpr.34.2",
    )

    assert language.explain(error) == (
        "Det går inte att skriva ”information till den registrerade” än. Det här saknas: vad som har hänt och vidtagna "
        "åtgärder. Texten skulle sakna något som lagen kräver: Innehållet i informationen till de registrerade "
        "(artikel 34.2). Besluta om risken först."
    )


def test_a_refusal_nobody_has_translated_is_still_told() -> None:
    error = TimglasError("The {thing} is odd.", why="Year {year} is.", remedy="Look.", thing="<brace {x}>", year=2026)

    assert language.explain(error) == "The <brace {x}> is odd. Year 2026 is. Look."
