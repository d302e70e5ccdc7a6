from datetime import timedelta

import pytest

from models.duty import Duty, DutyStatus
from models.errors import (
    MissingParticular,
    NotApproved,
    NotConfirmed,
    NotEntitled,
    PostError,
    RefusedPostError,
    StepOutOfOrder,
    TransientPostError,
    UnknownReference,
)
from models.facts import Facts, Quantity
from models.notice import Notice
from models.supply_events import NoticeKind
from services.due.deadlines import commitments_of
from services.due.promises import ANSWER, CONTRACT, UPDATE
from services.supply.send_notices import require_reached
from services.supply.standing import standings
from services.supply.state_slices import Slice
from tests.fakes import PowerCut, cut_before_settling, later, refused, uncertain
from tests.services.office import AGENCY, BOARD, FACTS, LAWYER, MANAGER, OFFICER, PROCESSOR, Office, at

BOARDS_ADDRESS, ON_CALL = "kommunstyrelsen@exempelkommun.example", "jour@exempelkommun.example"
AGENCYS_ADDRESS = "registrator@ordningsverket.example"
WHEN, AGAIN = "2023-04-24 17.10", "2023-04-24 17.30"


def counted(number: int) -> Facts:
    return Facts(n_subjects=Quantity(at_least=number, at_most=number))


@pytest.fixture
def case(office: Office) -> str:
    case = office.known(PROCESSOR, by=MANAGER, concerned=(BOARD, AGENCY))
    office.slices(case, Slice(BOARD, counted(8431)), Slice(AGENCY, counted(64012)), when="2023-04-24 17.00")
    return case


def commitments(office: Office, case: str, name: str) -> list[Duty]:
    return [duty for duty in commitments_of(office.incident(case)) if duty.provision == name]


def notice(office: Office, case: str, controller: str = BOARD, version: int = 1) -> Notice:
    name = f"till-personuppgiftsansvariga/{controller}-{version}.json"
    return Notice.model_validate_json(office.world.archive.read(case, name))


# one notice each, and only its own


def test_every_controller_gets_its_own_notice_and_it_is_kept(office: Office, case: str) -> None:
    incident = office.inform(case, when=WHEN)
    assert office.post.addresses == [BOARDS_ADDRESS, AGENCYS_ADDRESS]
    mail = office.post.mails[0]
    assert mail.reply_to == "incident@rekryteringssystem.example, timglas@timglas.example"
    assert mail.text.encode() == office.world.archive.read(case, f"till-personuppgiftsansvariga/{BOARD}-1.txt")
    assert [informed.controller for informed in incident.supply.informed] == [BOARD, AGENCY]


def test_a_notice_holds_the_number_of_its_own_controller_and_of_no_other(office: Office, case: str) -> None:
    office.inform(case, when=WHEN)
    board, agency = office.post.mails
    assert "8\u00a0431 personer" in board.text
    assert "64\u00a0012" not in board.text
    assert "64\u00a0012 personer" in agency.text
    assert "8\u00a0431" not in agency.text


def test_what_the_supplier_counts_in_all_is_told_to_nobody(office: Office) -> None:
    case = office.known(PROCESSOR, by=MANAGER, concerned=(BOARD,))
    office.inform(case, when=WHEN)
    assert FACTS.n_subjects is not None
    assert "8\u00a0400" not in office.post.mails[0].text
    assert notice(office, case).facts.n_subjects is None
    assert "Hur många personer det gäller hos er." in office.post.mails[0].text


def test_a_sentence_that_names_another_customer_stops_the_notices(office: Office, case: str) -> None:
    office.facts(case, Facts(how_discovered="Ordningsverket ringde oss först."), when=WHEN)
    with pytest.raises(StepOutOfOrder, match="Ordningsverket"):
        office.prepare(case, when=AGAIN)
    office.prepare(case, AGENCY, when=AGAIN)  # its own name is no secret to itself


def test_the_letter_says_what_the_signed_file_says(office: Office, case: str) -> None:
    office.inform(case, when=WHEN)
    mail = office.post.mails[0]
    signed, signature, _ = mail.attachments
    assert (signed.name, signature.name) == ("underrattelse.json", "underrattelse.json.sig")
    key = office.world.signer.public_key
    assert office.world.signer.is_signed(signed.content, signature.content.decode().strip(), key)
    assert Notice.model_validate_json(signed.content) == notice(office, case)
    assert notice(office, case).reply_code in mail.subject


# who writes, who releases


def test_nothing_leaves_before_somebody_else_has_released_it(office: Office, case: str) -> None:
    with pytest.raises(NotApproved):
        office.send_notices(case, when=WHEN)
    office.prepare(case, when=WHEN, by=MANAGER)
    with pytest.raises(NotApproved):
        office.send_notices(case, when=WHEN)
    with pytest.raises(NotEntitled, match=MANAGER):
        office.release_notices(case, when=WHEN, by=MANAGER)
    assert office.post.mails == []


def test_only_the_incident_manager_releases_notices_and_only_with_the_right_code(office: Office, case: str) -> None:
    office.prepare(case, when=WHEN)
    with pytest.raises(NotEntitled):
        office.release_notices(case, when=WHEN, by=LAWYER)
    with pytest.raises(NotConfirmed):
        office.release_notices(case, when=WHEN, code="000000")
    assert "notices_approved" not in office.words(case)


def test_what_is_prepared_anew_after_a_release_needs_a_new_one(office: Office, case: str) -> None:
    office.prepare(case, when=WHEN)
    office.release_notices(case, when=WHEN)
    office.slices(case, Slice(BOARD, counted(9)), when=AGAIN)
    office.prepare(case, when=AGAIN)
    with pytest.raises(NotApproved):
        office.send_notices(case, when=AGAIN)


@pytest.mark.parametrize("controller", ["barn-och-utbildningsnamnden", "kommunfullmaktige"])
def test_a_controller_that_is_not_concerned_is_told_nothing(office: Office, case: str, controller: str) -> None:
    with pytest.raises(UnknownReference, match=controller):
        office.prepare(case, controller, when=WHEN)
    assert not any(name.startswith("utkast") for name in office.documents(case))


def test_a_controller_has_no_controllers_to_inform(office: Office) -> None:
    own = office.known()
    with pytest.raises(StepOutOfOrder, match="not a processor"):
        office.slices(own, Slice(BOARD, counted(1)), when=WHEN, by=OFFICER)


def test_nothing_is_prepared_while_nobody_knows_what_happened(office: Office) -> None:
    case = office.report(PROCESSOR, by=MANAGER, concerned=(BOARD,))
    office.aware(case)
    with pytest.raises(MissingParticular, match="what_happened"):
        office.prepare(case, when=WHEN)


def test_a_promise_that_is_broken_when_it_is_given_is_refused(office: Office, case: str) -> None:
    with pytest.raises(StepOutOfOrder, match="has passed"):
        office.prepare(case, when=WHEN, next_update_at=WHEN)


# what becomes of them


@pytest.mark.parametrize("answer", [refused(), uncertain()], ids=["never", "nobody knows"])
def test_what_one_contact_point_does_not_take_the_next_one_gets_at_once(
    office: Office, case: str, answer: PostError
) -> None:
    office.post.answers[BOARDS_ADDRESS] = answer
    incident = office.inform(case, BOARD, when=WHEN)
    assert office.post.addresses == [ON_CALL]
    assert incident.supply.informed[-1].contact == 2
    require_reached(incident, office.world)


def test_a_controller_that_no_contact_point_reaches_is_named_and_the_duty_stays_open(office: Office, case: str) -> None:
    for contact in office.world.register.controller(AGENCY).reached_at:
        office.post.answers[contact.email] = refused()
    incident = office.inform(case, when=WHEN)
    with pytest.raises(RefusedPostError, match=AGENCY):
        require_reached(incident, office.world)
    assert office.duty(case, "gdpr.33.2").status is DutyStatus.OWED
    assert office.post.addresses == [BOARDS_ADDRESS]


def test_a_notice_put_off_goes_with_the_next_sweep_and_only_once(office: Office, case: str) -> None:
    office.post.answers[BOARDS_ADDRESS] = later()
    with pytest.raises(TransientPostError):
        office.inform(case, when=WHEN)
    assert office.post.addresses == [AGENCYS_ADDRESS]
    assert [one.controller for one in office.incident(case).supply.informed] == [AGENCY]
    office.post.answers.clear()
    for _ in range(2):
        office.sweep(case, at(AGAIN))
    assert office.post.addresses.count(BOARDS_ADDRESS) == 1
    assert office.duty(case, "gdpr.33.2").fulfilled_at == at(AGAIN)


def test_a_notice_in_flight_when_the_power_went_is_not_sent_again_to_the_same_mailbox(
    office: Office, case: str
) -> None:
    office.prepare(case, BOARD, when=WHEN)
    office.release_notices(case, when=WHEN)
    with pytest.raises(PowerCut):
        office.with_parts(outbox=cut_before_settling(office.world.outbox, 1)).send_notices(case, when=WHEN)
    office.send_notices(case, when=AGAIN)
    assert office.post.addresses == [BOARDS_ADDRESS, ON_CALL]
    assert office.incident(case).supply.informed[-1].contact == 2


def test_the_duty_is_fulfilled_when_the_last_controller_was_first_told(office: Office, case: str) -> None:
    office.inform(case, BOARD, when=WHEN)
    assert office.duty(case, "gdpr.33.2").status is DutyStatus.OWED
    office.inform(case, AGENCY, when="2023-04-25 13.05")
    assert office.duty(case, "gdpr.33.2").fulfilled_at == at("2023-04-25 13.05")
    office.inform(case, when="2023-05-09 13.00")  # an update moves nothing
    assert office.duty(case, "gdpr.33.2").fulfilled_at == at("2023-04-25 13.05")


def test_a_customer_found_later_is_concerned_from_then_on(office: Office, case: str) -> None:
    office.inform(case, when=WHEN)
    office.slices(case, Slice("barn-och-utbildningsnamnden", counted(410)), when="2023-04-26 09.00")
    assert office.duty(case, "gdpr.33.2").status is DutyStatus.OWED
    assert [one.controller for one in office.prepare(case, when="2023-04-26 09.10")][
        -1
    ] == "barn-och-utbildningsnamnden"


# what is due besides the law


def test_the_contracts_windows_are_deadlines_of_their_own(office: Office, case: str) -> None:
    in_a_day, in_two = commitments(office, case, CONTRACT)
    aware_at = office.incident(case).aware_at
    assert aware_at is not None
    assert (in_a_day.due_at, in_two.due_at) == (aware_at + timedelta(hours=24), aware_at + timedelta(hours=48))
    office.inform(case, BOARD, when=WHEN)
    assert [duty.status for duty in commitments(office, case, CONTRACT)] == [DutyStatus.FULFILLED, DutyStatus.OWED]
    assert office.duty(case, "gdpr.33.2").due_at is None  # the law has no number, and gets none from a contract


def test_a_promised_update_is_due_and_the_next_notice_keeps_it(office: Office, case: str) -> None:
    office.inform(case, when=WHEN)
    (promised,) = commitments(office, case, UPDATE)
    assert (promised.status, promised.due_at) == (DutyStatus.OWED, at("2023-04-25 17.10"))
    office.inform(case, BOARD, when="2023-04-25 12.00")
    assert commitments(office, case, UPDATE)[0].status is DutyStatus.OWED
    office.inform(case, AGENCY, when="2023-04-25 13.00")
    first, *_ = commitments(office, case, UPDATE)
    assert (first.status, first.fulfilled_at) == (DutyStatus.FULFILLED, at("2023-04-25 13.00"))


def test_answers_are_awaited_until_everyone_has_answered(office: Office, case: str) -> None:
    office.inform(case, when=WHEN)
    (awaited,) = commitments(office, case, ANSWER)
    assert awaited.due_at == at("2023-04-24 21.10")
    office.answered(case, BOARD, when="2023-04-24 18.00")
    office.answered(case, AGENCY, when="2023-04-24 18.30")
    (awaited,) = commitments(office, case, ANSWER)
    assert (awaited.status, awaited.fulfilled_at) == (DutyStatus.FULFILLED, at("2023-04-24 18.30"))
    assert office.incident(case).supply.silent == {}


def test_an_answer_to_an_old_version_does_not_confirm_a_new_one(office: Office, case: str) -> None:
    office.inform(case, when=WHEN)
    office.answered(case, BOARD, when="2023-04-24 18.00")
    office.inform(case, BOARD, when="2023-04-24 19.00")
    assert set(office.incident(case).supply.silent) == {BOARD, AGENCY}


def test_nobody_answers_for_a_controller_that_was_sent_nothing(office: Office, case: str) -> None:
    with pytest.raises(UnknownReference, match=BOARD):
        office.answered(case, BOARD, when=WHEN)


# silence


def test_who_does_not_answer_in_time_is_chased_at_the_next_contact_point_until_there_is_none(
    office: Office, case: str
) -> None:
    office.inform(case, BOARD, when=WHEN)
    sent = len(office.post.mails)
    for hours in (3, 4, 5, 8, 12, 48):
        office.sweep(case, at(WHEN) + timedelta(hours=hours))
    chased = office.incident(case).supply.chased
    assert [(one.contact, one.occurred_at) for one in chased] == [
        (2, at(WHEN) + timedelta(hours=4)),
        (3, at(WHEN) + timedelta(hours=8)),
    ]
    mails = [mail for mail in office.post.mails[sent:] if mail.subject.startswith("Obesvarad")]
    assert [mail.to for mail in mails] == [ON_CALL, "dataskyddsombud@exempelkommun.example"]
    assert notice(office, case).reply_code in mails[0].text
    assert "8\u00a0431 personer" in mails[0].text
    assert [one.name for one in mails[0].attachments][:2] == ["underrattelse.json", "underrattelse.json.sig"]


def test_an_answer_stops_the_chase(office: Office, case: str) -> None:
    office.inform(case, BOARD, when=WHEN)
    office.answered(case, BOARD, when="2023-04-24 20.00")
    office.sweep(case, at(WHEN) + timedelta(hours=12))
    assert office.incident(case).supply.chased == ()


def test_the_sweep_comes_back_when_the_next_contact_point_is_due(office: Office, case: str) -> None:
    office.inform(case, BOARD, when=WHEN)
    office.sweep(case, at(WHEN))
    due = office.world.timeline.next_at()
    assert due is not None
    assert due <= at(WHEN) + timedelta(hours=4)


# what changes


def test_later_notices_say_whether_they_narrow_widen_or_take_back(office: Office, case: str) -> None:
    office.inform(case, BOARD, when=WHEN)
    changes = (
        ("2023-04-25 09.00", Slice(BOARD, counted(8431)), NoticeKind.UPDATE),
        ("2023-04-26 09.00", Slice(BOARD, counted(5000)), NoticeKind.NARROWED),
        ("2023-04-27 09.00", Slice(BOARD, Facts(data_categories=("name", "health"))), NoticeKind.WIDENED),
        ("2023-04-28 09.00", Slice(BOARD, Facts(), unaffected=True), NoticeKind.WITHDRAWN),
        ("2023-04-29 09.00", Slice(BOARD, Facts()), NoticeKind.WIDENED),
    )
    told = Facts(data_categories=("name",))
    office.slices(case, Slice(BOARD, told), when="2023-04-24 18.00")
    office.inform(case, BOARD, when="2023-04-24 18.10")
    for version, (when, stated, kind) in enumerate(changes, start=3):
        office.slices(case, stated, when=when)
        office.inform(case, BOARD, when=when.replace("09.00", "09.10"))
        assert (notice(office, case, version=version).kind, version) == (kind, version)


def test_who_was_told_that_none_of_it_is_theirs_is_left_in_peace_and_promised_nothing(
    office: Office, case: str
) -> None:
    office.inform(case, when=WHEN)
    office.slices(case, Slice(BOARD, Facts(), unaffected=True), when="2023-04-25 09.00")
    office.inform(case, when="2023-04-25 09.10")
    taken_back = notice(office, case, version=2)
    assert (taken_back.kind, taken_back.next_update_at) == (NoticeKind.WITHDRAWN, None)
    assert "Ingen av era uppgifter finns i det som har hänt." in office.post.mails[-2].text
    assert [one.controller for one in office.prepare(case, when="2023-04-26 09.00")] == [AGENCY]


def test_who_turns_out_in_time_not_to_be_in_it_need_not_be_told(office: Office, case: str) -> None:
    office.slices(case, Slice(AGENCY, Facts(), unaffected=True), when=WHEN)
    office.inform(case, when=AGAIN)
    assert office.post.addresses == [BOARDS_ADDRESS]
    assert office.duty(case, "gdpr.33.2").status is DutyStatus.FULFILLED


def test_the_same_table_twice_records_nothing_new(office: Office, case: str) -> None:
    before = office.incident(case).length
    office.slices(case, Slice(BOARD, counted(8431)), Slice(AGENCY, counted(64012)), when="2023-04-25 09.00")
    assert office.incident(case).length == before


# where everyone stands


def test_each_controller_stands_with_its_receipt_its_answer_and_whom_to_try_next(office: Office, case: str) -> None:
    office.inform(case, BOARD, when=WHEN)
    not_told, silent = standings(office.incident(case), office.world)
    assert (not_told.controller, not_told.sent_at) == (AGENCY, None)
    assert (silent.controller, silent.version, silent.sent_to) == (BOARD, 1, BOARDS_ADDRESS)
    assert silent.receipt == office.post.mails[0].message_id
    assert silent.next_contact == "Kommunens jour"
    office.answered(case, BOARD, when="2023-04-24 18.00")
    assert standings(office.incident(case), office.world)[-1].answered_at == at("2023-04-24 18.00")
