"""The desk on an address that others can reach, as an officer logs in to it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.host.server import free_port
from tests.running import Running, desk

PASSWORD = "sju-sjosjuka-sjoman"


@pytest.fixture(scope="module")
def reachable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    with desk(home, free_port(), host="0.0.0.0", TIMGLAS_UI_PASSWORD=PASSWORD) as up:
        yield up


def types(page: Page, password: str) -> None:
    page.get_by_placeholder("timglas:lösenordet").fill(password)
    page.get_by_role("button", name="Logga in").click()


def test_whoever_has_the_password_comes_in_and_nobody_else(reachable: Running, browser: Browser) -> None:
    page = browser.new_page(locale="sv-SE")
    page.set_default_timeout(60_000)
    page.goto(f"{reachable.address}/v2/deployments")
    types(page, "timglas:fel")
    expect(page.get_by_text("Det stämmer inte.")).to_be_visible()
    types(page, f"timglas:{PASSWORD}")
    expect(page.get_by_role("link", name="Bedöm risk").first).to_be_visible()
    page.close()
