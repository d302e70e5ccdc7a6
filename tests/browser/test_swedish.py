"""The script that puts Prefect's words in Swedish, in a page that holds one of them at a time."""

import html

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.responses import HTMLResponse

from adapters.settings import CHECKOUT
from flows.host.front import in_swedish

SCRIPT = CHECKOUT / "templates" / "sv" / "_front" / "svenska.js"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    page = browser.new_page()
    page.set_content("<main></main>")
    page.add_script_tag(path=SCRIPT)
    return page


def shows(page: Page, markup: str) -> None:
    page.evaluate("markup => { document.querySelector('main').innerHTML = markup; }", markup)


@pytest.mark.parametrize(
    "english, swedish",
    [
        ("Submit", "Skicka in"),
        ("Vem är du? (Optional)", "Vem är du? (frivilligt)"),
        ("2026/11/26 05:04:59 PM", "2026-11-26 kl. 17.04.59"),
        ("2026/11/26 12:04 AM", "2026-11-26 kl. 00.04"),
        ("2026/11/26 12:04:00 PM", "2026-11-26 kl. 12.04.00"),
        ("5:04:59 PM", "17.04.59"),
        ("Nov 26th, 2026", "26 nov 2026"),
        ("Oct 1st, 2026 at 09:30 AM", "1 okt 2026 kl. 09.30"),
        ("May 2, 2026", "2 maj 2026"),
        ("less than a minute ago", "för mindre än en minut sedan"),
        ("1 minute ago", "för en minut sedan"),
        ("about 3 hours ago", "för cirka 3 timmar sedan"),
        ("almost 2 years ago", "för knappt 2 år sedan"),
        ("in 3 days", "om 3 dagar"),
        ("in about 1 month", "om cirka en månad"),
        ("2 days", "2 dagar"),
        ("Level:\n\t\tAll", "Alla besked"),
        ("1 Task run", "1 steg"),
        ("2026/11/26 06:47:14 PM (1m 15s late)", "2026-11-26 kl. 18.47.14 (1m 15s sen)"),
        ("29s ago", "för 29s sedan"),
        ("3 Flow runs", "3 körningar"),
    ],
)
def test_a_word_a_date_and_a_time_are_said_in_swedish(page: Page, english: str, swedish: str) -> None:
    shows(page, f"<p>{html.escape(english)}</p>")
    expect(page.locator("main p")).to_have_text(swedish)


@pytest.mark.parametrize("name", ["placeholder", "aria-label", "title"])
def test_what_a_field_and_a_button_say_of_themselves_is_in_swedish(page: Page, name: str) -> None:
    shows(page, f'<input {name}="Search by run name">')
    expect(page.locator("main input")).to_have_attribute(name, "Sök på körningens namn")
    page.evaluate("name => document.querySelector('main input').setAttribute(name, 'Close')", name)
    expect(page.locator("main input")).to_have_attribute(name, "Stäng")


def test_the_name_of_a_page_in_the_tab_is_what_it_shows(page: Page) -> None:
    for english, swedish in (
        ("Flow: Frist • Prefect Server", "Frist · Timglas"),
        ("Runs • Prefect Server", "Körningar · Timglas"),
        ("Flow Run: Bedöm risk · INC-2026-0001 • Prefect Server", "Bedöm risk · INC-2026-0001 · Timglas"),
    ):
        page.evaluate("title => { document.title = title; }", english)
        expect(page).to_have_title(swedish)


def test_a_word_that_changes_is_said_in_swedish_again(page: Page) -> None:
    shows(page, "<p>Scheduled</p>")
    expect(page.locator("main p")).to_have_text("Löper")
    page.evaluate("() => { document.querySelector('main p').firstChild.nodeValue = 'Late'; }")
    expect(page.locator("main p")).to_have_text("Har passerat")


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='prose'><p>Runs</p></div>",
        "<textarea>Runs</textarea>",
        "<p>Runs in the family</p>",
        "<p>Den 2026/11/26 05:04:59 PM hände det.</p>",
    ],
    ids=["our own page", "what is typed", "part of a sentence", "a time in a sentence"],
)
def test_nothing_else_is_touched(page: Page, markup: str) -> None:
    shows(page, f"{markup}<p id='last'>Submit</p>")
    expect(page.locator("#last")).to_have_text("Skicka in")
    assert page.locator("main").inner_html().startswith(markup.replace("'", '"'))


def test_a_message_id_is_shown_whole_in_a_box_that_is_narrower(browser: Browser) -> None:
    page, word = browser.new_page(), "&lt;780fd88f8730f5888dd3ab3ffca6d3e58c8a9658@timglas.exempelkommun.se&gt;"
    box = f'<div style="width: 20rem"><code>{word}</code></div>'
    page.set_content(bytes(in_swedish(HTMLResponse(f"<html><head></head><body>{box}</body></html>")).body).decode())
    assert page.locator("div").evaluate("box => box.scrollWidth") == 320
