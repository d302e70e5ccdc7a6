import asyncio
from collections.abc import Collection

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from flows.host.own_pages import LOOPBACK, OwnPages

ADDRESS = "https://timglas.exempelkommun.example"


async def desk(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("ärendet")(scope, receive, send)


def asked(host: str, origin: str | None = None, *, names: Collection[str] | None = LOOPBACK) -> int:
    async def ask() -> int:
        transport = httpx.ASGITransport(OwnPages(desk, ADDRESS, names))
        headers = {"host": host} | ({"origin": origin} if origin is not None else {})
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4200") as client:
            return (await client.post("/api/flow_runs/filter", headers=headers)).status_code

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "host, origin",
    [
        ("127.0.0.1:4200", None),
        ("127.0.0.1:4200", "http://127.0.0.1:4200"),
        ("localhost:4200", "http://localhost:4200"),
        ("[::1]:4200", "http://[::1]:4200"),
        ("timglas.exempelkommun.example", ADDRESS),
        ("127.0.0.1:4200", ADDRESS),
    ],
    ids=["a program", "a page", "by the other name", "by IPv6", "at its address", "behind what serves its address"],
)
def test_the_desk_answers_its_own_pages_and_programs(host: str, origin: str | None) -> None:
    assert asked(host, origin) == 200


@pytest.mark.parametrize(
    "host, origin",
    [
        ("127.0.0.1:4200", "https://elsewhere.example"),
        ("127.0.0.1:4200", "http://127.0.0.1:8080"),
        ("127.0.0.1:4200", "null"),
        ("elsewhere.example:4200", "http://elsewhere.example:4200"),
        ("elsewhere.example:4200", None),
    ],
    ids=["a page elsewhere", "another program's page", "a page from a file", "a borrowed name", "read by that name"],
)
def test_the_desk_answers_no_page_of_anybody_elses(host: str, origin: str | None) -> None:
    assert asked(host, origin) == 403


def test_where_others_may_reach_it_the_desk_has_any_name_and_still_answers_its_own_pages_only() -> None:
    assert asked("timglas.lan:4200", "http://timglas.lan:4200", names=None) == 200
    assert asked("timglas.lan:4200", "https://elsewhere.example", names=None) == 403


def test_a_socket_from_a_page_elsewhere_is_closed_before_it_is_opened() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:4200"), (b"origin", b"https://elsewhere.example")]
    scope = {"type": "websocket", "headers": headers, "path": "/api/events/out"}
    asyncio.run(OwnPages(desk, ADDRESS, LOOPBACK)(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
