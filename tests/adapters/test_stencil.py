import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from adapters.paper.pdf import V2, LetterPrinter
from adapters.paper.press import Press
from adapters.paper.print_file import PrintFile
from adapters.paper.print_room import PrintRoom
from adapters.paper.reading import Reading, drawn
from adapters.paper.repertoire import REPERTOIRE
from adapters.paper.stencil import Unset
from letters.compose import letterhead
from models.errors import Misprint, MissingParticular, TimelineConflict, TimglasError
from models.letter import Letter, Letterhead, Paragraph
from models.recipient import Channel
from models.sheet import WHOLE, Sheet
from tests.letters.case import register
from tests.letters.samples import SAMPLES
from tests.verapdf import findings_in, require_verapdf

REGISTER = register()
LETTER = SAMPLES["data_subject_communication"](REGISTER)
TO_GUARDIAN = SAMPLES["guardian_communication"](REGISTER)
TO_PROTECTED = SAMPLES["protected_communication"](REGISTER)
HEAD = letterhead(
    REGISTER.controllers[0],
    recipient=(),
    date=datetime(2026, 5, 12, tzinfo=UTC),
    reference="INC-2026-0042",
    kind="",
)
ASA = ("Åsa Öberg", "c/o Berit Łukaszewska", "Storgatan 12 B, lgh 1101", "291 32  KRISTIANSTAD")
CHILD = "Brevet gäller Alva Öberg-Şimşek."


@pytest.fixture(scope="module")
def printer() -> LetterPrinter:
    return LetterPrinter()


@pytest.fixture(scope="module")
def press(printer: LetterPrinter) -> Press:
    return Press(printer, TO_GUARDIAN, HEAD, address=True, about=True)


@pytest.fixture(scope="module")
def plain(printer: LetterPrinter) -> Press:
    return Press(printer, LETTER, HEAD, address=True, about=False)


def pdf_of(press: Press, sheet: Sheet) -> bytes:
    return sheet.content if sheet.frame == WHOLE else press.frame.letter(sheet.content)


def pixels(pdf: bytes) -> list[bytes]:
    return [page.get_pixmap(dpi=72).samples for page in pymupdf.open(stream=pdf)]


def alone(letter: Letter, window: tuple[str, ...], about: str) -> tuple[Letter, Letterhead]:
    opening = (Paragraph(text=about),) if about else ()
    blocks = (*opening, *letter.blocks)
    return letter.model_copy(update={"blocks": blocks}), HEAD.model_copy(update={"recipient": window})


# one look


@pytest.mark.parametrize("letter, about", [(LETTER, ""), (TO_GUARDIAN, CHILD)])
def test_a_letter_from_the_stencil_looks_like_one_set_on_its_own_to_the_last_pixel(
    printer: LetterPrinter, letter: Letter, about: str
) -> None:
    press = Press(printer, letter, HEAD, address=True, about=bool(about))
    sheet = press.sheet("s1", Channel.PAPER, ASA, about)
    assert sheet.frame == press.frame.id
    assert pixels(pdf_of(press, sheet)) == pixels(printer.pdf(*alone(letter, ASA, about)))


def test_both_are_read_aloud_alike(printer: LetterPrinter, press: Press) -> None:
    from_stencil = Reading(pdf_of(press, press.sheet("s1", Channel.PAPER, ASA, CHILD))).paragraphs()
    on_its_own = Reading(printer.pdf(*alone(TO_GUARDIAN, ASA, CHILD))).paragraphs()
    assert from_stencil == on_its_own
    assert from_stencil[4].split("  ")[0].strip() == "Åsa Öberg c/o Berit Łukaszewska Storgatan 12 B, lgh 1101 291 32"


def test_another_program_reads_the_same_text(press: Press) -> None:
    first = pymupdf.open(stream=pdf_of(press, press.sheet("s1", Channel.PAPER, ASA, CHILD)))[0].get_text()
    read = " ".join(first.replace("\u00a0", " ").split())
    assert " ".join(" ".join(ASA).split()) in read
    assert CHILD in read


def test_a_stencil_for_the_left_window_has_its_lines_there() -> None:
    press = Press(LetterPrinter(V2), LETTER, HEAD, address=True, about=False)
    page = pymupdf.open(stream=pdf_of(press, press.sheet("s1", Channel.PAPER, ASA)))[0]
    (found,) = page.search_for("Storgatan 12 B")
    assert found.x0 == pytest.approx(V2.left, abs=1)


def test_a_letter_without_address_and_child_is_the_frame_alone(printer: LetterPrinter) -> None:
    press = Press(printer, TO_PROTECTED, HEAD, address=False, about=False)
    sheet = press.sheet("s1", Channel.SEALED, ())
    press.proof(sheet, ())
    assert sheet.content == b""
    assert pixels(pdf_of(press, sheet)) == pixels(printer.pdf(TO_PROTECTED, HEAD))


# what is kept


def test_prefix_and_content_give_the_hash_that_was_kept(press: Press) -> None:
    for name in ("Åsa", "Bo Ek", "Ş" * 20):
        sheet = press.sheet("s1", Channel.PAPER, (name, *ASA[1:]), CHILD)
        assert hashlib.sha256(press.frame.letter(sheet.content)).hexdigest() == sheet.sha256


def test_the_frame_is_the_same_whoever_the_letters_go_to_and_names_nobody(printer: LetterPrinter) -> None:
    one, other = (Press(printer, TO_GUARDIAN, HEAD, address=True, about=True) for _ in range(2))
    for name in ("Åsa Öberg", "Xerxes Quist"):
        one.sheet("s1", Channel.PAPER, (name, *ASA[1:]), CHILD)
    assert one.frame == other.frame
    inflated = b"".join(_streams(one.frame.prefix))
    assert b"Xerxes" not in inflated


def _streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def test_two_letters_have_two_identifiers_and_the_same_letter_always_one(press: Press) -> None:
    ids = [
        re.search(rb"/ID \[<(\w+)>", pdf_of(press, press.sheet("s1", Channel.PAPER, (name,), CHILD)))[1]
        for name in ("Åsa", "Bo", "Åsa")
    ]
    assert ids[0] == ids[2] != ids[1]


# what the stencil cannot set


@pytest.mark.parametrize("name", ["Ξένη Παπαδοπούλου", "Дарья Иванова", "W" * 40, "A" * 70])
def test_a_rare_sign_or_a_long_line_is_set_on_its_own_and_looks_the_same(plain: Press, name: str) -> None:
    window = (name, *ASA[1:])
    sheet = plain.sheet("s1", Channel.PAPER, window)
    assert sheet.frame == WHOLE
    plain.proof(sheet, window)
    assert name.replace(" ", "") in pymupdf.open(stream=sheet.content)[0].get_text().replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("window", [("李",), ("Rad",) * 8])
def test_what_nobody_can_print_is_refused(plain: Press, window: tuple[str, ...]) -> None:
    with pytest.raises(MissingParticular):
        plain.sheet("s1", Channel.PAPER, window)


def test_the_repertoire_is_printable_composed_and_free_of_markup_that_acts(printer: LetterPrinter) -> None:
    stencil = printer.stencil(LETTER, HEAD)
    for char in REPERTOIRE:
        content = stencil.content((f"a{char}b",))
        assert re.fullmatch(rb"[0-9a-z ./+<>A-Z*\n]+", content)
        ((_, text),) = drawn(content, Reading(stencil.frame.letter(content)).fonts)
        assert text == f"a{char}b "


@given(some.lists(some.text(REPERTOIRE, min_size=1, max_size=22), min_size=1, max_size=7))
@settings(max_examples=150)
def test_whatever_stands_in_the_window_is_read_back_from_the_letter(press: Press, lines: list[str]) -> None:
    window = tuple(" ".join(line.split()) or "x" for line in lines)
    sheet = press.sheet("s1", Channel.PAPER, window, CHILD)
    press.proof(sheet, window, CHILD)
    shown = pymupdf.open(stream=pdf_of(press, sheet))[0].get_text().replace("\u00a0", " ")
    assert "".join("".join(window).split()) in "".join(shown.split())


# a proof that can fail


@pytest.mark.parametrize(
    "window, about",
    [
        (("Åsa Oberg", *ASA[1:]), CHILD),
        ((ASA[0], ASA[2], ASA[1], ASA[3]), CHILD),
        (ASA[:3], CHILD),
        ((*ASA, "x"), CHILD),
        ((f"{ASA[0]} {ASA[1]}", *ASA[2:]), CHILD),
        (ASA, "Brevet gäller Bo Öberg."),
        (ASA, ""),
        ((*ASA, CHILD), ""),
    ],
)
@pytest.mark.parametrize("odd", ["", " Ж"])
def test_a_letter_that_says_anything_else_is_no_proof(
    press: Press, window: tuple[str, ...], about: str, odd: str
) -> None:
    sheet = press.sheet("s1", Channel.PAPER, (ASA[0] + odd, *ASA[1:]), CHILD)
    assert (sheet.frame == WHOLE) is bool(odd)
    with pytest.raises(Misprint):
        press.proof(sheet, window, about)


def test_a_letter_whose_hash_is_anothers_is_no_proof(press: Press) -> None:
    sheet = press.sheet("s1", Channel.PAPER, ASA, CHILD)._replace(sha256="0" * 64)
    with pytest.raises(Misprint):
        press.proof(sheet, ASA, CHILD)


class Careless(LetterPrinter):
    """A printer that sets another text than it was given."""

    def stencil(self, letter: Letter, head: Letterhead, *, window: bool = True, about: bool = False):  # noqa: ANN201
        fewer = letter.model_copy(update={"blocks": letter.blocks[:-1]})
        return super().stencil(fewer, head, window=window, about=about)


def test_a_stencil_that_lacks_a_paragraph_of_the_approved_text_prints_nothing() -> None:
    with pytest.raises(Misprint):
        Press(Careless(), LETTER, HEAD, address=True, about=False)


def test_a_place_that_the_stencil_does_not_have_is_not_drawn(printer: LetterPrinter) -> None:
    with pytest.raises(Unset):
        printer.stencil(LETTER, HEAD).content(ASA, CHILD)


# the print file


def batch(press: Press, plain: Press, count: int) -> list[tuple[Sheet, object, list[str]]]:
    letters: list[tuple[Sheet, object, list[str]]] = []
    for number in range(count):
        window = (f"Åsa {number} Öberg", *ASA[1:])
        letters.append((press.sheet(f"b{number}", Channel.PAPER, window, CHILD), press.frame, [*window, CHILD]))
        letters.append((plain.sheet(f"s{number}", Channel.PAPER, window), plain.frame, list(window)))
    odd = ("Дарья Иванова", *ASA[1:])
    letters.append((plain.sheet("r1", Channel.PAPER, odd), None, list(odd)))
    return letters


def test_a_print_file_holds_every_page_of_every_letter_in_order(press: Press, plain: Press, tmp_path: Path) -> None:
    made = PrintRoom(tmp_path, duplex=False).write("omgang", 7, batch(press, plain, 3))
    document = pymupdf.open(tmp_path / "omgang.pdf")
    assert made.pages == len(document) == 3 * press.frame.pages + 4 * plain.frame.pages
    for place in made.places[:6]:
        page = document[place.first_page - 1].get_text()
        assert f"7-{place.number:06}-1/" in page
        assert f"Åsa {place.key[1:]} Öberg" in page.replace("\u00a0", " ")
    assert "Дарья Иванова" in document[made.places[-1].first_page - 1].get_text()


def test_a_page_of_the_print_file_looks_like_the_page_of_the_letter_but_for_its_number(
    press: Press, plain: Press, tmp_path: Path
) -> None:
    letters = batch(press, plain, 1)
    PrintRoom(tmp_path, duplex=False).write("omgang", 1, letters)
    in_file = pymupdf.open(tmp_path / "omgang.pdf")
    on_its_own = pymupdf.open(stream=press.frame.letter(letters[0][0].content))
    above_the_number = pymupdf.Rect(0, 0, in_file[0].rect.width, in_file[0].rect.height - 25)
    for place, page in enumerate(on_its_own):
        both = [one.get_pixmap(dpi=72, clip=above_the_number).samples for one in (page, in_file[place])]
        assert both[0] == both[1]


def test_on_both_sides_each_letter_begins_on_a_sheet_of_its_own(press: Press, plain: Press, tmp_path: Path) -> None:
    made = PrintRoom(tmp_path).write("omgang", 1, batch(press, plain, 2))
    assert all(place.first_page % 2 for place in made.places)
    document = pymupdf.open(tmp_path / "omgang.pdf")
    blank = [page.number + 1 for page in document if not page.get_text().strip()]
    assert len(blank) == sum(letter[0].pages % 2 for letter in batch(press, plain, 2))


def test_the_ledger_says_whose_each_page_is_and_nothing_of_them(press: Press, plain: Press, tmp_path: Path) -> None:
    PrintRoom(tmp_path, duplex=False).write("omgang", 1, batch(press, plain, 1))
    text = (tmp_path / "omgang-sidor.csv").read_text("utf-8")
    pages = press.frame.pages
    assert text.splitlines()[:3] == [
        "brev,mottagare,första sidan,sista sidan",
        f"1,b0,1,{pages}",
        f"2,s0,{pages + 1},{pages + plain.frame.pages}",
    ]
    assert "Öberg" not in text
    assert {oct(file.stat().st_mode)[-3:] for file in tmp_path.iterdir()} == {"600"}


def test_fonts_and_static_pages_stand_in_the_file_once(press: Press, plain: Press, tmp_path: Path) -> None:
    sizes = []
    for count in (1, 101):
        PrintRoom(tmp_path).write(f"omgang-{count}", 1, batch(press, plain, count))
        sizes.append((tmp_path / f"omgang-{count}.pdf").stat().st_size)
    assert (sizes[1] - sizes[0]) / 200 < 2_000


@pytest.mark.parametrize("wrong", [0, 3, 4], ids=["with a child", "the last of the stencil", "set on its own"])
def test_a_print_file_in_which_one_letter_is_anothers_is_never_handed_over(
    press: Press, plain: Press, tmp_path: Path, wrong: int
) -> None:
    letters = batch(press, plain, 2)
    sheet, frame, lines = letters[wrong]
    letters[wrong] = sheet, frame, ["Någon Annan", *lines[1:]]
    with pytest.raises(Misprint):
        PrintRoom(tmp_path).write("omgang", 1, letters)
    assert list(tmp_path.iterdir()) == []


def test_a_print_file_is_never_written_over(press: Press, plain: Press, tmp_path: Path) -> None:
    PrintRoom(tmp_path).write("omgang", 1, batch(press, plain, 1))
    before = (tmp_path / "omgang.pdf").read_bytes()
    with pytest.raises(TimelineConflict):
        PrintRoom(tmp_path).write("omgang", 1, batch(press, plain, 2))
    assert (tmp_path / "omgang.pdf").read_bytes() == before


def test_a_print_file_is_streamed_and_its_hash_is_that_of_the_file(press: Press) -> None:
    out = io.BytesIO()
    printing = PrintFile(out, 1)
    for number in range(1_200):
        printing.add(press.sheet(f"s{number}", Channel.PAPER, ASA, CHILD), press.frame, number=number + 1)
    assert printing.close() == hashlib.sha256(out.getvalue()).hexdigest()
    assert len(pymupdf.open(stream=out.getvalue())) == printing.pages


# what an archive and a screen reader ask for


def recipients(count: int) -> Iterator[tuple[tuple[str, ...], str]]:
    names = ("Åsa Öberg", "Łukasz Nowak", "Şebnem Çelik", "Zoë D'Arc-Müller", "Østein Æbelø", "Ștefan Țiriac", "Bo Ek")
    for number in range(count):
        name = f"{names[number % len(names)]} {number}"
        lines = (name, "c/o Berit Al", f"Storgatan {number}, lgh 1101", "291 32  KRISTIANSTAD", "NORGE")
        yield lines[: 2 + number % 4], f"Brevet gäller {name}."


def test_two_hundred_letters_to_different_people_can_all_be_read_aloud_and_kept_for_ever(
    press: Press, plain: Press, tmp_path: Path
) -> None:
    require_verapdf()
    documents = {}
    for number, (window, about) in enumerate(recipients(200)):
        kind, line = (press, about) if number % 2 else (plain, "")
        sheet = kind.sheet(f"s{number}", Channel.PAPER, window, line)
        documents[f"brev-{number}"] = pdf_of(kind, sheet)
    assert findings_in(documents, tmp_path) == []


def test_the_print_file_can_be_kept_for_ever(press: Press, plain: Press, tmp_path: Path) -> None:
    require_verapdf()
    PrintRoom(tmp_path).write("omgang", 1, batch(press, plain, 20))
    content = (tmp_path / "omgang.pdf").read_bytes()
    assert findings_in({"omgang": content}, tmp_path / "..", ("2b",)) == []


def test_no_refusal_tells_whose_letter_it_was(press: Press) -> None:
    for lines in (("李 Hemlig",), ("Hemlig",) * 8):
        with pytest.raises(TimglasError) as refusal:
            press.sheet("s1", Channel.PAPER, lines, CHILD)
        assert "Hemlig" not in str(refusal.value)
