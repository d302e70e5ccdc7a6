"""Tables and charts on paper: they can be read aloud, go on over pages, and hold whatever somebody wrote."""

import re
from pathlib import Path

import pymupdf
import pytest

from adapters.paper.legible import legible
from adapters.paper.pdf import LetterPrinter
from adapters.paper.table import shared
from models.letter import Bar, Block, Chart, Heading, Letter, Letterhead, Paragraph, Table
from tests.verapdf import findings_in, require_verapdf

HEAD = Letterhead(sender="Exempelkommun", date="8 januari 2027")
LONG = Table(
    columns=("Ärende", "Organisation", "Antal"),
    rows=tuple(
        (f"INC-2026-{number:04}", "Barn- och utbildningsnämnden i Exempelkommun", str(number)) for number in range(90)
    ),
    numbers=(2,),
)
CHART = Chart(
    alt="Stapeldiagram: 3 inom gränsen och 1 efter.",
    bars=(Bar(label="0–12", count=3), Bar(label="60–72", count=0), Bar(label="över 72", count=1, beyond=True)),
    limit="72 timmar",
    axis="Timmar",
    measure="Antal",
)


def letter(*blocks: Block) -> Letter:
    return Letter(name="yearly_report", language="sv", subject="Årsrapport", blocks=blocks)


def opened(*blocks: Block) -> pymupdf.Document:
    return pymupdf.open(stream=LetterPrinter().pdf(letter(*blocks), HEAD))


def test_a_table_and_a_chart_keep_what_the_document_promises(tmp_path: Path) -> None:
    require_verapdf()
    long = letter(Heading(text="Siffror"), LONG, Heading(text="Tid"), Paragraph(text="Så här."), CHART)
    assert findings_in({"long": LetterPrinter().pdf(long, HEAD)}, tmp_path) == []


def test_the_headings_of_a_table_stand_on_every_page_and_are_read_aloud_once() -> None:
    document = opened(LONG)
    assert document.page_count > 2
    assert all("Organisation" in page.get_text() for page in document)
    read = [line.strip() for page in document for line in page.get_text().splitlines() if line.startswith("INC-2026-")]
    assert read == [row[0] for row in LONG.rows]
    artifacts = [page.read_contents().count(b"/Artifact BMC") for page in document]
    marks = sum(len(re.findall(rb"/TH <</MCID", page.read_contents())) for page in document)
    assert marks == len(LONG.columns) + len(LONG.rows)
    assert min(artifacts[1:]) > len(LONG.columns)


def test_a_column_of_numbers_ends_at_the_right_edge() -> None:
    words = {word[4]: word for word in opened(LONG)[0].get_text("words")}
    assert abs(words["7"][2] - words["Antal"][2]) < 1
    assert words["7"][0] > words["Antal"][0]


@pytest.mark.parametrize(
    "wanted, room, widths",
    [
        ([(10, 20), (10, 30)], 100, [70, 30]),
        ([(10, 20), (10, 300), (10, 300)], 120, [20, 50, 50]),
        ([(60, 200), (10, 200)], 100, [60, 40]),
    ],
)
def test_columns_share_the_room_and_no_word_is_broken(
    wanted: list[tuple[float, float]], room: float, widths: list[float]
) -> None:
    assert shared(wanted, room) == pytest.approx(widths, abs=0.01)


def test_a_chart_is_told_in_words_and_says_where_it_is() -> None:
    document = opened(Paragraph(text="Så här."), CHART)
    objects = [document.xref_object(xref) for xref in range(1, document.xref_length())]
    (figure,) = [text for text in objects if "/S /Figure" in text]
    assert "/BBox" in figure
    assert "/Alt" in figure
    (alt,) = [
        document.xref_get_key(x, "Alt")[1]
        for x in range(1, document.xref_length())
        if document.xref_get_key(x, "Alt")[0] != "null"
    ]
    assert alt == CHART.alt


def test_what_introduces_a_chart_stands_on_its_page() -> None:
    for count in range(20, 46):
        above = [Paragraph(text="Text.") for _ in range(count)]
        document = opened(*above, Heading(text="Hur lång tid tog det?"), Paragraph(text="Diagrammet visar."), CHART)
        pages = [page.get_text() for page in document]
        (with_heading,) = [number for number, text in enumerate(pages) if "Hur lång tid tog det?" in text]
        assert "72 timmar" in pages[with_heading]


def test_a_chart_of_nothing_is_drawn_all_the_same() -> None:
    empty = CHART.model_copy(update={"bars": (Bar(label="0–12", count=0), Bar(label="över 12", count=0, beyond=True))})
    assert "72 timmar" in opened(empty)[0].get_text()


def test_a_sign_that_cannot_be_printed_stands_as_its_number_and_the_document_comes_out() -> None:
    made = legible(letter(Heading(text="Mejl 😀"), LONG, CHART.model_copy(update={"alt": "李"})))
    assert made.blocks[0] == Heading(text="Mejl [U+1F600]")
    assert made.blocks[1] == LONG
    assert LetterPrinter().pdf(made, HEAD).startswith(b"%PDF")
