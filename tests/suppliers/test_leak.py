"""A marker in every customer's slice, and a search for it in everything that belongs to another."""

import io
import json
import logging

import pymupdf
import pytest

from models.base import IncidentId
from models.facts import Facts
from models.parties import Controller, Register
from services.standing import standings
from services.state_slices import Slice
from tests.small_world import REGISTER
from tests.suppliers.installation import MANAGER, Supplier

CUSTOMERS = 25
WHEN = "2026-11-23 16.05"


def customer(number: int) -> Controller:
    like = REGISTER.controllers[0]
    return Controller.model_validate(
        {
            **like.model_dump(exclude={"roles", "contacts"}),
            "id": f"kund-{number:03}",
            "name": f"Nämnd {number:03}",
            "organisation": f"Kommun {number:03}",
            "email": f"kund-{number:03}@kunder.example",
            "contacts": [
                {"name": "Första", "email": f"kund-{number:03}@kunder.example"},
                {"name": "Jouren", "email": f"jour-{number:03}@kunder.example"},
            ],
        }
    )


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


@pytest.fixture
def told(supplier: Supplier, caplog: pytest.LogCaptureFixture) -> IncidentId:
    """An incident in which everyone was told, one half answered and the other half was chased."""
    customers = tuple(customer(number) for number in range(CUSTOMERS))
    supplier.knows(Register(controllers=customers, processors=REGISTER.processors, people=REGISTER.people), by=MANAGER)
    with caplog.at_level(logging.DEBUG):
        slices = [marked(number) for number in range(CUSTOMERS)]
        case = supplier.happens(*slices, when="2026-11-23 13.20", concerned=[one.id for one in customers])
        supplier.informs(case, when=WHEN)
        supplier.sweeps(case, "2026-11-23 21.00")
    return case


def readable(content: bytes, name: str) -> str:
    """Everything that can be read in a document, compressed or not."""
    if name.endswith(".pdf"):
        with pymupdf.open(stream=io.BytesIO(content)) as pdf:
            return "".join(page.get_text() for page in pdf) + json.dumps(pdf.metadata)
    return content.decode("utf-8", errors="replace")


def markers_in(text: str) -> set[int]:
    return {number for number in range(CUSTOMERS) if marker(number) in text}


def test_no_mail_holds_the_marker_of_another(supplier: Supplier, told: IncidentId) -> None:
    mails = [mail for _, mail in supplier.outgoing("@kunder.example")]
    assert len(mails) == 2 * CUSTOMERS
    for mail in mails:
        number = int(str(mail["To"]).partition("@")[0][-3:])
        parts = [part for part in mail.walk() if not part.is_multipart()]
        contents = [(part.get_payload(decode=True) or b"", part.get_filename() or "") for part in parts]
        text = " ".join(readable(bytes(content), name) for content, name in contents)
        assert markers_in(text + str(mail["Subject"])) == {number}
        assert text.count(marker(number)) >= 5 * 3  # in the text, the HTML, the signed file, and on paper


def test_no_document_of_a_controller_holds_the_marker_of_another(supplier: Supplier, told: IncidentId) -> None:
    folder = supplier.inbox.parent / "files" / told / "till-personuppgiftsansvariga"
    documents = sorted(folder.iterdir())
    assert len(documents) == 5 * CUSTOMERS
    for document in documents:
        found = markers_in(readable(document.read_bytes(), document.name))
        assert found == (set() if document.suffix == ".sig" else {int(document.stem.split("-")[1])})


def test_no_log_and_no_list_of_where_everyone_stands_holds_a_marker(
    supplier: Supplier, told: IncidentId, caplog: pytest.LogCaptureFixture
) -> None:
    assert markers_in(caplog.text) == set()
    rows = standings(supplier.incident(told), supplier.world)
    assert len(rows) == CUSTOMERS
    assert markers_in(repr(rows)) == set()


def test_what_the_supplier_shares_with_all_reaches_all(supplier: Supplier, told: IncidentId) -> None:
    folder = supplier.inbox.parent / "files" / told / "till-personuppgiftsansvariga"
    assert all("utsatts för ett angrepp" in file.read_text(encoding="utf-8") for file in folder.glob("*.txt"))
