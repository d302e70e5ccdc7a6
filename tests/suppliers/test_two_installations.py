import email.policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from letters.case_page import case_page
from letters.chain_times import chain_times
from models.breach_events import Risk
from models.facts import Facts, Quantity, Trigger
from models.instants import parse_local as at
from models.supply_events import Answered, Milestone, Tier
from services.case.decide_risk import decide_risk
from services.case.establish_awareness import establish_awareness
from services.case.establish_facts import establish_facts
from services.due.case_file import case_file
from services.due.questions import Kind, questions
from services.record import read
from services.supply.state_slices import Slice
from services.supply.state_tier_time import state_tier_time
from tests.suppliers.installation import ADDRESSES, BOARD, OTHER, Installation, Supplier

WHEN, ARRIVED, READ = "2026-11-23 16.05", "2026-11-23 16.10", "2026-11-24 07.30"
CASE = "INC-2026-0001"


def counted(number: int) -> Facts:
    return Facts(n_subjects=Quantity(at_least=number, at_most=number))


@pytest.fixture
def case(supplier: Supplier) -> str:
    case = supplier.happens(Slice(BOARD, counted(8431)), Slice(OTHER, counted(2107)), when="2026-11-23 13.20")
    supplier.informs(case, when=WHEN)
    return case


def told(supplier: Supplier, town: Installation) -> None:
    assert supplier.carries(town, *ADDRESSES.values(), arrived=ARRIVED) == 2
    assert town.reads(READ) == 2


def test_a_notice_opens_a_case_per_board_with_the_arrival_as_evidence_of_awareness(
    supplier: Supplier, town: Installation, case: str
) -> None:
    told(supplier, town)
    assert len(town.world.timeline.incidents()) == 2
    by_party = {town.incident(one).party: town.incident(one) for one in town.world.timeline.incidents()}
    assert {party: one.facts.n_subjects for party, one in by_party.items()} == {
        BOARD: Quantity(at_least=8431, at_most=8431),
        OTHER: Quantity(at_least=2107, at_most=2107),
    }
    incident = by_party[BOARD]
    assert incident.report is not None
    assert incident.report.occurred_at == at(ARRIVED)  # not when it was read
    assert town.due(incident.id, "gdpr.33.1") == at("2026-11-26 16.10")  # the worst case runs from the arrival
    asked = {one.kind: one for one in questions(incident, book=town.world.book)}
    assert asked[Kind.AWARENESS].advice["aware_at"] == "2026-11-23 16.10"
    assert asked[Kind.AWARENESS].advice["evidence"] == "Underrättelse version 1 från Rekryteringssystem AB"


def test_what_was_signed_is_kept_as_it_came(supplier: Supplier, town: Installation, case: str) -> None:
    told(supplier, town)
    name = f"fran-bitrade/rekryteringssystem-{case.lower()}-1"
    content, signature = (town.world.archive.read(CASE, f"{name}.{kind}") for kind in ("json", "sig"))
    assert supplier.world.archive.read(case, f"till-personuppgiftsansvariga/{BOARD}-1.json") == content
    key = supplier.world.signer.public_key
    assert town.world.signer.is_signed(content, signature.decode().strip(), key)
    (received,) = town.incident(CASE).supply.received
    assert received.signed_by == key


def test_the_confirmation_reaches_the_supplier_and_nobody_is_chased(
    supplier: Supplier, town: Installation, case: str
) -> None:
    told(supplier, town)
    assert town.carries(supplier, arrived="2026-11-23 16.12") == 2
    assert supplier.reads("2026-11-23 16.15") == 2
    assert supplier.answers(case) == {BOARD: Answered.SYSTEM, OTHER: Answered.SYSTEM}
    supplier.sweeps(case, "2026-11-24 09.00")
    assert supplier.incident(case).supply.chased == ()


def test_the_same_notice_twice_changes_nothing(supplier: Supplier, town: Installation, case: str) -> None:
    told(supplier, town)
    before = {one: len(town.history(one)) for one in town.world.timeline.incidents()}
    for content in [file.read_bytes() for file in supplier.sent.rglob("*.eml")]:
        town.receives(content + b"\r\n", arrived="2026-11-24 09.00")  # another copy of the message
    town.reads("2026-11-24 09.10")
    assert {one: len(town.history(one)) for one in town.world.timeline.incidents()} == before


def test_a_copy_that_turns_out_to_have_arrived_earlier_counts(
    supplier: Supplier, town: Installation, case: str
) -> None:
    told(supplier, town)
    (copy,) = [one for one in supplier.sent.rglob("*.eml") if b"kommunstyrelsen@" in one.read_bytes()]
    town.receives(copy.read_bytes() + b"\r\n", arrived="2026-11-23 16.06")
    town.reads("2026-11-24 09.00")
    first = town.incident(CASE).supply.first_arrival
    assert first is not None
    assert first.occurred_at == at("2026-11-23 16.06")
    (asked,) = [one for one in questions(town.incident(CASE), book=town.world.book) if one.kind is Kind.AWARENESS]
    assert asked.advice["aware_at"] == "2026-11-23 16.06"


@pytest.mark.parametrize(
    "before, after, why",
    [
        (b'"at_least": 8431', b'"at_least": 1', "NotApproved"),
        (b'"name": "Kommunstyrelsen"', b'"name": "Soci aln\xc3\xa4mnden"', "NotApproved"),
    ],
)
def test_a_tampered_notice_is_refused_put_aside_and_said_to_somebody_at_once(  # noqa: PLR0917
    supplier: Supplier, town: Installation, case: str, before: bytes, after: bytes, why: str
) -> None:
    ((_, message),) = supplier.outgoing(ADDRESSES[BOARD])
    town.receives(changed(message, before, after), arrived=ARRIVED)
    town.reads(READ)
    assert town.world.timeline.incidents() == ()
    assert town.aside() == [why]
    alarms = town.outgoing("@exempelkommun.example")
    assert "dataskyddsombud@exempelkommun.example" in [str(mail["To"]) for _, mail in alarms]
    body = alarms[0][1].get_body(("plain",))
    assert body is not None
    assert "ingen signatur som stämmer" in " ".join(body.get_content().split())


def test_a_notice_for_another_controller_is_refused_although_it_is_genuine(
    supplier: Supplier, town: Installation, case: str
) -> None:
    town.knows(
        town.world.register.model_copy(
            update={"controllers": tuple(one for one in town.world.register.controllers if one.id != OTHER)}
        ),
        by="sara.exempel",
    )
    supplier.carries(town, ADDRESSES[OTHER], arrived=ARRIVED)
    town.reads(READ)
    assert town.world.timeline.incidents() == ()
    assert town.aside() == ["UnknownReference"]


def test_the_key_of_another_supplier_opens_nothing(supplier: Supplier, town: Installation, case: str) -> None:
    stranger = town.world.signer.public_key  # anybody's key but the supplier's
    (processor,) = town.world.register.processors
    wrong = processor.model_copy(update={"signing_keys": (stranger,)})
    town.knows(town.world.register.model_copy(update={"processors": (wrong,)}), by="sara.exempel")
    supplier.carries(town, ADDRESSES[BOARD], arrived=ARRIVED)
    town.reads(READ)
    assert town.aside() == ["NotApproved"]


def test_what_the_board_has_counted_itself_stands_and_the_two_are_shown_side_by_side(
    supplier: Supplier, town: Installation, case: str
) -> None:
    told(supplier, town)
    establish_facts(
        CASE,
        facts=counted(8502),
        source="Vår egen statistik",
        known_at=at("2026-11-24 08.00"),
        by="sara.exempel",
        now=at("2026-11-24 08.00"),
        world=town.world,
    )
    supplier.states(case, Slice(BOARD, counted(8600)), when="2026-11-24 09.00")
    supplier.informs(case, BOARD, when="2026-11-24 09.10")
    supplier.carries(town, ADDRESSES[BOARD], arrived="2026-11-24 09.12")
    town.reads("2026-11-24 09.15")
    assert town.incident(CASE).facts.n_subjects == Quantity(at_least=8502, at_most=8502)
    page = case_page(case_file(read(CASE, town.world.timeline), town.world), steps=(), limits={})
    assert "| Antal registrerade | 8 502 | 8 600 (Rekryteringssystem AB) |" in page


@pytest.mark.parametrize(
    "stated, trigger",
    [
        (Slice(BOARD, counted(4000)), Trigger.SCOPE_NARROWED),
        (Slice(BOARD, counted(9000)), Trigger.WIDER_WINDOW),
        (Slice(BOARD, Facts(), unaffected=True), Trigger.OWN_DATA_NOT_FOUND),
    ],
    ids=["narrowed", "widened", "withdrawn"],
)
def test_a_change_of_scope_goes_out_and_demands_a_new_decision(
    supplier: Supplier, town: Installation, case: str, stated: Slice, trigger: Trigger
) -> None:
    told(supplier, town)
    aware_and_decided(town)
    assert town.incident(CASE).decision is not None
    supplier.states(case, stated, when="2026-11-25 09.00")
    supplier.informs(case, BOARD, when="2026-11-25 09.10")
    supplier.carries(town, ADDRESSES[BOARD], arrived="2026-11-25 09.12")
    town.reads("2026-11-25 09.15")
    incident = town.incident(CASE)
    assert incident.decision is None
    assert incident.reopened_by is not None
    assert (incident.reopened_by.trigger, incident.reopened_by.occurred_at) == (trigger, at("2026-11-25 09.12"))
    assert Kind.RISK in {one.kind for one in questions(incident, book=town.world.book)}


def test_a_threat_in_an_update_demands_one_too(supplier: Supplier, town: Installation, case: str) -> None:
    told(supplier, town)
    aware_and_decided(town)
    supplier.learns(case, Facts(threat_to_publish=True), when="2026-11-25 09.00")
    supplier.informs(case, when="2026-11-25 09.10")
    supplier.carries(town, *ADDRESSES.values(), arrived="2026-11-25 09.12")
    town.reads("2026-11-25 09.15")
    reopened = town.incident(CASE).reopened_by
    assert reopened is not None
    assert reopened.trigger is Trigger.THREAT_TO_PUBLISH


def test_an_update_that_is_overtaken_on_the_way_takes_nothing_back(
    supplier: Supplier, town: Installation, case: str
) -> None:
    told(supplier, town)
    for number, when in ((8800, "2026-11-24 09.00"), (8900, "2026-11-24 10.00")):
        supplier.states(case, Slice(BOARD, counted(number)), when=when)
        supplier.informs(case, BOARD, when=when.replace(".00", ".10"))
    second, third = (message.as_bytes() for _, message in supplier.outgoing(ADDRESSES[BOARD]))
    town.receives(third, arrived="2026-11-24 10.12")
    town.reads("2026-11-24 10.15")
    town.receives(second, arrived="2026-11-24 10.20")
    town.reads("2026-11-24 10.25")
    incident = town.incident(CASE)
    assert incident.facts.n_subjects == Quantity(at_least=8900, at_most=8900)
    assert [one.version for one in incident.supply.received] == [1, 3, 2]


def aware_and_decided(town: Installation) -> None:
    now = at("2026-11-24 08.00")
    establish_awareness(
        CASE,
        aware_at=at(ARRIVED),
        evidence="Underrättelse version 1",
        reasoning="Våra uppgifter finns där.",
        by="sara.exempel",
        now=now,
        world=town.world,
    )
    decide_risk(CASE, level=Risk.RISK, reasoning="Går inte att utesluta.", by="anna.exempel", now=now, world=town.world)


def changed(message: EmailMessage, before: bytes, after: bytes) -> bytes:
    """The same mail with its signed file altered, as somebody on the way would do it."""
    copy = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(message.as_bytes())
    for part in copy.walk():
        if part.get_filename() == "underrattelse.json":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            assert before in content
            part.set_content(content.replace(before, after), "application", "json", filename="underrattelse.json")
    return copy.as_bytes()


def states_time(supplier: Supplier, case: str, when: str, source: str, *, now: str) -> None:
    state_tier_time(
        case,
        tier=Tier.SUB_PROCESSOR,
        organisation="Drift AB",
        milestone=Milestone.DETECTED,
        not_before=at(when),
        not_after=at(when),
        source=source,
        by="leo.pahitt",
        now=at(now),
        world=supplier.world,
    )


def test_the_times_of_each_tier_reach_the_board_once_and_those_that_disagree_stand_side_by_side(
    supplier: Supplier, town: Installation, case: str
) -> None:
    states_time(supplier, case, "2026-11-23 06.15", "Drift AB:s logg", now="2026-11-23 17.00")
    supplier.informs(case, BOARD, when="2026-11-23 17.05")
    states_time(supplier, case, "2026-11-23 04.40", "Drift AB:s rapport", now="2026-11-23 19.00")
    supplier.informs(case, BOARD, when="2026-11-23 19.05")
    supplier.carries(town, ADDRESSES[BOARD], arrived="2026-11-23 19.10")
    town.reads("2026-11-23 19.15")
    held = town.incident(CASE).supply
    assert [(one.not_before, one.source, one.sender) for one in held.times] == [
        (at("2026-11-23 06.15"), "Drift AB:s logg", "Rekryteringssystem AB"),
        (at("2026-11-23 04.40"), "Drift AB:s rapport", "Rekryteringssystem AB"),
    ]
    found = {one.what: one for one in chain_times(held)}
    apart = found["Drift AB upptäckte det"]
    assert apart.disagree
    assert "kl. 04.40 enligt Drift AB:s rapport, i en underrättelse från Rekryteringssystem AB" in apart.said
    assert "kl. 06.15 enligt Drift AB:s logg" in apart.said
    aware = found["Rekryteringssystem AB fick kännedom"]
    assert "kl. 13.20 enligt underrättelse version 1" in aware.said
    assert not aware.disagree
    came = found["Underrättelse version 1 från Rekryteringssystem AB"].said
    assert "kl. 16.05" in came
    assert "kl. 19.10" in came
    page = case_page(case_file(read(CASE, town.world.timeline), town.world), steps=(), limits={})
    assert "## Tider i leverantörskedjan" in page
    assert page.count("Källorna säger olika.") == 1


def test_what_a_person_here_was_told_of_a_time_stands_beside_what_the_notice_says(
    supplier: Supplier, town: Installation, case: str
) -> None:
    states_time(supplier, case, "2026-11-23 06.15", "Drift AB:s logg", now="2026-11-23 17.00")
    supplier.informs(case, BOARD, when="2026-11-23 17.05")
    supplier.carries(town, ADDRESSES[BOARD], arrived="2026-11-23 17.10")
    town.reads("2026-11-23 17.15")
    state_tier_time(
        CASE,
        tier=Tier.SUB_PROCESSOR,
        organisation="Drift AB",
        milestone=Milestone.DETECTED,
        not_before=at("2026-11-22 22.00"),
        not_after=at("2026-11-22 22.00"),
        source="Drift AB per telefon",
        by="sara.exempel",
        now=at("2026-11-24 09.00"),
        world=town.world,
    )
    (found,) = [one for one in chain_times(town.incident(CASE).supply) if one.what == "Drift AB upptäckte det"]
    assert found.disagree
    assert "enligt Drift AB per telefon;" in found.said
