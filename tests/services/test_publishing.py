import pytest

from models.duty import DutyStatus
from models.errors import NotApproved, NotEntitled
from models.events import Risk
from models.facts import Facts
from tests.services.office import NOTICE, Office, at

OUT = "2023-05-12 15.04"


@pytest.fixture
def case(office: Office) -> str:
    case = office.decided(Risk.HIGH)
    office.excepted(case, "gdpr.34.3.c", when="2023-05-11 17.45")
    return case


def test_nothing_is_published_that_nobody_approved(office: Office, case: str) -> None:
    with pytest.raises(NotApproved):
        office.publish(case, when=OUT)
    office.draft(case, NOTICE, when="2023-05-12 10.30", issue=OUT)
    with pytest.raises(NotApproved):
        office.publish(case, when=OUT)
    assert "public_notice_published" not in office.words(case)


def test_the_published_notice_fulfils_the_duty_in_its_other_form_and_is_kept(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    duty = office.duty(case, "gdpr.34.1")
    assert (duty.status, duty.fulfilled_at) == (DutyStatus.FULFILLED, at(OUT))
    issued = [name for name in office.documents(case) if name.startswith("till-allmanheten/")]
    assert issued == [f"till-allmanheten/meddelande-1.{kind}" for kind in ("html", "pdf", "txt")]


def test_without_the_exception_a_notice_takes_no_letters_place(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.OWED


def test_somebody_from_another_organisation_publishes_nothing_for_us(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    with pytest.raises(NotEntitled):
        office.publish(case, when=OUT, by="maja.modell")


def test_the_same_notice_is_published_once(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    before = office.history(case)
    office.publish(case, when="2023-05-12 16.00")
    assert office.history(case) == before


def test_a_changed_notice_is_a_new_version_that_says_when_it_was_changed(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    office.facts(case, Facts(what_happened="Angriparna har publicerat uppgifter på nätet."), when="2023-05-13 09.00")
    office.drafted(case, NOTICE, when="2023-05-13 10.00")
    incident = office.publish(case, when="2023-05-13 11.00")
    assert [notice.version for notice in incident.notices] == [1, 2]
    second = office.world.archive.read(case, "till-allmanheten/meddelande-2.txt").decode()
    assert "13 maj 2023" in second
    assert office.duty(case, "gdpr.34.1").fulfilled_at == at(OUT), "the first publication told the public"
