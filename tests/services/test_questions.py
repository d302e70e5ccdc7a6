from datetime import date
from itertools import pairwise

from letters.case_page import question_page
from letters.citations import cited
from models.breach_events import Risk
from models.facts import Facts, Trigger
from services.documents.drafts import WITHDRAWAL
from services.due.case_file import case_file
from services.due.question import Kind, Question
from services.due.questions import questions
from services.filing.receive_order import receive_order
from services.record import read
from services.roles import PREPARES
from tests.services.office import (
    COMMUNICATION,
    DELEGATE,
    FACTS,
    NOTICE,
    NOTIFICATION,
    OFFICER,
    THREAT,
    Office,
    at,
    person,
)

ASKED = (("Hur många barn?", "2023-05-02 10.00"), ("Vilka loggar finns?", "2023-05-03 10.00"))


def asked(office: Office, case: str) -> dict[Kind, Question]:
    found = questions(office.incident(case), book=office.world.book)
    assert len({one.key for one in found}) == len(found)
    return {one.kind: one for one in found}


def test_a_suspicion_asks_which_law_applies_and_when_one_became_aware(office: Office) -> None:
    found = asked(office, office.report())
    assert set(found) == {Kind.REGIME, Kind.AWARENESS}
    assert found[Kind.AWARENESS].advice == {"aware_at": "2023-04-24 16.25"}


def test_awareness_asks_for_the_risk_by_the_time_limit_and_in_swedish(office: Office) -> None:
    case = office.known()
    found = asked(office, case)
    assert set(found) == {Kind.REGIME, Kind.RISK}
    assert found[Kind.RISK].name == f"Bedöm risk · {case} · senast torsdag 27 april kl. 16.10"


def test_the_risk_is_prefilled_with_the_advice_and_its_reasons(office: Office) -> None:
    case = office.known()
    advice = office.incident(case).advice
    assert advice is not None
    told = asked(office, case)[Kind.RISK].advice
    assert told["level"] == "Hög risk"
    assert all(cited(reason.citation) in told["reasoning"] for reason in advice.because)


def test_the_decision_is_the_delegates_then_the_stand_ins_and_the_law_is_for_the_officer_to_find(
    office: Office,
) -> None:
    case = office.known()
    party = office.world.register.party(office.incident(case).party)
    found = asked(office, case)
    assert found[Kind.RISK].whose(party) == (DELEGATE, "bo.exempel")
    assert found[Kind.REGIME].whose(party)[0] == OFFICER


def test_the_same_record_asks_the_same_and_new_facts_ask_anew(office: Office) -> None:
    case = office.known()
    before = asked(office, case)[Kind.RISK]
    assert asked(office, case)[Kind.RISK] == before
    office.facts(case, Facts(national_id_number=True), when="2023-04-25 09.00")
    after = asked(office, case)[Kind.RISK]
    assert after.place == before.place
    assert after.key != before.key


def test_a_corrected_awareness_asks_anew_because_the_deadline_stands_in_the_name(office: Office) -> None:
    case = office.known()
    before = asked(office, case)
    office.correct_awareness(case, at("2023-04-24 09.00"), when="2023-04-25 09.00")
    after = asked(office, case)
    assert all(after[kind].key != before[kind].key for kind in before)
    assert after[Kind.RISK].name.endswith("senast torsdag 27 april kl. 09.00")


def test_a_reminder_changes_no_question(office: Office) -> None:
    case = office.known()
    before = asked(office, case)
    office.sweep(case, at("2023-04-26 16.10"))
    assert "reminder_sent" in office.words(case)
    assert asked(office, case) == before


def test_a_decision_answers_and_new_facts_with_a_trigger_ask_again(office: Office) -> None:
    case = office.decided(Risk.RISK)
    assert Kind.RISK not in asked(office, case)
    office.facts(case, THREAT, when="2023-05-09 12.00", trigger=Trigger.THREAT_TO_PUBLISH)
    assert Kind.RISK in asked(office, case)


def test_a_drafted_text_waits_for_somebody_other_than_its_author(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.draft(case, NOTIFICATION, when="2023-04-26 14.00", by=DELEGATE)
    found = asked(office, case)[Kind.APPROVAL]
    assert (found.letter, found.author) == (NOTIFICATION, DELEGATE)
    assert found.whose(office.world.register.party(office.incident(case).party)) == ("bo.exempel",)
    assert found.name.startswith("Godkänn anmälan till IMY")


def test_an_approved_sheet_waits_to_be_filed_and_a_filed_one_does_not(office: Office) -> None:
    case = office.decided(Risk.RISK)
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    filing = asked(office, case)[Kind.FILING]
    assert filing.roles == PREPARES
    office.file(case, when="2023-04-26 15.20")
    found = asked(office, case)
    assert not {Kind.FILING, Kind.APPROVAL} & set(found)
    assert found[Kind.COPY].name == f"Spara kopian av anmälan · {case}"
    office.copy(case, when="2023-04-26 15.30")
    assert Kind.COPY not in asked(office, case)


def test_an_approved_withdrawal_waits_to_be_filed(office: Office) -> None:
    case = office.notified()
    office.decide(case, Risk.UNLIKELY, when="2023-05-03 09.00")
    office.draft(case, WITHDRAWAL, when="2023-05-03 09.30")
    assert asked(office, case)[Kind.APPROVAL].letter == WITHDRAWAL
    office.approve(case, WITHDRAWAL, when="2023-05-03 09.40")
    assert asked(office, case)[Kind.WITHDRAWAL].name == f"Registrera återkallelsen · {case}"


def test_each_question_of_the_authority_waits_for_its_own_answer(office: Office) -> None:
    case = office.notified()
    first, second = (office.asked(case, text, when=when) for text, when in ASKED)
    waiting = [one for one in questions(office.incident(case), book=office.world.book) if one.kind is Kind.AUTHORITY]
    assert [one.line for one in waiting] == [first, second]
    assert waiting[0].name.startswith("Svara på myndighetens fråga")
    assert Kind.CLOSING not in asked(office, case)
    office.replied(case, first, when="2023-05-05 10.00")
    assert asked(office, case)[Kind.AUTHORITY].line == second


def test_at_a_high_risk_somebody_is_asked_to_tell_the_people_or_say_why_not(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    assert Kind.COMMUNICATION in asked(office, case)
    office.excepted(case, "gdpr.34.3.c", when="2023-04-26 11.00")
    assert Kind.COMMUNICATION not in asked(office, case)


def test_an_approved_letter_makes_it_another_question(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    before = asked(office, case)[Kind.COMMUNICATION]
    office.drafted(case, COMMUNICATION, when="2023-04-26 12.00")
    assert asked(office, case)[Kind.COMMUNICATION].key != before.key


def test_when_everything_is_settled_the_case_is_to_be_closed_and_then_nothing_is_asked(office: Office) -> None:
    case = office.notified()
    found = asked(office, case)
    assert set(found) == {Kind.REGIME, Kind.CLOSING}
    assert found[Kind.CLOSING].name == f"Avsluta ärende · {case}"
    office.close(case, when="2023-05-24 10.00")
    assert asked(office, case) == {}


def test_a_file_with_holes_is_not_yet_to_be_closed(office: Office) -> None:
    case = office.report()
    office.aware(case)
    office.facts(case, FACTS.model_copy(update={"measures_taken": None}))
    office.decide(case, Risk.RISK, when="2023-04-26 10.15")
    office.drafted(case, NOTIFICATION, when="2023-04-26 14.00")
    office.file(case, when="2023-04-26 15.20")
    assert Kind.CLOSING not in asked(office, case)


def test_questions_come_in_the_order_of_a_case(office: Office) -> None:
    case = office.known()
    office.draft(case, NOTIFICATION, when="2023-04-26 14.00")
    order = [list(Kind).index(kind) for kind in asked(office, case)]
    assert all(earlier <= later for earlier, later in pairwise(order))


def ordered(office: Office, case: str) -> None:
    receive_order(
        case,
        reference="IMY-2023-99001",
        received_at=at("2023-05-15 09.00"),
        communicate_by=date(2023, 5, 22),
        by=OFFICER,
        now=at("2023-05-15 09.30"),
        world=office.world,
    )


def test_a_notice_that_was_out_before_the_order_does_not_keep_anybody_from_being_asked(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.drafted(case, NOTICE, when="2023-05-12 11.00")
    office.publish(case, when="2023-05-12 13.00")
    assert Kind.COMMUNICATION not in asked(office, case)
    ordered(office, case)
    assert Kind.COMMUNICATION in asked(office, case)
    office.excepted(case, "gdpr.34.3.c", when="2023-05-15 13.00")
    assert Kind.COMMUNICATION not in asked(office, case)


def test_an_order_after_the_letters_asks_for_a_new_one_to_everybody_and_that_one_fulfils_it(office: Office) -> None:
    case = office.ready_to_write([person(1)])
    office.release(case, when="2023-05-12 13.00")
    office.send(case, when="2023-05-12 13.05")
    assert Kind.COMMUNICATION not in asked(office, case)
    ordered(office, case)
    question = asked(office, case)[Kind.COMMUNICATION]
    assert question.due_at == office.duty(case, "gdpr.34.1").due_at
    above = question_page(case_file(read(case, office.world.timeline), office.world), kind="communication", whose=())
    assert "det ni har gått ut med kom före beslutet" in above
    assert "ingen har fått veta något än" not in above
    office.facts(case, Facts(told_news="Också ditt lösenord fanns i systemet. Byt det."), when="2023-05-15 10.30")
    office.drafted(case, COMMUNICATION, when="2023-05-15 11.00")
    assert asked(office, case)[Kind.COMMUNICATION].key != question.key
    office.release(case, when="2023-05-15 12.00")
    assert Kind.COMMUNICATION not in asked(office, case)
    office.send(case, when="2023-05-15 12.05")
    assert office.duty(case, "gdpr.34.1").fulfilled_at == at("2023-05-15 12.05")
    assert office.post.addresses == ["s0001@post.example", "s0001@post.example"]
