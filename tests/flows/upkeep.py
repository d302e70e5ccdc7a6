"""What keeps the desk in order on a real server: ``upkeep.py FOLDER`` writes down what Prefect holds, stage by stage.

A script of its own, because Prefect reads its settings when it is imported.
"""

import asyncio
import json
import shutil
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from adapters.settings import CHECKOUT
from flows.host.server import free_port, prefect_server
from tests.flows.desk import _settle_in

NEWCOMER = {"id": "nils.exempel", "name": "Nils Exempel", "title": "ny chef", "email": "nils@exempelkommun.example"}


def work(folder: Path) -> None:
    memory, port = folder / "prefect", free_port()
    _settle_in(folder, memory, port, free_port())
    with prefect_server(memory, port):
        told = asyncio.run(_look_after(folder))
    (folder / "told.json").write_text(json.dumps(told, default=str), encoding="utf-8")


async def _look_after(folder: Path) -> dict[str, Any]:
    import os

    parties = folder / "parties.yaml"
    shutil.copy(CHECKOUT / "deployments" / "examples" / "parties.yaml", parties)
    os.environ["TIMGLAS_PARTIES"] = str(parties)
    return {
        **await _deployed(),
        **await _renewed(parties),
        **await _shown(),
        **await _tidied(folder / "prefect" / "prefect.db"),
    }


async def _deployed() -> dict[str, Any]:
    from flows.host.schedule import deploy

    counts = [await deploy(), await deploy()]
    return {"counts": counts, "deployed": await _forms()}


async def _renewed(parties: Path) -> dict[str, Any]:
    """A sweep's own way to notice that somebody has been added to the register."""
    from prefect.client.orchestration import get_client

    from flows.bootstrap import wire, world_of
    from flows.deploy import renew_forms

    async with get_client() as client:
        before = await renew_forms(wire().register, client)
        _add(NEWCOMER, parties)
        world_of.cache_clear()  # each sweep is a process of its own
        after = [await renew_forms(wire().register, client) for _ in range(2)]
    return {"renewals": [before, *after], "renewed": await _forms()}


def _add(person: dict[str, str], parties: Path) -> None:
    register = yaml.safe_load(parties.read_text(encoding="utf-8"))
    register["people"].append(person)
    parties.write_text(yaml.safe_dump(register, allow_unicode=True), encoding="utf-8")


async def _forms() -> dict[str, Any]:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        found = (await client.request("POST", "/deployments/filter", json={"limit": 200})).json()
    return {
        one["name"]: {
            "form": one["parameter_openapi_schema"]["properties"],
            "schedules": [[plan["schedule"]["interval"], plan["active"]] for plan in one["schedules"]],
            "at_once": (one["global_concurrency_limit"] or {}).get("limit"),
            "checked": one["enforce_parameter_schema"],
            "tags": one["tags"],
            "text": one["description"],
        }
        for one in found
    }


async def _shown() -> dict[str, Any]:
    """A page shown thrice, the second time as it was and the third time otherwise."""
    from prefect.client.orchestration import get_client

    from flows.board.artifacts import kept, show

    seen = []
    async with get_client() as client:
        for text in ("Läget är oklart.", "Läget är oklart.", "Läget är klart."):
            before = (await kept(["prov"], client)).get("prov")
            await show("prov", "markdown", text, "Prov", before=before, client=client)
            stands = (await client.request("POST", "/artifacts/filter", json={"limit": 50})).json()
            seen.append([[one["id"], one["data"], one["updated"]] for one in stands if one["key"] == "prov"])
    return {"pages": seen}


async def _tidied(database: Path) -> dict[str, Any]:
    """Sweeps that ended long ago and just now, well and badly; and a run that is no sweep."""
    from prefect.client.orchestration import get_client
    from prefect.states import Completed, Failed

    from flows.board.tidy import tidy
    from flows.board.waiting import settle
    from flows.sweep import sweep

    made = {
        "old": (sweep, Completed()),
        "new": (sweep, Completed()),
        "failed": (sweep, Failed()),
        "other": (settle, Completed()),
    }
    async with get_client() as client:
        for name, (flow, state) in made.items():
            said = {} if flow is sweep else {"incident_id": "INC-2026-0001", "kind": "risk", "basis": "0"}
            run = await client.create_flow_run(flow, parameters=said, name=name)
            await client.set_flow_run_state(run.id, state, force=True)
        # the new one is far from an hour, and does not come of age while a slow machine works
        _age(database, {"old": 61, "new": 45, "failed": 61, "other": 61})
        await tidy(sweep.name, client)
        left = (await client.request("POST", "/flow_runs/filter", json={"limit": 200})).json()
    return {"left": sorted(one["name"] for one in left if one["name"] in made)}


def _age(database: Path, minutes: dict[str, int]) -> None:
    """Make the runs by these names have ended so many minutes ago."""
    with sqlite3.connect(database) as prefect:
        for name, ago in minutes.items():
            ended = datetime.now(UTC) - timedelta(minutes=ago)
            changed = prefect.execute(
                "UPDATE flow_run SET end_time = ? WHERE name = ?", (f"{ended:%Y-%m-%d %H:%M:%S.%f}", name)
            )
            assert changed.rowcount == 1
    prefect.close()


if __name__ == "__main__":
    work(Path(sys.argv[1]))
