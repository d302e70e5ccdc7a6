"""Addresses to remember, each leading to the page of Prefect's that shows the thing now; anything else is Prefect's own."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from prefect.server import models
from prefect.server.database import provide_database_interface
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from flows.board.markers import FLOW as MARKERS
from letters.language import slug

HOME = "/v2"
"""Where Prefect's second interface lives. The first one is not shown: its drop-downs do not open to a mouse."""

SWEDISH = "/svenska.js"
"""The script that puts the buttons of Prefect's interface in Swedish."""

_FRONT = Path(__file__).parents[2] / "templates" / "sv" / "_front"


def addressed(prefect: ASGIApp) -> Router:
    """Return ``prefect`` behind our addresses."""
    return Router(
        [
            Route("/", _start),
            Route(SWEDISH, _swedish),
            Route("/frister", _table),
            Route("/tavla", _board),
            Route("/arende/{case}", _case),
            Route("/formular/{form}", _form),
            Route("/formular/{form}/{case}", _form),
        ],
        redirect_slashes=False,
        default=prefect,
    )


async def _start(_request: Request) -> Response:
    return await _artifact("start")


async def _swedish(_request: Request) -> Response:
    return FileResponse(_FRONT / "svenska.js", media_type="text/javascript")


async def _table(_request: Request) -> Response:
    return await _artifact("frister")


async def _case(request: Request) -> Response:
    return await _artifact(request.path_params["case"].lower())


async def _artifact(key: str) -> Response:
    """Lead to the artifact that shows ``key`` now; before there is any, say so and ask again by itself."""
    read: Any = models.artifacts.read_latest_artifact
    async with provide_database_interface().session_context() as session:
        found = await read(session=session, key=key)
    if found is None:
        return HTMLResponse((_FRONT / "not_yet.html").read_text(encoding="utf-8"), 404)
    return RedirectResponse(f"{HOME}/artifacts/artifact/{found.latest_id}")


async def _board(_request: Request) -> Response:
    """Lead to the page of the markers: every time limit in its colour."""
    read: Any = models.flows.read_flow_by_name
    async with provide_database_interface().session_context() as session:
        found = await read(session=session, name=MARKERS)
    return RedirectResponse(f"{HOME}/flows/flow/{found.id}" if found else "/")


async def _form(request: Request) -> Response:
    """Lead to a form, filled in with the case; to the page to begin at if no form is called that."""
    read: Any = models.deployments.read_deployments
    async with provide_database_interface().session_context() as session:
        named = [one.id for one in await read(session=session) if slug(one.name) == request.path_params["form"]]
    case = request.path_params.get("case", "").upper()
    filled = urlencode({"parameters": json.dumps({"incident_id": case})}) if case else ""
    return RedirectResponse(f"{HOME}/deployments/deployment/{named[0]}/run?{filled}" if named else "/")
