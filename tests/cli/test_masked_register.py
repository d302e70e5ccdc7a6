"""The register as it is handed out: what may be secret is not in the file, in any format, and no filter tells it."""

from pathlib import Path

import openpyxl
import pymupdf
import pytest

from tests.cli.desk import CASE, OFFICER, Desk

LATER = "2023-06-01 12.00"
WEAKNESS, REASONS = "Brandväggen saknades i två år.", "Det går inte att utesluta."


@pytest.fixture
def marked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A case with something marked in a fact and in a free text, and something that nobody has examined."""
    monkeypatch.chdir(desk.folder)
    desk.decided()
    stated = ("--set=measures_before=Tvåfaktor i hemligt system.", f"--set=measures_proposed={WEAKNESS}")
    protected = "--set=protected_identities=ja"
    desk.does("facts", CASE, *stated, protected, "--source=It", at="2023-04-26 11.00", by=OFFICER)
    for field in ("measures_proposed", "reasoning", "cause"):
        desk.does("secrecy", CASE, f"--field={field}", "--provision=osl.18.8", at="2023-04-26 12.00", by=OFFICER)
    return desk


def whole(file: Path) -> str:
    """Everything that somebody who opens the file can find."""
    if file.suffix == ".pdf":
        with pymupdf.open(file) as pdf:
            return " ".join(" ".join(page.get_text() for page in pdf).split())
    if file.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(file)
        return " ".join(str(cell.value) for sheet in sheets for row in sheet for cell in row)
    return file.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "pdf"])
def test_what_may_be_secret_is_in_no_format_and_its_provision_stands_there(marked: Desk, kind: str) -> None:
    said = marked.does("register", f"--format={kind}", "--masked", at=LATER).out
    assert "incidentregister-maskerat" in said
    assert "Fritext som ingen har markerat står kvar" in said
    text = whole(marked.folder / f"incidentregister-maskerat.{kind}")
    for secret in (WEAKNESS, REASONS, "Tvåfaktor", "Antagonistiskt", "adversarial_attack"):
        assert secret not in text
    assert "[Maskerat: 18 kap. 8 § 3 OSL]" in text
    assert "[Maskerat, inte prövat: 18 kap. 8 § 3 OSL]" in text
    assert "[Maskerat, inte prövat: 21 kap. 3 §, 21 kap. 3 a § och 22 kap. 1 § OSL]" in text
    assert "Driftmiljön är avstängd." in text


def test_the_register_for_ourselves_leaves_nothing_out(marked: Desk) -> None:
    marked.does("register", "--format=csv", at=LATER)
    text = whole(marked.folder / "incidentregister.csv")
    assert all(secret in text for secret in (WEAKNESS, REASONS, "Tvåfaktor", "Antagonistiskt angrepp"))


def test_a_filter_does_not_tell_what_a_mask_hides(marked: Desk) -> None:
    told = marked.does("register", "--masked", "--cause=angrepp", "--json", at=LATER).data
    assert (told["entries"], told["masked"]) == ([], True)
    assert len(marked.does("register", "--cause=angrepp", "--json", at=LATER).data["entries"]) == 1


def test_what_somebody_has_examined_and_said_openly_is_not_masked(marked: Desk) -> None:
    marked.does("secrecy", CASE, "--field=measures_before", at="2023-04-26 13.00", by=OFFICER)
    (entry,) = marked.does("register", "--masked", "--json", at=LATER).data["entries"]
    assert entry["facts"]["measures_before"] == "Tvåfaktor i hemligt system."
    assert set(entry["masks"]) >= {"cause", "reasoning", "earlier_decisions", "protected_identities"}


def test_a_mark_on_a_text_of_the_register_is_not_said_to_the_authority(marked: Desk) -> None:
    marked.approved("anmälan", day="2023-04-26")
    sheet = (marked.folder / "files" / CASE / "anmalan/1-initial.txt").read_text(encoding="utf-8")
    last = sheet.rpartition("Övrigt, och uppgifter")[2]
    assert "Orsak: kan omfattas av sekretess" in last
    assert "Skäl för bedömningen" not in last
