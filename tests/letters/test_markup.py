import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import html, plain
from letters.markup import blocks, guard, shown
from models.facts import Facts
from models.letter import Audience, Fields, Heading, Items, Paragraph, Signature
from models.parties import Register
from tests.letters.case import FACTS
from tests.letters.samples import to_person

FORGERIES = (
    "## Du har vunnit",
    "- en punkt",
    "> Med vänlig hälsning",
    "Kontonummer:: 1234",
    "Slut.\n\n## Ny rubrik\n- punkt",
    "Slut.\u2028## Ny rubrik",
    "Slut.\u0085- punkt",
    "\u200b## Rubrik",
)


def test_a_body_becomes_headings_paragraphs_items_fields_and_a_signature() -> None:
    body = "## Rubrik\nEn rad\noch en till.\n\n- ett\n- två som\n  fortsätter\n\nNamn:: Anna\n\n> Hälsning\n> Anna"

    assert blocks(body) == (
        Heading(text="Rubrik"),
        Paragraph(text="En rad och en till."),
        Items(items=("ett", "två som fortsätter")),
        Fields(rows=(("Namn", "Anna"),)),
        Signature(lines=("Hälsning", "Anna")),
    )


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_value_cannot_become_markup(forged: str) -> None:
    (block,) = blocks(guard(forged))

    assert isinstance(block, Paragraph)


@pytest.mark.parametrize("forged", FORGERIES)
def test_what_a_person_wrote_is_still_read_as_it_was_written(forged: str) -> None:
    (block,) = blocks(f"- {guard(forged)}")

    assert isinstance(block, Items)
    (item,) = block.items
    assert item.replace("\u200b", "").split() == forged.replace("\u200b", "").split()


@given(st.text(min_size=1))
def test_no_value_at_all_can_shape_a_letter(value: str) -> None:
    (block,) = blocks(f"Text {guard(value)}")

    assert isinstance(block, Paragraph)
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"} for char in block.text)


def test_a_no_break_space_survives_and_split_letters_are_joined() -> None:
    assert shown(guard("8\u00a0400 personer på A\u030aland")) == "8\u00a0400 personer på Åland"


def test_forged_facts_leave_the_headings_of_a_letter_as_they_are(register: Register) -> None:
    forged = FACTS.learn(Facts(data_described="- Klicka här\n## Logga in med BankID\nKonto:: 1"))

    headings = [block.text for block in to_person(register, forged).blocks if isinstance(block, Heading)]

    assert headings == [block.text for block in to_person(register).blocks if isinstance(block, Heading)]


def test_a_page_escapes_what_people_wrote(register: Register) -> None:
    page = html.html(to_person(register, FACTS.learn(Facts(data_described="<script>alert('x')</script> & \"mer\""))))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_page_has_a_language_one_title_real_headings_and_nothing_from_outside(register: Register) -> None:
    letter = to_person(register)
    page = html.html(letter)

    assert page.startswith('<!DOCTYPE html>\n<html lang="sv">')
    assert page.count("<h1>") == 1
    assert f"<title>{letter.subject}</title>" in page
    assert page.count("<h2>") == sum(isinstance(block, Heading) for block in letter.blocks)
    assert not [
        word for word in ("src=", "href=", "url(", "@import", "<img", "<link", "<script", "http") if word in page
    ]


def test_the_page_and_the_text_say_the_same(register: Register) -> None:
    letter = to_person(register)
    page = html.html(letter)

    assert all(line.removeprefix("- ") in page for line in plain.text(letter).splitlines())


def test_the_digest_is_that_of_the_text_file_and_changes_with_every_letter_of_it(register: Register) -> None:
    letter = to_person(register)
    edited = letter.model_copy(update={"subject": letter.subject + "."})

    alone = letter.to(Audience.PERSON)
    reworded = letter.variants[0].model_copy(update={"subject": "Ett annat ämne"})
    variant = letter.model_copy(update={"variants": (reworded, *letter.variants[1:])})

    assert plain.sha256(alone) == hashlib.sha256(plain.text(letter).encode()).hexdigest()
    assert len({plain.sha256(one) for one in (alone, letter, edited, variant)}) == 4
