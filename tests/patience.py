"""How the tests wait for what a busy machine does in its own time: until it comes. Only what never comes fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

PATIENCE_SECONDS = 900
"""Far longer than anything takes on a machine that has ten other things to do."""
SCRIPT_SECONDS = 4 * PATIENCE_SECONDS
"""A script that waits for several things one after another."""

_LOOKS_EVERY_SECONDS = 0.3


def until(look: Callable[[], Any], what: str, *, every: float = _LOOKS_EVERY_SECONDS) -> Any:
    """Look again and again until there is something, and return it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(every)
    raise AssertionError(f"waited in vain for {what}")


async def comes(look: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Look again and again until there is something, and return it; other work of this process goes on meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = await look()
        if found:
            return found
        await asyncio.sleep(_LOOKS_EVERY_SECONDS)
    raise AssertionError(f"waited in vain for {what}")
