"""Golden letters. To accept a new wording, delete the file, run the tests twice and read the difference in the commit."""

import itertools
from pathlib import Path

import pytest

from letters import plain, render
from models.parties import Register
from tests.letters.samples import SAMPLES, VARIANTS

APPROVED = Path(__file__).parent / "approved" / "sv"
EVERY = SAMPLES | VARIANTS


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_letter_reads_exactly_as_it_was_approved(name: str, register: Register) -> None:
    text = plain.text(EVERY[name](register))
    kept = APPROVED / f"{name.replace(' ', '_')}.txt"
    if not kept.is_file():
        kept.write_text(text, encoding="utf-8")
        pytest.fail(f"{kept.name} was missing and is written now: read it, then run the tests again")

    assert text == kept.read_text(encoding="utf-8")


def test_every_letter_has_a_sample_and_every_approved_text_a_letter() -> None:
    assert set(SAMPLES) == set(render.names())
    assert {file.stem for file in APPROVED.iterdir()} == {name.replace(" ", "_") for name in EVERY}


@pytest.mark.parametrize("name", sorted(EVERY))
def test_no_placeholder_mark_or_none_is_left_in_a_letter(name: str, register: Register) -> None:
    text = plain.text(EVERY[name](register))

    assert not [sign for sign in ("{", "}", "None", "::", "##", "  ") if sign in text]
    assert not [char for char in text if "\ue000" <= char <= "\uf8ff"]


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_subject_is_one_line_and_ends_without_blanks(name: str, register: Register) -> None:
    subject = EVERY[name](register).subject

    assert subject == " ".join(subject.split())


@pytest.mark.parametrize("name", sorted(EVERY))
def test_no_block_of_a_letter_is_empty_and_no_heading_stands_without_text(name: str, register: Register) -> None:
    blocks = EVERY[name](register).blocks

    assert all(line.strip() for line in plain.text(EVERY[name](register)).splitlines() if line != "")
    for block, after in itertools.pairwise(blocks):
        if block.kind == after.kind == "heading":
            assert after.level > block.level, "under a heading stands its text, or a heading below it"
    assert blocks[-1].kind != "heading"


def test_swedish_letters_keep_their_dots_and_rings(register: Register) -> None:
    text = plain.text(SAMPLES["data_subject_communication"](register))

    assert "därför att uppgifter" in text
    assert "Händelsen är anmäld till polisen." in text
    assert "på ett annat språk" in text
