"""The register of Article 33(5): what stands in it about each kind of case, and which cases a selection holds."""

from datetime import date
from typing import Any

import pytest

from models.breach_events import Risk
from models.breach_register import Entry, Selection, Standing
from models.duty import DutyStatus
from models.facts import Cause, Facts
from models.filing_events import Way
from models.regime import Answers
from services.case.close_incident import close_incident
from services.case.correct_awareness import correct_awareness
from services.case.decide_risk import decide_risk
from services.case.determine_regime import determine_regime
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.case.report_breach import report_breach
from services.case.rule_out_breach import rule_out_breach
from services.documents.approve_letter import approve_letter
from services.documents.draft_letter import draft_letter
from services.documents.drafts import NOTIFICATION
from services.evidence.breach_register import entries
from services.filing.submit_notification import submit_notification
from services.ports.world import World
from tests.services.office import FACTS
from tests.small_world import BOARD, OFFICER, PROCESSOR, Desk, at, small_world

MUCH_LATER = "2027-01-01 12.00"


@pytest.fixture
def world() -> World:
    return small_world()


def reported(world: World, when: str = "2026-03-02 10.00", party: str = BOARD, **given: Any) -> Desk:
    by = OFFICER if party == BOARD else "ida.pahitt"
    told = {"summary": "Ett brev kom fel.", "source": "En kollega", "reported_at": at(when), **given}
    family = f"händelse {len(world.timeline.incidents())}"
    return Desk(world, report_breach(party, family=family, by=by, now=at(when), world=world, **told), at(when))


def aware(world: World, when: str = "2026-03-02 10.00", facts: Facts = FACTS, **given: Any) -> Desk:
    desk = reported(world, when, **given)
    desk.do(establish_awareness, aware_at=at(when), evidence="Mejlet", reasoning="Brevet är öppnat.")
    desk.do(establish_facts, facts=facts, source="Kollegan", known_at=at(when), trigger=None)
    return desk


def notified(world: World, filed: str, when: str = "2026-03-02 10.00", why: str | None = None) -> Desk:
    desk = aware(world, when)
    desk.decide(decide_risk, level=Risk.RISK, reasoning="Det går inte att utesluta.", officer_advice="Anmäl.")
    desk.do(draft_letter, letter=NOTIFICATION, issue_at=desk.now)
    desk.decide(approve_letter, letter=NOTIFICATION, sha256=desk.incident.drafts[NOTIFICATION].sha256)
    desk.do(submit_notification, when=filed, filed_at=at(filed), way=Way.E_SERVICE, delay_reasons=why)
    return desk


def entry(world: World, now: str = MUCH_LATER) -> Entry:
    (found,) = chosen(world, now=now)
    return found


def chosen(world: World, now: str = MUCH_LATER, **selected: Any) -> list[Entry]:
    return [*entries(world.timeline.histories(), Selection(**selected), now=at(now), world=world)]


def test_a_suspicion_that_was_ruled_out_stays_in_the_register_with_its_reasons(world: World) -> None:
    reported(world).decide(rule_out_breach, reasoning="Brevet var tomt.")
    found = entry(world)
    assert (found.standing, found.ruled_out_because) == (Standing.RULED_OUT, "Brevet var tomt.")
    assert (found.is_open, found.is_late, found.open_duties) == (False, False, ())


def test_a_suspicion_that_nobody_has_settled_is_open_and_never_late(world: World) -> None:
    reported(world)
    found = entry(world)
    assert (found.standing, found.is_open, found.is_late) == (Standing.SUSPECTED, True, False)


def test_what_was_not_notified_stands_there_with_facts_effects_action_and_why(world: World) -> None:
    desk = aware(world)
    desk.decide(decide_risk, level=Risk.UNLIKELY, reasoning="Brevet var inte öppnat.", officer_advice="Jag håller med.")
    found = entry(world)
    assert found.notification is DutyStatus.NOT_REQUIRED
    assert found.not_notified_because == found.not_informed_because == "Brevet var inte öppnat."
    assert found.officer_advice == "Jag håller med."
    assert found.facts.measures_taken
    assert found.undocumented == ()


def test_what_article_33_5_demands_and_nobody_has_stated_is_named(world: World) -> None:
    aware(world, facts=Facts(what_happened="Ett brev kom fel."))
    assert entry(world).undocumented == ("effects", "remedial_action")


def test_hours_count_to_the_filing_and_what_is_late_by_a_second_is_never_in_time(world: World) -> None:
    notified(world, "2026-03-05 10.00")
    in_time = entry(world)
    assert (in_time.hours, in_time.late_hours) == (72, None)
    other = small_world()
    notified(other, "2026-03-05 10.00.01", why="Det tog tid.")
    late = entry(other)
    assert (late.hours, late.late_hours, late.delay_reasons) == (72.01, 0.01, "Det tog tid.")


def test_who_has_not_notified_is_late_once_the_time_limit_has_run_out(world: World) -> None:
    aware(world)
    assert entry(world, now="2026-03-05 10.00").late_hours is None
    assert entry(world, now="2026-03-05 11.30").late_hours == 1.5
    assert "försenad sedan 2026-03-05 10.00" in entry(world, now="2026-03-05 11.30").open_duties[0]


def test_earlier_decisions_are_kept_beside_the_one_that_stands(world: World) -> None:
    desk = aware(world)
    desk.decide(decide_risk, level=Risk.RISK, reasoning="Det går inte att utesluta.", officer_advice="Anmäl.")
    desk.decide(
        decide_risk,
        when="2026-03-03 10.00",
        level=Risk.HIGH,
        reasoning="Brevet är spritt.",
        officer_advice="Informera.",
    )
    found = entry(world)
    assert (found.risk, found.reasoning, found.decided_by) == (Risk.HIGH, "Brevet är spritt.", "HR-direktör")
    assert found.earlier_decisions == ("2026-03-02 10.00, HR-direktör: risk. Det går inte att utesluta.",)


def test_a_processor_has_an_entry_without_a_notification_of_its_own(world: World) -> None:
    desk = reported(world, party=PROCESSOR, concerned=(BOARD,))
    desk.do(
        establish_awareness, by="ida.pahitt", aware_at=at("2026-03-02 10.00"), evidence="Samtal", reasoning="Bekräftat."
    )
    found = entry(world)
    assert (found.owed_as, found.notification, found.undocumented) == ("processor", None, ())
    assert found.open_duties == (
        "Underrättelse till den personuppgiftsansvarige (artikel 33.2): ska göras",
        "Underrättelse enligt avtal: ska göras, försenad sedan 2026-03-03 10.00",
    )


def test_of_what_falls_under_the_protective_security_act_the_register_tells_nothing(world: World) -> None:
    desk = aware(world)
    desk.do(determine_regime, answers=Answers(security_sensitive=True), reasoning="Anläggningen är skyddsvärd.")
    found = entry(world)
    assert (found.standing, found.title) == (Standing.KEPT_ELSEWHERE, "Incident som hanteras i annan ordning")
    assert (found.facts, found.summary, found.family, found.reasoning) == (Facts(), None, "", None)
    assert not {"brev", "skyddsvärd"} & set(found.model_dump_json().lower().split())


@pytest.mark.parametrize("standing", Standing)
def test_a_title_tells_no_more_than_that_something_happened(world: World, standing: Standing) -> None:
    from letters.breach_register import neutral_title

    assert set(neutral_title(standing).split()) <= {
        "Personuppgiftsincident",
        "Misstänkt",
        "personuppgiftsincident",
        "personuppgiftsincident,",
        "avskriven",
        "Incident",
        "som",
        "hanteras",
        "i",
        "annan",
        "ordning",
    }


def test_a_case_counts_to_the_year_of_awareness_in_swedish_time_and_without_it_of_the_report(world: World) -> None:
    aware(world, "2025-12-31 23.59")
    aware(world, "2026-01-01 00.01")
    reported(world, "2025-12-31 23.59", reported_at=at("2025-12-31 23.58"))
    assert [found.incident for found in chosen(world, year=2025)] == ["INC-2025-0001", "INC-2025-0003"]
    assert [found.counted_on for found in chosen(world, year=2026)] == [date(2026, 1, 1)]


def test_a_corrected_awareness_moves_the_case_to_its_year(world: World) -> None:
    desk = aware(world, "2026-01-01 00.01")
    desk.do(
        correct_awareness,
        when="2026-01-02 10.00",
        aware_at=at("2025-12-31 22.00"),
        because="Mejlet kom redan då.",
        evidence="Loggen",
    )
    assert [len(chosen(world, year=year)) for year in (2025, 2026)] == [1, 0]


def test_a_selection_holds_what_agrees_with_all_of_it(world: World) -> None:
    notified(world, "2026-03-03 10.00")
    aware(world, "2026-05-01 10.00", facts=Facts(cause=Cause.HUMAN_FACTOR))
    reported(world, "2026-06-01 10.00").decide(rule_out_breach, reasoning="Inget.")

    def ids(**selected: Any) -> list[int]:
        return [int(found.incident[-1]) for found in chosen(world, **selected)]

    assert ids() == [1, 2, 3]
    assert ids(notified=True) == ids(cause=FACTS.cause) == [1]
    assert ids(notified=False) == [2, 3]
    assert ids(late=True) == ids(cause=Cause.HUMAN_FACTOR) == [2]
    assert ids(still_open=False) == ids(standing=Standing.RULED_OUT) == [3]
    assert ids(first=date(2026, 5, 1), last=date(2026, 5, 1)) == [2]
    assert ids(first=date(2026, 5, 2)) == [3]
    assert ids(parties=(BOARD,)) == [1, 2, 3]
    assert ids(parties=(PROCESSOR,)) == ids(notified=True, late=True) == []


def test_a_closed_case_has_its_lessons_and_nothing_open(world: World) -> None:
    desk = aware(world)
    desk.decide(decide_risk, level=Risk.UNLIKELY, reasoning="Ingen risk.", officer_advice="Jag håller med.")
    desk.decide(close_incident, when="2026-03-10 10.00", reasoning="Klart.", lessons="Dubbelkolla adressen.")
    found = entry(world)
    assert (found.standing, found.lessons, found.open_duties) == (Standing.CLOSED, "Dubbelkolla adressen.", ())
