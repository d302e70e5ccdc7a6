"""The register as XLSX, CSV and JSON: whatever somebody wrote is read back as that, and nothing of it ever runs."""

import csv
import json
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.csv_listing import write_csv
from adapters.json_list import write_json
from adapters.new_file import new_file
from adapters.spreadsheet import write_xlsx
from models.listing import Cell, Column, Listing
from tests.fakes import PowerCut

AT = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
EVIL = (
    "=1+1",
    '=HYPERLINK("http://ond.example";"Klicka")',
    "+46 44 13 50 00",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\N{NO-BREAK SPACE}=1+1",
    "＝1+1",
    "http://ond.example/",
    "mailto:ond@example.se",
    "{=1+1}",
    "a;=1+1",
    'a"\n=1+1',
    "00123",
    "1,5",
    "TRUE",
)


def listing(rows: Iterable[tuple[Cell, ...]], columns: int = 1) -> Listing:
    heads = tuple(Column("Grupp", f"Rubrik {number}", long=number == 0) for number in range(columns))
    return Listing("Register", heads, rows, (("Urval", "=1+1"),), AT)


def sheet(file: Path, *rows: tuple[Cell, ...]) -> openpyxl.worksheet.worksheet.Worksheet:
    assert write_xlsx(listing(rows, len(rows[0]) if rows else 1), file) == len(rows)
    return openpyxl.load_workbook(file)["Incidenter"]


def lines(file: Path, *rows: tuple[Cell, ...]) -> list[list[str]]:
    assert write_csv(listing(rows, len(rows[0])), file) == len(rows)
    with file.open(encoding="utf-8-sig", newline="") as read:
        return [*csv.reader(read, delimiter=";")][1:]


@pytest.mark.parametrize("text", EVIL)
def test_a_text_in_a_workbook_is_a_text(tmp_path: Path, text: str) -> None:
    cell = sheet(tmp_path / "r.xlsx", (text,))["A3"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == text.replace("\r", "_x000D_")


def test_the_notes_of_a_workbook_are_texts_too(tmp_path: Path) -> None:
    sheet(tmp_path / "r.xlsx", ("x",))
    note = openpyxl.load_workbook(tmp_path / "r.xlsx")["Om registret"]["B2"]
    assert (note.data_type, note.value) == ("s", "=1+1")


@pytest.mark.parametrize("text", EVIL)
def test_a_text_in_csv_begins_with_nothing_that_runs(tmp_path: Path, text: str) -> None:
    ((read,),) = lines(tmp_path / "r.csv", (text,))
    assert read.removeprefix("'") == text
    assert not read.strip().startswith(("=", "+", "-", "@", "＝"))


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40))
def test_csv_gives_every_text_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    ((first, second),) = lines(tmp_path_factory.mktemp("listing") / "r.csv", (text, "nästa"))
    assert (first.removeprefix("'") if first != text else first, second) == (text, "nästa")


def test_instants_are_swedish_time_and_numbers_are_numbers(tmp_path: Path) -> None:
    row = (datetime(2026, 7, 1, 14, 10, tzinfo=UTC), date(2026, 7, 2), 8400, 71.5, None)
    cells = [cell for (cell,) in sheet(tmp_path / "r.xlsx", row).iter_cols(min_row=3, max_row=3)]
    assert [cell.value for cell in cells] == [datetime(2026, 7, 1, 16, 10), datetime(2026, 7, 2), 8400, 71.5, None]  # noqa: DTZ001
    assert [cell.number_format for cell in cells[:2]] == ["yyyy-mm-dd hh.mm", "yyyy-mm-dd"]
    assert lines(tmp_path / "r.csv", row) == [["2026-07-01 16.10", "2026-07-02", "8400", "71,5", ""]]


def test_a_text_too_long_for_a_cell_is_cut_where_one_sees_it(tmp_path: Path) -> None:
    value = sheet(tmp_path / "r.xlsx", ("å" * 40_000,))["A3"].value
    assert len(value) == 32_767
    assert value.endswith("å […]")
    assert len(lines(tmp_path / "r.csv", ("å" * 40_000,))[0][0]) == 40_000


def test_signs_that_xml_forbids_do_not_break_the_workbook(tmp_path: Path) -> None:
    assert sheet(tmp_path / "r.xlsx", ("a\x00b\x0bc]]><b>&",))["A3"].value == "a_x0000_b_x000B_c]]><b>&"


def test_the_headings_stay_in_sight_and_can_be_filtered(tmp_path: Path) -> None:
    whole = sheet(tmp_path / "r.xlsx", *[("a", "b")] * 7)
    assert (whole.freeze_panes, whole.auto_filter.ref) == ("B3", "A2:B9")
    assert [cell.value for cell in whole[2]] == ["Rubrik 0", "Rubrik 1"]
    assert sheet(tmp_path / "empty.xlsx").max_row == 2


def test_rows_are_taken_one_at_a_time(tmp_path: Path) -> None:
    taken = []

    def rows() -> Iterator[tuple[Cell, ...]]:
        for number in range(3):
            taken.append(number)
            yield (number,)

    for write, name in ((write_xlsx, "r.xlsx"), (write_csv, "r.csv")):
        assert write(listing(rows()), tmp_path / name) == 3
    assert taken == [0, 1, 2] * 2


@pytest.mark.parametrize("items", [[], ['{"a": 1}'], ['{"a": 1}', '{"b": "å"}']])
def test_a_long_list_is_one_json_document(tmp_path: Path, items: list[str]) -> None:
    file = tmp_path / "r.json"
    assert write_json({"made_at": "nu"}, items, file) == len(items)
    assert json.loads(file.read_text(encoding="utf-8")) == {"made_at": "nu", "entries": [*map(json.loads, items)]}


def test_a_file_appears_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "mapp" / "register.csv"
    with new_file(file) as draft:
        draft.write_text("hela", encoding="utf-8")
        assert not file.exists()
    assert (file.read_text(encoding="utf-8"), stat.S_IMODE(file.stat().st_mode)) == ("hela", 0o600)


def test_of_what_breaks_half_way_nothing_is_left_and_what_was_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text("förra", encoding="utf-8")

    def cut() -> None:
        with new_file(file) as draft:
            draft.write_text("halva", encoding="utf-8")
            raise PowerCut

    with pytest.raises(PowerCut):
        cut()
    assert [path.name for path in tmp_path.iterdir()] == ["register.csv"]
    assert file.read_text(encoding="utf-8") == "förra"
