"""Work at the desk for an hour on a real server, and write down what Prefect shows: ``desk.py FOLDER``.

A script of its own, because Prefect reads its settings when it is imported. The clock is the real one: a decision that
waits is recorded at the instant it is answered.
"""

import asyncio
import email.policy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import Any

from adapters.mail.sink import mail_sink
from flows.host.server import QUIET, free_port, kept_in, prefect_server, stop
from tests.patience import comes
from tests.prefect_memory import lay_empty_memory

POOL = "timglas"
BOARD, OTHER_BOARD, AGENCY = "kommunstyrelsen", "barn-och-utbildningsnamnden", "ordningsverket"
PERSONAL_NUMBER = "19121212-1212"
UNLIKELY = {
    "by": "eva.exempel – förvaltningschef",
    "level": "Risken är osannolik",
    "reasoning": "Bara tomma konton.",
}

Shown = dict[str, Any]


def work(folder: Path) -> None:
    memory, api_port, smtp_port = folder / "prefect", free_port(), free_port()
    _settle_in(folder, memory, api_port, smtp_port)
    told: dict[str, Any] = {}
    with mail_sink(folder / "mail", smtp_port):
        with prefect_server(memory, api_port), worker(folder):
            settled_at = asyncio.run(_day(told, folder / "mail"))
        shutil.rmtree(memory)
        lay_empty_memory(memory)
        with prefect_server(memory, api_port):
            asyncio.run(_after_the_loss(told, settled_at))
    (folder / "told.json").write_text(json.dumps(told, ensure_ascii=False, default=str), encoding="utf-8")


def _settle_in(folder: Path, memory: Path, api_port: int, smtp_port: int) -> None:
    lay_empty_memory(memory)
    for name in [name for name in os.environ if name.startswith(("TIMGLAS_", "PREFECT_"))]:
        del os.environ[name]
    os.environ.update(
        {**QUIET, **kept_in(memory)},
        PREFECT_API_URL=f"http://127.0.0.1:{api_port}/api",
        PREFECT_WORKER_QUERY_SECONDS="1",
        TIMGLAS_HOME=str(folder),
        TIMGLAS_SMTP_PORT=str(smtp_port),
        TIMGLAS_SMTP_TLS="none",
    )


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process"]
    with (folder / "worker.log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield
    finally:
        stop(running)  # all it was to show has been shown; on a busy machine it takes its time to leave


async def _day(told: dict[str, Any], mail: Path) -> datetime:
    """Work, and return when the last sweep took it to be."""
    from flows.sweep import sweep

    await _deploy()
    opened_at = _ago()
    cases = _open_cases(opened_at)
    told["cases"] = cases
    await sweep(now=opened_at)  # the same instant each time: on a slow machine the table would count on
    told["first"] = await _shown()
    await sweep(now=opened_at)
    await sweep(now=opened_at, whole=True)
    told["again"] = await _shown()
    _correct(cases["moved"])
    _learn(cases["answered"])
    await sweep()
    told["changed"] = await _shown()
    told["answers"] = await _answer(cases, told["changed"])
    await comes(partial(_is_late, cases["late"]), "Prefect to see that a time limit has passed")
    await sweep()
    told["answered"] = await _shown()
    told["confirmed"] = await _confirm(cases["moved"], told["answered"], mail)
    _file(cases)
    settled_at = _ago()
    await sweep(now=settled_at)
    told["settled"] = await _shown()
    told["record"] = {name: [event.type for event in _world().timeline.read(case)] for name, case in cases.items()}
    return settled_at


async def _after_the_loss(told: dict[str, Any], settled_at: datetime) -> None:
    from flows.sweep import sweep

    await _deploy()
    told["forgotten"] = await _shown()
    await sweep(now=settled_at)
    told["restored"] = await _shown()


async def _deploy() -> None:
    """The one deployment that decisions wait on, as small as it can be."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists
    from prefect.utilities.callables import parameter_schema

    from flows.board.waiting import ANSWERS

    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        for name, flow in ANSWERS.items():
            await client.create_deployment(
                flow_id=await client.create_flow(flow),
                name=name,
                entrypoint=f"{flow.fn.__module__}.{flow.fn.__name__}",
                pull_steps=[],
                work_pool_name=POOL,
                parameter_openapi_schema=parameter_schema(flow).model_dump(),
                enforce_parameter_schema=True,
            )


def _world() -> Any:
    from flows.bootstrap import wire

    return wire()


def _ago(**ago: float) -> datetime:
    return datetime.now(UTC) - timedelta(**ago)


def _open_cases(now: datetime) -> dict[str, str]:
    """Four cases, by what becomes of them: answered in a form, moved, filed in time, filed late."""
    from models.facts import BreachType, Exfiltration, Facts
    from services.case.establish_awareness import establish_awareness
    from services.case.establish_facts import establish_facts
    from services.case.report_breach import report_breach

    world, cases = _world(), {}
    for name, party, by, hours in (
        ("answered", BOARD, "sara.exempel", 10),
        ("moved", OTHER_BOARD, "sara.exempel", 11),
        ("filed", AGENCY, "maja.modell", 12),
        ("late", BOARD, "sara.exempel", 80),
    ):
        aware_at = now - timedelta(hours=hours)
        case = report_breach(
            party,
            family=name,
            summary="Rekryteringssystemet ligger nere.",
            source="Leverantören",
            reported_at=aware_at,
            by=by,
            now=now,
            world=world,
        )
        given = {"evidence": "Ett mejl", "reasoning": "Uppgifterna finns där.", "by": by, "now": now, "world": world}
        establish_awareness(case, aware_at=aware_at, **given)  # type: ignore[arg-type]
        establish_facts(
            case,
            facts=Facts(
                breach_types=(BreachType.AVAILABILITY,),
                exfiltration=Exfiltration.UNKNOWN,
                malicious=True,
                what_happened="Driften har utsatts för ett angrepp.",
                data_subject_categories=("job_applicants",),
                data_categories=("contact", "cv_employment"),
                consequences_described="Någon kan försöka lura de sökande.",
                measures_taken=("Driftmiljön är avstängd.",),
            ),
            source="Leverantören",
            known_at=now,
            by=by,
            now=now,
            world=world,
        )
        cases[name] = case
    return cases


def _correct(case: str) -> None:
    from services.case.correct_awareness import correct_awareness

    correct_awareness(
        case,
        aware_at=_ago(hours=20),
        because="Fel mejl.",
        evidence="Logg",
        by="sara.exempel",
        now=_ago(),
        world=_world(),
    )


def _learn(case: str) -> None:
    from models.facts import Facts
    from services.case.establish_facts import establish_facts

    facts, now = Facts(national_id_number=True), _ago()
    establish_facts(case, facts=facts, source="Leverantören", known_at=now, by="sara.exempel", now=now, world=_world())


async def _answer(cases: dict[str, str], shown: Shown) -> dict[str, Any]:
    """Answer four questions: well, badly, with an act that needs a code, and after the case has changed."""
    from prefect.client.orchestration import get_client

    _learn(cases["late"])
    risk = {name: _waiting(shown, case, "Bedöm risk") for name, case in cases.items()}
    own = {"by": "anna.exempel – HR-direktör", "level": "Risk", "reasoning": "Skadan blir liten."}
    answers = {
        "answered": own,
        "filed": {**risk["filed"]["form"], "by": "per.modell – rättschef", "level": "Risk"},
        "moved": {**UNLIKELY, "code": ""},
        "late": own,
    }
    async with get_client() as client:
        run = risk["answered"]["id"]
        refused = await client.resume_flow_run(run, run_input={**own, "reasoning": f"Om {PERSONAL_NUMBER}."})
        stored = await client.filter_flow_run_input(run, key_prefix="fraga-response", limit=1, exclude_keys=set())
        for name, answer in answers.items():
            await client.resume_flow_run(risk[name]["id"], run_input=answer)
        ends = {name: await _end(client, risk[name]["id"]) for name in answers}
    return {"personal_number": refused.status.value, "stored": len(stored), "ends": ends}


async def _confirm(case: str, shown: Shown, mail: Path) -> tuple[str, str]:
    """Answer again with the code that came by mail, and with what was typed before."""
    from prefect.client.orchestration import get_client

    waiting = _waiting(shown, case, "Bedöm risk")
    async with get_client() as client:
        await client.resume_flow_run(waiting["id"], run_input={**waiting["form"], "code": _code(mail / case)})
        return await _end(client, waiting["id"])


def _code(folder: Path) -> str:
    for file in (folder / "mejl").glob("*.eml"):
        body = BytesParser(policy=email.policy.default).parsebytes(file.read_bytes()).get_body(("plain",))
        found = re.search(r"Din kod är (\d{6})", body.get_content() if body else "")
        if found:
            return found[1]
    raise FileNotFoundError("no mail with a code")


def _waiting(shown: Shown, case: str, what: str) -> dict[str, Any]:
    (run,) = [
        one for one in shown["waiting"] if one["state"] == "Suspended" and one["name"].startswith(f"{what} · {case}")
    ]
    return run  # type: ignore[no-any-return]


async def _end(client: Any, run_id: Any) -> tuple[str, str]:
    async def ended() -> Any:
        state = (await client.read_flow_run(run_id)).state
        return state if state.is_final() else None

    state = await comes(ended, f"run {run_id} to end")
    return state.name, state.message or ""


async def _is_late(case: str) -> bool:
    """Prefect looks for runs that are late when it gets round to it."""
    from prefect.client.orchestration import get_client

    from flows.board.markers import FLOW
    from flows.board.runs import runs_of

    async with get_client() as client:
        return any(run.state and run.state.name == "Late" for run in await runs_of(FLOW, [case], client))


def _file(cases: dict[str, str]) -> None:
    """One case is notified in time, one late."""
    from services.documents.approve_letter import approval_of, approve_letter
    from services.documents.draft_letter import draft_letter
    from services.documents.drafts import NOTIFICATION
    from services.filing.explain_delay import explain_delay
    from services.filing.submit_notification import submit_notification

    world, now = _world(), _ago()
    for name, officer, delegate, reasons in (
        ("filed", "maja.modell", "per.modell", None),
        ("late", "sara.exempel", "anna.exempel", "Vi väntade på besked."),
    ):
        case = cases[name]
        if reasons is not None:
            explain_delay(case, reasons=reasons, by=officer, now=now, world=world)
        digest = draft_letter(case, letter=NOTIFICATION, issue_at=now, by=officer, now=now, world=world)
        subject = approval_of(case, letter=NOTIFICATION, sha256=digest, by=delegate)
        code = world.codes.make(subject.digest, delegate, now)
        approve_letter(case, letter=NOTIFICATION, sha256=digest, code=code, by=delegate, now=now, world=world)
        submit_notification(
            case,
            filed_at=now,
            by=officer,
            now=now,
            world=world,
        )


async def _shown() -> Shown:
    """Everything a person sees: markers, waiting decisions with their forms, the table, and the pages."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import FlowRunSort

    async with get_client() as client:
        runs = {
            name: await client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[name])), sort=FlowRunSort.NAME_ASC, limit=200
            )
            for name in ("Frist", "Att besluta")
        }
        versions = (await client.request("POST", "/artifacts/filter", json={})).json()
        latest = (await client.request("POST", "/artifacts/latest/filter", json={})).json()
        return {
            "markers": [_run(run) for run in runs["Frist"]],
            "waiting": [{**_run(run), **await _question(client, run)} for run in runs["Att besluta"]],
            "versions": len(versions),
            "pages": {one["key"]: one["data"] for one in latest},
        }


def _run(run: Any) -> dict[str, Any]:
    started = run.start_time is not None
    return {"id": str(run.id), "name": run.name, "state": run.state.name, "tags": sorted(run.tags), "started": started}


async def _question(client: Any, run: Any) -> dict[str, Any]:
    inputs = await client.filter_flow_run_input(run.id, key_prefix="fraga", limit=5, exclude_keys=set())
    told = {one.key: one.decoded_value for one in inputs}
    fields = told["fraga-schema"]["properties"]
    form = {name: field["default"] for name, field in fields.items() if "default" in field}
    return {"form": form, "titles": [field["title"] for field in fields.values()], "text": told["fraga-description"]}


if __name__ == "__main__":
    work(Path(sys.argv[1]))
