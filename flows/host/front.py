"""The front of the desk: Prefect's own application, kept on this machine, refusing in Swedish, with addresses to remember.

``python -m flows.host.front HOST PORT`` runs it. What Prefect cannot be set to do is done here, on the way in or out: see
ADR 0013.
"""

import asyncio
import json
import logging
import os
import re
import sys
from pathlib import Path

import prefect
import uvicorn
from prefect.server.api.server import create_app
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.forms.refusals import PERSONAL_NUMBER, rewrite
from flows.host.addresses import HOME, SWEDISH, addressed
from flows.host.called import CALLED, called
from flows.host.one_writer import take_turns
from flows.host.own_pages import LOOPBACK, OwnPages
from letters.language import say
from models.base import holds_personal_identity_number
from models.errors import N_

_LOG = logging.getLogger(__name__)

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'self'; object-src 'none'"
)
"""What a browser may fetch for a page of the desk: nothing from anywhere else. The interface would call an analyst's."""

_LEAVE_SECONDS = 3
"""How long an open page may hold the server when it is told to stop."""

_BUSY = 503
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between the tries of a form while Prefect's database is busy; somebody looks at the page meanwhile."""

_FORMS = re.compile(r"/api/(?:deployments/[^/]+/create_flow_run(?:/bulk)?|flow_runs/[^/]+/resume|ui/schemas/validate)")

_WRITES = {"POST", "PUT", "PATCH"}
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\bp[0-9a-f]{20}\b")
"""A key of Prefect's, or of a letter of ours: ten digits may stand after one another there."""

_PAGES = re.compile(rf"{HOME}(?:/(?!assets/|ico/)[^.]*)?")
"""The addresses of Prefect's interface that answer with its one page."""

_HEAD = f'<style>code {{ overflow-wrap: anywhere }}</style><script src="{SWEDISH}"></script></head>'.encode()
"""What each page of Prefect's gets: its buttons in Swedish, and long words of ours, as a Message-ID, whole and not cut off."""


class Front:
    """Prefect's application as the officer meets it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._addressed = app, addressed(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "POST" and _FORMS.fullmatch(scope["path"]):
            await (await self._form(Request(scope, receive)))(scope, receive, send)
        elif scope["method"] == "POST" and scope["path"] == CALLED:
            await (await called(Request(scope, receive)))(scope, receive, send)
        elif scope["method"] in _WRITES and Headers(scope=scope).get("origin") and scope["path"].startswith("/api/"):
            await (await self._typed(Request(scope, receive)))(scope, receive, send)
        elif scope["method"] == "GET" and _PAGES.fullmatch(scope["path"]):
            page = in_swedish(await _answer_of(self._app, scope, b""))
            await page(scope, receive, _with_policy(send))
        else:
            await self._addressed(scope, receive, _with_policy(send))

    async def _typed(self, request: Request) -> Response:
        """Hand on what a page sends beside the forms, as the reason for a state, unless a personnummer stands in it."""
        body = await request.body()
        if _holds_number(body.decode(errors="replace")):
            return JSONResponse({"detail": say(PERSONAL_NUMBER)}, 409)
        return await _answer_of(self._app, request.scope, body)

    async def _form(self, request: Request) -> Response:
        """Hand a filled-in form on, unless it may not be kept, and put what Prefect says of it in Swedish.

        While Prefect's database is busy it keeps nothing and says so. Its interface does not ask again; the front does.
        """
        body = await request.body()
        refused = _refused(body)
        if refused is not None:
            return JSONResponse({"detail": say(refused)}, 409)
        answer = await _answer_of(self._app, request.scope, body)
        for pause in _PAUSES:
            if answer.status_code != _BUSY:
                break
            await asyncio.sleep(pause)
            answer = await _answer_of(self._app, request.scope, body)
        if answer.headers.get("content-type", "").startswith("application/json"):
            answer.body = json.dumps(rewrite(json.loads(bytes(answer.body))), ensure_ascii=False).encode()
            answer.headers["content-length"] = str(len(answer.body))
        return answer


def in_swedish(page: Response) -> Response:
    """Return a page of Prefect's interface with what it gets from us in its head."""
    page.body = bytes(page.body).replace(b'<html lang="en">', b'<html lang="sv">').replace(b"</head>", _HEAD)
    page.headers["content-length"] = str(len(page.body))
    return page


def _refused(body: bytes) -> str | None:
    """Return why a form may not reach Prefect at all: its checks switched off, or a personnummer outside its fields."""
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        return None  # Prefect says what is wrong with it
    runs = [run for run in (told if isinstance(told, list) else [told]) if isinstance(run, dict)]
    if any(run.get("enforce_parameter_schema") is False for run in runs):
        return N_("The answers are always checked. Turn Enforce Parameter Schema on again.")
    beside = [value for run in runs for name, value in run.items() if name in _BESIDE]
    return PERSONAL_NUMBER if _holds_number(json.dumps(beside, ensure_ascii=False)) else None


def _holds_number(text: str) -> bool:
    return holds_personal_identity_number(_ID.sub("", text))


_BESIDE = {"name", "tags", "state", "job_variables", "context", "labels", "work_queue_name", "idempotency_key"}
"""What one can fill in about a run beside the form itself."""


async def _answer_of(app: ASGIApp, scope: Scope, body: bytes) -> Response:
    """Return the whole answer of ``app`` to a request with ``body``, uncompressed."""
    plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    answer, parts, begun, asked = Response(), [b""], False, False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # the browser stays until it is answered
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal begun
        if message["type"] == "http.response.start":
            begun = True
            answer.status_code, answer.raw_headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    try:
        await app({**scope, "headers": plain}, receive, send)
    except Exception as fault:
        if not begun:
            raise
        # The answer has gone out, so the fault can only be told of. Its kind alone: the text of a database's fault holds
        # what somebody typed in the form.
        _LOG.error("Prefect answered, and then failed: %s", type(fault).__name__)
    answer.body = b"".join(parts)
    return answer


def _with_policy(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message["headers"])["Content-Security-Policy"] = POLICY
        await send(message)

    return sent


def main(host: str, port: int) -> None:
    """Serve Prefect behind the front until told to stop."""
    prefect.__ui_static_path__ = Path(__file__).parent / "no-first-interface"
    take_turns()
    names = LOOPBACK if host in LOOPBACK else None
    uvicorn.run(
        OwnPages(Front(create_app(final=True)), os.environ.get("TIMGLAS_UI_URL", ""), names),
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=_LEAVE_SECONDS,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
