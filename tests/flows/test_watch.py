"""Prefect watches its own sweep while it lives, and somebody else tells when it does not: on a real server."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from adapters.mail.sink import mail_sink
from adapters.settings import CHECKOUT
from flows.host.called import may_call
from flows.host.server import free_port
from tests.flows.mailed import mailed
from tests.flows.outage import HOURS_DEAD
from tests.running import desk, until

SARA, ON_CALL = "dataskyddsombud@exempelkommun.example", "beredskap@exempelkommun.example"
HELP, WELL = "Timglas behöver hjälp", "Timglas fungerar igen"


def outage(what: str, folder: Path) -> dict[str, Any]:
    script = Path(__file__).with_name("outage.py")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with (folder / "said.log").open("wb") as said:
        ended = subprocess.run(
            [sys.executable, script, what, folder], check=False, env=environment, stdout=said, stderr=said
        )
    assert ended.returncode == 0, (folder / "said.log").read_text(encoding="utf-8")[-3000:]
    told: dict[str, Any] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return outage("silent", tmp_path_factory.mktemp("silent"))


def test_the_automation_stands_in_prefect_as_its_file_says_and_once_however_often_it_is_declared(
    silent: dict[str, Any],
) -> None:
    (declared,), (again,) = silent["declared"], silent["again"]
    assert (declared["name"], declared["enabled"]) == ("Svepet har tystnat", True)
    assert (declared["trigger"]["posture"], declared["trigger"]["expect"]) == (
        "Proactive",
        ["prefect.flow-run.Completed"],
    )
    assert declared["trigger"]["within"] == 300
    assert [action["type"] for action in declared["actions"]] == ["call-webhook"]
    assert (again["id"], again["trigger"]["within"]) == (declared["id"], 10), "it is changed, not added to"


def test_a_sweep_that_is_not_done_in_time_raises_the_alarm_by_mail_once_however_often_prefect_calls(
    silent: dict[str, Any],
) -> None:
    assert len(silent["calls"]) >= 2
    assert set(silent["calls"]) == {202}, "the front answers, password and all"
    per_address = Counter(to for to, _, _ in silent["alarms"])
    assert set(per_address.values()) == {1}
    assert ON_CALL in per_address
    assert all(subject.startswith(HELP) for _, subject, _ in silent["alarms"])
    assert all("Inget svep har blivit klart på 10 minuter" in text for _, _, text in silent["alarms"])


def test_the_sweep_that_works_again_says_so_once(silent: dict[str, Any]) -> None:
    assert sorted(to for to, _, _ in silent["after"]) == sorted(to for to, _, _ in silent["alarms"])
    assert {subject for _, subject, _ in silent["after"]} == {WELL}


def test_nobody_calls_the_watch_of_a_desk_without_its_password() -> None:
    right = "Basic dGltZ2xhczpoZW1saWd0"
    assert may_call(right, "timglas:hemligt")
    assert not may_call(None, "timglas:hemligt")
    assert not may_call("Basic dGltZ2xhczpmZWw=", "timglas:hemligt")
    assert not may_call("Básic ä", "timglas:hemligt")
    assert may_call(None, None), "on the loopback address alone nobody is asked for one"


def test_prefect_killed_for_twelve_hours_is_told_of_once_and_everything_missed_comes_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    told = outage("dead", tmp_path)
    assert told["markers"] >= 1, "the case was in Prefect"
    assert SARA in {to for to, _, _ in told["before"]}

    looks = {minutes: mails for minutes, _, mails in told["looks"] if mails}
    assert all(alarming for minutes, alarming, _ in told["looks"] if minutes > 5)
    assert list(looks) == [5, 245, 485], "at the first look, and again every four hours while it lasts"
    for mails in looks.values():
        assert set(Counter(to for to, _, _ in mails).values()) == {1}
        assert all(subject.startswith(HELP) for _, subject, _ in mails)

    had, port, smtp_port = len(mailed(tmp_path / "mail")), free_port(), free_port()
    with (
        mail_sink(tmp_path / "mail", smtp_port),
        desk(tmp_path, port, TIMGLAS_SMTP_PORT=str(smtp_port), TIMGLAS_POLICY=str(tmp_path / "policy.yaml")) as running,
    ):
        until(lambda: len(done(running)) >= 3, "three sweeps to be done")
        since = mailed(tmp_path / "mail")[had:]
    reminders = [mail for mail in since if told["case"] in mail[1]]
    assert set(Counter(to for to, _, _ in reminders).values()) == {1}, "one message each for all that passed"
    (mine,) = [mail for mail in reminders if mail[0] == SARA]
    assert "timmar kvar" in mine[1]
    assert "Timglas har inte kunnat påminna sedan" in " ".join(mine[2].split())
    all_clear = [to for to, subject, _ in since if subject == WELL]
    assert sorted(all_clear) == sorted(to for to, _, _ in looks[5]), "and those who were alarmed hear that it is over"
    assert HOURS_DEAD == 12


def done(running: Any) -> list[Any]:
    return [run for run in running.runs("Svep") if run["state"]["type"] == "COMPLETED"]
