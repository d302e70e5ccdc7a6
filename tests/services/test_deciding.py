import pytest

from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import MissingParticular, NotEntitled, StepOutOfOrder, TimelineConflict
from models.facts import Facts, Trigger
from models.parties import Register, Role
from tests.fakes import interrupted
from tests.services.office import DELEGATE, DUE, OFFICER, SAFE, THREAT, Office, at


def test_no_risk_is_decided_before_awareness(office: Office) -> None:
    case = office.report()
    with pytest.raises(StepOutOfOrder, match="Awareness has not been established"):
        office.decide(case, Risk.RISK, when="2023-04-24 16.30")
    assert office.words(case) == ["breach_reported"]


@pytest.mark.parametrize("by", [OFFICER, "omar.exempel", "kim.exempel"])
def test_the_officer_advises_and_does_not_decide(office: Office, by: str) -> None:
    case = office.known()
    with pytest.raises(NotEntitled, match=r"belongs to: delegate.*advises and does not decide"):
        office.decide(case, Risk.UNLIKELY, when="2023-04-25 09.00", by=by)
    assert "risk_decided" not in office.words(case)


@pytest.mark.parametrize("level", [Risk.UNLIKELY, Risk.RISK])
def test_whoever_stands_in_for_the_delegate_decides_and_a_stand_in_of_the_officer_does_not(
    office: Office, level: Risk
) -> None:
    case = office.known()
    there = office.with_parts(register=standing_in(office, delegate=("kim.exempel",), officer=("omar.exempel",)))
    with pytest.raises(NotEntitled, match="advises and does not decide"):
        there.decide(case, level, when="2023-04-25 09.00", by="omar.exempel")
    there.decide(case, level, when="2023-04-25 09.05", by="kim.exempel")
    assert [one.recorded_by for one in there.incident(case).decisions] == ["kim.exempel"]


def standing_in(office: Office, **stand_ins: tuple[str, ...]) -> Register:
    """The office's register, in which the roles of every controller have these stand-ins too."""
    register = office.world.register
    found = {Role(role): people for role, people in stand_ins.items()}
    parties = tuple(party.model_copy(update={"stand_ins": found}) for party in register.controllers)
    return register.model_copy(update={"controllers": parties})


def test_another_boards_delegate_does_not_decide_for_this_one(office: Office) -> None:
    case = office.known()
    with pytest.raises(NotEntitled):
        office.decide(case, Risk.UNLIKELY, when="2023-04-25 09.00", by="eva.exempel")


def test_until_somebody_decides_the_notification_is_owed(office: Office) -> None:
    assert office.duty(office.known()).status is DutyStatus.OWED


def test_an_unlikely_risk_makes_the_notification_not_required_with_the_reasons_and_the_name(office: Office) -> None:
    duty = office.duty(office.decided(Risk.UNLIKELY))
    assert duty.status is DutyStatus.NOT_REQUIRED
    assert duty.ground is not None
    assert (duty.ground.by, duty.ground.because) == (DELEGATE, "Vi bedömer risken så här: unlikely.")


@pytest.mark.parametrize(
    "level, letters",
    [(Risk.UNLIKELY, DutyStatus.NOT_REQUIRED), (Risk.RISK, DutyStatus.NOT_REQUIRED), (Risk.HIGH, DutyStatus.OWED)],
)
def test_only_a_high_risk_asks_for_letters(office: Office, level: Risk, letters: DutyStatus) -> None:
    assert office.duty(office.decided(level), "gdpr.34.1").status is letters


def test_who_decides_while_somebody_else_writes_is_told_and_nothing_is_half_written(office: Office) -> None:
    case = office.known()
    rival = office.next_door()
    here = office.with_parts(
        timeline=interrupted(office.world.timeline, lambda: rival.facts(case, THREAT, when="2023-04-26 10.00"))
    )
    with pytest.raises(TimelineConflict, match="Somebody else wrote"):
        here.decide(case, Risk.UNLIKELY, when="2023-04-26 10.15")
    written = office.words(case)
    assert "risk_decided" not in written
    assert "facts_established" in written
    here.decide(case, Risk.RISK, when="2023-04-26 10.20")
    assert office.incident(case).decision is not None


def test_a_threat_after_an_unlikely_risk_starts_the_clock_anew(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    duty = office.duty(case)
    assert (duty.status, duty.since, duty.due_at) == (DutyStatus.OWED, at("2023-05-09 11.00"), at("2023-05-12 11.00"))


def test_the_clock_runs_from_when_the_new_facts_were_known_not_from_when_they_were_written_down(
    office: Office,
) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.facts(case, THREAT, known_at="2023-05-09 11.00", when="2023-05-10 09.00", trigger=Trigger.THREAT_TO_PUBLISH)
    assert office.duty(case).due_at == at("2023-05-12 11.00")


def test_a_threat_after_the_filing_leaves_the_first_clock_alone(office: Office) -> None:
    case = office.notified()
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    duty = office.duty(case)
    assert (duty.status, duty.due_at) == (DutyStatus.FULFILLED, DUE)


@pytest.mark.parametrize("level", [Risk.RISK, Risk.HIGH])
def test_a_threat_before_the_filing_leaves_a_running_clock_alone(office: Office, level: Risk) -> None:
    case = office.decided(level, when="2023-04-25 09.00")
    office.facts(case, THREAT, when="2023-04-26 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    assert office.duty(case).due_at == DUE


def test_a_threat_before_anybody_has_decided_leaves_the_clock_alone(office: Office) -> None:
    case = office.known()
    office.facts(case, THREAT, when="2023-04-26 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    assert office.duty(case).due_at == DUE


def test_a_second_trigger_before_the_new_decision_does_not_move_the_clock_again(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    office.facts(case, Facts(own_data_published=True), when="2023-05-11 16.00", trigger=Trigger.OWN_DATA_FOUND)
    assert office.duty(case).due_at == at("2023-05-12 11.00")


def test_after_the_threat_the_decision_is_open_and_the_letters_are_undecided(office: Office) -> None:
    case = office.notified()
    incident = office.facts(case, THREAT, when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH)
    assert incident.decision is None
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.UNDECIDED


def test_ordinary_new_facts_leave_the_decision_alone(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    office.facts(case, Facts(backup_available=True), when="2023-05-02 14.00")
    assert office.duty(case).status is DutyStatus.NOT_REQUIRED


@pytest.mark.parametrize("level", [None, Risk.UNLIKELY, Risk.RISK])
def test_there_is_nothing_to_except_from_without_a_high_risk(office: Office, level: Risk | None) -> None:
    case = office.decided(level) if level else office.known()
    with pytest.raises(StepOutOfOrder, match="no duty to except from"):
        office.excepted(case, "gdpr.34.3.c", when="2023-05-11 17.45")
    assert "exception_invoked" not in office.words(case)


def test_the_officer_invokes_no_exception(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    with pytest.raises(NotEntitled):
        office.excepted(case, "gdpr.34.3.a", when="2023-05-11 17.45", by=OFFICER)


@pytest.mark.parametrize("provision", ["gdpr.34.3.a", "gdpr.34.3.b"])
def test_an_exception_excuses_the_letters_with_its_reasons(office: Office, provision: str) -> None:
    case = office.decided(Risk.HIGH)
    office.facts(case, SAFE, when="2023-05-11 17.00")
    office.excepted(case, provision, when="2023-05-11 17.45", evidence="Serverns logg")
    duty = office.duty(case, "gdpr.34.1")
    assert duty.status is DutyStatus.EXCUSED
    assert duty.ground is not None
    assert (duty.ground.provision, duty.ground.by) == (provision, DELEGATE)


@pytest.mark.parametrize("unshown", ["encrypted", "key_safe", "availability_loss"])
def test_data_are_not_called_unintelligible_unless_the_facts_show_it(office: Office, unshown: str) -> None:
    case = office.decided(Risk.HIGH)
    office.facts(case, SAFE.model_copy(update={unshown: None}), when="2023-05-11 17.00")
    with pytest.raises(MissingParticular, match=unshown):
        office.excepted(case, "gdpr.34.3.a", when="2023-05-11 17.45")
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.OWED


def test_a_high_risk_is_not_called_gone_without_evidence(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    with pytest.raises(MissingParticular, match="no evidence"):
        office.excepted(case, "gdpr.34.3.b", when="2023-05-11 17.45")
    assert "exception_invoked" not in office.words(case)


def test_a_public_notice_instead_of_letters_is_still_owed_until_it_is_out(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.excepted(case, "gdpr.34.3.c", when="2023-05-11 17.45")
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.OWED


def test_new_facts_take_an_exception_away_with_the_decision_it_rested_on(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.facts(case, SAFE, when="2023-05-11 17.00")
    office.excepted(case, "gdpr.34.3.a", when="2023-05-11 17.45")
    office.facts(case, Facts(key_safe=False), when="2023-05-21 09.00", trigger=Trigger.KEY_COMPROMISED)
    office.decide(case, Risk.HIGH, when="2023-05-21 10.00")
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.OWED
