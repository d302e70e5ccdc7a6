import csv
import json
import re
from pathlib import Path

import openpyxl
import pymupdf
import pytest

from tests.cli.desk import BOARD, CASE, DELEGATE, Desk

LATER = "2023-06-01 12.00"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)


def ruled_out(desk: Desk) -> None:
    desk.reported()
    desk.does("rule-out", CASE, "--reasoning=Inga uppgifter fanns där.", at="2023-04-25 10.00", by=DELEGATE)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "pdf"])
def test_every_format_holds_the_same_incident(desk: Desk, kind: str) -> None:
    desk.decided()
    said = desk.does("register", f"--format={kind}", "--year=2023", at=LATER).out
    file = desk.folder / f"incidentregister-2023.{kind}"
    assert said == f"1 incident i {file.name}.\n"
    if kind == "xlsx":
        row = [cell.value for cell in openpyxl.load_workbook(file)["Incidenter"][3]]
        assert row[0] == CASE
        assert "Det går inte att utesluta." in row
    elif kind == "csv":
        with file.open(encoding="utf-8-sig", newline="") as read:
            (row,) = csv.DictReader(read, delimiter=";")
        assert (row["Ärende"], row["Skäl för bedömningen"]) == (CASE, "Det går inte att utesluta.")
    elif kind == "json":
        (found,) = json.loads(file.read_text(encoding="utf-8"))["entries"]
        assert (found["incident"], found["reasoning"]) == (CASE, "Det går inte att utesluta.")
    else:
        text = " ".join("".join(page.get_text() for page in pymupdf.open(file)).split())
        assert f"{CASE} · Kommunstyrelsen" in text
        assert "Det går inte att utesluta." in text


def test_on_the_screen_it_is_a_table_and_what_is_late_says_so(desk: Desk) -> None:
    desk.decided()
    said = desk.does("register", at="2023-04-27 18.10").out
    assert re.search(rf"{CASE}.*Pågår.*Ska göras.* 2 ", said)
    assert "1 incident. Urval: Alla incidenter." in said


def test_what_was_no_breach_is_in_the_register_and_a_selection_can_leave_it_out(desk: Desk) -> None:
    ruled_out(desk)
    (found,) = desk.does("register", "--json", at=LATER).data["entries"]
    assert (found["standing"], found["ruled_out_because"]) == ("ruled_out", "Inga uppgifter fanns där.")
    assert desk.does("register", "--json", "--status=misstanke som utreds").data["entries"] == []
    assert (
        "Inga incidenter. Urval: Organisation: Kommunstyrelsen"
        in desk.does("register", f"--controller={BOARD}", "--open").out
    )


def test_a_selection_is_told_in_words_and_as_data(desk: Desk) -> None:
    desk.decided()
    words = ("--year=2023", "--cause=angrepp", "--not-notified", "--late", "--from=2023-01-01", "--to=2023-12-31")
    said = desk.does("register", *words, at=LATER).out
    assert "Urval: År 2023; från och med 1 januari 2023; till och med 31 december 2023; orsak: antagonistiskt" in said
    chosen = desk.does("register", *words, "--json", at=LATER).data
    assert chosen["selection"]["cause"] == "adversarial_attack"
    assert chosen["selection"]["notified"] is False
    assert len(chosen["entries"]) == 1


def test_a_file_that_is_there_is_not_overwritten_without_being_asked(desk: Desk) -> None:
    desk.known()
    desk.does("register", "--format=csv", "--out=fil.csv")
    before = Path("fil.csv").read_bytes()
    assert "Det finns redan något som heter fil.csv" in desk.refused("register", "--format=csv", "--out=fil.csv")
    assert Path("fil.csv").read_bytes() == before
    desk.does("register", "--format=csv", "--out=fil.csv", "--replace")


def test_an_organisation_or_a_format_that_is_none_is_refused_before_anything_is_read(desk: Desk) -> None:
    assert "personuppgiftsansvarig" in desk.refused("register", "--controller=finns-inte", "--format=csv")
    assert "xlsx; csv; json; pdf" in desk.refused("register", "--format=word")
    assert list(desk.folder.glob("*.csv")) == []


def test_a_register_of_nothing_is_a_register(desk: Desk) -> None:
    assert "Inga incidenter." in desk.does("register").out
    for kind in ("xlsx", "csv", "json", "pdf"):
        assert desk.does("register", f"--format={kind}").out == f"0 incidenter i incidentregister.{kind}.\n"
    text = pymupdf.open("incidentregister.pdf")[0].get_text()
    assert "Inga incidenter ingår i urvalet." in text


def test_the_boards_report_is_a_pdf_with_its_figures_on_the_screen(desk: Desk) -> None:
    desk.decided()
    said = desk.does("report", "--year=2023", at="2024-01-08 10.00").out
    assert "Incidenter i registret: 1\n" in said
    assert "Inte anmälda fast fristen har gått ut: 1\n" in said
    assert said.endswith("Årsrapporten ligger i arsrapport-2023.pdf.\n")
    text = " ".join("".join(page.get_text() for page in pymupdf.open("arsrapport-2023.pdf")).split())
    assert "Personuppgiftsincidenter 2023" in text
    assert f"{CASE} Kommunstyrelsen i Exempelkommun Anmälan till IMY (artikel 33.1)" in text
    assert "Kommunstyrelsen" in text


def test_the_report_is_there_for_programs_and_writes_no_file_then(desk: Desk) -> None:
    desk.decided()
    found = desk.does("report", "--json", at="2023-06-01 10.00").data
    (year,) = found["years"]
    assert (year["year"], year["incidents"], year["overdue"], year["share_late"]) == (2023, 1, 1, 1)
    assert found["open"][0]["incident"] == CASE
    assert list(desk.folder.glob("*.pdf")) == []


def test_a_year_that_has_not_come_is_a_year_without_incidents(desk: Desk) -> None:
    desk.known()
    assert "Incidenter i registret: 0 (2029: 0)" in desk.does("report", "--year=2030", at=LATER).out
