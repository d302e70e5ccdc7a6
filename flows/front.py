"""The front of the desk: Prefect's own application, kept on this machine, refusing in Swedish, with addresses to remember.

``python -m flows.front HOST PORT`` runs it. Four things that Prefect cannot be set to do are done here, on the way in or
out: see ADR 0013.
"""

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import prefect
import uvicorn
from prefect.server import models
from prefect.server.api.server import create_app
from prefect.server.database import provide_database_interface
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.form_refusals import PERSONAL_NUMBER, rewrite
from letters.language import say, slug
from models.base import holds_personal_identity_number
from models.errors import N_

_LOG = logging.getLogger(__name__)

HOME = "/v2"
"""Where Prefect's second interface lives. The first one is not shown: its drop-downs do not open to a mouse."""

NOT_YET = Path(__file__).parent.parent / "templates" / "sv" / "_front" / "not_yet.html"

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'self'; object-src 'none'"
)
"""What a browser may fetch for a page of the desk: nothing from anywhere else. The interface would call an analyst's."""

_LEAVE_SECONDS = 3
"""How long an open page may hold the server when it is told to stop."""

_CASE = r"[A-Z]{3}-\d{4}-\d{4,12}"
_PAGES = re.compile(rf"/(?P<start>)|/(?P<table>frister)|/arende/(?P<case>{_CASE})", re.IGNORECASE)
_FORM_PAGES = re.compile(rf"/formular/(?P<form>[a-z-]{{1,80}})(?:/(?P<case>{_CASE}))?", re.IGNORECASE)
_FORMS = re.compile(r"/api/(?:deployments/[^/]+/create_flow_run(?:/bulk)?|flow_runs/[^/]+/resume|ui/schemas/validate)")


class Front:
    """Prefect's application as the officer meets it, with what it keeps looked up by ``memory``."""

    def __init__(self, app: ASGIApp, memory: "Memory") -> None:
        self._app, self._memory = app, memory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "GET" and (page := _PAGES.fullmatch(scope["path"])):
            await (await self._page(page))(scope, receive, send)
        elif scope["method"] == "GET" and (page := _FORM_PAGES.fullmatch(scope["path"])):
            await (await self._form_page(page))(scope, receive, send)
        elif scope["method"] == "POST" and _FORMS.fullmatch(scope["path"]):
            await (await self._form(Request(scope, receive)))(scope, receive, send)
        else:
            await self._app(scope, receive, _with_policy(send))

    async def _page(self, page: re.Match[str]) -> Response:
        """Lead a short address to the artifact that shows it now; before there is any, say so and ask again by itself."""
        key = page["case"].lower() if page["case"] else page["table"] or "start"
        found = await self._memory.artifact(key)
        if found is None:
            return HTMLResponse(NOT_YET.read_text(encoding="utf-8"), 404)
        return RedirectResponse(f"{HOME}/artifacts/artifact/{found}")

    async def _form_page(self, page: re.Match[str]) -> Response:
        """Lead to a form, filled in with the case; to the list of forms if there is none of that name."""
        found = await self._memory.deployment(page["form"].lower())
        filled = {"parameters": json.dumps({"incident_id": page["case"].upper()})} if page["case"] else {}
        to = f"{HOME}/deployments/deployment/{found}/run?{urlencode(filled)}" if found else f"{HOME}/deployments"
        return RedirectResponse(to)

    async def _form(self, request: Request) -> Response:
        """Hand a filled-in form on, unless it may not be kept, and put what Prefect says of it in Swedish."""
        body = await request.body()
        refused = _refused(body)
        if refused is not None:
            return JSONResponse({"detail": say(refused)}, 409)
        answer = await _answer_of(self._app, request.scope, body)
        if answer.headers.get("content-type", "").startswith("application/json"):
            answer.body = json.dumps(rewrite(json.loads(bytes(answer.body))), ensure_ascii=False).encode()
            answer.headers["content-length"] = str(len(answer.body))
        return answer


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
    return PERSONAL_NUMBER if holds_personal_identity_number(json.dumps(beside, ensure_ascii=False)) else None


_BESIDE = {"name", "tags", "job_variables", "context", "labels"}
"""What one can fill in about a run beside the form itself."""


async def _answer_of(app: ASGIApp, scope: Scope, body: bytes) -> Response:
    """Return the whole answer of ``app`` to a request with ``body``, uncompressed."""
    plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    answer, parts, begun = Response(), [b""], False

    async def receive() -> Message:
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
    except Exception:
        if not begun:
            raise
        _LOG.exception("Prefect answered, and then failed")  # it raises again what it has put in its answer: try again
    answer.body = b"".join(parts)
    return answer


def _with_policy(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message["headers"])["Content-Security-Policy"] = POLICY
        await send(message)

    return sent


class Memory:
    """What Prefect keeps, read where it keeps it."""

    def __init__(self) -> None:
        self._database = provide_database_interface()

    async def artifact(self, key: str) -> str | None:
        """Return the id of the newest artifact called ``key``; None if there is none."""
        read: Any = models.artifacts.read_latest_artifact
        async with self._database.session_context() as session:
            found = await read(session=session, key=key)
        return str(found.latest_id) if found else None

    async def deployment(self, short: str) -> str | None:
        """Return the id of the form whose name is ``short`` without its Swedish letters; None if there is none."""
        read: Any = models.deployments.read_deployments
        async with self._database.session_context() as session:
            return next((str(one.id) for one in await read(session=session) if slug(one.name) == short), None)


def main(host: str, port: int) -> None:
    """Serve Prefect behind the front until told to stop."""
    prefect.__ui_static_path__ = Path(__file__).parent / "no-first-interface"
    uvicorn.run(
        Front(create_app(final=True), Memory()),
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=_LEAVE_SECONDS,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
