"""A marker in every customer's slice, and a search for it in everything that belongs to another."""

import io
import json
import logging
import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pymupdf
import pytest

from models.base import IncidentId
from models.facts import Facts
from services.supply.standing import standings
from services.supply.state_slices import Slice
from tests.suppliers.conftest import post_office
from tests.suppliers.customers import DOMAIN, customer, with_customers
from tests.suppliers.installation import MANAGER, Supplier, installed

CUSTOMERS = 250
WHEN = "2026-11-23 16.05"
_MARKER = re.compile(r"SKIVA(\d{3})X")


def marker(number: int) -> str:
    return f"SKIVA{number:03}X"


def marked(number: int) -> Slice:
    """The marker in every kind of field that a slice can hold words in."""
    word = marker(number)
    facts = Facts(
        n_subjects_text=f"{word} personer",
        data_described=f"Uppgifter om {word}.",
        data_categories=(f"{word}-kategori",),
        data_subject_categories=(f"{word}-grupp",),
        service_impact=f"Tjänsten {word} låg nere.",
        measures_proposed=(f"Vi hör av oss om {word}.",),
    )
    return Slice(f"kund-{number:03}", facts)


class Told(NamedTuple):
    """An incident in which everyone was told and chased: the case, its mails by their addresses, and all that was logged."""

    supplier: Supplier
    case: IncidentId
    mails: Sequence[EmailMessage]
    log: str

    @property
    def documents(self) -> Sequence[Path]:
        return sorted((self.supplier.inbox.parent / "files" / self.case / "till-personuppgiftsansvariga").iterdir())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Told]:
    folder, log = tmp_path_factory.mktemp("leak"), io.StringIO()
    listening = logging.StreamHandler(log)
    listening.setLevel(logging.DEBUG)
    root = logging.getLogger()
    level = root.level
    with post_office(folder / "post") as port:
        home = installed(folder / "leverantor", migrated)
        supplier = Supplier(home, "rekryteringssystem.example", port, folder / "post")
        supplier.knows(with_customers(CUSTOMERS), by=MANAGER)
        root.addHandler(listening)
        root.setLevel(logging.DEBUG)
        try:
            everyone = [customer(number).id for number in range(CUSTOMERS)]
            case = supplier.happens(*map(marked, range(CUSTOMERS)), when="2026-11-23 13.20", concerned=everyone)
            supplier.informs(case, when=WHEN)
            supplier.sweeps(case, "2026-11-23 21.00")
        finally:
            root.removeHandler(listening)
            root.setLevel(level)
        yield Told(supplier, case, [mail for _, mail in supplier.outgoing(DOMAIN)], log.getvalue())


def readable(content: bytes, name: str) -> str:
    """Everything that can be read in a document, compressed or not."""
    if name.endswith(".pdf"):
        with pymupdf.open(stream=io.BytesIO(content)) as pdf:
            return "".join(page.get_text() for page in pdf) + json.dumps(pdf.metadata)
    return content.decode("utf-8", errors="replace")


def markers_in(text: str) -> set[int]:
    return {int(number) for number in _MARKER.findall(text)}


def test_no_mail_holds_the_marker_of_another(told: Told) -> None:
    assert len(told.mails) == 2 * CUSTOMERS
    for mail in told.mails:
        number = int(str(mail["To"]).partition("@")[0][-3:])
        parts = [part for part in mail.walk() if not part.is_multipart()]
        contents = [(part.get_payload(decode=True) or b"", part.get_filename() or "") for part in parts]
        text = " ".join(readable(bytes(content), name) for content, name in contents)
        assert markers_in(text + str(mail.items())) == {number}
        assert text.count(marker(number)) >= 5 * 3  # in the text, the HTML, the signed file, and on paper


def test_no_document_of_a_controller_holds_the_marker_of_another(told: Told) -> None:
    assert len(told.documents) == 5 * CUSTOMERS
    for document in told.documents:
        found = markers_in(readable(document.read_bytes(), document.name))
        assert found == (set() if document.suffix == ".sig" else {int(document.stem.split("-")[1])})


def test_no_log_and_no_list_of_where_everyone_stands_holds_a_marker(told: Told) -> None:
    assert told.log  # something was logged, or this proves nothing
    assert markers_in(told.log) == set()
    rows = standings(told.supplier.incident(told.case), told.supplier.world)
    assert len(rows) == CUSTOMERS
    assert markers_in(repr(rows)) == set()


def test_no_file_name_of_the_installation_holds_a_marker(told: Told) -> None:
    home = told.supplier.inbox.parent
    assert markers_in(" ".join(str(path.relative_to(home)) for path in home.rglob("*"))) == set()


def test_every_notice_has_its_receipt(told: Told) -> None:
    rows = standings(told.supplier.incident(told.case), told.supplier.world)
    taken = {str(mail["Message-ID"]).strip() for mail in told.mails}
    assert {row.receipt for row in rows} <= taken
    assert len({row.receipt for row in rows}) == CUSTOMERS


def test_what_the_supplier_shares_with_all_reaches_all(told: Told) -> None:
    texts = [file.read_text(encoding="utf-8") for file in told.documents if file.suffix == ".txt"]
    assert len(texts) == CUSTOMERS
    assert all("utsatts för ett angrepp" in text for text in texts)
