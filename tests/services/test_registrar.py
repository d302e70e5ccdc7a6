"""What is filed or decided goes to the registrar's mailbox with what the diary needs: once, and nothing that reveals."""

import json
from typing import Any

import pytest

from adapters.files import read_register
from adapters.settings import Settings
from models.breach_events import Risk
from models.errors import RefusedPostError
from models.filing_events import SecrecyMark
from models.mail import Mail
from models.parties import Role
from services.case.mark_secrecy import mark_secrecy
from services.documents.drafts import NOT_NOTIFIED, NOTIFICATION
from tests.fakes import cut_before_settling, refused
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


def test_a_mailbox_that_refuses_is_told_of_once(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    registrar = office.world.register.party("kommunstyrelsen").roles[Role.REGISTRAR]
    office.post.answers[office.world.register.person(registrar).email] = refused()
    with pytest.raises(RefusedPostError, match="registrar"):
        office.sweep(case, at("2023-04-26 15.21"))
    assert office.sweep(case, at("2023-04-26 15.22")).handed_to_registrar == ()


def test_without_a_registrar_nobody_is_written_to(office: Office) -> None:
    other = Office(office.folder, office.post, office.url)
    case = other.notified()
    other.sweep(case, at("2023-04-26 15.21"))
    assert to_the_diary(other) == []
