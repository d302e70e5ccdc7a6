from datetime import UTC, datetime
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from adapters.paper.pdf import LetterPrinter
from letters.compose import letterhead
from tests.letters.case import register
from tests.letters.samples import SAMPLES, VARIANTS
from tests.verapdf import findings, findings_in, require_verapdf

REGISTER = register()
WINDOW = ("Åsa Öberg", "Storgatan 1", "291 32  KRISTIANSTAD")


@pytest.fixture(autouse=True, scope="module")
def _verapdf() -> None:
    require_verapdf()


def test_every_letter_can_be_read_aloud_and_kept_for_ever(tmp_path: Path) -> None:
    printer, head = (
        LetterPrinter(),
        letterhead(
            REGISTER.controllers[0],
            recipient=WINDOW,
            date=datetime(2026, 5, 12, tzinfo=UTC),
            reference="INC-2026-0042",
            kind="",
        ),
    )
    documents = {name: printer.pdf(sample(REGISTER), head) for name, sample in {**SAMPLES, **VARIANTS}.items()}
    assert findings_in(documents, tmp_path) == []


def test_a_sheet_that_was_only_drawn_is_found_wanting(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "drawn.pdf"))
    canvas.drawString(100, 100, "Hej")
    canvas.save()
    found = findings([tmp_path / "drawn.pdf"])
    assert {finding.flavour for finding in found} == {"ua1", "2a"}
