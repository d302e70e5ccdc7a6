"""The published copy of a notice in a real browser: axe finds nothing, with and without styles, and at 400 percent."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from letters.public_site import Version, public_site
from models.instants import parse_local as at
from tests.letters.case import register
from tests.letters.samples import SAMPLES, VARIANTS

PAGES = ("index.html", "version-1.html", "versioner.html")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
WITHOUT_LAYOUT = {**RULES, "rules": {"color-contrast": {"enabled": False}, "target-size": {"enabled": False}}}
"""What colours and sizes a browser gives bare HTML is not ours to answer for."""


@pytest.fixture(scope="module", params=["stands", "taken down"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    first, second = SAMPLES["public_communication"](register()), VARIANTS["notice_with_log"](register())
    versions = (
        Version(1, first, b"%PDF-1.7", at("2023-05-12 15.04")),
        Version(2, second, b"%PDF-1.7", at("2023-05-13 10.00")),
    )
    down = at("2023-08-12 09.00") if request.param == "taken down" else None
    made = tmp_path_factory.mktemp("publicerat")
    for name, content in public_site(versions, organisation="Exempelkommun", withdrawn_at=down).items():
        (made / name).write_bytes(content)
    return made


def opened(browser: Browser, file: Path, *, width: int = 1280, height: int = 900) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(file.as_uri())
    return page


def violations(page: Page, options: dict[str, Any] = RULES) -> list[str]:
    found = Axe().run(page, options=options)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found.response["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, folder: Path, name: str) -> None:
    assert violations(opened(browser, folder / name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_without_styles_and_the_text_is_all_there(browser: Browser, folder: Path, name: str) -> None:
    page = opened(browser, folder / name)
    words = page.inner_text("main").split()
    page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
    assert violations(page, WITHOUT_LAYOUT) == []
    assert page.inner_text("main").split() == words


@pytest.mark.parametrize("name", PAGES)
def test_at_400_percent_axe_finds_nothing_and_nobody_scrolls_sideways(
    browser: Browser, folder: Path, name: str
) -> None:
    page = opened(browser, folder / name, width=320, height=256)  # 1280 x 1024 at 400 percent, as WCAG 1.4.10 counts it
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", PAGES)
def test_with_the_spacing_that_some_readers_need_nothing_is_cut_off(browser: Browser, folder: Path, name: str) -> None:
    page = opened(browser, folder / name, width=320, height=256)
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_says_its_language_its_title_and_where_the_content_begins(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "index.html")
    assert page.get_attribute("html", "lang") == "sv"
    assert page.title().endswith(" – Exempelkommun")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hoppa till innehållet"
    assert page.locator(":focus").bounding_box() is not None
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere(browser: Browser, folder: Path) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto((folder / name).as_uri())
        for link in page.locator("a[href]:not([href^='#'], [href^='tel:'], [href^='mailto:'])").all():
            assert (folder / str(link.get_attribute("href"))).is_file()
    page.goto((folder / "index.html").as_uri())
    called = [link.get_attribute("href") for link in page.locator("a[href^='tel:'], a[href^='mailto:']").all()]
    officer = ["tel:0313900610", "mailto:dataskyddsombud@exempelkommun.example"]
    assert called == ["tel:11414", *officer, "tel:0313900600", "tel:086576100"]
    assert all(url.startswith("file:") for url in asked)


def test_on_paper_only_the_notice_is_left(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "index.html")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator(".skip").is_visible()
    assert page.locator("h1").is_visible()
