import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pymupdf
import pytest

from adapters.paper.pdf import H2, V2, LetterPrinter, Window
from models.errors import MissingParticular
from models.letter import Block, Fields, Heading, Items, Letter, Letterhead, Paragraph, Signature

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = ("Åsa Österström-Łukaszewska", "c/o Bengt Ängström", "Storgatan 12 B, lgh 1101", "291 32  KRISTIANSTAD")
HEAD = Letterhead(
    sender="Exempelkommun",
    department="Kommunstyrelsen, HR-avdelningen",
    recipient=ADDRESS,
    date="12 maj 2023",
    reference="KS 2023/000123",
    kind="Information",
    footer=("Exempelkommun", "291 80 Exempelstad", "044-13 50 00", "kommun@exempelkommun.se", "exempelkommun.se"),
)
SHEET = HEAD.model_copy(update={"recipient": ()})
SUBJECT = "Information om en personuppgiftsincident som rör dig"
EVERY_KIND = (
    Paragraph(text="Vi skriver till dig därför att uppgifter om dig kan ha hamnat hos någon annan."),
    Heading(text="Vad har hänt?"),
    Paragraph(text="Den 24 april 2023 fick vi veta att ett företag har blivit utsatt för en it-attack. " * 4),
    Items(items=("Lämna aldrig ut koder eller lösenord.", "Byt lösenord om du har använt samma i flera tjänster.")),
    Fields(rows=(("Ärende", "KS 2023/000123"), ("Dataskyddsombud", "044-13 50 00"))),
    Signature(lines=("Med vänlig hälsning", "Anna Exempel", "HR-direktör")),
)
LONG = tuple(Paragraph(text=f"Stycke {number}: " + "uppgifter om dig kan ha spridits. " * 9) for number in range(20))


def printed(*blocks: Block, head: Letterhead = HEAD, window: Window = H2, subject: str = SUBJECT) -> bytes:
    letter = Letter(name="to_the_person", language="sv", subject=subject, blocks=blocks)
    return LetterPrinter(window).pdf(letter, head)


def opened(*blocks: Block, head: Letterhead = HEAD, window: Window = H2, subject: str = SUBJECT) -> pymupdf.Document:
    return pymupdf.open(stream=printed(*blocks, head=head, window=window, subject=subject))


def lines(page: pymupdf.Page) -> list[tuple[str, pymupdf.Rect]]:
    found = [line for block in page.get_text("dict")["blocks"] for line in block["lines"]]
    return [("".join(span["text"] for span in line["spans"]), pymupdf.Rect(line["bbox"])) for line in found]


def read(document: pymupdf.Document) -> str:
    return " ".join(" ".join(page.get_text() for page in document).split())


def key(document: pymupdf.Document, xref: int, path: str) -> str:
    return str(document.xref_get_key(xref, path)[1])


def number_of(reference: str) -> int:
    return int(reference.split(maxsplit=1)[0])


def elements(document: pymupdf.Document) -> Iterator[tuple[int, str]]:
    """Yield (depth, role) of the tags in reading order."""
    root = number_of(key(document, document.pdf_catalog(), "StructTreeRoot"))
    waiting = [(0, number_of(key(document, root, "K")))]
    while waiting:
        depth, xref = waiting.pop()
        yield depth, key(document, xref, "S").removeprefix("/")
        kids = re.findall(r"(\d+) 0 R", re.sub(r"<<.*?>>", "", key(document, xref, "K")))
        waiting += [(depth + 1, int(kid)) for kid in reversed(kids)]


def gap(document: pymupdf.Document) -> float:
    """Return how far below the upper edge the subject stands."""
    return float(document[0].search_for(SUBJECT)[0].y0)


def test_every_block_can_be_read_back() -> None:
    text = read(opened(*EVERY_KIND))
    for block in EVERY_KIND:
        match block:
            case Items():
                parts = block.items
            case Fields():
                parts = tuple(part for row in block.rows for part in row)
            case Signature():
                parts = block.lines
            case _:
                parts = (block.text.strip(),)
        for part in parts:
            assert part in text


def test_sender_date_reference_and_footer_stand_on_the_first_page_only() -> None:
    first, second, *_ = opened(*LONG)
    once = {HEAD.department, HEAD.date, HEAD.kind, *HEAD.footer}
    assert all(line in first.get_text() for line in once)
    assert not any(line in second.get_text() for line in once - {"Exempelkommun"})


def test_later_pages_carry_sender_reference_and_number_in_one_line() -> None:
    (head, *_) = (rect for text, rect in lines(opened(*LONG)[1]) if text == "Exempelkommun")
    beside = [text for text, rect in lines(opened(*LONG)[1]) if abs(rect.y0 - head.y0) < 1]
    assert beside == ["Exempelkommun", "KS 2023/000123", "2 (3)"]


def test_pages_are_numbered_in_the_upper_right_corner() -> None:
    document = opened(*LONG)
    for place, page in enumerate(document, start=1):
        (rect,) = page.search_for(f"{place} ({len(document)})")
        assert rect.x0 > page.rect.width * 0.8
        assert rect.y1 < page.rect.height * 0.1


@pytest.mark.parametrize("window", [H2, V2])
def test_the_address_and_nothing_else_stands_in_the_window(window: Window) -> None:
    opening = pymupdf.Rect(window.left, window.top, window.left + window.width, window.top + window.height)
    widened = pymupdf.Rect(opening.x0 - 1, opening.y0, opening.x1, opening.y1)
    all_lines = lines(opened(*EVERY_KIND, window=window)[0])
    inside = [text.replace("\u00a0", " ").rstrip() for text, rect in all_lines if rect.intersects(opening)]
    assert tuple(inside) == ADDRESS
    assert all(rect in widened for _, rect in all_lines if rect.intersects(opening))


@pytest.mark.parametrize("lines", [("En rad",) * 8, ("W" * 200,) * 3])
def test_an_address_larger_than_the_window_is_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(MissingParticular, match="larger than the window"):
        printed(head=HEAD.model_copy(update={"recipient": lines}))


def test_seven_lines_fit_the_window() -> None:
    seven = tuple(f"Adressrad {number}" for number in range(7))
    assert "Adressrad 6" in read(opened(head=HEAD.model_copy(update={"recipient": seven})))


def test_a_sheet_without_address_leaves_no_gap_for_one() -> None:
    assert gap(opened(*EVERY_KIND)) > H2.top + H2.height
    assert gap(opened(*EVERY_KIND, head=SHEET)) < H2.top + 20


def test_equal_letters_give_equal_bytes() -> None:
    assert printed(*EVERY_KIND) == printed(*EVERY_KIND)
    assert printed(*EVERY_KIND) != printed(*EVERY_KIND[1:])


def test_equal_letters_give_equal_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from adapters.paper.pdf import LetterPrinter; from models.letter import *; "
        "l = Letter(name='l', language='sv', subject='Ämne', blocks=(Paragraph(text='Text'), Items(items=('ett',)))); "
        "print(hashlib.sha256(LetterPrinter().pdf(l, Letterhead(sender='A', date='12 maj 2023'))).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    here = printed(
        Paragraph(text="Text"),
        Items(items=("ett",)),
        head=Letterhead(sender="A", date="12 maj 2023"),
        subject="Ämne",
    )
    assert other.stdout.strip() == sha256(here).hexdigest()


def test_different_letters_have_different_file_identifiers() -> None:
    one, other = (re.findall(rb"/ID\s*\[(<\w+>)", printed(Paragraph(text=text))) for text in ("ett", "annat"))
    assert one
    assert one != other


def test_letters_may_be_printed_in_many_threads_at_once() -> None:
    letters = [Letter(name="l", language="sv", subject=f"Brev {n}", blocks=EVERY_KIND) for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda letter: LetterPrinter().pdf(letter, HEAD), letters))
    assert together == [LetterPrinter().pdf(letter, HEAD) for letter in letters]


def test_language_title_and_author_are_told() -> None:
    document = opened(*EVERY_KIND)
    catalog = document.pdf_catalog()
    assert key(document, catalog, "Lang") == "sv-SE"
    assert key(document, catalog, "ViewerPreferences/DisplayDocTitle") == "true"
    assert document.metadata["title"] == SUBJECT
    assert document.metadata["author"] == "Exempelkommun"
    assert not document.metadata["creationDate"]


def test_the_metadata_claim_both_standards_and_survive_awkward_values() -> None:
    document = opened(subject="Brev <b> & ”citat” ]]>", head=HEAD.model_copy(update={"sender": "A & B <AB>"}))
    described = ET.fromstring(document.get_xml_metadata())
    texts = {element.tag.rpartition("}")[2]: element.text for element in described.iter()}
    assert (texts["conformance"], texts["CreatorTool"]) == ("A", "Timglas")
    listed = [element.text for element in described.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li")]
    assert listed[:3] == ["Brev <b> & ”citat” ]]>", "A & B <AB>", "sv-SE"]
    assert [element.text for element in described.iter("{http://www.aiim.org/pdfua/ns/id/}part")] == ["1"]
    assert [element.text for element in described.iter("{http://www.aiim.org/pdfa/ns/id/}part")] == ["2"]


def test_every_font_is_embedded() -> None:
    document = opened(*EVERY_KIND, *LONG)
    fonts = {font[0]: font[3] for page in document for font in page.get_fonts(full=True)}
    assert {name.partition("+")[2] for name in fonts.values()} == {"LiberationSans", "LiberationSans-Bold"}
    assert all(document.extract_font(xref)[3] for xref in fonts)


def test_tags_follow_the_order_of_reading() -> None:
    roles = [(depth, role) for depth, role in elements(opened(*EVERY_KIND, head=Letterhead(sender="A", date="B")))]
    item, field = [(2, "LI"), (3, "Lbl"), (3, "LBody")], [(2, "TR"), (3, "TH"), (3, "TD")]
    assert roles == [
        (0, "Document"),
        *[(1, "P"), (1, "P")],
        *[(1, "H1"), (1, "P"), (1, "H2"), (1, "P")],
        *[(1, "L"), *item, *item],
        *[(1, "Table"), *field, *field],
        *[(1, "P")] * 3,
    ]


def test_everything_drawn_is_tagged_or_declared_an_artifact() -> None:
    for page in opened(*EVERY_KIND, *LONG, head=HEAD):
        depth = 0
        for line in page.read_contents().decode("latin-1").splitlines():
            depth += line.endswith(("BDC", "BMC")) - line.endswith("EMC")
            assert depth in {0, 1}
            assert depth or not re.search(r"\bTj\b|\bS$", line)
        assert depth == 0


def test_a_paragraph_over_two_pages_is_one_element_with_two_marks() -> None:
    document = opened(Paragraph(text="uppgifter om dig kan ha spridits. " * 120))
    marks = [document.xref_object(xref) for xref in range(1, document.xref_length())]
    (split,) = [mark for mark in marks if "/StructElem" not in mark and mark.count("/MCR") == 2 and "/S /P" in mark]
    assert len(set(re.findall(r"/Pg (\d+)", split))) == 2


def test_lines_end_in_a_space_so_that_words_are_not_read_as_one() -> None:
    body = [text for text, rect in lines(opened(*LONG)[0]) if "spridits" in text]
    assert len(body) > 10
    assert all(text.endswith(" ") for text in body)


def test_markup_in_a_value_is_printed_and_never_obeyed(tmp_path: Path) -> None:
    picture = tmp_path / "bild.png"
    pixels = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 9, 9))
    pixels.clear_with(90)
    pixels.save(picture)
    values = (
        "Anna <b>",
        f'<img src="{picture}"/>',
        '<a href="http://ond.example">klicka</a>',
        "Ö & Å &amp; &#65; &nbsp;",
        "</para><font color='red'>",
    )
    head = HEAD.model_copy(update={"sender": values[0], "recipient": values[:1], "footer": values[2:4]})
    document = opened(
        *(Paragraph(text=value) for value in values),
        Fields(rows=tuple((value, value) for value in values)),
        Items(items=values),
        Signature(lines=values),
        head=head,
        subject=values[0],
    )
    unbroken = read(document).replace(" ", "")
    assert all(unbroken.count(value.replace(" ", "")) >= 5 for value in values)
    assert not any(page.get_links() or page.get_images() or list(page.annots()) for page in document)


@pytest.mark.parametrize("sign", ["李", "😀", "א", "ا", "\ue000"])
def test_a_sign_the_typeface_cannot_print_is_refused_by_number_and_not_by_text(sign: str) -> None:
    with pytest.raises(MissingParticular) as refused:
        printed(Paragraph(text=f"Anna Hemlig {sign}"))
    assert f"U+{ord(sign):04X}" in str(refused.value)
    assert "Hemlig" not in str(refused.value)
    assert sign not in str(refused.value)


def test_text_is_composed_and_rid_of_what_no_reader_can_see() -> None:
    text = read(opened(Paragraph(text="A\u030asa\x00\x07 \u202eanrop\u202c\u200b\ufeff\u2066\n\tny rad\u2028slut")))
    assert "Åsa anrop ny rad slut" in text


def in_one_line(number: str, filler: int) -> bool:
    document = opened(Paragraph(text=f"{'x' * filler} {'x' * filler} {number}"))
    return any("1 234 567 kr" in text.replace("\u00a0", " ") for text, _ in lines(document[0]))


@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
def test_no_break_spaces_keep_a_number_together(space: str) -> None:
    assert all(in_one_line(f"1{space}234{space}567{space}kr", filler) for filler in range(30, 42))
    assert not all(in_one_line("1 234 567 kr", filler) for filler in range(30, 42))


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(text="x" * 20_000),
        Fields(rows=(("y" * 2_000, "x" * 20_000),)),
        Items(items=("1\u00a0" * 10_000,)),
        Fields(rows=(("Etikett " * 400, "värde " * 4_000),)),
        Signature(lines=tuple(f"rad {number}" for number in range(80))),
    ],
)
def test_no_text_is_too_long(block: Block) -> None:
    document = opened(Heading(text="Rubrik"), block)
    margin, space = 25 * 72 / 25.4, 4
    sheet = pymupdf.Rect(margin - 1, 30, document[0].rect.x1 - margin + space, document[0].rect.y1 - 28)
    assert all(rect in sheet for page in document for _, rect in lines(page))


def test_a_field_higher_than_a_page_goes_on_on_the_next() -> None:
    value = " ".join(f"ord{number}" for number in range(2_000))
    document = opened(Fields(rows=(("Vad har hänt?", value), ("Sedan", "slut"))), head=SHEET)
    assert len(document) > 2
    assert [word for word in read(document).split() if word.startswith("ord")] == value.split()
    assert "Vad har hänt?" not in document[1].get_text()


def test_thirty_fields_stand_in_two_columns_over_pages() -> None:
    rows = tuple((f"Fråga {number} som behöver två rader i sin spalt", f"svar {number}") for number in range(30))
    document = opened(Fields(rows=rows), head=SHEET)
    assert len(document) == 2
    found = {text.strip(): rect for page in document for text, rect in lines(page)}
    assert len({round(found[f"svar {number}"].x0) for number in range(30)}) == 1
    for number in range(30):
        (question,) = (rect for text, rect in found.items() if text.startswith(f"Fråga {number} "))
        assert question.y0 == pytest.approx(found[f"svar {number}"].y0)
        assert question.x1 < found[f"svar {number}"].x0


def test_a_signature_is_kept_together_with_the_words_before_it() -> None:
    lines_of_it = ("Med vänlig hälsning", "Anna Exempel", "HR-direktör")
    for filler in range(1, 24):
        blocks = [Paragraph(text=f"Rad {number}.") for number in range(filler)]
        document = opened(*blocks, Paragraph(text="Vi beklagar."), Signature(lines=lines_of_it))
        holding = [page for page in document if "Anna Exempel" in page.get_text()]
        assert len(holding) == 1
        assert all(line in holding[0].get_text() for line in ("Vi beklagar.", *lines_of_it))


def test_a_heading_is_never_the_last_line_of_a_page() -> None:
    for filler in range(1, 24):
        blocks = [Paragraph(text=f"Rad {number}.") for number in range(filler)]
        document = opened(*blocks, Heading(text="Rubriken"), Paragraph(text="uppgifter om dig har spridits. " * 12))
        (holding,) = [page for page in document if "Rubriken" in page.get_text()]
        assert "spridits" in holding.get_text()


def test_an_empty_letter_is_still_a_page() -> None:
    blocks = (Paragraph(text=" "), Items(items=("",)), Fields(rows=(("", ""),)), Fields(rows=()), Signature(lines=()))
    assert len(opened(*blocks, subject="", head=Letterhead(sender="A", date=""))) == 1
