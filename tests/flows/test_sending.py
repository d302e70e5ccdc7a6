"""*Skicka brev* on a real Prefect server with a worker: in chunks, cancelled in the middle, and gone on with."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import CHECKOUT
from flows.acts.sending import _CHUNK_SECONDS
from tests.flows.sending import PEOPLE
from tests.patience import SCRIPT_SECONDS

_IN_FLIGHT = 40


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("sending")
    script = Path(__file__).with_name("sending.py")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with (folder / "said.log").open("wb") as said:
        done = subprocess.run(
            [sys.executable, script, folder],
            cwd=CHECKOUT,
            env=environment,
            stdout=said,
            stderr=said,
            timeout=SCRIPT_SECONDS,
            check=False,
        )
    assert done.returncode == 0, (folder / "said.log").read_text(encoding="utf-8")[-3000:]
    answer = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    assert isinstance(answer, dict)
    return answer


def test_a_cancelled_run_stops_within_a_chunk_and_nothing_goes_out_after_it(told: dict[str, Any]) -> None:
    assert told["cancelled"] == "CANCELLED"
    assert told["under_way"][0] == "Skicka och skriv ut, omgång 1"
    assert told["begun"] == told["under_way"], "it was cancelled in a chunk, and began no other"
    assert told["after"] == told["stopped"] < PEOPLE


def test_whoever_cancels_a_run_halts_the_letters(told: dict[str, Any]) -> None:
    assert told["halted"]


def test_what_is_resumed_goes_on_where_it_stopped_and_nobody_is_written_to_twice(told: dict[str, Any]) -> None:
    assert told["most"] == 1
    sent = told["states"]["email/sent"]
    in_doubt = sum(count for state, count in told["states"].items() if state != "email/sent")
    assert sent + in_doubt == PEOPLE
    assert in_doubt <= _IN_FLIGHT, "only what was in flight when the run was cancelled"
    assert sent <= told["taken"] <= PEOPLE


def test_a_sending_is_made_of_chunks_that_are_few_and_named_in_swedish(told: dict[str, Any]) -> None:
    assert 1 <= len(told["chunks"]) <= told["seconds"] / _CHUNK_SECONDS + 1
    assert told["tasks"] == told["chunks"]
    assert told["ended"] in {"Klart", "Fortsätter senare", "Väntar på beslut"}


def test_the_bar_of_a_run_ends_where_the_letters_did(told: dict[str, Any]) -> None:
    bar = told["bar"]
    done = PEOPLE * bar["share"] / 100
    assert bar["says"] == f"{done:.0f} av {PEOPLE} mejl är klara."
    assert told["states"]["email/sent"] <= done <= PEOPLE
