from datetime import date
from itertools import product

import pytest

from law.form_book import form_on
from law.statute_book import StatuteBook
from letters import plain
from letters.language import LANGUAGE
from letters.readability import lix
from letters.render import TEMPLATES, letter_card, names, placeholders
from models.parties import Register
from tests.letters.samples import SAMPLES, sheet

LANGUAGES = sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir())
LAW = StatuteBook.load().on(date(2026, 11, 21))
TO_PERSONS = (
    "data_subject_communication",
    "guardian_communication",
    "protected_communication",
    "data_subject_correction",
    "public_communication",
)


@pytest.mark.parametrize("name", names())
def test_every_folder_has_a_card_a_subject_and_a_body_that_compile(name: str) -> None:
    assert placeholders(name)
    assert letter_card(name).title
    assert {file.name for file in (TEMPLATES / LANGUAGE / name).iterdir()} == {"letter.toml", "subject.txt", "body.txt"}


@pytest.mark.parametrize("language, name", list(product(LANGUAGES, names())))
def test_every_language_has_every_letter_and_each_asks_for_the_same_values(language: str, name: str) -> None:
    assert placeholders(name, language) == placeholders(name)
    assert set(names(language)) == set(names())


@pytest.mark.parametrize("name", names())
def test_what_a_card_cites_stands_in_the_statute_book(name: str) -> None:
    card = letter_card(name)

    for provision in card.fulfils + card.contains:
        assert LAW.statute(provision).id == provision


@pytest.mark.parametrize("name", [name for name in names() if letter_card(name).contains])
def test_every_particular_a_card_claims_has_its_place_in_the_letter(name: str) -> None:
    card = letter_card(name)
    demanded = {item.key for provision in card.contains for item in LAW.particulars(provision)}

    assert set(card.particulars) == demanded
    told = {value for values in card.particulars.values() for value in values}
    asked = {field.answer for field in form_on(card.form, date(2026, 11, 21)).fields} if card.form else set()
    assert told <= placeholders(name) | asked


@pytest.mark.parametrize("name", [name for name in names() if letter_card(name).lix])
def test_a_letter_is_as_easy_to_read_as_its_card_promises(name: str, register: Register) -> None:
    target = letter_card(name).lix

    assert target is not None
    assert lix(plain.text(SAMPLES[name](register))) <= target


@pytest.mark.parametrize("name", TO_PERSONS)
def test_letters_to_persons_promise_to_be_easy(name: str) -> None:
    target = letter_card(name).lix

    assert target is not None
    assert target <= 35


def test_no_letter_claims_a_review_that_has_not_happened() -> None:
    claimed = {name: letter_card(name) for name in names()}

    assert all(card.reviewed_by == "not yet reviewed by a jurist" for card in claimed.values() if not card.reviewed_on)


def test_the_letters_name_the_authority_as_the_statute_book_does() -> None:
    bodies = {name: (TEMPLATES / LANGUAGE / name / "body.txt").read_text(encoding="utf-8") for name in names()}
    in_force = {key: LAW.text("se.imy", key) for key in ("name", "short_name", "phone", "postal_address")}

    for name in set(TO_PERSONS) - {"data_subject_correction"}:
        assert f"{in_force['name']}, {in_force['short_name']}" in bodies[name]
        assert in_force["phone"] in bodies[name]
    assert in_force["postal_address"] in " ".join(bodies["deadline_reminder"].split())


def test_the_sheet_keeps_the_order_of_the_authoritys_form(register: Register) -> None:
    text = plain.text(sheet(register, at="2023-04-26 15.20"))
    order = (
        "Namn på den personuppgiftsansvarige",
        "Organisationsnummer",
        "Organisationens postadress",
        "Ert referensnummer",
        "Den adress ni önskar bli kontaktad på",
        "När upphörde incidenten?",
        "Typ av incident",
        "Antal registrerade",
        "Vilka grupper tillhör de registrerade?",
        "Vilken sorts personuppgifter",
        "Vad kan bli konsekvenserna av incidenten?",
        "Hur har ni agerat efter incidenten?",
        "Har ni informerat de registrerade?",
    )
    places = [text.index(label) for label in order]

    assert places == sorted(places)
