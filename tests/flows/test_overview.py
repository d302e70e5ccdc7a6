from pathlib import Path

import pytest
from pydantic import TypeAdapter

from flows.acts.overview import FileFormat, _place, _write_register, _write_report
from flows.acts.register_files import MOST_ON_PAPER, Format, write_register
from flows.deploy import DESK
from models.breach_register import Entry, Selection
from models.errors import TimglasError
from models.instants import parse_local as at
from tests.small_world import small_world

NOW = at("2026-11-26 09.00")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMGLAS_HOME", str(tmp_path))
    monkeypatch.setenv("TIMGLAS_PARTIES", str(Path("deployments/examples/parties.yaml").resolve()))


def test_the_register_and_the_report_are_written_where_the_run_says(tmp_path: Path) -> None:
    register, report = _place("incidentregister-2026", NOW, Format.XLSX), _place("arsrapport-2026", NOW, Format.PDF)
    _write_register(Selection(year=2026), Format.XLSX, register, NOW, mask=False)
    _write_report(2026, report, NOW)
    assert register == tmp_path / "utdrag" / "incidentregister-2026-2026-11-26-0900.xlsx"
    assert register.read_bytes().startswith(b"PK")
    assert report.read_bytes().startswith(b"%PDF")


def test_a_format_is_chosen_as_people_write_it() -> None:
    assert TypeAdapter(FileFormat).validate_python("XLSX") is Format.XLSX
    assert TypeAdapter(FileFormat).json_schema()["enum"] == ["XLSX", "CSV", "JSON", "PDF"]


def test_both_are_on_the_desk() -> None:
    assert [flow.name for flow in DESK["Översikt"]] == ["Ta fram incidentregister", "Ta fram årsrapport"]


def test_more_incidents_than_anybody_would_read_are_no_pdf(tmp_path: Path) -> None:
    many = [Entry.model_construct()] * (MOST_ON_PAPER + 1)
    with pytest.raises(TimglasError, match="too many"):
        write_register(many, Selection(), Format.PDF, tmp_path / "r.pdf", now=NOW, world=small_world())
    assert list(tmp_path.iterdir()) == []
