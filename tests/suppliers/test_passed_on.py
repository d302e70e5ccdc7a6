"""A supplier without Timglas: its mail is passed on by a person, or typed in."""

from email.message import EmailMessage

import pytest

from models.facts import Facts, Quantity
from models.instants import parse_local as at
from services.due.questions import Kind, questions
from services.supply.pass_on_notice import note_notice
from tests.suppliers.installation import BOARD, OTHER, Installation

ARRIVED, READ = "2026-11-23 16.10", "2026-11-23 16.15"
SUPPLIERS_WORDS = "Vi har haft ett intrång. Vårt ärende: INC-2026-0001. Mvh Leverantören"


def passed_on(
    text: str = "", *, sender: str = "anna.exempel@exempelkommun.example", subject: str = "VB: Viktigt"
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "timglas@exempelkommun.example", subject
    mail.set_content(f"{text}\n\n-----Ursprungligt meddelande-----\n{SUPPLIERS_WORDS}")
    return mail.as_bytes()


def words(town: Installation) -> str:
    ((_, message), *_) = town.outgoing("@exempelkommun.example")
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_a_mail_that_the_delegate_passes_on_opens_the_case_of_her_board(town: Installation) -> None:
    town.receives(passed_on(), arrived=ARRIVED)
    town.reads(READ)
    (case,) = town.world.timeline.incidents()
    incident = town.incident(case)
    assert (incident.party, incident.report and incident.report.occurred_at) == (BOARD, at(ARRIVED))
    assert town.due(case, "gdpr.33.1") == at("2026-11-26 16.10")
    (received,) = incident.supply.received
    assert received.signed_by is None
    assert SUPPLIERS_WORDS.encode() in town.world.archive.read(case, f"fran-bitrade/{received.sha256[:16]}.eml")
    assert f"Ärende: {case}" in words(town)
    assert Kind.AWARENESS in {one.kind for one in questions(incident, book=town.world.book)}


def test_nothing_that_the_mail_says_stands_in_the_timeline(town: Installation) -> None:
    town.receives(passed_on("Det gäller Kalle Kula, tel 070-174 06 35"), arrived=ARRIVED)
    town.reads(READ)
    (case,) = town.world.timeline.incidents()
    stored = " ".join(payload for _, _, payload, _ in town.world.timeline.rows(case))
    assert "Kalle" not in stored
    assert "intrång" not in stored


def test_the_officer_of_several_boards_is_asked_which_one_and_nothing_is_opened(town: Installation) -> None:
    officer = "dataskyddsombud@exempelkommun.example"
    town.receives(passed_on(sender=officer), arrived=ARRIVED)
    town.reads(READ)
    assert town.world.timeline.incidents() == ()
    assert "Till: barn-och-utbildningsnamnden (Barn- och utbildningsnämnden i Exempelkommun)" in words(town)
    town.receives(passed_on(f"Till: {BOARD}\nTill: {OTHER}", sender=officer), arrived="2026-11-23 16.20")
    town.reads("2026-11-23 16.25")
    assert {town.incident(one).party for one in town.world.timeline.incidents()} == {BOARD, OTHER}


def test_the_board_that_the_text_names_need_not_be_asked_for(town: Installation) -> None:
    officer = "dataskyddsombud@exempelkommun.example"
    town.receives(passed_on("Gäller Barn- och utbildningsnämnden.", sender=officer), arrived=ARRIVED)
    town.reads(READ)
    assert [town.incident(one).party for one in town.world.timeline.incidents()] == [OTHER]


def test_a_case_number_in_the_suppliers_own_text_leads_nowhere_but_a_line_of_ones_own_does(town: Installation) -> None:
    town.receives(passed_on(), arrived=ARRIVED)
    town.reads(READ)
    town.receives(passed_on("Mer har kommit."), arrived="2026-11-23 17.00")
    town.receives(passed_on("Till ärende: INC-2026-0001"), arrived="2026-11-23 18.00")
    town.reads("2026-11-23 18.05")
    assert town.world.timeline.incidents() == ("INC-2026-0001", "INC-2026-0002")
    assert len(town.incident("INC-2026-0001").supply.received) == 2


@pytest.mark.parametrize(
    "sender, subject",
    [("nagon@annanstans.example", "VB: Viktigt"), ("anna.exempel@exempelkommun.example", "Lunch på torsdag")],
)
def test_what_a_stranger_sends_and_what_nobody_passed_on_opens_nothing(
    town: Installation, sender: str, subject: str
) -> None:
    town.receives(passed_on(sender=sender, subject=subject), arrived=ARRIVED)
    town.reads(READ)
    assert town.world.timeline.incidents() == ()
    assert town.aside() == ["not_understood"]


def test_the_same_mail_passed_on_twice_is_one_case_and_one_arrival(town: Installation) -> None:
    for _ in range(2):
        town.receives(passed_on(), arrived=ARRIVED)
        town.reads(READ)
    (case,) = town.world.timeline.incidents()
    assert len(town.incident(case).supply.received) == 1


def test_a_notice_that_is_typed_in_opens_the_case_and_the_next_one_goes_on_with_it(town: Installation) -> None:
    def typed(facts: Facts, arrived: str) -> str:
        return note_notice(
            BOARD,
            sender="Lönesystem AB",
            reference="SEC-1187",
            arrived_at=at(arrived),
            facts=facts,
            by="sara.exempel",
            now=at("2026-11-24 09.00"),
            world=town.world,
        )

    first = typed(Facts(n_subjects=Quantity(at_least=12, at_most=12)), ARRIVED)
    assert typed(Facts(n_subjects=Quantity(at_least=12, at_most=12)), ARRIVED) == first
    assert typed(Facts(threat_to_publish=True), "2026-11-24 08.00") == first
    incident = town.incident(first)
    assert (incident.facts.processor, incident.facts.threat_to_publish) == ("Lönesystem AB", True)
    assert [one.version for one in incident.supply.received] == [1, 2]
    assert town.due(first, "gdpr.33.1") == at("2026-11-26 16.10")
