import pytest

from models.duty import DutyStatus
from models.errors import (
    NotEntitled,
    PostError,
    RefusedPostError,
    TransientPostError,
    UncertainPostError,
    UnknownReference,
)
from tests.fakes import PowerCut, cut_before_settling, later, refused, uncertain
from tests.services.office import AGENCY, BOARD, PROCESSOR, Office

BOARDS_ADDRESS = "kommunstyrelsen@exempelkommun.example"
WHEN, AGAIN = "2023-04-24 17.10", "2023-04-24 17.30"


@pytest.fixture
def case(office: Office) -> str:
    return office.known(PROCESSOR, by="ida.pahitt", concerned=(BOARD, AGENCY))


def test_a_controller_gets_its_own_notice_and_it_is_kept(office: Office, case: str) -> None:
    incident = office.inform(case, when=WHEN)
    (mail,) = office.post.mails
    assert mail.to == BOARDS_ADDRESS
    assert mail.reply_to == "incident@rekryteringssystem.example"
    assert mail.text.encode() == office.world.archive.read(case, f"till-personuppgiftsansvariga/{BOARD}-1.txt")
    assert [informed.controller for informed in incident.informed] == [BOARD]


def test_the_duty_is_fulfilled_when_the_last_controller_has_been_told(office: Office, case: str) -> None:
    office.inform(case, when=WHEN)
    assert office.duty(case, "gdpr.33.2").status is DutyStatus.OWED
    office.inform(case, AGENCY, when="2023-04-25 13.05")
    duty = office.duty(case, "gdpr.33.2")
    assert duty.status is DutyStatus.FULFILLED
    assert duty.fulfilled_at == office.history(case)[-2].occurred_at


@pytest.mark.parametrize("controller", ["barn-och-utbildningsnamnden", "kommunfullmaktige"])
def test_a_controller_that_is_not_concerned_is_told_nothing(office: Office, case: str, controller: str) -> None:
    with pytest.raises(UnknownReference, match=controller):
        office.inform(case, controller, when=WHEN)
    assert office.post.mails == []
    assert office.documents(case) == []


def test_a_controller_has_no_controllers_to_inform(office: Office) -> None:
    own = office.known()
    with pytest.raises(UnknownReference):
        office.inform(own, when=WHEN, by="anna.exempel")


def test_only_the_incident_manager_sends_notices(office: Office, case: str) -> None:
    with pytest.raises(NotEntitled):
        office.inform(case, when=WHEN, by="leo.pahitt")


@pytest.mark.parametrize(
    "answer, fault",
    [(later(), TransientPostError), (refused(), RefusedPostError), (uncertain(), UncertainPostError)],
    ids=["later", "never", "nobody knows"],
)
def test_a_notice_that_did_not_go_fulfils_nothing_however_often_it_is_asked(
    office: Office, case: str, answer: PostError, fault: type[PostError]
) -> None:
    office.post.answers[BOARDS_ADDRESS] = answer
    for _ in range(2):
        with pytest.raises(fault):
            office.inform(case, when=WHEN)
    assert "controller_informed" not in office.words(case)
    assert office.duty(case, "gdpr.33.2").status is DutyStatus.OWED


def test_a_notice_put_off_goes_the_next_time_and_only_once(office: Office, case: str) -> None:
    office.post.answers[BOARDS_ADDRESS] = later()
    with pytest.raises(TransientPostError):
        office.inform(case, when=WHEN)
    office.post.answers.clear()
    office.inform(case, when=WHEN)
    office.inform(case, when=WHEN)
    assert office.post.addresses == [BOARDS_ADDRESS]
    assert office.words(case).count("controller_informed") == 1


def test_a_notice_in_flight_when_the_power_went_is_not_sent_again_and_not_called_sent(
    office: Office, case: str
) -> None:
    with pytest.raises(PowerCut):
        office.with_parts(outbox=cut_before_settling(office.world.outbox, 1)).inform(case, when=WHEN)
    with pytest.raises(UncertainPostError):
        office.inform(case, when=WHEN)
    assert office.post.addresses == [BOARDS_ADDRESS]
    assert "controller_informed" not in office.words(case)


def test_the_next_version_is_a_message_of_its_own(office: Office, case: str) -> None:
    office.post.answers[BOARDS_ADDRESS] = refused()
    with pytest.raises(RefusedPostError):
        office.inform(case, when=WHEN)
    office.post.answers.clear()
    office.inform(case, when=AGAIN, version=2)
    assert office.post.addresses == [BOARDS_ADDRESS]
    assert f"till-personuppgiftsansvariga/{BOARD}-2.pdf" in office.documents(case)
