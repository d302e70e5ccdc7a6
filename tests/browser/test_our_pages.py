"""What we write as web pages, in a real browser: axe finds nothing, and nobody scrolls sideways on a telephone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from adapters.database.engine import engine, migrate
from flows.demo.exhibit import build
from letters.html import html
from letters.sheet_html import sheet_html
from tests.letters.case import register
from tests.letters.samples import SAMPLES, VARIANTS
from tests.services.office import Office

LETTERS = {**SAMPLES, **VARIANTS}
TABLES = {"breach_register", "year so far", "yearly_report"}
"""What is a table of many columns may be wider than a telephone (WCAG 1.4.10 exempts it)."""
DEMO = ("index.html", "tavla.html", "INC-2023-0001/index.html", "INC-2023-0001/akt/index.html")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages a newcomer is shown, over one case that has been notified."""
    folder = tmp_path_factory.mktemp("office")
    made = engine(f"sqlite:///{folder / 'timglas.sqlite'}")
    migrate(made)
    made.dispose()
    office = Office(folder)
    office.notified()
    build(folder / "demo", office.archive_folder, (), office.world)
    return folder / "demo"


@pytest.fixture(scope="module")
def window(browser: Browser) -> Page:
    return browser.new_page()


def faults(page: Page) -> list[str]:
    found = Axe().run(page)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]


@pytest.mark.parametrize("name", DEMO)
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "telephone"])
def test_everyone_can_read_the_pages_of_a_demonstration(window: Page, demo: Path, name: str, width: int) -> None:
    window.set_viewport_size({"width": width, "height": 900})
    window.goto((demo / name).as_uri())
    assert faults(window) == []
    assert not window.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_everyone_can_read_a_letter_as_a_web_page(window: Page, name: str) -> None:
    window.set_viewport_size({"width": 390, "height": 900})
    window.set_content(html(LETTERS[name](register())))
    assert faults(window) == []
    assert window.evaluate("document.documentElement.scrollWidth > window.innerWidth") == (name in TABLES)


SHEETS = ("supervisory_authority_notification", "supervisory_authority_supplement", "supervisory_authority_withdrawal")


@pytest.mark.parametrize("name", SHEETS)
def test_each_button_of_a_sheet_copies_its_own_answer_whole(browser: Browser, tmp_path: Path, name: str) -> None:
    file = tmp_path / "underlag.html"
    file.write_text(sheet_html(LETTERS[name](register())), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert faults(page) == []
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'form'}))")
    buttons = page.locator("button[data-answer]")
    assert buttons.count() > 5
    for place in range(buttons.count()):
        button = buttons.nth(place)
        answer = page.locator(f"#{button.get_attribute('data-answer')}").text_content()
        button.click()
        expect(page.locator("#said")).to_have_text(str(button.get_attribute("data-done")))
        page.locator("#form").fill("")
        page.locator("#form").press("Control+V")
        assert page.locator("#form").input_value() == answer
    page.close()
