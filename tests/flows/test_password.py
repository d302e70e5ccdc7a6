"""The desk on an address that others can reach: closed without its password, and working with it."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import websockets
from prefect.server.api.server import create_api_app

from flows.host.server import free_port
from tests.cli.test_process import timglas
from tests.patience import PATIENCE_SECONDS
from tests.planted import found_in
from tests.running import Running, desk

EVERYWHERE, PASSWORD = "0.0.0.0", "sju-sjosjuka-sjoman"
OPEN = {("GET", "/health"), ("GET", "/ready")}
"""What Prefect answers anybody: that it is there."""
ASKED = {
    "parties": ["kommunstyrelsen – Kommunstyrelsen i Exempelkommun"],
    "family": "prov-2026",
    "summary": "Ett mejl gick till fel mottagare.",
    "source": "Telefonsamtal",
    "reported_at": "2026-11-20 16.10",
    "by": "sara.exempel – dataskyddsombud",
}


@pytest.fixture(scope="module")
def reachable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    with desk(home, free_port(), host=EVERYWHERE, TIMGLAS_UI_PASSWORD=PASSWORD) as up:
        yield up


@pytest.mark.parametrize("password", [None, "", "lösenord"])
def test_the_desk_does_not_start_where_others_reach_it_without_a_password_that_works(
    tmp_path: Path, password: str | None
) -> None:
    settings = {} if password is None else {"TIMGLAS_UI_PASSWORD": password}
    said = timglas(tmp_path, "up", "--host", EVERYWHERE, "--port", str(free_port()), **settings)
    assert said.returncode == 2
    assert "lösenord" in said.stderr.lower()
    assert not (tmp_path / "prefect").exists()


def calls() -> list[tuple[str, str]]:
    """Every call of the API, each part of an address that stands for something filled in."""
    paths = create_api_app().openapi()["paths"]
    every = ((method.upper(), path) for path, methods in paths.items() for method in methods)
    return sorted((method, re.sub(r"{[^}]+}", str(UUID(int=0)), path)) for method, path in every)


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Basic dGltZ2xhczpmZWw="}, {"authorization": "Bearer sju"}],
    ids=["none", "a wrong one", "of another kind"],
)
def test_no_call_of_the_api_is_answered_without_the_password(reachable: Running, headers: dict[str, str]) -> None:
    every = calls()
    assert len(every) > 150
    with httpx.Client(base_url=f"{reachable.address}/api", headers=headers, timeout=60) as client:
        answers = {one: client.request(*one, json={}).status_code for one in every if one not in OPEN}
    assert {one: status for one, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize("path", ["/events/in", "/events/out", "/logs/out", "/work_pools/timglas/workers/connect"])
def test_no_socket_is_opened_without_the_password(reachable: Running, path: str) -> None:
    async def listen() -> str:
        address = f"{reachable.address.replace('http', 'ws')}/api{path}"
        prefects = [websockets.Subprotocol("prefect")]
        async with websockets.connect(address, subprotocols=prefects, open_timeout=PATIENCE_SECONDS) as socket:
            await socket.send(json.dumps({"type": "auth", "token": "timglas:fel"}))
            return str(await socket.recv())

    with pytest.raises(websockets.ConnectionClosed):
        asyncio.run(listen())


def test_with_the_password_a_form_is_taken_and_worked_on_and_the_sweep_goes(reachable: Running) -> None:
    assert reachable.fills_in("Ny incident", **ASKED).startswith("COMPLETED")
    assert reachable.waiting("Fastställ kännedom", reachable.case)


def test_the_password_stands_in_no_file_and_in_no_log(reachable: Running) -> None:
    assert found_in(reachable.home, [PASSWORD]) == {}
