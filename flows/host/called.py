"""Where Prefect's automations call: the front of the desk starts the watch, as a process of its own and one at a time.

A worker would have to start a flow, and a worker that is dead or hangs is what the watch is called for.
"""

import asyncio
import base64
import hmac
import logging
import os
import sys

from starlette.requests import Request
from starlette.responses import Response

CALLED = "/vakt"
"""The address, beside Prefect's own."""

COMMAND = (sys.executable, "-c", "from flows.cli import main; main()", "watch", "--take-over", "--called")

_LOG = logging.getLogger(__name__)
_AT_MOST_SECONDS = 240
_looking = set[asyncio.Task[None]]()


async def called(request: Request) -> Response:
    """Start the watch unless it looks already, and answer at once: whoever calls waits for five seconds at most."""
    if not may_call(request.headers.get("Authorization"), os.environ.get("PREFECT_SERVER_API_AUTH_STRING")):
        return Response(status_code=401)
    if not _looking:
        task = asyncio.create_task(_look())
        _looking.add(task)
        task.add_done_callback(_looking.discard)
    return Response(status_code=202)


def may_call(given: str | None, wanted: str | None) -> bool:
    """Tell whether ``given``, a header, holds what the desk's API asks for; anybody may where it asks for nothing."""
    if not wanted:
        return True
    right = f"Basic {base64.b64encode(wanted.encode()).decode()}"
    return hmac.compare_digest((given or "").encode(), right.encode())


async def _look() -> None:
    """Run the watch to its end. What it found it has mailed; that nobody could be told stands in the server's log."""
    watch = await asyncio.create_subprocess_exec(*COMMAND)
    try:
        async with asyncio.timeout(_AT_MOST_SECONDS):
            code = await watch.wait()
    except TimeoutError:
        watch.kill()
        code = await watch.wait()
    _LOG.log(logging.INFO if code == 0 else logging.ERROR, "The watch was called, and ended with %s", code)
