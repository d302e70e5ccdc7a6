"""What is filed or decided goes to the registrar's mailbox with what the diary needs: once, and nothing that reveals."""

import asyncio
import json
from typing import Any

import pytest

from adapters.files import read_register
from adapters.settings import Settings
from models.breach_events import Risk
from models.errors import NotApproved, NotEntitled, RefusedPostError, StepOutOfOrder
from models.filing_events import SecrecyMark
from models.health import Check, Finding, State
from models.mail import Mail
from models.parties import Role
from services.case.mark_secrecy import mark_secrecy
from services.documents.drafts import NOT_NOTIFIED, NOTIFICATION
from services.filing.hand_to_registrar import handed_by_hand
from services.watch.health import health
from tests.fakes import cut_before_settling, refused, uncertain
from tests.services.office import Office, at


@pytest.fixture
def office(office: Office) -> Office:
    return office.with_parts(register=read_register(Settings().parties))


def to_the_diary(office: Office) -> list[Mail]:
    return [mail for mail in office.post.mails if mail.subject.startswith("Att diarieföra")]


def data(mail: Mail) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(mail.attachments[-1].content)
    return found


def test_a_filing_goes_to_the_registrar_as_pdf_and_json_with_what_the_diary_needs(office: Office) -> None:
    case = office.notified(when="2023-04-26 15.20")
    incident = office.sweep(case, at("2023-04-26 15.21"))
    filing, copy = to_the_diary(office)
    assert [one.name for one in filing.attachments] == [
        f"{case.lower()}-1-initial.pdf",
        f"{case.lower()}-1-initial.json",
        "diarium.json",
    ]
    assert filing.attachments[0].content == office.world.archive.read(case, "anmalan/1-initial.pdf")
    assert "Rubrik: Anmälan av personuppgiftsincident" in filing.text
    assert "Datum: 26 april 2023 kl. 15.20" in filing.text
    assert "Mottagare: Integritetsskyddsmyndigheten" in filing.text
    assert "Driftmiljön" not in filing.text + filing.subject
    assert data(filing)["date"] == "2023-04-26T15:20:00+02:00"
    assert "Kopia" in copy.subject
    assert [handed.line for handed in incident.handed_to_registrar] == [
        data_line(office, case, word) for word in HANDED
    ]


HANDED = ("notification_submitted", "filing_copy_kept")


def data_line(office: Office, case: str, word: str) -> int:
    return office.words(case).index(word) + 1


def test_nothing_goes_twice_and_a_sheet_that_is_only_issued_does_not_go(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.sweep(case, at("2023-04-26 14.01"))
    assert to_the_diary(office) == []
    office.file(case, when="2023-04-26 15.20")
    for minute in (21, 22, 50):
        office.sweep(case, at(f"2023-04-26 15.{minute}"))
    assert len(to_the_diary(office)) == 1


def test_after_a_power_cut_the_same_document_does_not_go_again(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.sweep(case, at("2023-04-26 14.01"))
    office.file(case, when="2023-04-26 15.20")
    broken = office.with_parts(outbox=cut_before_settling(office.world.outbox, 1), register=office.world.register)
    with pytest.raises(RuntimeError):
        broken.sweep(case, at("2023-04-26 15.21"))
    office.sweep(case, at("2023-04-26 15.22"))
    office.sweep(case, at("2023-04-26 16.22"))
    assert len(to_the_diary(office)) == 1


def test_a_mark_of_secrecy_stands_with_its_provision_its_day_and_who_set_it(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    marks = (SecrecyMark(field="measures_before", provisions=("osl.18.8",)),)
    mark_secrecy(case, marks=marks, by=office.officer(case), now=at("2023-04-26 15.21"), world=office.world)
    office.sweep(case, at("2023-04-26 15.22"))
    (mail,) = to_the_diary(office)
    assert "Säkerhetsåtgärder före incidenten: 18 kap. 8 § 3 OSL, markerat den 26 april 2023 av" in mail.text
    assert data(mail)["secrecy"][0]["marked_on"] == "2023-04-26"


def test_a_decision_not_to_notify_is_entered_too(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.drafted(case, NOT_NOTIFIED, when="2023-04-26 14.00")
    office.sweep(case, at("2023-04-26 14.01"))
    (mail,) = to_the_diary(office)
    assert "Beslut att inte anmäla" in mail.subject
    assert data(mail)["recipient"] is None
    assert mail.attachments[0].name.endswith("att-inte-anmala.pdf")


@pytest.fixture
def stuck(office: Office) -> str:
    """A case whose sheet the registrar's mailbox has refused."""
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    registrar = office.world.register.party("kommunstyrelsen").roles[Role.REGISTRAR]
    office.post.answers[office.world.register.person(registrar).email] = refused()
    with pytest.raises(RefusedPostError, match="registrar"):
        office.sweep(case, at("2023-04-26 15.21"))
    return case


def test_a_mailbox_that_refuses_is_told_of_once(office: Office, stuck: str) -> None:
    assert office.sweep(stuck, at("2023-04-26 15.22")).handed_to_registrar == ()


def registrars(office: Office, when: str) -> Finding:
    found = asyncio.run(health(now=at(when), world=office.world))
    return next(one for one in found if one.check is Check.REGISTRAR)


def test_what_the_mailbox_refused_is_an_alarm_until_somebody_hands_it_over(office: Office, stuck: str) -> None:
    told = registrars(office, "2023-04-26 15.30")
    assert told.state is State.ALARM
    assert f"1 handling har inte nått registratorn, eller ingen vet om den gjorde det: {stuck}." in told.said
    handed_by_hand(stuck, by="sara.exempel", now=at("2023-04-26 16.00"), world=office.world)
    (event,) = office.incident(stuck).handed_to_registrar
    assert event.recorded_by == "sara.exempel"
    assert [one.name for one in event.documents] == ["anmalan/1-initial.pdf", "anmalan/1-initial.json"]
    assert registrars(office, "2023-04-26 16.05").state is State.WELL
    with pytest.raises(StepOutOfOrder, match="Nothing in"):
        handed_by_hand(stuck, by="sara.exempel", now=at("2023-04-26 16.10"), world=office.world)


def test_a_handing_over_that_lost_its_connection_is_an_alarm_too(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    registrar = office.world.register.party("kommunstyrelsen").roles[Role.REGISTRAR]
    office.post.answers[office.world.register.person(registrar).email] = uncertain()
    office.sweep(case, at("2023-04-26 15.21"))
    assert registrars(office, "2023-04-26 15.30").state is State.ALARM


def test_only_those_who_file_write_down_that_it_was_handed_over(office: Office, stuck: str) -> None:
    with pytest.raises(NotEntitled):
        handed_by_hand(stuck, by="maja.modell", now=at("2023-04-26 16.00"), world=office.world)


def test_a_document_that_was_changed_in_the_archive_does_not_go_to_the_registrar(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    file = office.archive_folder / case / "anmalan/1-initial.pdf"
    file.write_bytes(file.read_bytes() + b"%")
    with pytest.raises(NotApproved, match="is not the document that was issued"):
        office.sweep(case, at("2023-04-26 15.21"))
    assert to_the_diary(office) == []
    assert office.incident(case).anchored, "the chain is anchored all the same"


def test_without_a_registrar_nobody_is_written_to(office: Office) -> None:
    other = Office(office.folder, office.post, office.url)
    case = other.notified()
    other.sweep(case, at("2023-04-26 15.21"))
    assert to_the_diary(other) == []
