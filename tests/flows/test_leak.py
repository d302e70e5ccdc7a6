"""A marker in every customer's slice, and a search for it in everything that Prefect keeps on both sides."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import CHECKOUT
from tests.flows.supplying import BOARDS, CUSTOMERS, marker
from tests.patience import SCRIPT_SECONDS
from tests.planted import found_in

MARKERS = [marker(number) for number in range(CUSTOMERS)]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a supplier has told all its customers, and a municipality has taken in what came to its boards."""
    folder = tmp_path_factory.mktemp("leak")
    script, environment = Path(__file__).with_name("supplying.py"), {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    for side in ("supplier", "town"):
        with (folder / f"{side}.log").open("wb") as said:
            command = [sys.executable, script, folder, side]
            done = subprocess.run(
                command, check=False, cwd=folder, env=environment, stdout=said, stderr=said, timeout=SCRIPT_SECONDS
            )
        assert done.returncode == 0, (folder / f"{side}.log").read_text(encoding="utf-8")[-3000:]
    return folder


@pytest.fixture(scope="module")
def supplier(both: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((both / "supplier" / "told.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def town(both: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((both / "town" / "told.json").read_text(encoding="utf-8"))
    return told


def markers_in(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"SKIVA(\d{3})X", text)}


def test_everyone_was_told_and_chased_so_that_there_was_something_to_leak(both: Path, supplier: dict[str, Any]) -> None:
    mails = [file.read_text("utf-8", errors="replace") for file in (both / "supplier" / "mail").rglob("*.eml")]
    for number in range(CUSTOMERS):
        assert sum(f"To: kund-{number:03}@kunder.example" in mail for mail in mails) == 1
        assert sum(f"To: jour-{number:03}@kunder.example" in mail for mail in mails) == 1
    assert {"Läs in kundernas uppgifter", "Skicka", "Påminn och skicka"} <= {
        json.loads(task)["name"] for task in supplier["tasks"]
    }
    assert supplier["logs"]
    assert supplier["case"].lower() in {one["key"] for one in supplier["artifacts"]}


def test_prefects_own_files_and_logs_at_the_supplier_hold_no_customers_slice(both: Path) -> None:
    assert found_in(both / "supplier" / "prefect", ["kund-001"]), "what it may know stands there, so this can find it"
    assert found_in(both / "supplier" / "prefect", MARKERS) == {}
    assert found_in(both / "supplier.log", MARKERS) == {}


def test_no_run_task_log_line_or_artifact_of_the_supplier_holds_one(supplier: dict[str, Any]) -> None:
    shown = [one["text"] for one in (*supplier["runs"], *supplier["artifacts"])] + supplier["tasks"] + supplier["logs"]
    assert [text for text in shown if markers_in(text)] == []


def test_what_came_to_a_board_stands_on_its_own_page_and_in_its_own_runs_alone(town: dict[str, Any]) -> None:
    number_of = {case.lower(): int(party[-3:]) for case, party in town["cases"].items()}
    assert sorted(number_of.values()) == list(range(BOARDS))
    pages = {one["key"]: markers_in(one["text"]) for one in town["artifacts"]}
    for case, number in number_of.items():
        assert pages[case] == {number}
    for run in town["runs"]:
        own = {number_of[run["case"].lower()]} if run["case"] else set()
        assert markers_in(run["text"]) <= own
    assert {number for run in town["runs"] for number in markers_in(run["text"])} == set(range(BOARDS))


def test_no_page_for_all_and_no_log_line_holds_what_came_to_a_board(town: dict[str, Any]) -> None:
    cases = {case.lower() for case in town["cases"]}
    shared = [one for one in town["artifacts"] if one["key"] not in cases and not one["key"].startswith("familj-")]
    assert {"frister", "start"} & {one["key"] for one in shared}
    texts = [one["text"] for one in shared] + town["logs"] + town["tasks"]
    assert [text for text in texts if markers_in(text)] == []
