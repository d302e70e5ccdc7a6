"""The page of a case file: links, checksums, escapes, and what an accessibility checker says of it in a real browser."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from letters.dossier import case_dossier
from letters.dossier.page import page
from models.letter import Fields, Heading, Letter, Paragraph
from models.parties import Register
from tests.letters.dossier import DOCUMENTS, matter
from tests.needed import program

FILES = ("index.html", "akt.pdf", "akt.json", "tidslinje.json", "verifiera.py", *(one.path for one in DOCUMENTS))


def written(*blocks: Heading | Paragraph | Fields) -> str:
    letter = Letter(name="case_dossier", language="sv", subject="Akt", blocks=(Heading(text="Avsnitt"), *blocks))
    return page(letter, sender="Kommunstyrelsen", files=("handlingar/a.pdf", "a.pdf"))


def test_a_file_that_is_named_is_a_link_and_a_part_of_another_name_is_none() -> None:
    said = written(Paragraph(text="Se handlingar/a.pdf, men inte data.pdf eller a.pdfx."))
    assert said.count("<a href=") == 3
    assert '<a href="handlingar/a.pdf">a.pdf</a>, men inte data.pdf eller a.pdfx.' in said


def test_a_checksum_is_set_as_one_and_nothing_that_somebody_wrote_is_markup() -> None:
    said = written(Fields(rows=(("SHA-256", "ab" * 32), ("<b>Namn</b>", "<script>alert(1)</script>"))))
    assert f"<code>{'ab' * 32}</code>" in said
    assert "<script>" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "telephone"])
def test_everyone_can_read_it_at_a_desk_and_on_a_telephone(register: Register, tmp_path: Path, width: int) -> None:
    browser_at = program("chromium", "chromium")
    file = tmp_path / "index.html"
    file.write_text(page(case_dossier(matter(register)), sender="Kommunstyrelsen", files=FILES), encoding="utf-8")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(browser_at), args=flags)
        shown = browser.new_page(viewport={"width": width, "height": 900})
        shown.goto(file.as_uri())
        found = Axe().run(shown)
        assert [violation["id"] for violation in found.response["violations"]] == []
        assert not shown.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        browser.close()
