from datetime import timedelta

import pytest

from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import NotEntitled, StepOutOfOrder, TimelineConflict, UnknownReference
from models.facts import Facts, Trigger
from models.regime import Regime
from tests.fakes import interrupted
from tests.services.office import AGENCY, AWARE, BOARD, DUE, FACTS, NOTIFICATION, PROCESSOR, THREAT, Office, at


def test_a_report_opens_a_case_with_a_reference_of_its_year_and_no_duty_yet(office: Office) -> None:
    case = office.report()
    assert case == "INC-2023-0001"
    assert office.words(case) == ["breach_reported"]


def test_each_party_of_a_happening_has_a_case_of_its_own(office: Office) -> None:
    cases = [office.report(party, by=by) for party, by in ((BOARD, "sara.exempel"), (AGENCY, "maja.modell"))]
    assert cases == ["INC-2023-0001", "INC-2023-0002"]


def test_the_same_notice_taken_in_twice_opens_one_case(office: Office) -> None:
    first = office.report()
    assert office.report(when="2023-04-25 08.00", summary="Samma sak igen.") == first
    assert office.words(first) == ["breach_reported"]


def test_another_happening_is_another_case_for_the_same_party(office: Office) -> None:
    assert office.report() != office.report(family="journal-2023")


def test_a_controller_nobody_knows_opens_nothing(office: Office) -> None:
    with pytest.raises(UnknownReference, match="There is no controller kommunfullmaktige"):
        office.report("kommunfullmaktige")
    assert office.world.timeline.incidents() == ()


def test_a_person_nobody_knows_opens_nothing(office: Office) -> None:
    with pytest.raises(UnknownReference, match=r"okand\.person"):
        office.report(by="okand.person")
    assert office.world.timeline.incidents() == ()


def test_a_processor_cannot_name_a_controller_nobody_knows(office: Office) -> None:
    with pytest.raises(UnknownReference, match="kommunfullmaktige"):
        office.report(PROCESSOR, by="ida.pahitt", concerned=(BOARD, "kommunfullmaktige"))
    assert office.world.timeline.incidents() == ()


def test_two_intakes_at_the_same_moment_open_one_case_and_the_second_is_told(office: Office) -> None:
    here = office.with_parts(timeline=interrupted(office.world.timeline, office.next_door().report))
    with pytest.raises(TimelineConflict):
        here.report()
    assert office.world.timeline.incidents() == ("INC-2023-0001",)
    assert office.report() == "INC-2023-0001"


def test_awareness_starts_the_clock_and_the_engine_states_the_duties_in_the_same_breath(office: Office) -> None:
    case = office.report()
    office.aware(case)
    assert office.words(case) == ["breach_reported", "awareness_established", "duties_determined"]
    assert office.duty(case).due_at == DUE == AWARE + timedelta(hours=72)
    stated = office.incident(case).duties_stated
    assert stated is not None
    assert stated.recorded_by == "timglas"


def test_nobody_becomes_aware_in_the_future(office: Office) -> None:
    case = office.report()
    with pytest.raises(StepOutOfOrder, match="has not come yet"):
        office.aware(case, at("2023-04-24 16.36"), when="2023-04-24 16.35")
    assert office.words(case) == ["breach_reported"]


def test_awareness_cannot_be_established_twice_only_corrected(office: Office) -> None:
    case = office.report()
    office.aware(case)
    with pytest.raises(StepOutOfOrder, match="correct it"):
        office.aware(case, at("2023-04-24 17.00"), when="2023-04-24 17.30")
    assert office.duty(case).due_at == DUE


def test_a_case_nobody_opened_is_unknown(office: Office) -> None:
    with pytest.raises(UnknownReference, match="INC-2023-0099"):
        office.aware("INC-2023-0099", by="sara.exempel")


def test_somebody_from_another_organisation_cannot_start_our_clock(office: Office) -> None:
    case = office.report()
    with pytest.raises(NotEntitled, match=r"maja\.modell"):
        office.aware(case, by="maja.modell")


def test_corrected_awareness_moves_the_time_limit_and_keeps_the_old_one_on_record(office: Office) -> None:
    case = office.known()
    earlier = at("2023-04-24 11.05")
    incident = office.correct_awareness(case, earlier, when="2023-04-25 09.00")
    assert office.duty(case).due_at == earlier + timedelta(hours=72)
    assert incident.aware_at == earlier
    first = office.history(case)[1]
    correction = next(event for event in office.history(case) if event.type == "awareness_corrected.v1")
    assert (first.type, first.occurred_at) == ("awareness_established.v1", AWARE)
    assert (correction.supersedes, correction.because) == (2, "Mejlet låg i en annan brevlåda först.")


def test_a_second_correction_supersedes_the_first(office: Office) -> None:
    case = office.known()
    office.correct_awareness(case, at("2023-04-24 11.05"), when="2023-04-25 09.00")
    office.correct_awareness(case, at("2023-04-24 12.05"), when="2023-04-25 10.00")
    corrections = [event for event in office.history(case) if event.type == "awareness_corrected.v1"]
    assert office.history(case)[corrections[1].supersedes - 1] == corrections[0]


def test_awareness_corrected_far_back_makes_the_case_overdue_at_once(office: Office) -> None:
    case = office.known()
    office.correct_awareness(case, at("2023-04-20 09.00"), when="2023-04-25 09.00")
    assert office.duty(case).is_overdue(at("2023-04-25 09.00"))


def test_awareness_is_corrected_neither_before_it_exists_nor_into_the_future(office: Office) -> None:
    case = office.report()
    with pytest.raises(StepOutOfOrder, match="Awareness has not been established"):
        office.correct_awareness(case, AWARE, when="2023-04-25 09.00")
    office.aware(case)
    with pytest.raises(StepOutOfOrder, match="has not come yet"):
        office.correct_awareness(case, at("2023-04-25 09.01"), when="2023-04-25 09.00")
    assert office.duty(case).due_at == DUE


def test_awareness_corrected_backwards_after_the_filing_shows_that_it_was_late(office: Office) -> None:
    case = office.notified(when="2023-04-27 15.00")
    assert office.duty(case).late_by is None
    office.correct_awareness(case, at("2023-04-24 13.00"), when="2023-05-02 09.00")
    assert office.duty(case).late_by == timedelta(hours=2)


def test_awareness_corrected_forwards_after_the_filing_excuses_nothing(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-27 15.00")
    office.file(case, when="2023-04-27 18.10", delay_reasons="Mejlet låg i en annan brevlåda.")
    office.correct_awareness(case, at("2023-04-25 08.00"), when="2023-05-02 09.00")
    assert office.duty(case).late_by == timedelta(hours=2)


def test_facts_bring_the_engines_advice_with_its_reasons(office: Office) -> None:
    case = office.known()
    advice = office.incident(case).advice
    assert advice is not None
    assert advice.because
    assert advice.recorded_by == "timglas"


def test_facts_that_change_nothing_bring_no_new_advice(office: Office) -> None:
    case = office.known()
    office.facts(case, FACTS, when="2023-04-25 10.00")
    assert office.words(case).count("risk_assessed") == 1
    assert office.words(case).count("facts_established") == 2


def test_facts_may_be_known_before_awareness_and_owe_nothing(office: Office) -> None:
    case = office.report()
    office.facts(case, when="2023-04-24 16.30")
    assert "duties_determined" not in office.words(case)


def test_facts_are_not_known_before_they_are(office: Office) -> None:
    case = office.decided(Risk.UNLIKELY)
    with pytest.raises(StepOutOfOrder, match="has not come yet"):
        office.facts(
            case, THREAT, known_at="2023-05-09 11.01", when="2023-05-09 11.00", trigger=Trigger.THREAT_TO_PUBLISH
        )
    assert office.incident(case).reopened_by is None


def test_a_processors_case_gets_no_advice_about_risk_for_that_is_the_controllers(office: Office) -> None:
    case = office.known(PROCESSOR, by="ida.pahitt", concerned=(BOARD,))
    assert "risk_assessed" not in office.words(case)
    assert [stated.provision for stated in office.incident(case).duties_stated.duties] == ["gdpr.33.2"]  # type: ignore[union-attr]


def test_a_corrected_fact_replaces_the_old_one_and_withdrawn_ones_are_unknown_again(office: Office) -> None:
    case = office.known()
    line = office.words(case).index("facts_established") + 1
    incident = office.correct_facts(
        case, line, Facts(malicious=False), withdrawn=("n_subjects", "cause"), when="2023-04-25 10.00"
    )
    assert (incident.facts.malicious, incident.facts.n_subjects, incident.facts.cause) == (False, None, None)
    assert incident.facts.what_happened == FACTS.what_happened
    assert office.history(case)[line - 1].facts == FACTS


@pytest.mark.parametrize("line", [0, 1, 2, 99])
def test_a_correction_names_a_line_that_states_facts(office: Office, line: int) -> None:
    case = office.known()
    before = office.history(case)
    with pytest.raises(UnknownReference, match=f"Line {line} "):
        office.correct_facts(case, line, Facts(malicious=False), when="2023-04-25 10.00")
    assert office.history(case) == before


def test_under_the_security_protection_act_nothing_is_owed_here_and_no_content_is_kept(office: Office) -> None:
    case = office.known()
    office.regime(case, Regime.SECURITY_PROTECTION, when="2023-04-25 09.00")
    assert office.incident(case).duties_stated.duties == ()  # type: ignore[union-attr]
    with pytest.raises(StepOutOfOrder, match="Security Protection Act"):
        office.facts(case, when="2023-04-25 10.00")
    assert "facts_established" not in office.words(case)[office.words(case).index("regime_determined") :]


def test_where_the_law_enforcement_act_applies_the_duties_stand_with_that_ground(office: Office) -> None:
    case = office.known()
    office.regime(case, Regime.LAW_ENFORCEMENT, when="2023-04-25 09.00")
    duty = office.duty(case)
    assert duty.status is DutyStatus.NOT_REQUIRED
    assert duty.ground is not None
    assert duty.ground.provision == "se.brottsdatalagen.3.9"
