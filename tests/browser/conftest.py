"""One desk, one browser and one case for all the browser tests: a person walks the case once, and each test looks."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from adapters.mail_sink import mail_sink
from flows.server import free_port
from tests.browser.officer import Officer
from tests.browser.walk import Walk, walk
from tests.needed import program
from tests.running import Running, desk

expect.set_options(timeout=90_000)

QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = program("chromium", "chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(QUIETLY))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Running]:
    home, smtp_port = tmp_path_factory.mktemp("home"), free_port()
    with mail_sink(home / "mail", smtp_port), desk(home, free_port(), TIMGLAS_SMTP_PORT=str(smtp_port)) as up:
        yield up


@pytest.fixture(scope="session")
def officer(running: Running, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Officer]:
    pictures = Path(os.environ.get("TIMGLAS_PICTURES") or tmp_path_factory.mktemp("pictures"))
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="sv-SE", timezone_id="Europe/Stockholm"
    )
    context.set_default_timeout(90_000)
    yield Officer(context.new_page(), running, pictures)
    context.close()


@pytest.fixture(scope="session")
def walked(running: Running, officer: Officer, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    files = tmp_path_factory.mktemp("files")
    try:
        return walk(running, officer, files)
    except BaseException:
        shutil.copytree(running.home / "prefect", files / "prefect", ignore=shutil.ignore_patterns("ui", "*.db*"))
        officer.takes_picture("where-it-stopped")
        raise
