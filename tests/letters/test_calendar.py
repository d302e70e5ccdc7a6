from datetime import timedelta

import pytest
from icalendar import Calendar, Event

from letters.calendar import Envelope, cancellation, entry, feed, invitation
from models.duty import Duty, DutyStatus
from models.instants import parse_local as at
from models.overview import OpenDeadline
from models.parties import Register
from tests.letters.case import DUE
from tests.letters.samples import COMMUNICATE, NOTIFY, SUPPLEMENT

NOW = at("2023-04-24 17.00")
SARA = "dataskyddsombud@exempelkommun.example"


@pytest.fixture
def envelope(register: Register) -> Envelope:
    return Envelope(register, "timglas@exempelkommun.example", "https://timglas.exempelkommun.example", NOW)


def deadline(duty: Duty = NOTIFY, version: int = 0) -> OpenDeadline:
    return OpenDeadline(incident="INC-2023-0042", party="kommunstyrelsen", duty=duty, version=version)


def only_event(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_deadline_is_taken_in_as_an_entry_that_ends_at_the_time_limit(envelope: Envelope) -> None:
    calendar, event = only_event(invitation(entry(deadline(), envelope), to=SARA))
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert event.decoded("DTEND") == DUE
    assert b"DTEND:20230427T141000Z" in invitation(entry(deadline(), envelope), to=SARA), (
        "no time zone of a reader moves it"
    )
    assert event["SUMMARY"] == "Frist: Anmälan till IMY (artikel 33.1), INC-2023-0042"
    assert "27 april 2023 kl. 16.10" in event["DESCRIPTION"]
    assert "https://timglas.exempelkommun.example/arende/INC-2023-0042" in event["DESCRIPTION"]
    assert event["ATTENDEE"] == f"mailto:{SARA}"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE", "nobody is asked to accept a time limit"


def test_it_sounds_a_day_six_hours_and_two_hours_before_the_time_limit(envelope: Envelope) -> None:
    _, event = only_event(invitation(entry(deadline(), envelope), to=SARA))
    rings = {event.decoded("DTSTART") + alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")}
    assert rings == {DUE - timedelta(hours=hours) for hours in (24, 6, 2)}


def test_no_alarm_is_set_for_what_has_passed(envelope: Envelope) -> None:
    late = envelope._replace(now=DUE - timedelta(hours=5))
    _, event = only_event(invitation(entry(deadline(), late), to=SARA))
    assert len(event.walk("VALARM")) == 1


def test_a_moved_deadline_is_the_same_entry_with_a_higher_number(envelope: Envelope) -> None:
    moved = NOTIFY.model_copy(update={"due_at": DUE + timedelta(hours=3)})
    _, first = only_event(invitation(entry(deadline(), envelope), to=SARA))
    _, second = only_event(invitation(entry(deadline(moved, version=1), envelope), to=SARA))
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)


def test_what_is_settled_is_taken_out_again(envelope: Envelope) -> None:
    _, taken_in = only_event(invitation(entry(deadline(), envelope), to=SARA))
    calendar, event = only_event(cancellation(entry(deadline(version=1), envelope, settled=True), to=SARA))
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == taken_in["UID"]
    assert event["SEQUENCE"] > taken_in["SEQUENCE"]
    assert event.walk("VALARM") == []


def test_each_deadline_of_each_case_is_an_entry_of_its_own(envelope: Envelope) -> None:
    other = deadline().model_copy(update={"incident": "INC-2023-0043"})
    question = NOTIFY.model_copy(update={"provision": "authority_question", "about": "fråga 2"})
    content = feed(
        [entry(one, envelope) for one in (deadline(), deadline(SUPPLEMENT), other, deadline(question))],
        name="Frister",
        stand="1",
    )
    uids = [str(event["UID"]) for event in Calendar.from_ical(content).walk("VEVENT")]
    assert len(set(uids)) == 4
    assert all(uid.isascii() for uid in uids)


def test_a_feed_says_what_it_is_and_how_often_to_look(envelope: Envelope) -> None:
    calendar = Calendar.from_ical(feed([entry(deadline(), envelope)], name="Frister · dataskyddsombud", stand="1"))
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == "Frister · dataskyddsombud"
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(minutes=15)
    assert calendar["X-PUBLISHED-TTL"].to_ical() == b"PT15M", "Outlook reads this one"
    (event,) = calendar.walk("VEVENT")
    assert "ATTENDEE" not in event
    assert Calendar.from_ical(feed([], name="Frister", stand="1")).walk("VEVENT") == []


def test_a_deadline_without_a_number_has_no_place_in_a_calendar(envelope: Envelope) -> None:
    with pytest.raises(ValueError, match="time limit"):
        invitation(entry(deadline(COMMUNICATE), envelope), to=SARA)


def test_the_file_is_lines_of_at_most_75_octets_that_end_as_the_standard_says(envelope: Envelope) -> None:
    content = invitation(entry(deadline(NOTIFY.model_copy(update={"status": DutyStatus.ORDERED})), envelope), to=SARA)
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
