import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import CHECKOUT
from flows.deploy import DESK
from tests.patience import SCRIPT_SECONDS

Told = dict[str, Any]
FORMS = [flow.name for flows in DESK.values() for flow in flows]
NEWCOMER = "nils.exempel – ny chef"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("upkeep")
    command = [sys.executable, Path(__file__).with_name("upkeep.py"), folder]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with (folder / "said.log").open("wb") as said:
        done = subprocess.run(
            command, check=False, cwd=folder, env=environment, stdout=said, stderr=said, timeout=SCRIPT_SECONDS
        )
    assert done.returncode == 0, (folder / "said.log").read_text(encoding="utf-8")[-3000:]
    answer = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    assert isinstance(answer, dict)
    return answer


def test_every_form_is_deployed_once_however_often_the_desk_is_started(told: Told) -> None:
    assert set(told["deployed"]) == {*FORMS, "Att besluta", "Svep", "Skicka brev"}
    assert told["counts"] == [len(told["deployed"])] * 2


def test_every_form_is_checked_and_teaches_and_is_found_under_a_tag(told: Told) -> None:
    assert [
        name for name, one in told["deployed"].items() if not (one["checked"] and one["text"] and one["tags"])
    ] == []


def test_one_sweep_a_minute_and_never_two_at_once(told: Told) -> None:
    sweep = told["deployed"]["Svep"]
    assert sweep["schedules"] == [[60.0, True]]
    assert sweep["at_once"] == 1
    assert [name for name, one in told["deployed"].items() if one["schedules"]] == ["Svep"]


def test_who_is_added_to_the_register_can_be_chosen_in_every_form_after_the_next_sweep(told: Told) -> None:
    assert told["renewals"] == [False, True, False]
    asked = [name for name in FORMS if "by" in told["deployed"][name]["form"]]
    assert len(asked) > 40
    assert [name for name in asked if NEWCOMER in told["deployed"][name]["form"]["by"]["enum"]] == []
    assert [name for name in asked if NEWCOMER not in told["renewed"][name]["form"]["by"]["enum"]] == []


def test_a_page_has_one_version_at_one_address_and_is_written_only_when_it_reads_otherwise(told: Told) -> None:
    (first,), (second,), (third,) = told["pages"]
    assert second == first
    assert third[:2] == [first[0], "Läget är klart."]


def test_sweeps_that_did_their_work_over_an_hour_ago_are_tidied_away_and_nothing_else(told: Told) -> None:
    assert told["left"] == ["failed", "new", "other"]
