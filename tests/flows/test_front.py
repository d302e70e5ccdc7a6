import asyncio
import json
from hashlib import sha256
from itertools import count

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from flows.host import front
from models.base import holds_personal_identity_number, in_letters

FORM = "/api/deployments/some/create_flow_run"
DIGESTS = (sha256(str(number).encode()).hexdigest()[:16] for number in count())
UNLUCKY = next(filter(holds_personal_identity_number, DIGESTS))
"""A digest with the digits of a personnummer in a row, as one in six thousand has."""


class Busy:
    """Prefect as it is while another writes: the first ``times`` requests are not taken, the next ones are."""

    def __init__(self, times: int) -> None:
        self.left, self.bodies = times, list[bytes]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append(await Request(scope, receive).body())
        self.left -= 1
        status = 201 if self.left < 0 else 503
        await JSONResponse({"exception_message": "Service Unavailable"}, status)(scope, receive, send)


def handed_in(app: Busy, path: str = FORM, body: str = '{"parameters": {}}', origin: str | None = None) -> int:
    async def post() -> int:
        transport = httpx.ASGITransport(front.Front(app))
        headers = {"origin": origin} if origin else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://desk", headers=headers) as client:
            return (await client.post(path, content=body.encode())).status_code

    return asyncio.run(post())


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "_PAUSES", (0.0, 0.0, 0.0))


def test_a_form_that_a_busy_desk_did_not_take_is_handed_in_again_as_it_was() -> None:
    app = Busy(2)
    assert handed_in(app) == 201
    assert app.bodies == [b'{"parameters": {}}'] * 3


def test_a_desk_that_stays_busy_says_so() -> None:
    app = Busy(9)
    assert handed_in(app) == 503
    assert len(app.bodies) == 4


def test_what_is_no_form_is_asked_once() -> None:
    app = Busy(1)
    assert handed_in(app, "/api/flow_runs/filter") == 503
    assert len(app.bodies) == 1


@pytest.mark.parametrize(
    "body, status",
    [
        ('{"state": {"type": "CANCELLED", "message": "Det gällde 811218-9876."}}', 409),
        ('{"state": {"type": "CANCELLED", "message": "Det gällde en elev."}}', 201),
        ('{"flow_runs": {"id": {"any_": ["81121898-7681-7121-8987-811218987681"]}}}', 201),
        ('{"run_input": {"only": "p8112189876a8112189876"}}', 409),
        ('{"run_input": {"only": "p8112189876a811218987"}}', 201),
    ],
    ids=["a personnummer", "none", "digits of a key", "more than the key of a letter", "the key of a letter"],
)
def test_what_a_page_sends_beside_the_forms_holds_no_personnummer_either(body: str, status: int) -> None:
    app = Busy(0)
    assert handed_in(app, "/api/flow_runs/some/set_state", body, origin="http://desk") == status
    assert app.bodies == ([body.encode()] if status == 201 else [])


@pytest.mark.parametrize(
    "beside",
    [
        {"state": {"type": "SCHEDULED", "state_details": {"flow_run_id": "81121898-7681-7121-8987-811218987681"}}},
        {"idempotency_key": f"INC-2026-0001/risk//{in_letters(UNLUCKY)}-ab/0"},
    ],
    ids=["a key of Prefect's", "a key of ours"],
)
def test_the_digits_of_a_key_are_nobodys(beside: dict[str, object]) -> None:
    """The question in the second case could never be asked: its digest held a personnummer."""
    app = Busy(0)
    assert handed_in(app, body=json.dumps({"parameters": {}, **beside})) == 201


@pytest.mark.parametrize(
    "beside",
    [
        {"name": "Om 811218-9876"},
        {"tags": ["811218-9876"]},
        {"state": {"type": "SCHEDULED", "message": "Om 811218-9876"}},
        {"job_variables": {"env": {"ELEV": "811218-9876"}}},
        {"work_queue_name": "811218-9876"},
        {"enforce_parameter_schema": False},
    ],
    ids=lambda beside: next(iter(beside)),
)
def test_a_form_with_a_personnummer_beside_its_fields_or_with_its_checks_off_never_reaches_prefect(
    beside: dict[str, object],
) -> None:
    app = Busy(0)
    assert handed_in(app, body=json.dumps({"parameters": {}, **beside})) == 409
    assert app.bodies == []
