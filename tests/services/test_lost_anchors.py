"""What the registrar's mailbox refuses, or sends back later, is seen: the checksum of a case, and a document for the diary."""

import asyncio
from datetime import datetime

import pytest

from adapters.files import read_register
from adapters.settings import Settings
from models.breach_events import Risk
from models.errors import RefusedPostError
from models.health import Check, Finding, State
from models.mail import Mail
from models.parties import Register, Role
from services.filing.hand_to_registrar import handed_by_hand
from services.sweep.sweep import sweep
from services.watch.health import health
from tests.fakes import cut_before_settling, refused, uncertain
from tests.services.office import Office, at
from tests.services.test_bounces import FAILED, LATER, POSTFIX, receive

FILED, SWEPT = "2023-04-26 15.20", "2023-04-26 15.21"


@pytest.fixture
def office(office: Office) -> Office:
    return office.with_parts(register=read_register(Settings().parties))


@pytest.fixture
def registrar(office: Office) -> str:
    actor = office.world.register.party("kommunstyrelsen").roles[Role.REGISTRAR]
    return office.world.register.person(actor).email


def finding(office: Office, when: str | datetime, check: Check = Check.ANCHOR) -> Finding:
    now = at(when) if isinstance(when, str) else when
    return next(one for one in asyncio.run(health(now=now, world=office.world)) if one.check is check)


def checksums(office: Office) -> list[Mail]:
    return [mail for mail in office.post.mails if "Kontrollsumma" in mail.subject]


def moved(register: Register, old: str, new: str) -> Register:
    people = tuple(one.model_copy(update={"email": new}) if one.email == old else one for one in register.people)
    return register.model_copy(update={"people": people})


def swept_in_vain(office: Office, case: str, when: str) -> None:
    with pytest.raises(RefusedPostError, match="registrar"):
        office.sweep(case, at(when))


def test_a_checksum_that_arrived_is_well(office: Office) -> None:
    case = office.notified(when=FILED)
    office.sweep(case, at(SWEPT))
    assert finding(office, "2023-04-26 16.00").state is State.WELL


def test_a_refused_checksum_is_an_alarm_with_its_case_and_when_and_for_a_week(office: Office, registrar: str) -> None:
    case = office.notified(when=FILED)
    office.post.answers[registrar] = refused()
    swept_in_vain(office, case, SWEPT)
    told = finding(office, "2023-04-26 15.40")
    assert told.state is State.ALARM
    assert told.said == (
        "Registratorns brevlåda tog inte emot kontrollsumman, eller ingen vet om den kom fram: "
        f"{case} (26 april 2023 kl. 15.21)."
    )
    assert registrar not in told.said + told.remedy
    assert finding(office, "2023-05-03 15.20").state is State.ALARM
    assert finding(office, "2023-05-03 15.22").state is State.WELL


def test_with_the_address_corrected_it_goes_again_by_itself_once_also_in_a_closed_case(
    office: Office, registrar: str
) -> None:
    case = office.notified(when=FILED)
    office.post.answers[registrar] = refused()
    swept_in_vain(office, case, SWEPT)
    office.close(case, when="2023-04-26 15.30")
    new = "registrator.ny@exempelkommun.example"
    mended = office.with_parts(register=moved(office.world.register, registrar, new))
    for when in ("2023-04-26 16.05", "2023-04-26 16.30", "2023-04-27 16.30", "2023-04-28 16.30"):
        mended.sweep(case, at(when))
    assert [mail.to for mail in checksums(mended)] == [new]
    assert finding(mended, "2023-04-28 16.31").state is State.WELL


def test_a_checksum_that_came_back_after_it_was_taken_is_an_alarm_and_is_not_mailed_there_again_and_again(
    office: Office, registrar: str
) -> None:
    case = office.notified(when=FILED)
    office.sweep(case, at(SWEPT))
    (mail,) = checksums(office)
    receive(office, POSTFIX, name=mail.message_id, **FAILED)
    for when in ("2023-04-26 15.30", "2023-04-26 15.40", "2023-04-26 15.59"):
        office.sweep(case, at(when))
    assert len(checksums(office)) == 1
    assert finding(office, "2023-04-26 15.59").state is State.ALARM


def test_what_came_back_from_a_closed_case_goes_to_the_corrected_address_within_a_quarter_of_an_hour(
    office: Office, registrar: str
) -> None:
    case = office.notified(when=FILED)
    office.close(case, when="2023-04-26 15.25")
    asyncio.run(sweep(now=at("2023-04-26 16.05"), world=office.world))
    (mail,) = checksums(office)
    receive(office, POSTFIX, name=mail.message_id, **FAILED)
    assert finding(office, "2023-04-26 16.30").state is State.ALARM
    asyncio.run(sweep(now=at(LATER), world=office.world))
    assert case not in office.world.timeline.due(at("2023-05-16 09.14"))
    assert case in office.world.timeline.due(at("2023-05-16 09.15"))
    new = "registrator.ny@exempelkommun.example"
    mended = office.with_parts(register=moved(office.world.register, registrar, new))
    for when in ("2023-05-16 09.15", "2023-05-16 09.30", "2023-05-17 09.00"):
        asyncio.run(sweep(now=at(when), world=mended.world))
    assert [one.to for one in checksums(mended)] == [registrar, new]
    assert finding(mended, "2023-05-17 09.00").state is State.WELL
    assert office.incident(case).closed is not None


def test_a_checksum_that_may_have_arrived_is_told_of_until_a_later_one_does_and_is_no_letter_that_lies_still(
    office: Office, registrar: str
) -> None:
    case = office.notified(when=FILED)
    office.post.answers[registrar] = uncertain()
    office.sweep(case, at(SWEPT))
    assert finding(office, "2023-04-26 15.40").state is State.ALARM
    assert finding(office, "2023-04-26 15.40", Check.MAIL).state is State.WELL, "one thing is told of once"
    office.post.answers.clear()
    office.decide(case, Risk.HIGH, when="2023-04-26 15.50")
    office.sweep(case, at("2023-04-26 16.05"))
    assert len(checksums(office)) == 1
    assert finding(office, "2023-04-26 17.00").state is State.WELL


def test_a_power_cut_in_the_middle_ends_in_doubt_and_not_in_silence(office: Office) -> None:
    case = office.notified(when=FILED)
    broken = office.with_parts(outbox=cut_before_settling(office.world.outbox, 1), register=office.world.register)
    with pytest.raises(RuntimeError):
        broken.sweep(case, at(SWEPT))
    office.sweep(case, at("2023-04-26 15.40"))
    office.sweep(case, at("2023-04-26 15.55"))
    found = [finding(office, "2023-04-26 16.00", check) for check in (Check.ANCHOR, Check.REGISTRAR, Check.MAIL)]
    assert State.ALARM in {one.state for one in found[:2]}
    assert found[2].state is State.WELL


def test_a_document_that_came_back_from_the_registrar_is_an_alarm_until_it_is_handed_over_by_hand(
    office: Office, registrar: str
) -> None:
    case = office.notified(when=FILED)
    office.sweep(case, at(SWEPT))
    first = next(mail for mail in office.post.mails if mail.subject.startswith("Att diarieföra"))
    assert finding(office, "2023-04-26 15.30", Check.REGISTRAR).state is State.WELL
    receive(office, POSTFIX, name=first.message_id, **FAILED)
    told = finding(office, "2023-04-26 15.40", Check.REGISTRAR)
    assert told.state is State.ALARM
    assert told.said.startswith("1 handling ")
    before = [mail.subject for mail in office.post.mails]
    office.sweep(case, at("2023-04-26 15.45"))
    assert [mail.subject for mail in office.post.mails if mail.subject.startswith("Att diarieföra")] == [
        subject for subject in before if subject.startswith("Att diarieföra")
    ], "it is not mailed to a mailbox that is none"
    (handed,) = handed_by_hand(case, by="sara.exempel", now=at("2023-04-26 16.00"), world=office.world)
    assert "1-initial" in handed.documents[0].name
    assert finding(office, "2023-04-26 16.05", Check.REGISTRAR).state is State.WELL
