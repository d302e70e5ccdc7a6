"""One happening, many controllers: what is shared is written once in each case, what is decided never is."""

from datetime import date
from functools import partial

import pytest

from letters.family_page import family_page, family_view
from models.breach_events import Risk
from models.errors import UnknownReference
from models.facts import Facts, Trigger
from models.parties import Controller, Register
from models.regime import Answers
from services.case.determine_regime import determine_regime
from services.case.establish_family_facts import establish_family_facts
from services.case.family_board import family_named, members
from services.documents.drafts import NOTIFICATION
from services.filing.receive_order import receive_order
from tests.services.office import AGENCY, BOARD, FACTS, MANAGER, OFFICER, PROCESSOR, Office, at

FAMILY, WHEN, LATER = "rekrytering-2023", "2023-04-25 09.00", "2023-05-02 10.00"
THREATENED = Facts(threat_to_publish=True)


def nine_boards(office: Office) -> Office:
    """One municipality: nine boards, each a controller, one officer for all."""
    board = office.world.register.controller(BOARD)
    boards = [board] + [
        Controller.model_validate({**board.model_dump(), "id": f"namnd-{number}", "name": f"Nämnd {number}"})
        for number in range(2, 10)
    ]
    register = Register(
        controllers=tuple(boards), processors=office.world.register.processors, people=office.world.register.people
    )
    return office.with_parts(register=register)


def learns(office: Office, case: str, facts: Facts, by: str = OFFICER, trigger: Trigger | None = None) -> list[str]:
    told = establish_family_facts(
        case,
        facts=facts,
        source="Mejl från leverantören",
        known_at=at(WHEN),
        trigger=trigger,
        by=by,
        now=at(WHEN),
        world=office.world,
    )
    return [one.id for one in told]


def test_nine_boards_of_one_municipality_are_a_family_and_learn_with_one_append_each(office: Office) -> None:
    office = nine_boards(office)
    cases = [office.report(one.id) for one in office.world.register.controllers]
    before = {case: len(office.history(case)) for case in cases}
    assert sorted(learns(office, cases[4], THREATENED)) == sorted(cases)
    for case in cases:
        stated = [event for event in office.history(case)[before[case] :] if event.type == "facts_established.v1"]
        assert [(one.facts, one.source, one.for_family) for one in stated] == [
            (THREATENED, "Mejl från leverantören", True)
        ]
    assert len(members(FAMILY, office.world)) == len(cases)


def test_the_same_family_facts_again_are_not_written_twice(office: Office) -> None:
    case, other = office.report(BOARD), office.report("barn-och-utbildningsnamnden")
    learns(office, case, THREATENED)
    written = (office.history(case), office.history(other))
    learns(office, case, THREATENED)
    assert (office.history(case), office.history(other)) == written


def test_a_case_of_another_organisation_is_not_written_to(office: Office) -> None:
    case, strangers = office.report(BOARD), office.report(AGENCY, by="maja.modell")
    assert learns(office, case, THREATENED) == [case]
    assert office.incident(strangers).facts.threat_to_publish is None


def test_news_for_the_family_reopen_each_decision_and_take_none(office: Office) -> None:
    first, second = office.known(BOARD), office.known("barn-och-utbildningsnamnden")
    office.decide(first, Risk.RISK, when="2023-04-24 18.00")
    learns(office, first, THREATENED, trigger=Trigger.THREAT_TO_PUBLISH)
    assert office.incident(first).decision is None
    assert office.incident(first).reopened_by is not None
    assert office.incident(second).decisions == ()


@pytest.fixture
def decided_differently(office: Office) -> tuple[str, str]:
    """One board notifies, the other finds the risk unlikely; the processor has told both, and one has answered."""
    supplier = office.known(PROCESSOR, by=MANAGER, concerned=(BOARD, "barn-och-utbildningsnamnden", AGENCY))
    first, second = office.known(BOARD), office.report("barn-och-utbildningsnamnden")
    office.aware(second, at("2023-04-25 08.45"), when=WHEN)
    office.facts(second, FACTS.learn(Facts(financial_data=False)), when=WHEN)
    office.inform(supplier, when="2023-04-24 17.10")
    office.answered(supplier, BOARD, when="2023-04-24 18.00")
    office.decide(first, Risk.RISK, when="2023-04-25 10.00", reasoning="Vi vet inte vem som har uppgifterna.")
    office.decide(second, Risk.UNLIKELY, when="2023-04-25 11.00", reasoning="Våra konton var tomma.")
    office.explain(first, "records", when="2023-04-26 13.00")
    office.drafted(first, NOTIFICATION, when="2023-04-26 14.00")
    office.file(first, when="2023-04-26 15.20")
    return first, second


def test_the_board_tells_who_acknowledged_decided_and_notified_and_by_when(
    office: Office, decided_differently: tuple[str, str]
) -> None:
    first, second = decided_differently
    view = family_view(FAMILY, members(FAMILY, office.world))
    rows = {row.party: row for row in view.rows}
    assert len(rows) == 4  # the agency keeps no case here, but its supplier has told it
    own = rows["Kommunstyrelsen i Exempelkommun"]
    assert (own.incident, own.told, own.acknowledged) == (first, "2023-04-24 17.10", "2023-04-24 18.00")
    assert (own.notify_by, own.notified) == ("2023-04-27 16.10", "2023-04-26 15.20")
    other = rows["Barn- och utbildningsnämnden i Exempelkommun"]
    assert (other.incident, other.acknowledged, other.notify_by) == (second, "", "2023-04-28 08.45")
    assert (rows["Ordningsverket"].incident, rows["Ordningsverket"].told) == ("", "2023-04-24 17.10")


def test_the_board_says_what_differs_and_quotes_the_reasons(
    office: Office, decided_differently: tuple[str, str]
) -> None:
    view = family_view(FAMILY, members(FAMILY, office.world))
    risk, notified = view.decisions
    assert {take.answer: take.reasons[0][1] for take in risk.takes} == {
        "Risk": "Vi vet inte vem som har uppgifterna.",
        "Risken är osannolik": "Våra konton var tomma.",
    }
    assert [take.answer for take in notified.takes] == ["Inte anmäld", "Anmäld"]
    assert dict(notified.takes[0].reasons) == {"Barn- och utbildningsnämnden i Exempelkommun": "Våra konton var tomma."}
    page = family_page(view)
    assert "”Våra konton var tomma.”" in page
    assert page.count("Driftmiljön är avstängd.") == 1  # what all know stands there once


def test_what_the_authority_orders_one_of_them_stands_on_the_board_until_it_is_obeyed(
    office: Office, decided_differently: tuple[str, str]
) -> None:
    first, second = decided_differently
    decided = partial(
        receive_order, reference="IMY-2023-7801", received_at=at(LATER), by=OFFICER, now=at(LATER), world=office.world
    )
    decided(first, communicate_by=date(2023, 5, 12))
    decided(second, condition_met="gdpr.34.3.a")
    view = family_view(FAMILY, members(FAMILY, office.world))
    said = {row.incident: row.informed for row in view.rows}
    assert said[first] == "Förelagd, senast den 12 maj 2023"
    assert said[second] == "Behöver inte, enligt IMY"
    (informed,) = [one for one in view.decisions if one.question == "Information till de registrerade"]
    assert {take.answer for take in informed.takes} == {said[first], said[second]}
    assert {why for take in informed.takes for _, why in take.reasons} == {"IMY:s beslut IMY-2023-7801"}


def test_what_all_know_stands_apart_from_what_one_alone_has_stated(
    office: Office, decided_differently: tuple[str, str]
) -> None:
    view = family_view(FAMILY, members(FAMILY, office.world))
    assert "Vidtagna åtgärder" in dict(view.common)
    (lone,) = view.facts
    assert [(take.answer, len(take.parties)) for take in lone.takes] == [("Nej", 1), ("Okänt", 1)]


def test_a_family_is_found_by_its_name_or_by_one_of_its_cases(office: Office) -> None:
    case = office.report(BOARD)
    assert family_named(case, office.world) == family_named(FAMILY, office.world) == FAMILY
    with pytest.raises(UnknownReference, match="INC-2023-0999"):
        family_named("INC-2023-0999", office.world)


def test_a_case_that_is_kept_out_of_the_system_shows_nothing_of_its_content(office: Office) -> None:
    case, other = office.known(BOARD), office.known("barn-och-utbildningsnamnden")
    secret = Answers(security_sensitive=True)
    determine_regime(
        case, answers=secret, reasoning="Skyddsvärt.", by=OFFICER, now=at("2023-04-24 17.00"), world=office.world
    )
    assert learns(office, other, THREATENED) == [other]
    view = family_view(FAMILY, members(FAMILY, office.world))
    assert {row.incident: row.decided for row in view.rows} == {case: "", other: "Inte bedömd"}
    assert view.facts == ()
