import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import CHECKOUT
from tests.patience import SCRIPT_SECONDS

Waiting = list[tuple[str, str]]
Told = dict[str, Any]
CASES = [f"INC-{{year}}-{number:04d}" for number in range(1, 51)]
ASKED = ("awareness", "regime")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Fifty cases on a real server: what waits after two sweeps at once, after a broken one, and after one more."""
    folder = tmp_path_factory.mktemp("fifty")
    command = [sys.executable, Path(__file__).with_name("fifty.py"), folder]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with (folder / "said.log").open("wb") as said:
        done = subprocess.run(
            command, check=False, cwd=folder, env=environment, stdout=said, stderr=said, timeout=SCRIPT_SECONDS
        )
    assert done.returncode == 0, (folder / "said.log").read_text(encoding="utf-8")[-3000:]
    answer = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return {stage: list(map(tuple, runs)) if isinstance(runs, list) else runs for stage, runs in answer.items()}


def wanted(cases: int, waiting: Waiting) -> Waiting:
    """Each question once for each of the first cases."""
    year = waiting[0][0].split("-")[1]
    return [(case.format(year=year), kind) for case in CASES[:cases] for kind in ASKED]


def test_two_sweeps_at_once_make_one_run_for_each_decision(told: Told) -> None:
    assert sorted(told["together"]) == wanted(20, told["together"])


def test_a_sweep_that_was_broken_off_is_taken_up_by_the_next_on_a_server_started_again(
    told: Told,
) -> None:
    assert sorted(told["rest"]) == wanted(50, told["rest"])


def test_one_more_sweep_over_everything_asks_nothing_twice(told: Told) -> None:
    assert sorted(told["again"]) == sorted(told["rest"])


def test_a_decision_waits_for_weeks_on_the_same_run(told: Told) -> None:
    before, aged, after = (told[stage] for stage in ("before", "aged", "after"))
    assert {run for run in before if run not in after} == set()
    waited = [datetime.fromisoformat(before[run]) - datetime.fromisoformat(aged[run]) for run in before]
    assert len(waited) >= 20 * len(ASKED)
    assert set(waited) == {timedelta(weeks=6)}
