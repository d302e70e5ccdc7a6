"""The file of a case: what is in it, what is not, and that it proves itself."""

import json
import re
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from adapters.case_file import write_folder, write_zip
from models.errors import StepOutOfOrder, UnknownReference, UnreadableFile
from models.regime import Regime
from proof.check import Report, check
from proof.contents import Contents, read_contents
from services.evidence.compile_file import compile_file
from tests.services.office import FACTS, Office, at, person

LATER = at("2024-05-24 10.00")


def compiled(office: Office, case: str) -> dict[str, bytes]:
    return compile_file(case, at=LATER, world=office.world)


def proved(files: dict[str, bytes]) -> Report:
    report = check(Contents(files, []))
    assert report.faults == []
    return report


@pytest.fixture
def written(office: Office) -> str:
    """A case in which letters have gone to people by every way."""
    case = office.ready_to_write([person(1), person(2, email=False), person(3)])
    office.release(case, when="2023-05-12 12.00")
    office.send(case, when="2023-05-12 12.05")
    return case


def test_every_issued_document_is_in_it_as_it_was_issued(office: Office) -> None:
    case = office.notified()
    files = compiled(office, case)
    for form in ("pdf", "txt", "html"):
        assert files[f"handlingar/anmalan/1-initial.{form}"] == office.world.archive.read(
            case, f"anmalan/1-initial.{form}"
        )
    assert proved(files).lines == len(office.history(case))


def test_the_page_the_pdf_and_the_data_tell_the_same(office: Office) -> None:
    case = office.notified()
    files = compiled(office, case)
    page, data = files["index.html"].decode(), json.loads(files["akt.json"])
    assert files["akt.pdf"].startswith(b"%PDF-1.7")
    assert data["head"] == proved(files).head
    assert data["head"] in page
    assert data["facts"]["n_subjects"]["value"] == FACTS.n_subjects.model_dump() | {"at_least": 8400}
    assert '<a href="handlingar/anmalan/1-initial.pdf">1-initial.pdf</a>' in page
    assert len(data["timeline"]) == len(office.history(case))


def test_no_letter_to_a_person_no_name_and_no_draft_is_in_it(office: Office, written: str) -> None:
    files = compiled(office, written)
    assert office.papers(written)
    assert not [name for name in files if "utkast" in name]
    assert "handlingar/till-registrerade/brev.pdf" in files
    held = b"\n".join(content for name, content in files.items() if not name.endswith(".pdf"))
    for number in (1, 2, 3):
        for secret in (f"Sökande {number}", f"s000{number}", f"Storgatan {number}", f"s000{number}@post.example"):
            assert secret.encode() not in held
    assert "Brev ställda till enskilda personer: 1." in held.decode(errors="ignore").replace("<li>", "")


def test_what_was_sent_is_told_in_counts(office: Office, written: str) -> None:
    page = compiled(office, written)["index.html"].decode()
    assert "3 in, 3 ut" in page


def test_a_letter_with_variants_is_vouched_for_word_for_word(office: Office, written: str) -> None:
    files = compiled(office, written)
    assert [name for name in files if name.startswith("handlingar/godkanda-texter/data_subject_communication-")]
    proved(files)


def test_what_lies_in_an_unknown_folder_stays_out_and_is_named(office: Office) -> None:
    case = office.notified()
    office.world.archive.keep(case, "nytt/okant.bin", b"whatever")
    files = compiled(office, case)
    assert not [name for name in files if "okant" in name]
    assert "nytt/okant.bin" in files["index.html"].decode()


def test_the_same_case_at_the_same_time_gives_the_same_file(office: Office) -> None:
    case = office.notified()
    assert compiled(office, case) == compiled(office, case)


def test_a_case_before_awareness_has_a_file_too(office: Office) -> None:
    files = compiled(office, office.report())
    assert proved(files).lines == 1
    assert "Ingen har fastställt när" in files["index.html"].decode()


def test_a_processors_case_has_a_file(office: Office) -> None:
    case = office.known("rekryteringssystem", by="ida.pahitt", concerned=("kommunstyrelsen",))
    office.inform(case, when="2023-04-24 17.10")
    files = compiled(office, case)
    proved(files)
    assert "handlingar/till-personuppgiftsansvariga/kommunstyrelsen-1.pdf" in files


def test_what_is_classified_is_handed_to_nobody(office: Office) -> None:
    case = office.known()
    office.regime(case, Regime.SECURITY_PROTECTION, when="2023-04-25 09.00")
    with pytest.raises(StepOutOfOrder, match="Security Protection Act"):
        compiled(office, case)


def test_a_case_that_does_not_exist_has_no_file(office: Office) -> None:
    with pytest.raises(UnknownReference):
        compiled(office, "INC-2099-0001")


def test_every_event_is_a_line_of_its_timeline(office: Office) -> None:
    case = office.notified()
    page = compiled(office, case)["index.html"].decode()
    for number in range(1, len(office.history(case)) + 1):
        assert f"<h3>{number}. " in page


def test_every_page_it_links_to_is_in_it(office: Office, written: str) -> None:
    files = compiled(office, written)
    linked = set(re.findall(r'href="([^#"][^"]*)"', files["index.html"].decode()))
    assert linked <= set(files)
    assert {name for name in files if name.startswith("handlingar/")} <= linked


def test_it_can_be_written_as_a_folder_and_as_a_zip_and_never_over_another(office: Office, tmp_path: Path) -> None:
    case = office.notified()
    files = compiled(office, case)
    write_folder(tmp_path / case, files)
    write_zip(tmp_path / f"{case}.zip", files, folder=case)
    for target in (tmp_path / case, tmp_path / f"{case}.zip"):
        assert read_contents(target) == Contents(files, [])
    with pytest.raises(UnreadableFile, match="there already"):
        write_folder(tmp_path / case, files)
    with pytest.raises(UnreadableFile, match="there already"):
        write_zip(tmp_path / f"{case}.zip", files, folder=case)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


METS = "{http://www.loc.gov/METS/}"


def test_an_e_archive_finds_every_file_with_its_kind_length_and_checksum(office: Office) -> None:
    case = office.notified()
    files = compiled(office, case)
    root = ET.fromstring(files["METS.xml"])
    described = {
        entry.find(f"{METS}FLocat").get("{http://www.w3.org/1999/xlink}href"): entry
        for entry in root.iter(f"{METS}file")
    }
    assert set(described) == set(files) - {"METS.xml", "manifest.json", "manifest.sha256"}
    for name, entry in described.items():
        assert entry.get("CHECKSUM") == sha256(files[name]).hexdigest()
        assert entry.get("SIZE") == str(len(files[name]))
        assert entry.get("MIMETYPE") != "application/octet-stream"
    assert (root.get("OBJID"), len({entry.get("ID") for entry in described.values()})) == (case, len(described))


def test_the_description_is_built_as_mets_demands(office: Office) -> None:
    """METS 1.12: the order of its parts, its closed vocabularies, and references that lead somewhere (by hand: no schema)."""
    root = ET.fromstring(compiled(office, office.notified())["METS.xml"])
    assert [child.tag.removeprefix(METS) for child in root] == ["metsHdr", "fileSec", "structMap"]
    roles = {"CREATOR", "EDITOR", "ARCHIVIST", "PRESERVATION", "DISSEMINATOR", "CUSTODIAN", "IPOWNER", "OTHER"}
    for agent in root.iter(f"{METS}agent"):
        assert agent.get("ROLE") in roles
        assert agent.get("TYPE") in {"INDIVIDUAL", "ORGANIZATION", "OTHER"}
        assert (agent.get("TYPE") == "OTHER") is (agent.get("OTHERTYPE") is not None)
        assert agent[0].tag == f"{METS}name"
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", str(one)) for one in ids), "an ID is an NCName"
    groups = {group.get("ID") for group in root.iter(f"{METS}fileGrp")}
    assert {pointer.get("FILEID") for pointer in root.iter(f"{METS}fptr")} == groups
    for entry in root.iter(f"{METS}file"):
        assert entry.get("CHECKSUMTYPE") in {"MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(entry.get("CREATED")))
        (place,) = entry
        assert (place.get("LOCTYPE"), place.get("{http://www.w3.org/1999/xlink}type")) == ("URL", "simple")


def test_it_says_what_is_uncertain_about_its_own_format(office: Office) -> None:
    root = ET.fromstring(compiled(office, office.notified())["METS.xml"])
    notes = [note.text for note in root.iter(f"{METS}note")]
    assert any("confidence medium" in str(note) and "CSIP6" in str(note) for note in notes)


def test_a_sign_that_cannot_be_printed_never_holds_up_the_file(office: Office) -> None:
    case = office.known(summary="Systemet är nere 😀 och leverantören skriver 漢字.")
    files = compiled(office, case)
    assert files["akt.pdf"].startswith(b"%PDF")
    assert "😀" in files["index.html"].decode()
