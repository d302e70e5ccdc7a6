"""The letters as they will look, and when they will be there, before anybody approves them."""

import asyncio
from collections import Counter
from datetime import date, timedelta

import pymupdf
import pytest

from law.post import time_in_the_post
from models.breach_events import Risk
from models.delivery import Pace
from models.errors import NotApproved
from models.instants import local
from models.recipient import Channel, Guardian, Protection
from models.route import Envelope, Route, RouteReason, Way
from services.people.forecast import forecast, told
from services.people.preview import expected, preview
from services.people.send_specimens import send_specimens
from tests.services.office import COMMUNICATION, Office, at, person

NOW = "2023-05-12 11.35"
CHILD = person(5).model_copy(
    update={
        "born": date(2015, 2, 1),
        "guardians": (Guardian(name="Vera Vuxen", email="vera@post.example", protection=Protection.NONE),),
    }
)
LONG = person(8, email=False).model_copy(update={"name": "Alexandra Katarina Mariana von Långnamn-Andersson"})
PEOPLE = [person(1), person(2), CHILD, person(7, email=False), LONG, person(9, protection=Protection.SECRECY_MARKED)]


def drafted(office: Office) -> str:
    case = office.decided(Risk.HIGH)
    office.draft(case, COMMUNICATION, when="2023-05-12 11.00")
    office.load(case, PEOPLE)
    return case


def shown(office: Office, case: str) -> list[str]:
    return [one.why for one in preview(case, now=at(NOW), world=office.world)]


def files(office: Office) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((office.folder / "utskrift").glob("*"))}


def test_the_first_the_longest_and_one_of_each_kind_are_shown_each_once(office: Office) -> None:
    case = drafted(office)
    assert shown(office, case) == ["forsta", "langsta", "vardnadshavare-mejl", "person-papper", "skyddad-forseglat"]


def test_what_is_shown_is_the_letter_itself_as_pdf_and_as_it_is_mailed(office: Office) -> None:
    case = drafted(office)
    shown(office, case)
    made = files(office)
    longest = next(content for name, content in made.items() if "langsta" in name)
    assert "Mariana von \nLångnamn-Andersson" in pymupdf.open(stream=longest)[0].get_text()
    guardians = next(content for name, content in made.items() if name.endswith("vardnadshavare-mejl.html"))
    assert "Sökande 5" in guardians.decode()
    assert not [name for name in made if "papper" in name and name.endswith(".html")]
    assert all((office.folder / "utskrift" / name).stat().st_mode & 0o077 == 0 for name in made)


def test_what_was_shown_is_gone_once_the_letters_are_released(office: Office) -> None:
    case = drafted(office)
    shown(office, case)
    office.approve(case, COMMUNICATION, when="2023-05-12 12.00")
    assert files(office)
    office.release(case, when="2023-05-15 11.00")
    assert files(office) == {}


def test_nothing_is_shown_before_there_is_a_draft(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.load(case, PEOPLE)
    with pytest.raises(NotApproved, match="not been drafted"):
        shown(office, case)


def test_a_specimen_of_each_variant_goes_to_who_asks_and_names_nobody_concerned(office: Office) -> None:
    case = drafted(office)
    sending = send_specimens(case, by=office.officer(case), now=at(NOW), world=office.world)
    assert asyncio.run(sending) == 3
    officer = office.world.register.person(office.officer(case)).email
    assert [mail.to for mail in office.post.mails] == [officer] * 3
    assert {mail.subject.partition(":")[0] for mail in office.post.mails} == {
        "Prov till den som är berörd",
        "Prov till vårdnadshavare",
        "Prov till den som har skyddade personuppgifter",
    }
    for mail in office.post.mails:
        (attached,) = mail.attachments
        said = mail.text + "".join(page.get_text() for page in pymupdf.open(stream=attached.content))
        assert "Sökande" not in said
        assert "Vera" not in said
    assert sum("ett påhittat barn" in mail.text for mail in office.post.mails) == 1


# the forecast


def routes(emails: int, papers: int = 0) -> list[Route]:
    def one(number: int, channel: Channel, way: Way) -> Route:
        envelope = Envelope(key=str(number), channel=channel, name="")
        return Route(recipient=str(number), way=way, reason=RouteReason.EMAIL_GIVEN, envelopes=(envelope,))

    return [
        *(one(number, Channel.EMAIL, Way.EMAIL) for number in range(emails)),
        *(one(number, Channel.PAPER, Way.PAPER) for number in range(emails, emails + papers)),
    ]


def test_the_forecast_says_how_many_when_and_on_which_day(office: Office) -> None:
    hoped = forecast(routes(8400, 1230), Pace(20.0), now=at("2023-05-15 14.13"))
    assert told(hoped) == (
        "8\u00a0400 mejl, 1\u00a0230 brev: klart ca kl. 14.20; på hallmattan onsdag 17 maj, om breven postas genast."
    )


@pytest.mark.parametrize(
    "limits, minutes",
    [
        ((), 5),
        (((timedelta(minutes=1), 100),), 59),
        (((timedelta(hours=1), 6000),), 5),
        (((timedelta(hours=1), 2000),), 120),
        (((timedelta(minutes=1), 100), (timedelta(hours=1), 1000)), 300),
    ],
)
def test_a_providers_limits_make_it_take_longer(limits: tuple[tuple[timedelta, int], ...], minutes: int) -> None:
    start = at("2023-05-15 09.00")
    assert forecast(routes(6000), Pace(20.0, limits=limits), now=start).done_at - start == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "printed, at_the_door",
    [
        ("2023-05-15 14.59", date(2023, 5, 17)),
        ("2023-05-15 15.00", date(2023, 5, 19)),  # posted on the 16th; the 18th is Ascension Day
        ("2023-05-12 16.00", date(2023, 5, 17)),
        ("2023-05-13 10.00", date(2023, 5, 17)),
        ("2023-06-22 16.00", date(2023, 6, 28)),  # Midsummer Eve is no working day
    ],
)
def test_until_2026_the_doormat_is_two_working_days_after_the_day_of_posting(printed: str, at_the_door: date) -> None:
    assert forecast(routes(0, 1), Pace(20.0), now=at(printed)).at_the_door == (at_the_door, at_the_door)


def test_from_2026_on_the_post_takes_longer_and_not_for_all_letters_as_long() -> None:
    hoped = forecast(routes(0, 1230), Pace(20.0), now=at("2026-11-27 14.00"))
    assert told(hoped).endswith(
        "; de flesta på hallmattan senast onsdag 2 december, nästan alla senast fredag 4 december, om breven postas genast."
    )


@pytest.mark.parametrize("posted, days", [("2025-12-31", (2, 2)), ("2026-01-01", (3, 5)), ("2017-12-31", (2, 2))])
def test_how_long_the_post_takes_is_what_applied_on_the_day(posted: str, days: tuple[int, int]) -> None:
    applied = time_in_the_post(date.fromisoformat(posted))
    assert (applied.most, applied.nearly_all) == days


def test_a_list_is_forecast_by_the_way_of_each_person_in_it(office: Office) -> None:
    case = drafted(office)
    hoped = expected(case, now=at(NOW), world=office.world)
    assert hoped is not None
    assert hoped.envelopes == Counter({Channel.EMAIL: 3, Channel.PAPER: 2, Channel.SEALED: 1})
    assert local(hoped.done_at).date() == date(2023, 5, 12)


def test_without_a_list_there_is_nothing_to_forecast(office: Office) -> None:
    assert expected(office.decided(Risk.HIGH), now=at(NOW), world=office.world) is None
