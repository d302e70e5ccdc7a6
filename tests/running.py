"""The whole desk on this machine, as `timglas up` runs it, and a script's way into it."""

import email.policy
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from adapters.database.engine import engine
from adapters.database.timeline import SqlTimeline
from letters.language import stamp
from tests.patience import PATIENCE_SECONDS, until
from tests.prefect_memory import lay_empty_memory

_ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
_BUSY = 503


def ago(**ago: float) -> str:
    """Return an instant back in time as a form takes it, also in the hour of October that comes twice."""
    return stamp(datetime.now(UTC) - timedelta(**ago))


class Running:
    """A desk that is up: what its API knows and does."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, port: int, password: str = "") -> None:
        self.process, self.home, self.address = process, home, f"http://127.0.0.1:{port}"
        secret = b64encode(f"timglas:{password}".encode()).decode()
        self._headers = {"content-type": "application/json"} | (
            {"authorization": f"Basic {secret}"} if password else {}
        )

    @cached_property
    def case(self) -> str:
        """The first case that was opened at this desk. It bears the year in which it was, whenever the tests began."""
        opened = engine(f"sqlite:///{self.home / 'timglas.db'}")
        first, *_ = sorted(SqlTimeline(opened).incidents())
        opened.dispose()
        return first

    def asks(self, path: str, body: Any) -> Any:
        """Return what the API answers to ``body``."""
        return self._answered(path, json.dumps(body).encode())

    def _answered(self, path: str, body: bytes | None = None) -> Any:
        """Return what the API answers. While its database is busy (503) it is asked again, as its own interface does."""
        request = Request(f"{self.address}/api{path}", body, self._headers)
        (answer,) = until(lambda: _answer(request), f"an answer to {path}")
        return answer

    def fills_in(self, form: str, **answers: Any) -> str:
        """Start the form's run and return how it ended, and its message."""
        return self.ended(self.starts(form, **answers))

    def starts(self, form: str, **answers: Any) -> str:
        """Start the form's run and return its id."""
        known = {one["name"]: one["id"] for one in self.asks("/deployments/filter", {"limit": 100})}
        return str(self.asks(f"/deployments/{known[form]}/create_flow_run", {"parameters": answers})["id"])

    def ended(self, run: str) -> str:
        """Wait until the run has ended, and return how."""
        return until(lambda: self._end(run), f"the run {run} to end")

    def _end(self, run: str) -> str | None:
        (found,) = self.asks("/flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
        state = found["state"]
        return f"{state['type']} {state.get('message') or ''}" if state["type"] in _ENDED else None

    def runs(self, flow: str, *, tag: str = "") -> list[dict[str, Any]]:
        """Return the runs of a flow, the newest first."""
        wanted: dict[str, Any] = {"flows": {"name": {"any_": [flow]}}, "sort": "ID_DESC", "limit": 200}
        return [run for run in self.asks("/flow_runs/filter", wanted) if not tag or tag in run["tags"]]

    def waiting(self, question: str, case: str, *, after: str = "") -> str:
        """Wait for the decision to be asked, again if it was asked ``after`` another run, and return its run."""
        return until(lambda: self._waiting(question, case, after), f"{question} in {case} to be asked")

    def _waiting(self, question: str, case: str, after: str) -> str | None:
        asked = [run for run in self.runs("Att besluta", tag=case) if run["state"]["name"] == "Suspended"]
        found = (str(run["id"]) for run in asked if run["name"].startswith(question))
        return next((run for run in found if run != after), None)

    def text_of(self, run: str) -> str:
        """Return what stands above the form of a waiting decision."""
        return str(self._answered(f"/flow_runs/{run}/input/fraga-description"))

    def answers(self, question: str, case: str, *, after: str = "", **given: Any) -> str:
        """Answer the decision through the API with what its form is filled in with and ``given``; return how it ended."""
        run = self.waiting(question, case, after=after)
        filled = {**self.prefilled(run), **given}
        told = self.asks(f"/flow_runs/{run}/resume", {"run_input": filled})
        return self.ended(run) if told["status"] == "ACCEPT" else f"{told['status']} {told['details'].get('reason')}"

    def prefilled(self, run: str) -> dict[str, Any]:
        """Return what the form of a waiting decision is filled in with."""
        schema = self._answered(f"/flow_runs/{run}/input/fraga-schema")
        return {name: field["default"] for name, field in schema["properties"].items() if "default" in field}

    def code(self, case: str) -> str:
        """Return the newest code that was mailed in a case."""
        return until(lambda: self._code(case), f"a code in {case}")

    def _code(self, case: str) -> str | None:
        for file in sorted(
            (self.home / "mail" / case / "mejl").glob("*.eml"), reverse=True, key=lambda one: one.stem[-4:]
        ):
            body = BytesParser(policy=email.policy.default).parsebytes(file.read_bytes()).get_body(("plain",))
            found = re.search(r"Din kod är (\d{6})", body.get_content() if body else "")
            if found:
                return found[1]
        return None


def _answer(request: Request) -> tuple[Any] | None:
    """Return the one answer, or None from a database that is busy."""
    try:
        with urlopen(request, timeout=60) as answer:
            return (json.loads(answer.read() or b"null"),)
    except HTTPError as fault:
        if fault.code != _BUSY:
            raise
        return None


@contextmanager
def desk(home: Path, port: int, *, host: str = "127.0.0.1", first: bool = False, **settings: str) -> Iterator[Running]:
    """Run the desk with its data in ``home`` while the block runs. Without other settings no mail server answers.

    What it says stands in ``home / "up.log"``. ``first``: it makes the database of its Prefect server itself.
    """
    if not first:
        lay_empty_memory(home / "prefect")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TIMGLAS_", "PREFECT_"))}
    environment |= {"TIMGLAS_HOME": str(home), "TIMGLAS_SMTP_PORT": "9", "TIMGLAS_SMTP_TLS": "none", **settings}
    command = [sys.executable, "-c", "from flows.cli import main; main()", "up", "--host", host, "--port", str(port)]
    said = home / "up.log"
    before = said.stat().st_size if said.exists() else 0
    with said.open("ab") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process:
        try:
            until(lambda: _says(said, before, "igång", process), "the desk to start")
            yield Running(process, home, port, settings.get("TIMGLAS_UI_PASSWORD", ""))
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _says(log: Path, before: int, word: str, process: subprocess.Popen[bytes]) -> bool:
    """Tell whether ``word`` stands in the log after ``before``. A process that ended without it never says it."""
    ended = process.poll() is not None
    told = log.read_bytes()[before:].decode()
    if ended and word not in told:
        raise AssertionError(f"the desk did not start: {told}")
    return word in told
