"""Whether Prefect is awake and shows every time limit: asked over its API, so that this works when Prefect does not."""

import base64
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from letters.language import counted, number, say
from models.errors import N_
from models.health import Check, Finding
from models.overview import OpenDeadline, marker_of
from services.ports.world import World
from services.sweep.sweep import SWEEP
from services.watch.findings import alarm, well
from services.watch.health import SILENT, is_awake

API = "http://127.0.0.1:4200/api"
"""Where ``timglas up`` has it unless told otherwise."""

SWEEP_FLOW = "Svep"
"""What Prefect calls the sweep."""

LOOKED_AT = 200
"""How many of the most urgent deadlines are held against their markers."""

_SECONDS, _PAGE = 10, 200
_WORKER_SILENT = timedelta(minutes=2)


class Api:
    """Prefect's API, as far as it is asked here."""

    def __init__(self, url: str | None = None, password: str | None = None) -> None:
        self._url = (url or os.environ.get("PREFECT_API_URL") or API).rstrip("/")
        self._headers = {"Content-Type": "application/json"}
        if password:
            self._headers["Authorization"] = f"Basic {base64.b64encode(f'timglas:{password}'.encode()).decode()}"

    def get(self, path: str) -> Any:
        """Return what it answers. Raises OSError or HTTPException if it does not."""
        return self._ask(Request(f"{self._url}{path}", headers=self._headers))  # noqa: S310 - our own address

    def post(self, path: str, asked: dict[str, Any]) -> Any:
        """Return what it answers. Raises OSError or HTTPException if it does not."""
        return self._ask(Request(f"{self._url}{path}", json.dumps(asked).encode(), self._headers))  # noqa: S310

    def _ask(self, request: Request) -> Any:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - our own address
            return json.load(answer)


def prefect_findings(api: Api, *, now: datetime, world: World) -> Iterator[Finding]:
    """Yield whether Prefect's server and a worker are awake, and whether each urgent time limit has its marker."""
    try:
        api.get("/health")
        workers = api.post("/work_pools/timglas/workers/filter", {})
        missing, done_at = _without_marker(api, world), _last_sweep_done(api)
    except (OSError, HTTPException, ValueError) as fault:
        said = say(N_("Prefect does not answer ({fault})."), fault=type(fault).__name__)
        yield alarm(Check.PREFECT, said, N_("Start Timglas again: timglas up, or its service."))
        return
    awake = any(now - _instant(one.get("last_heartbeat_time")) < _WORKER_SILENT for one in workers)
    if awake:
        yield well(Check.PREFECT, say(N_("Prefect answers, and its worker is awake.")))
    else:
        said = say(N_("Prefect answers, but no worker of its is awake."))
        yield alarm(Check.PREFECT, said, N_("Start Timglas again: timglas up, or its service."))
    yield _markers(missing)
    if is_awake(world.heartbeat.last(SWEEP), now):  # else that it sleeps is told of already
        yield _runs(done_at, now)


def _runs(done_at: datetime | None, now: datetime) -> Finding:
    """A sweep may remind everybody and fail after that: in showing a case, or in reading the mail."""
    if done_at is None or now - done_at <= SILENT:
        return well(Check.RUNS, say(N_("The sweeps in Prefect are done without fault.")))
    said = say(N_("No sweep has been done without fault in Prefect for {time}."), time=now - done_at)
    return alarm(Check.RUNS, said, N_("Open Runs in the desk: the last runs of Svep say what is wrong."))


def _markers(missing: list[OpenDeadline]) -> Finding:
    if not missing:
        return well(Check.MARKERS, say(N_("Every time limit has its marker.")))
    cases = ", ".join(sorted({one.incident for one in missing}))
    said = counted(
        "{number} time limit has no marker in Prefect, in {cases}.",
        "{number} time limits have no marker in Prefect, in {cases}.",
        len(missing),
    )
    return alarm(
        Check.MARKERS,
        said.format(number=number(len(missing)), cases=cases),
        N_("Run Svep in the desk, and answer yes to everything."),
    )


def _without_marker(api: Api, world: World) -> list[OpenDeadline]:
    """Return the urgent time limits without a run that shows them, but for cases that the next sweep shows anyway."""
    urgent = [one for one in world.overview.urgent(LOOKED_AT) if one.duty.due_at is not None]
    soon = set(world.overview.unshown(LOOKED_AT))
    shown = set(_marked(api, sorted({one.incident for one in urgent})))
    return [one for one in urgent if one.incident not in soon and marker_of(one.incident, one.duty) not in shown]


def _marked(api: Api, cases: list[str]) -> Iterator[str]:
    """Yield the key of every marker of ``cases``."""
    offset, full = 0, bool(cases)
    while full:
        wanted = {"flows": {"name": {"any_": ["Frist"]}}, "flow_runs": {"tags": {"any_": cases}}}
        page = api.post("/flow_runs/filter", {**wanted, "limit": _PAGE, "offset": offset, "sort": "ID_DESC"})
        yield from (run["idempotency_key"] for run in page if run.get("idempotency_key"))
        offset, full = offset + _PAGE, len(page) == _PAGE


def _last_sweep_done(api: Api) -> datetime | None:
    """Return when a sweep was last done without fault, or when the first was to start if none was; None without any."""
    wanted = {"flows": {"name": {"any_": [SWEEP_FLOW]}}, "limit": 1}
    done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "sort": "END_TIME_DESC"}
    for one in api.post("/flow_runs/filter", {**wanted, **done}):
        return _instant(one["end_time"])
    for one in api.post("/flow_runs/filter", {**wanted, "sort": "EXPECTED_START_TIME_ASC"}):
        return _instant(one["expected_start_time"])
    return None


def _instant(said: str | None) -> datetime:
    return datetime.fromisoformat(said) if said else datetime.min.replace(tzinfo=UTC)
