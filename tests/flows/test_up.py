"""The desk as a person runs it: one command, a kill, and the same command again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from flows.server import free_port
from models.chain import first_broken

SARA = "sara.exempel – dataskyddsombud"
BOARD = "kommunstyrelsen – Kommunstyrelsen i Exempelkommun"


class Running:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self._api = process, f"http://127.0.0.1:{port}/api"

    def asks(self, path: str, body: dict[str, Any]) -> Any:
        request = Request(self._api + path, json.dumps(body).encode(), {"content-type": "application/json"})
        with urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def fills_in(self, form: str, **answers: Any) -> str:
        known = {one["name"]: one["id"] for one in self.asks("/deployments/filter", {"limit": 100})}
        run = self.asks(f"/deployments/{known[form]}/create_flow_run", {"parameters": answers})["id"]
        return self.ended(run)

    def ended(self, run: str) -> str:
        for _ in range(120):
            (found,) = self.asks("/flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
            if found["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED"):
                return f"{found['state']['type']} {found['state'].get('message') or ''}"
            time.sleep(0.5)
        raise AssertionError(f"the run is still {found['state']}")


@contextmanager
def desk(home: Path, port: int) -> Iterator[Running]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TIMGLAS_", "PREFECT_"))}
    environment |= {"TIMGLAS_HOME": str(home), "TIMGLAS_SMTP_PORT": "9", "TIMGLAS_SMTP_TLS": "none"}
    command = [sys.executable, "-c", "from flows.cli import main; main()", "up", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "igång" in line:
                break
        else:
            raise AssertionError(f"the desk did not start: {said}")
        try:
            yield Running(process, port)
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_until_free(port: int) -> None:
    import socket

    for _ in range(120):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.5)
    raise AssertionError("the killed desk still listens")


def test_the_desk_takes_a_case_by_form_and_comes_up_again_after_kill_9_with_nothing_lost(tmp_path: Path) -> None:
    port = free_port()
    with desk(tmp_path, port) as running:
        opened = running.fills_in(
            "Ny incident",
            parties=[BOARD],
            family="prov-2026",
            summary="Ett mejl gick till fel mottagare.",
            source="Telefonsamtal",
            reported_at="2026-11-20 16.10",
            by=SARA,
        )
        assert opened.startswith("COMPLETED")
        aware = running.fills_in(
            "Fastställ kännedom",
            incident_id="INC-2026-0001",
            aware_at="2026-11-20 16.10",
            evidence="Mejlet",
            reasoning="Mottagaren har bekräftat.",
            by=SARA,
        )
        assert "måndagen den 23 november 2026 kl. 16.10" in aware
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait(timeout=30)
    wait_until_free(port)

    with desk(tmp_path, port) as running:
        refused = running.fills_in(
            "Bedöm risk",
            incident_id="INC-2026-0001",
            level="Risk",
            reasoning="Vi vet inte vem som har läst.",
            by=SARA,
        )
        assert "Dataskyddsombudet ger råd men beslutar inte" in refused

    from adapters.database import engine
    from adapters.timeline import SqlTimeline

    timeline = SqlTimeline(engine(f"sqlite:///{tmp_path / 'timglas.db'}"))
    words = [event.type for event in timeline.read("INC-2026-0001")]
    assert words == ["breach_reported.v1", "awareness_established.v1", "duties_determined.v1"]
    assert first_broken(timeline.rows("INC-2026-0001")) is None


def test_a_personnummer_in_a_form_is_refused_before_prefect_stores_it(tmp_path: Path) -> None:
    port, number = free_port(), "811218-9876"
    with desk(tmp_path, port) as running, pytest.raises(HTTPError, match="409"):
        running.fills_in(
            "Ny incident",
            parties=[BOARD],
            family="prov-2026",
            summary=f"Mejlet gällde {number}.",
            source="Telefonsamtal",
            reported_at="2026-11-20 16.10",
            by=SARA,
        )
    kept = b"".join(file.read_bytes() for file in (tmp_path / "prefect").rglob("*") if file.is_file())
    assert number.encode() not in kept
