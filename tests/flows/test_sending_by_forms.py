"""The forms *Stoppa*, *Fortsätt* and *Avgör osäkra brev* on a real Prefect server with a worker, end to end."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import CHECKOUT
from tests.flows.sending_by_forms import LOST_ONCE, PEOPLE, TAKEN_TWICE
from tests.patience import SCRIPT_SECONDS

_IN_FLIGHT = 40


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("forms")
    script = Path(__file__).with_name("sending_by_forms.py")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with (folder / "said.log").open("wb") as said:
        command = [sys.executable, script, folder]
        done = subprocess.run(
            command, cwd=CHECKOUT, env=environment, stdout=said, stderr=said, timeout=SCRIPT_SECONDS, check=False
        )
    assert done.returncode == 0, (folder / "said.log").read_text(encoding="utf-8")[-3000:]
    answer = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    answer["prefect"] = b"".join(file.read_bytes() for file in sorted((folder / "prefect").rglob("*.db*")))
    assert isinstance(answer, dict)
    return answer


def test_what_is_not_going_out_cannot_be_stopped_and_the_form_says_so(told: dict[str, Any]) -> None:
    name, said = told["nothing_to_stop"]
    assert name == "Avvisat"
    assert "Inga brev är på väg ut" in said


def test_the_form_stops_the_sending_and_nothing_goes_out_after_the_batch_in_hand(told: dict[str, Any]) -> None:
    assert told["stopped"][0] == "Completed"
    assert told["first_run"][0] == "Stoppat"
    assert told["taken_later"] == told["taken_when_stopped"] < PEOPLE
    assert told["waiting"] >= PEOPLE - told["taken_later"] - _IN_FLIGHT > 0


def test_the_officer_may_stop_it_and_only_a_delegate_lets_it_go_on(told: dict[str, Any]) -> None:
    assert told["officer_resumes"][0] == "Avvisat"
    assert told["resumed"][0] == "Completed"
    assert len(told["second_runs"]) == 2, "as many runs as there may be senders, sharing the work"
    assert {name for name, _ in told["second_runs"]} <= {"Väntar på beslut", "Fortsätter senare"}


def test_of_whom_nobody_knows_a_person_decides_and_nobody_else_is_written_to_again(told: dict[str, Any]) -> None:
    assert told["in_doubt"] == {"email/sent": PEOPLE - 2, "email/uncertain": 2}
    assert told["again"][0] == told["arrived"][0] == "Completed"
    assert told["still_in_doubt"] == {"email/sent": PEOPLE - 1, "email/uncertain": 1}
    assert told["states"] == {"email/sent": PEOPLE}
    taken = told["taken"]
    assert len(taken) == PEOPLE, "nobody is lost, not even whom the server did not take the first time"
    assert {to for to, ids in taken.items() if len(ids) > 1} == {TAKEN_TWICE}
    assert len(set(taken[TAKEN_TWICE])) == 1, "the second copy is the same message, and can be recognised"
    assert len(taken[LOST_ONCE]) == 1


def test_the_sum_comes_out_and_the_record_tells_the_whole_of_it(told: dict[str, Any]) -> None:
    assert (told["completed"]["recipients"], told["completed"]["emailed"]) == (PEOPLE, PEOPLE)
    events = [name for name in told["events"] if name.startswith(("communication", "deliveries", "uncertainty"))]
    assert events == [
        "communication_started",
        "communication_halted",
        "communication_resumed",
        "deliveries_uncertain",
        "uncertainty_settled",
        "deliveries_uncertain",
        "uncertainty_settled",
        "communication_completed",
    ]


def test_prefect_has_heard_of_nobody(told: dict[str, Any]) -> None:
    assert b"post.example" not in told["prefect"]
    assert "Sökande".encode() not in told["prefect"]
