import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from adapters.settings import CHECKOUT
from tests.patience import SCRIPT_SECONDS

Told = dict[str, Any]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """An hour at the desk on a real server with a real worker, and the server's memory deleted at the end."""
    folder = tmp_path_factory.mktemp("desk")
    script = Path(__file__).with_name("desk.py")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with (folder / "said.log").open("wb") as said:
        done = subprocess.run(
            [sys.executable, script, folder],
            check=False,
            cwd=folder,
            env=environment,
            stdout=said,
            stderr=said,
            timeout=SCRIPT_SECONDS,
        )
    assert done.returncode == 0, (folder / "said.log").read_text(encoding="utf-8")[-3000:]
    answer = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    assert isinstance(answer, dict)
    return answer


def markers(told: Told, stage: str, case: str, provision: str = "gdpr.33.1") -> list[str]:
    """The states of the markers of one time limit."""
    return [run["state"] for run in told[stage]["markers"] if {told["cases"][case], provision} <= set(run["tags"])]


def waiting(told: Told, stage: str, case: str, what: str = "Bedöm risk") -> list[dict[str, Any]]:
    """The runs of one question that wait for an answer."""
    begins = f"{what} · {told['cases'][case]}"
    runs = told[stage]["waiting"]
    return [run for run in runs if run["state"] == "Suspended" and run["name"].startswith(begins)]


def names(told: Told, stage: str) -> Counter[tuple[str, str]]:
    return Counter((run["name"], run["state"]) for kind in ("markers", "waiting") for run in told[stage][kind])


def table(told: Told, stage: str) -> list[dict[str, str]]:
    rows = json.loads(told[stage]["pages"]["frister"])
    assert isinstance(rows, list)
    return rows


def test_each_time_limit_is_a_marker_named_after_what_it_is_and_when(told: Told) -> None:
    run = next(run for run in told["first"]["markers"] if told["cases"]["answered"] in run["tags"])
    assert run["name"].startswith(f"Frist art. 33.1 · {told['cases']['answered']} · ")
    assert " kl. " in run["name"]
    assert set(run["tags"]) == {"frist", told["cases"]["answered"], "kommunstyrelsen", "gdpr.33.1"}
    assert not run["started"]


def test_every_decision_waits_once_with_nothing_running(told: Told) -> None:
    for case in told["cases"]:
        for what in ("Bedöm risk", "Välj regelverk"):
            (run,) = waiting(told, "first", case, what)
            assert " · senast " in run["name"]
            assert not run["started"]


def but_for_lateness(told: Told, when: str) -> Counter[tuple[str, str]]:
    """Prefect shows by itself, when it gets round to it, that a time limit has passed."""
    return Counter((name, "Scheduled" if state == "Late" else state) for name, state in names(told, when).elements())


def test_a_second_sweep_and_a_whole_one_change_nothing(told: Told) -> None:
    assert but_for_lateness(told, "again") == but_for_lateness(told, "first")
    assert told["again"]["versions"] == told["first"]["versions"]
    assert told["again"]["pages"] == told["first"]["pages"]


def test_the_form_is_swedish_and_prefilled_with_the_advice(told: Told) -> None:
    (run,) = waiting(told, "first", "answered")
    assert run["form"]["level"] == "Hög risk"
    assert "riktlinjer" in run["form"]["reasoning"]
    assert run["titles"][:3] == ["Vem är du?", "Beslut om risken", "Skäl"]


def test_the_question_says_what_is_known_and_since_when_and_what_is_not(told: Told) -> None:
    (run,) = waiting(told, "first", "answered")
    assert "**Vad som har hänt:** Driften har utsatts för ett angrepp." in run["text"]
    assert "(känt sedan 20" in run["text"]
    assert "## Det här vet vi inte" in run["text"]
    assert "**Hög risk.** Timglas ger råd" in run["text"]


def test_a_corrected_awareness_moves_the_marker_and_asks_with_the_new_deadline(told: Told) -> None:
    assert sorted(markers(told, "changed", "moved")) == ["Inte längre aktuell", "Scheduled"]
    (before,) = waiting(told, "first", "moved")
    (after,) = waiting(told, "changed", "moved")
    assert after["name"] != before["name"]


def test_a_time_limit_that_passes_is_late_without_our_doing(told: Told) -> None:
    assert markers(told, "answered", "late") == ["Late"]


def test_new_facts_replace_the_question_by_one_that_tells_them(told: Told) -> None:
    (before,) = waiting(told, "first", "answered")
    (after,) = waiting(told, "changed", "answered")
    assert after["id"] != before["id"]
    assert "Personnummer" not in before["text"].partition("## Det här vet vi inte")[0]
    assert {run["state"] for run in told["changed"]["waiting"] if run["id"] == before["id"]} == {"Ersatt"}


def test_a_personnummer_is_refused_before_it_is_stored(told: Told) -> None:
    assert told["answers"]["personal_number"] == "REJECT"
    assert told["answers"]["stored"] == 0


def test_an_answer_is_recorded_by_the_same_service_and_the_question_is_gone(told: Told) -> None:
    assert told["answers"]["ends"]["answered"] == ["Completed", ""]
    assert told["record"]["answered"].count("risk_decided.v1") == 1
    assert waiting(told, "answered", "answered") == []


def test_against_the_advice_with_its_own_reasons_is_refused_and_asked_again_with_what_was_typed(told: Told) -> None:
    name, message = told["answers"]["ends"]["filed"]
    assert name == "Avvisat"
    (again,) = waiting(told, "answered", "filed")
    assert message in again["text"]
    assert again["form"]["level"] == "Risk"
    assert "risk_decided.v1" not in told["record"]["filed"]


def test_an_answer_to_what_no_longer_stands_is_not_recorded(told: Told) -> None:
    assert told["answers"]["ends"]["late"][0] == "Ersatt"
    assert "risk_decided.v1" not in told["record"]["late"]
    assert len(waiting(told, "answered", "late")) == 1


def test_a_decision_not_to_notify_waits_for_the_code_and_keeps_what_was_typed(told: Told) -> None:
    assert told["answers"]["ends"]["moved"][0] == "Kod skickad"
    (again,) = waiting(told, "answered", "moved")
    assert "En kod har skickats till din e-post" in again["text"]
    assert again["form"]["reasoning"] == "Bara tomma konton."
    assert again["form"]["code"] == ""
    assert told["confirmed"] == ["Completed", ""]
    assert told["record"]["moved"].count("risk_decided.v1") == 1


@pytest.mark.parametrize(
    "case, state",
    [("filed", "Anmäld i tid"), ("late", "Försenad"), ("answered", "Scheduled"), ("moved", "Inte längre aktuell")],
)
def test_the_record_decides_the_colour_of_a_marker(told: Told, case: str, state: str) -> None:
    assert set(markers(told, "settled", case)) == {state}


def test_what_nobody_needs_to_decide_any_more_disappears_and_the_rest_is_asked(told: Told) -> None:
    assert waiting(told, "settled", "moved") == []
    assert len(waiting(told, "settled", "moved", "Avsluta ärende")) == 1


def test_the_table_holds_every_open_duty_the_most_urgent_first(told: Told) -> None:
    rows = table(told, "first")
    assert [row["Ärende"] for row in rows[:4]] == [
        told["cases"][name] for name in ("late", "filed", "moved", "answered")
    ]
    assert rows[0]["Tid"] == "8 timmar för sent"
    assert (rows[3]["Tid"], rows[3]["Vem"]) == ("62 timmar kvar", "dataskyddsombud")
    assert {row["Ärende"] for row in table(told, "settled")} == set(told["cases"].values())


def test_the_page_of_a_case_leads_to_what_waits_and_to_its_time_limit(told: Told) -> None:
    case = told["cases"]["answered"]
    page = told["first"]["pages"][case.lower()]
    for what in ("Bedöm risk", "Välj regelverk"):
        (run,) = waiting(told, "first", "answered", what)
        assert f"[{run['name']}](/v2/runs/flow-run/{run['id']})" in page
    marker = next(run for run in told["first"]["markers"] if case in run["tags"])
    assert f"(/v2/runs/flow-run/{marker['id']})" in page
    assert "**Ingen har bedömt risken än.**" in page


def test_with_prefects_memory_gone_one_sweep_restores_all_that_stands(told: Told) -> None:
    assert told["forgotten"] == {"markers": [], "waiting": [], "versions": 0, "pages": {}}
    moved_away = {("Inte längre aktuell", name) for name, state in names(told, "settled") if state.startswith("Inte")}
    standing = {one for one in names(told, "settled") if one[1] in ("Suspended", "Anmäld i tid", "Försenad")}
    restored = set(names(told, "restored"))
    assert standing <= restored
    assert {(state, name) for name, state in restored if state.startswith("Inte")} < moved_away
    assert table(told, "restored") == table(told, "settled")
    assert set(told["restored"]["pages"]) == set(told["settled"]["pages"])
