from datetime import timedelta

import pytest

from models.duty import DutyStatus
from models.errors import MissingParticular, NotApproved, NotEntitled, StepOutOfOrder, TimelineConflict
from models.events import Phase, Risk
from models.facts import Facts, Quantity
from tests.fakes import interrupted
from tests.services.office import FACTS, NOTIFICATION, SUPPLEMENT, Office, at


def ready(office: Office, *, drafted: str = "2023-04-26 14.00") -> str:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when=drafted)
    return case


def supplemented(office: Office) -> str:
    case = office.notified(complete=False)
    office.facts(case, Facts(n_records=Quantity(at_least=15000)), when="2023-05-02 14.00")
    office.drafted(case, SUPPLEMENT, when="2023-05-22 13.00")
    return case


def test_a_filing_in_time_fulfils_the_duty_at_the_moment_on_the_receipt(office: Office) -> None:
    case = ready(office)
    office.file(case, filed_at="2023-04-26 15.20", when="2023-04-26 15.25")
    duty = office.duty(case)
    assert (duty.status, duty.fulfilled_at, duty.late_by) == (DutyStatus.FULFILLED, at("2023-04-26 15.20"), None)


def test_what_was_filed_is_kept_as_it_was_approved(office: Office) -> None:
    case = ready(office)
    incident = office.file(case, when="2023-04-26 15.20")
    issued = [name for name in office.documents(case) if name.startswith("anmalan/")]
    assert issued == [f"anmalan/1-initial.{kind}" for kind in ("html", "pdf", "txt")]
    assert incident.filings[0].sha256 == incident.approvals[NOTIFICATION].sha256


def test_what_was_stated_is_what_was_known_when_the_sheet_was_drafted(office: Office) -> None:
    case = ready(office)
    office.facts(case, Facts(backup_available=True), when="2023-04-26 15.00")
    incident = office.file(case, when="2023-04-26 15.20")
    assert incident.filings[0].stated.backup_available is None
    office.draft(case, SUPPLEMENT, when="2023-04-27 10.00")


def test_nothing_is_filed_that_nobody_approved(office: Office) -> None:
    case = office.decided(Risk.RISK)
    with pytest.raises(NotApproved):
        office.file(case, when="2023-04-26 15.20")
    office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    with pytest.raises(NotApproved):
        office.file(case, when="2023-04-26 15.20")
    assert office.duty(case).status is DutyStatus.OWED
    assert not any(name.startswith("anmalan/") for name in office.documents(case))


def test_nothing_was_filed_in_the_future(office: Office) -> None:
    case = ready(office)
    with pytest.raises(StepOutOfOrder, match="has not come yet"):
        office.file(case, filed_at="2023-04-26 15.21", when="2023-04-26 15.20")


def test_somebody_from_another_organisation_does_not_file_for_us(office: Office) -> None:
    case = ready(office)
    with pytest.raises(NotEntitled):
        office.file(case, when="2023-04-26 15.20", by="maja.modell")


def test_a_filing_on_the_last_minute_is_in_time(office: Office) -> None:
    case = ready(office)
    office.file(case, when="2023-04-27 16.10")
    assert office.duty(case).late_by is None


def test_a_late_filing_states_its_reasons_or_is_not_registered(office: Office) -> None:
    case = ready(office)
    with pytest.raises(MissingParticular, match="late"):
        office.file(case, when="2023-04-27 16.11")
    assert "notification_submitted" not in office.words(case)
    assert not any(name.startswith("anmalan/") for name in office.documents(case))
    incident = office.file(case, when="2023-04-27 16.11", delay_reasons="Vi väntade på leverantören.")
    assert incident.delay is not None
    assert office.duty(case).late_by == timedelta(minutes=1)


def test_the_reasons_for_a_delay_and_the_filing_are_written_together_or_not_at_all(office: Office) -> None:
    case = ready(office)
    rival = office.next_door()
    here = office.with_parts(
        timeline=interrupted(
            office.world.timeline, lambda: rival.facts(case, Facts(children=False), when="2023-04-27 17.00")
        )
    )
    with pytest.raises(TimelineConflict):
        here.file(case, when="2023-04-27 17.10", delay_reasons="Vi väntade på leverantören.")
    assert not {"delay_explained", "notification_submitted"} & set(office.words(case))
    here.file(case, when="2023-04-27 17.10", delay_reasons="Vi väntade på leverantören.")
    assert office.words(case)[-3:] == ["delay_explained", "notification_submitted", "duties_determined"]


def test_a_filing_in_time_needs_no_reasons_and_keeps_none(office: Office) -> None:
    case = ready(office)
    incident = office.file(case, when="2023-04-26 15.20", delay_reasons="För säkerhets skull.")
    assert incident.delay is None


def test_the_first_notification_comes_only_once(office: Office) -> None:
    case = office.notified()
    with pytest.raises(StepOutOfOrder, match="only once"):
        office.file(case, when="2023-04-26 16.00")


def test_a_supplement_to_nothing_is_not_registered(office: Office) -> None:
    case = ready(office)
    with pytest.raises(StepOutOfOrder, match="comes first"):
        office.file(case, Phase.SUPPLEMENT, when="2023-04-26 15.20")


def test_an_incomplete_filing_is_not_called_complete_and_the_holes_are_named(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={"consequences_described": None, "measures_taken": None}))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    with pytest.raises(MissingParticular, match="likely_consequences, measures"):
        office.file(case, when="2023-04-26 15.20", complete=True)
    office.file(case, when="2023-04-26 15.20", complete=False)


def test_numbers_asked_for_where_possible_are_no_holes(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={"n_subjects": None, "n_records": None}))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20", complete=True)
    assert office.duty(case, "gdpr.33.4").status is DutyStatus.FULFILLED


def test_completeness_is_judged_by_the_sheet_not_by_what_was_learned_after_it(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={"measures_taken": None}))
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.facts(case, Facts(measures_taken=("Driftmiljön är avstängd.",)), when="2023-04-26 15.00")
    with pytest.raises(MissingParticular, match="measures"):
        office.file(case, when="2023-04-26 15.20", complete=True)


def test_an_incomplete_filing_owes_its_supplement_within_four_weeks(office: Office) -> None:
    duty = office.duty(office.notified(complete=False), "gdpr.33.4")
    assert (duty.status, duty.due_at) == (DutyStatus.OWED, at("2023-05-24 23.59"))


def test_a_complete_supplement_fulfils_it_and_the_first_stamp_never_moves(office: Office) -> None:
    case = supplemented(office)
    incident = office.file(case, Phase.SUPPLEMENT, when="2023-05-22 15.00", complete=True)
    assert office.duty(case, "gdpr.33.4").fulfilled_at == at("2023-05-22 15.00")
    assert office.duty(case).fulfilled_at == at("2023-04-26 15.20")
    assert [filing.phase for filing in incident.filings] == [Phase.INITIAL, Phase.SUPPLEMENT]
    assert "anmalan/2-supplement.pdf" in office.documents(case)


def test_a_supplement_that_leaves_holes_leaves_the_duty_open(office: Office) -> None:
    case = supplemented(office)
    office.file(case, Phase.SUPPLEMENT, when="2023-05-22 15.00", complete=False)
    assert office.duty(case, "gdpr.33.4").status is DutyStatus.OWED


def test_a_supplement_is_never_late_in_the_sense_that_asks_for_reasons(office: Office) -> None:
    case = supplemented(office)
    incident = office.file(case, Phase.SUPPLEMENT, when="2023-05-22 15.00", complete=True)
    assert incident.delay is None


def test_a_diary_number_needs_something_filed(office: Office) -> None:
    case = ready(office)
    with pytest.raises(StepOutOfOrder, match="Nothing has been filed"):
        office.acknowledged(case, "IMY-2023-99001", when="2023-04-28 11.00")


def test_the_diary_number_is_kept(office: Office) -> None:
    case = office.notified()
    assert office.acknowledged(case, "IMY-2023-99001", when="2023-04-28 11.00").diary_number == "IMY-2023-99001"


@pytest.mark.parametrize("number", ["IMY 2023-1", "imy-2023-1", "KS 2023/17", "IMY-2023-"])
def test_what_is_no_diary_number_is_refused(office: Office, number: str) -> None:
    case = office.notified()
    with pytest.raises(ValueError, match="diary_number"):
        office.acknowledged(case, number, when="2023-04-28 11.00")
    assert "notification_acknowledged" not in office.words(case)
