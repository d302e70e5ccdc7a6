"""The calendars that people subscribe to, read from their files as a calendar reads them."""

import asyncio
from datetime import timedelta
from pathlib import Path

from icalendar import Calendar, Event

from models.breach_events import Risk
from models.instants import parse_local as at
from models.parties import Role
from services.documents.drafts import NOTIFICATION
from services.reminding.write_feeds import feed_name, write_feeds
from services.sweep.sweep import CALENDARS, sweep
from tests.services.office import DUE, Office

BOARD = "kommunstyrelsen"
OFFICER, HEAD = f"{BOARD}-dataskyddsombud", f"{BOARD}-forvaltningschef"


def swept(office: Office, when: str) -> None:
    asyncio.run(sweep(now=at(when), world=office.world))


def file(office: Office, name: str) -> Path:
    return office.folder / "kalender" / f"{name}.ics"


def entries(office: Office, name: str = OFFICER) -> dict[str, Event]:
    calendar = Calendar.from_ical(file(office, name).read_bytes())
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def attached(office: Office, method: str) -> list[Event]:
    files = [one for mail in office.post.mails for one in mail.attachments if method in one.media_type]
    return [event for one in files for event in Calendar.from_ical(one.content).walk("VEVENT")]


def test_the_first_sweep_leaves_a_calendar_for_each_role_that_is_ever_reminded(office: Office) -> None:
    swept(office, "2023-04-24 16.00")
    party = office.world.register.party(BOARD)
    names = {file.stem for file in (office.folder / "kalender").iterdir() if file.stem.startswith(BOARD)}
    assert names == {feed_name(party, role) for role in party.roles if role is not Role.REGISTRAR} - {
        feed_name(party, Role.COMMUNICATOR)
    }
    assert entries(office) == {}, "a calendar that is subscribed to before anything has happened"


def test_a_time_limit_is_the_same_entry_in_the_calendar_as_in_the_file_that_came_by_mail(office: Office) -> None:
    case = office.known()
    swept(office, "2023-04-24 17.00")
    by_mail = attached(office, "REQUEST")[0]
    mine = entries(office)[str(by_mail["UID"])]
    assert mine["SEQUENCE"] == by_mail["SEQUENCE"] == 0
    assert mine.decoded("DTEND") == by_mail.decoded("DTEND") == DUE
    assert mine["SUMMARY"] == by_mail["SUMMARY"]
    assert case in mine["SUMMARY"]
    assert len(mine.walk("VALARM")) == 3


def test_when_a_time_limit_moves_its_entry_does_as_in_the_mail(office: Office) -> None:
    case = office.known()
    swept(office, "2023-04-24 17.00")
    (uid,) = entries(office)
    office.correct_awareness(case, at("2023-04-24 14.10"), when="2023-04-24 18.00")
    swept(office, "2023-04-24 18.00")
    (moved,) = entries(office).values()
    assert (str(moved["UID"]), moved["SEQUENCE"]) == (uid, 1)
    assert moved.decoded("DTEND") == DUE - timedelta(hours=2)
    by_mail = attached(office, "REQUEST")[-1]
    assert (str(by_mail["UID"]), by_mail["SEQUENCE"]) == (uid, 1)


def test_what_is_settled_leaves_the_calendar_and_the_mail_takes_it_out(office: Office) -> None:
    case = office.known()
    swept(office, "2023-04-24 17.00")
    (uid,) = entries(office)
    office.decide(case, Risk.RISK, when="2023-04-26 09.00")
    office.explain(case, "records", when="2023-04-26 09.10")
    office.drafted(case, NOTIFICATION, when="2023-04-26 09.20")
    office.file(case, when="2023-04-26 10.00")
    swept(office, "2023-04-26 10.00")
    assert uid not in entries(office)
    cancelled = attached(office, "CANCEL")[0]
    assert (str(cancelled["UID"]), cancelled["STATUS"], cancelled["SEQUENCE"]) == (uid, "CANCELLED", 1)


def test_it_names_no_person_and_asks_nobody_to_come(office: Office) -> None:
    office.known()
    swept(office, "2023-04-24 17.00")
    said = file(office, OFFICER).read_text(encoding="utf-8")
    organisations = {party.organisation for party in office.world.register.controllers}
    for person in office.world.register.people:
        assert person.email not in said
        assert person.name not in said or person.name in organisations
    assert "ATTENDEE" not in said
    assert "METHOD:PUBLISH" in said


def test_a_calendar_that_reads_as_it_did_is_left_as_it_was_and_one_that_was_lost_is_written_again(
    office: Office,
) -> None:
    office.known()
    swept(office, "2023-04-24 17.00")
    before = file(office, OFFICER).read_bytes()
    write_feeds({BOARD}, now=at("2023-04-24 17.05"), world=office.world)
    assert file(office, OFFICER).read_bytes() == before
    file(office, OFFICER).unlink()
    swept(office, "2023-04-24 17.06")
    assert set(entries(office)) == {str(event["UID"]) for event in Calendar.from_ical(before).walk("VEVENT")}


def test_a_calendar_whose_role_is_gone_is_taken_away(office: Office) -> None:
    swept(office, "2023-04-24 16.00")
    stale = file(office, "upphord-namnd-dataskyddsombud")
    stale.write_bytes(file(office, OFFICER).read_bytes())
    swept(office, "2023-04-24 16.01")
    assert not stale.exists()
    assert file(office, OFFICER).exists()


def test_it_is_no_secret_within_our_group_and_one_outside_it(office: Office) -> None:
    swept(office, "2023-04-24 16.00")
    assert file(office, OFFICER).stat().st_mode & 0o777 == 0o640
    assert [one for one in (office.folder / "kalender").iterdir() if one.name.startswith(".")] == []


def test_one_organisation_sees_nothing_of_another(office: Office) -> None:
    office.known("ordningsverket", by="maja.modell")
    swept(office, "2023-04-24 17.00")
    assert entries(office) == {}
    assert len(entries(office, "ordningsverket-dataskyddsombud")) == 1


def test_a_folder_that_cannot_be_written_is_told_of_and_keeps_nobody_from_being_reminded(office: Office) -> None:
    office.known()
    (office.folder / "kalender").write_text("no folder", encoding="utf-8")
    done = asyncio.run(sweep(now=at("2023-04-24 17.00"), world=office.world))
    assert list(done.faults) == [CALENDARS]
    assert len(office.post.mails) == 3
    assert office.world.timeline.due(at("2023-04-24 17.01")) == ()
    beat = office.world.heartbeat.last("sweep")
    assert beat is not None
    assert (beat.faults, beat.ended_at) == (1, at("2023-04-24 17.00")), "the watch tells of it"
