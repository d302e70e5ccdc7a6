"""One browser a file: while it is open an event loop runs, and no other test may start one of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.needed import program

PATIENCE = 60_000
"""Milliseconds for what a browser is to show: it may have to wait for a processor before it has anything to wait for."""
expect.set_options(timeout=PATIENCE)

QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = program("chromium", "chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(QUIETLY), timeout=2 * PATIENCE)
        yield opened
        opened.close()
