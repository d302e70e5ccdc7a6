"""The officer's desk in a browser, on the real server: one walk through a case, and each test looks at what was seen."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from adapters.mail.sink import mail_sink
from flows.host.server import free_port
from tests.browser.officer import Officer
from tests.browser.walk import NUMBER, Walk, walk
from tests.running import Running, desk


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Running]:
    home, smtp_port = tmp_path_factory.mktemp("home"), free_port()
    with mail_sink(home / "mail", smtp_port), desk(home, free_port(), TIMGLAS_SMTP_PORT=str(smtp_port)) as up:
        yield up


@pytest.fixture(scope="module")
def officer(running: Running, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Officer]:
    pictures = Path(os.environ.get("TIMGLAS_PICTURES") or tmp_path_factory.mktemp("pictures"))
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="sv-SE", timezone_id="Europe/Stockholm"
    )
    context.set_default_timeout(60_000)
    yield Officer(context.new_page(), running, pictures)
    context.close()


@pytest.fixture(scope="module")
def walked(running: Running, officer: Officer) -> Walk:
    try:
        return walk(running, officer)
    except BaseException:
        officer.takes_picture("where-it-stopped")
        raise


def test_the_first_page_says_where_to_begin(walked: Walk) -> None:
    assert "Öppna ett ärende" in walked.seen["start"]


def test_what_does_not_fit_is_refused_beside_its_field_in_swedish(walked: Walk) -> None:
    assert "finns två gånger" in walked.seen["time refused"]
    assert "ser ut som ett personnummer" in walked.seen["number refused"]
    assert NUMBER not in walked.seen["number refused"]


def test_the_corrected_form_opens_the_case_and_leads_to_its_page(walked: Walk) -> None:
    assert f"/arende/{walked.case}" in walked.seen["opened"]


def test_only_role_bearers_of_the_register_can_be_chosen_by_role_and_not_by_mailbox(walked: Walk) -> None:
    assert "sara.exempel – dataskyddsombud" in walked.seen["who"]
    assert "@" not in walked.seen["who"]


def test_a_form_opened_from_a_case_is_filled_in_with_it(walked: Walk) -> None:
    assert walked.seen["filled in"] == walked.case
    assert walked.seen["stated"].startswith("COMPLETED")


def test_a_decision_tells_what_is_known_and_what_is_not_and_is_answered_in_the_browser(walked: Walk) -> None:
    assert "Någon kan få veta var barnen bor." in walked.seen["awareness"]
    assert "Ungefärligt antal personuppgiftsposter" in walked.seen["awareness"]
    assert walked.seen["aware"].startswith("COMPLETED")


def test_the_time_limit_stands_on_the_board_before_anybody_has_decided_anything(walked: Walk) -> None:
    assert f"Frist art. 33.1 · {walked.case}" in walked.seen["yellow"]
    assert "Anmäld i tid" not in walked.seen["yellow"]


def test_the_risk_is_a_delegates_to_decide_and_the_advice_stands_above_the_form(walked: Walk) -> None:
    assert "Frågan är till: HR-direktör, biträdande HR-direktör." in walked.seen["risk"]
    assert "Timglas ger råd, en människa beslutar." in walked.seen["risk"]
    assert walked.seen["decided"].startswith("COMPLETED")


def test_an_approval_takes_the_code_that_came_by_mail(walked: Walk) -> None:
    assert "Det här kompletterar vi" in walked.seen["approval"]
    assert walked.seen["code sent"].startswith("CANCELLED En kod")
    assert "En kod har skickats till din e-post" in walked.seen["code asked"]
    assert walked.seen["approved"].startswith("COMPLETED")


def test_once_the_filing_is_registered_the_marker_is_green(walked: Walk) -> None:
    assert walked.seen["filed"].startswith("COMPLETED")
    assert "Anmäld i tid" in walked.seen["green"]
    red, green, blue = (int(part) for part in re.findall(r"\d+", walked.seen["colour"])[:3])
    assert green > max(red, blue)


def test_the_page_of_the_case_and_the_table_of_time_limits_tell_what_comes_next(walked: Walk) -> None:
    assert "Kommunstyrelsen i Exempelkommun" in walked.seen["case"]
    assert "Komplettera anmälan" in walked.seen["case"]
    assert walked.case in walked.seen["table"]


@pytest.mark.parametrize("page", ["start", "case", "not yet"])
def test_axe_finds_nothing_in_what_we_write_there(walked: Walk, page: str) -> None:
    assert walked.faults[page] == []


def test_the_buttons_a_person_meets_are_in_swedish(walked: Walk) -> None:
    assert "Kontrollera svaren" in walked.seen["form"]
    english = {"Submit", "Cancel", "Parameters", "Enforce Parameter Schema", "Select", "(Optional)", "Runs"}
    assert [word for word in english if word in walked.seen["form"]] == []


@pytest.mark.parametrize("page", ["opened", "yellow", "green", "case", "table"])
def test_no_page_the_handbook_sends_the_officer_to_has_english_words_or_american_times(walked: Walk, page: str) -> None:
    english = r"\b(?:All|Level|Search|Scheduled|Created|Show|Raw|Page|Flow|Runs?|Task|Logs|total|of|ago|AM|PM)\b"
    assert re.findall(rf"{english}|\d{{4}}/\d\d/\d\d", walked.seen[page]) == []


def test_nothing_but_the_desk_answered_any_page(walked: Walk, officer: Officer) -> None:
    assert walked.seen
    assert officer.called == []


@pytest.mark.parametrize(
    "path, leads_to",
    [
        ("/", "/v2/artifacts/artifact/"),
        ("/frister", "/v2/artifacts/artifact/"),
        ("/tavla", "/v2/flows/flow/"),
        ("/arende/{case}", "/v2/artifacts/artifact/"),
        ("/formular/bedom-risk/{case_in_small_letters}", "/v2/deployments/deployment/"),
        ("/formular/finns-inte", "/"),
    ],
)
def test_a_short_address_leads_to_the_page_that_shows_it_now(
    walked: Walk, running: Running, path: str, leads_to: str
) -> None:
    assert walked.seen
    path = path.format(case=walked.case, case_in_small_letters=walked.case.lower())
    answer = httpx.get(running.address + path, follow_redirects=False)
    assert answer.is_redirect
    assert answer.headers["location"].startswith(leads_to)
    assert walked.case not in answer.headers["location"] or "incident_id" in answer.headers["location"]


def test_no_page_may_fetch_anything_from_elsewhere(walked: Walk, running: Running) -> None:
    assert walked.seen
    answer = httpx.get(f"{running.address}/v2/runs", headers={"accept": "text/html"})
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert 'lang="sv"' in answer.text
