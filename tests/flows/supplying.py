"""A supplier with many customers on a real Prefect server, and then a municipality that takes the notices in.

``supplying.py FOLDER supplier`` and ``supplying.py FOLDER town``: scripts of their own, because Prefect reads its
settings when it is imported. In every customer's slice stands a marker that nothing else holds.
"""

import asyncio
import csv
import json
import os
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from adapters.mail.sink import mail_sink
from flows.host.server import free_port, prefect_server
from tests.flows.desk import _ago, _deploy, _settle_in, _world
from tests.patience import comes
from tests.suppliers.customers import DOMAIN, with_customers
from tests.suppliers.installation import LAWYER, MANAGER, OFFICER, SUPPLIER, municipalitys_register

CUSTOMERS, BOARDS = 60, 9
SHARED = "Ett företag som sköter driften av systemet har utsatts för ett angrepp."
_COLUMNS = ("data_described", "n_subjects_text", "service_impact", "measures_proposed", "consequences_described")


def marker(number: int) -> str:
    return f"SKIVA{number:03}X"


def work(folder: Path, side: str) -> None:
    home, port, smtp_port = folder / side, free_port(), free_port()
    home.mkdir()
    _settle_in(home, home / "prefect", port, smtp_port)
    with mail_sink(home / "mail", smtp_port), prefect_server(home / "prefect", port):
        told = asyncio.run(_supplier(folder, home) if side == "supplier" else _town(folder, home))
    (home / "told.json").write_text(json.dumps(told, default=str), encoding="utf-8")


async def _supplier(folder: Path, home: Path) -> dict[str, Any]:
    """From the first report to the second contact of those who are silent, by the flows that people start."""
    from flows.acts import supply
    from flows.sweep import sweep
    from services.supply.load_register import load_register
    from services.supply.release_notices import release_of

    await _deploy()
    load_register(with_customers(CUSTOMERS), source="register.yaml", by=MANAGER, now=_ago(days=1), world=_world())
    case = _opened()
    slices = _table(folder / "kundernas-uppgifter.csv")
    await supply.load_slices(case, file=slices, source="Vår genomgång av loggarna.", by=MANAGER)
    answer_by = _ago(hours=-4)
    await supply.prepare_notices(case, answer_by=answer_by, next_update_at=_ago(days=-1), by=LAWYER)
    prepared = _incident(case).supply.prepared
    assert prepared is not None
    code = _world().codes.make(release_of(case, prepared, by=MANAGER).digest, MANAGER, _ago())
    await supply.send_notices(case, by=MANAGER, code=code)
    await sweep()
    await sweep(now=answer_by + timedelta(minutes=5))
    await sweep(whole=True)
    (folder / "key").write_text(_world().signer.public_key, encoding="utf-8")
    return {"case": case, **await _shown(sweeps=3)}


async def _town(folder: Path, home: Path) -> dict[str, Any]:
    """The mails of the first customers come in, and the sweep opens a case for each of them."""
    from flows.sweep import sweep
    from services.supply.load_register import load_register

    await _deploy()
    register = municipalitys_register((folder / "key").read_text(encoding="utf-8"), with_customers(BOARDS))
    load_register(register, source="register.yaml", by=OFFICER, now=_ago(days=1), world=_world())
    inbox = home / "inkorg"
    inbox.mkdir()
    for number in range(BOARDS):
        (mail,) = [file for file in (folder / "supplier" / "mail").rglob("*.eml") if _goes_to(file, number)]
        copy = inbox / f"{number}.eml"
        copy.write_bytes(mail.read_bytes())
        os.utime(copy, (time.time() - 60,) * 2)
    await sweep()
    await sweep(whole=True)
    world = _world()
    cases = {case: _incident(case).party for case in world.timeline.incidents()}
    return {"cases": cases, **await _shown(sweeps=2)}


def _opened() -> str:
    from models.facts import Facts
    from services.case.establish_awareness import establish_awareness
    from services.case.establish_facts import establish_facts
    from services.case.report_breach import report_breach

    world, now = _world(), _ago()
    case = report_breach(
        SUPPLIER,
        family="angreppet",
        summary="Driften är angripen.",
        source="Jouren",
        reported_at=_ago(hours=3),
        concerned=tuple(f"kund-{number:03}" for number in range(CUSTOMERS)),
        by=MANAGER,
        now=now,
        world=world,
    )
    said = {"by": MANAGER, "now": now, "world": world}
    establish_awareness(case, aware_at=_ago(hours=3), evidence="Larmet", reasoning="Det är bekräftat.", **said)  # type: ignore[arg-type]
    facts = Facts(what_happened=SHARED, malicious=True)
    establish_facts(case, facts=facts, source="Lägesbild", known_at=now, **said)  # type: ignore[arg-type]
    return case


def _table(file: Path) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines, delimiter=";")
        rows.writerow(["id", *_COLUMNS])
        rows.writerows([f"kund-{n:03}", *(f"Det gäller {marker(n)}." for _ in _COLUMNS)] for n in range(CUSTOMERS))
    return file


def _goes_to(mail: Path, number: int) -> bool:
    return f"To: kund-{number:03}@{DOMAIN}" in mail.read_text("utf-8", errors="replace")


def _incident(case: str) -> Any:
    from models.replay import replay

    return replay(_world().timeline.read(case))


async def _shown(*, sweeps: int) -> dict[str, Any]:
    """Everything that Prefect shows: each run with its parameters and states, its log lines, each artifact.

    It shows the steps of a run a while after they were taken.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter

    async with get_client() as client:
        runs = [run async for run in _pages(client.read_flow_runs)]
        inputs = {str(run.id): (await client.filter_flow_run_input(run.id, "", 50, set())) for run in runs}
        tasks = await comes(partial(_tasks, client, sweeps), "the steps of every sweep to be shown")
        logs = [line async for line in _pages(client.read_logs)]
        artifacts = await client.read_artifacts(artifact_filter=ArtifactFilter(), limit=200)
    return {
        "runs": [
            {"text": run.model_dump_json() + str(inputs[str(run.id)]), "case": run.parameters.get("incident_id")}
            for run in runs
        ],
        "tasks": [run.model_dump_json() for run in tasks],
        "logs": [line.model_dump_json() for line in logs],
        "artifacts": [{"key": one.key, "text": f"{one.description} {one.data}"} for one in artifacts],
    }


async def _tasks(client: Any, sweeps: int) -> list[Any]:
    """Return every step there is, once those of so many sweeps have ended."""
    tasks = [run async for run in _pages(client.read_task_runs)]
    ended = [run for run in tasks if run.name == "Påminn och skicka" and run.state and run.state.is_final()]
    return tasks if len(ended) == sweeps else []


async def _pages(read: Any) -> Any:
    offset = 0
    while found := await read(limit=200, offset=offset):
        for one in found:
            yield one
        offset += len(found)


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
