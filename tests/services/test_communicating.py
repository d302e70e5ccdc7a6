import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pymupdf
import pytest

from adapters.database.outbox import SqlOutbox
from models.breach_events import Risk
from models.communication_events import CommunicationCompleted
from models.delivery import Settlement
from models.duty import DutyStatus, Untold
from models.errors import (
    NotApproved,
    NotEntitled,
    StepOutOfOrder,
    TimelineConflict,
    TransientPostError,
)
from models.incident import Incident
from models.recipient import Channel, Dispatch, Guardian, Protection, Recipient
from services.people.communicate import communicate
from services.people.settle_uncertain import uncertain_of
from tests.fakes import PowerCut, cut_before_settling, later, refused, uncertain
from tests.services.office import COMMUNICATION, OFFICER, Office, at, person

RELEASED, SENT, LEASE_OVER = "2023-05-15 11.00", "2023-05-15 11.05", "2023-05-15 11.40"
PEOPLE = [
    *(person(number) for number in range(1, 7)),
    person(7, email=False),
    person(8, email=False, paper=False),
    person(9, protection=Protection.SECRECY_MARKED),
    person(10, protection=Protection.UNKNOWN, paper=False),
]


def released(office: Office, people: list[Recipient] = PEOPLE) -> str:
    case = office.ready_to_write(people)
    office.release(case, when=RELEASED)
    return case


def ends(office: Office, case: str) -> dict[str, int]:
    completed = office.incident(case).completed
    assert completed is not None
    counted = completed.model_dump(include={"emailed", "on_paper", "sealed", "unreachable", "uncertain"})
    return {name: count for name, count in counted.items() if count}


def in_doubt(office: Office, case: str) -> list[str]:
    return [doubt.dispatch.recipient for doubt in uncertain_of(office.incident(case), office.world)]


def said_in(office: Office, case: str, key: str) -> str:
    """What stands in the printed letter, read back from its sealed bytes."""
    started = office.incident(case).started
    assert started is not None
    (sheet,) = office.world.printed.read(started.communication, started.sha256, [key])
    pdf = office.world.printed.frame(sheet.frame).letter(sheet.content)
    return "".join(page.get_text() for page in pymupdf.open(stream=pdf)).replace("\u00a0", " ")


def test_nothing_is_released_without_an_approved_letter(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.load(case, PEOPLE)
    with pytest.raises(NotApproved):
        office.release(case, when=RELEASED)
    office.draft(case, COMMUNICATION, when="2023-05-12 11.00")
    with pytest.raises(NotApproved):
        office.release(case, when=RELEASED)
    assert "communication_started" not in office.words(case)


def test_nothing_is_released_to_nobody(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.drafted(case, COMMUNICATION, when="2023-05-12 11.00")
    with pytest.raises(StepOutOfOrder, match="nobody to write to"):
        office.release(case, when=RELEASED)


def test_the_officer_releases_nothing(office: Office) -> None:
    case = office.ready_to_write(PEOPLE)
    with pytest.raises(NotEntitled):
        office.release(case, when=RELEASED, by=OFFICER)


def test_somebody_from_another_organisation_loads_no_recipients(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    with pytest.raises(NotEntitled):
        office.load(case, PEOPLE, by="maja.modell")


def test_nothing_is_sent_before_the_release(office: Office) -> None:
    case = office.ready_to_write(PEOPLE)
    with pytest.raises(StepOutOfOrder, match="have not been released"):
        office.send(case, when=SENT)
    assert office.post.mails == []


def test_loading_the_list_again_adds_nobody(office: Office) -> None:
    case = office.ready_to_write(PEOPLE)
    assert office.load(case, PEOPLE) == len(PEOPLE)


def test_everyone_ends_in_exactly_one_place_and_the_sum_comes_out(office: Office) -> None:
    case = released(office)
    office.send(case, when=SENT)
    assert ends(office, case) == {"emailed": 6, "on_paper": 1, "sealed": 2, "unreachable": 1}
    assert office.post.addresses == [f"s{number:04}@post.example" for number in range(1, 7)]
    assert office.papers(case) == ["s0007"]
    assert office.papers(case, Channel.SEALED) == ["s0009", "s0010"]
    duty = office.duty(case, "gdpr.34.1")
    assert (duty.status, duty.untold) == (DutyStatus.OWED, Untold(unposted=3, unreachable=1)), "not told: four of ten"


def test_counts_that_do_not_add_up_are_no_end() -> None:
    counts = dict.fromkeys(("emailed", "on_paper", "sealed", "unreachable", "uncertain"), 1)
    stamp = {"occurred_at": at(SENT), "recorded_at": at(SENT), "recorded_by": "timglas", "communication": "x"}
    CommunicationCompleted.model_validate({**stamp, **counts, "recipients": 5})
    with pytest.raises(ValueError, match="6 recipients went in but 5 came out"):
        CommunicationCompleted.model_validate({**stamp, **counts, "recipients": 6})


def test_many_messages_go_over_one_connection(office: Office) -> None:
    case = released(office)
    office.send(case, when=SENT)
    assert office.post.connections == 1


def test_sending_again_sends_nothing_and_writes_nothing(office: Office) -> None:
    case = released(office)
    office.send(case, when=SENT)
    before = office.history(case), office.documents(case), list(office.post.mails)
    office.send(case, when="2023-05-16 10.00")
    office.release(case, when="2023-05-16 10.00")
    assert (office.history(case), office.documents(case), office.post.mails) == before


def test_a_refused_mail_becomes_a_letter_on_paper(office: Office) -> None:
    case = released(office)
    office.post.answers["s0003@post.example"] = refused()
    office.send(case, when=SENT)
    assert ends(office, case) == {"emailed": 5, "on_paper": 2, "sealed": 2, "unreachable": 1}
    assert office.papers(case) == ["s0003", "s0007"]


def test_who_has_neither_mailbox_nor_address_is_unreachable_and_counted(office: Office) -> None:
    case = released(office, [person(1, paper=False), person(2)])
    office.post.answers["s0001@post.example"] = refused()
    office.send(case, when=SENT)
    assert ends(office, case) == {"emailed": 1, "unreachable": 1}


def test_a_mail_put_off_is_tried_again_in_a_quarter_of_an_hour_and_the_rest_is_not(office: Office) -> None:
    case = released(office)
    office.post.answers["s0002@post.example"] = later()
    office.sweep(case, at(SENT))
    assert office.incident(case).completed is None
    assert office.world.timeline.next_at() == at(SENT) + timedelta(minutes=15)
    office.post.answers.clear()
    office.sweep(case, at("2023-05-15 11.20"))
    assert ends(office, case) == {"emailed": 6, "on_paper": 1, "sealed": 2, "unreachable": 1}
    letters = [mail.to for mail in office.post.mails if mail.to.endswith("@post.example")]
    assert Counter(letters).most_common(1)[0][1] == 1
    assert letters[-1] == "s0002@post.example"


def test_a_put_off_mail_that_is_then_refused_goes_on_paper(office: Office) -> None:
    case = released(office)
    office.post.answers["s0002@post.example"] = later()
    office.send(case, when=SENT)
    office.post.answers["s0002@post.example"] = refused()
    office.send(case, when="2023-05-15 11.20")
    assert "s0002" in office.papers(case)
    assert ends(office, case) == {"emailed": 5, "on_paper": 2, "sealed": 2, "unreachable": 1}


def test_an_uncertain_mail_is_told_to_a_person_and_never_sent_again_by_itself(office: Office) -> None:
    case = released(office)
    office.post.answers["s0002@post.example"] = uncertain()
    office.send(case, when=SENT)
    assert office.incident(case).completed is None, "nobody knows where it ended"
    assert office.incident(case).uncertain == 1
    assert in_doubt(office, case) == ["s0002"]
    office.post.answers.clear()
    office.send(case, when="2023-05-15 11.20")
    assert office.words(case).count("deliveries_uncertain") == 1, "it is told once"
    assert "s0002@post.example" not in office.post.addresses
    assert "s0002" not in office.papers(case)


def test_after_a_fault_the_old_connection_is_closed_before_a_new_one_is_opened(office: Office) -> None:
    case = released(office, [person(number) for number in range(1, 21)])
    office.post.answers = {f"s{number:04}@post.example": later() for number in range(1, 21)}
    office.send(case, when=SENT)
    assert office.post.most_open == 1


STRANGE = {"name": "Sökande 張"}


def test_whose_name_cannot_be_printed_is_out_of_reach_and_stops_nobodys_letter(office: Office) -> None:
    others = [person(number, email=False) for number in range(2, 5)]
    case = released(office, [person(1, email=False).model_copy(update=STRANGE), *others])
    office.send(case, when=SENT)
    assert office.papers(case) == ["s0002", "s0003", "s0004"]
    assert ends(office, case) == {"on_paper": 3, "unreachable": 1}
    told = office.incident(case).completed
    assert told is not None
    assert told.printed == 3, "nobody waits for a fourth to be posted"


def test_what_cannot_be_printed_and_has_another_end_already_is_not_tried_for_ever(office: Office) -> None:
    case = released(office, [person(1, email=False).model_copy(update=STRANGE)])
    started = office.incident(case).started
    assert started is not None
    sealed = Dispatch(communication=f"{started.communication}/post", recipient="s0001", letter_sha256=started.sha256)
    office.world.outbox.record([sealed], channel=Channel.SEALED, now=at(SENT))
    office.send(case, when=SENT)
    assert office.incident(case).completed is None, "the watch tells of a sending that does not come to its end"


def test_whose_name_a_later_list_writes_with_latin_letters_gets_the_letter_at_the_same_address(office: Office) -> None:
    known = person(1, email=False).model_copy(update={"number": "198112289875"})
    case = released(office, [known.model_copy(update=STRANGE)])
    office.send(case, when=SENT)
    office.load(case, [known.model_copy(update={"name": "Sökande Zhang"})], when="2023-05-16 09.00")
    office.release(case, when="2023-05-16 10.00")
    office.send(case, when="2023-05-16 10.05")
    assert ends(office, case) == {"on_paper": 1}


def test_a_server_nobody_can_reach_loses_nothing(office: Office) -> None:
    case = released(office)
    office.post.unreachable = True
    with pytest.raises(TransientPostError):
        office.send(case, when=SENT)
    assert office.incident(case).completed is None
    office.post.unreachable = False
    office.send(case, when="2023-05-15 11.20")
    assert ends(office, case) == {"emailed": 6, "on_paper": 1, "sealed": 2, "unreachable": 1}


@pytest.mark.parametrize("nth", [0, 1, 5])
def test_after_a_crash_nobody_is_written_to_twice_and_the_one_in_flight_is_uncertain(office: Office, nth: int) -> None:
    case = released(office)
    office.post.cut_at = nth
    with pytest.raises(PowerCut):
        office.send(case, when=SENT)
    office.next_door().send(case, when="2023-05-15 11.20")
    assert in_doubt(office, case) == [], "somebody may still be at it"
    office.next_door().send(case, when=LEASE_OVER)
    in_flight = f"s{nth + 1:04}"
    assert in_doubt(office, case) == [in_flight]
    assert f"{in_flight}@post.example" not in office.post.addresses
    assert max(Counter(office.post.addresses).values()) == 1
    office.settled(case, Settlement.ARRIVED, when=LEASE_OVER)
    office.send(case, when=LEASE_OVER)
    assert ends(office, case) == {"emailed": 6, "on_paper": 1, "sealed": 2, "unreachable": 1}


@pytest.mark.parametrize("nth", range(1, 7))
def test_a_crash_before_any_end_is_recorded_writes_to_nobody_twice(office: Office, nth: int) -> None:
    case = released(office)
    here = office.with_parts(outbox=cut_before_settling(office.world.outbox, nth))
    with pytest.raises(PowerCut):
        here.send(case, when=SENT)
    office.send(case, when=LEASE_OVER)
    assert in_doubt(office, case) == [f"s{nth:04}"]
    office.settled(case, Settlement.ARRIVED, when=LEASE_OVER)
    office.send(case, when=LEASE_OVER)
    assert sum(ends(office, case).values()) == len(PEOPLE)
    assert len(office.post.addresses) == len(set(office.post.addresses)) == 6
    assert office.papers(case) == ["s0007"]
    assert office.papers(case, Channel.SEALED) == ["s0009", "s0010"]


def test_a_childs_dead_parent_is_not_written_to_and_the_living_one_is(office: Office) -> None:
    dead, living = (
        Guardian(name=name, number=number, email=f"{name.lower()}@post.example", protection=Protection.NONE)
        for name, number in (("Bo", "197010632391"), ("Alma", "198112289874"))
    )
    child = person(1).model_copy(update={"number": "201503157811", "guardians": (dead, living)})
    parent = person(2).model_copy(update={"number": dead.number, "deceased": True})
    case = released(office, [child, parent])
    office.send(case, when=SENT)
    completed = office.incident(case).completed
    assert completed is not None
    assert (completed.by_guardians, completed.deceased) == (1, 1)
    assert office.post.addresses == ["alma@post.example"]


def test_two_who_send_at_once_share_the_work(office: Office) -> None:
    case = released(office, [person(number) for number in range(1, 31)])
    offices = [office.next_door(), office.next_door()]

    def send(one: Office) -> None:
        try:
            one.send(case, when=SENT)
        except TimelineConflict:
            one.send(case, when=SENT)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, offices))
    assert sorted(office.post.addresses) == [f"s{number:04}@post.example" for number in range(1, 31)]
    assert office.words(case).count("communication_completed") == 1


def test_a_letter_on_paper_shows_its_address_and_a_sealed_one_the_number_alone(office: Office) -> None:
    hidden = person(9, protection=Protection.SECRECY_MARKED).model_copy(update={"number": "191212121212"})
    case = released(office, [person(7, email=False), hidden])
    office.send(case, when=SENT)
    lines = [" ".join(line.split()) for line in said_in(office, case, "s0007").splitlines()]
    place = lines.index("Sökande 7")
    assert lines[place : place + 3] == ["Sökande 7", "Storgatan 7", "991 40 PROVKÖPING"]
    sealed = said_in(office, case, "s0009")
    assert sealed.count("19121212-1212") == 1
    assert "Sökande 9" not in sealed
    assert "Storgatan" not in sealed


def test_no_file_and_no_table_holds_a_name_of_a_letter_on_paper_in_plain(office: Office) -> None:
    case = released(office, [person(7, email=False)])
    office.send(case, when=SENT)
    office.world.timeline._engine.dispose()  # type: ignore[attr-defined]
    assert "Sökande 7" in said_in(office, case, "s0007")
    for file in office.folder.rglob("*"):
        if file.is_file():
            assert "Sökande 7".encode() not in file.read_bytes()
            assert b"Storgatan 7" not in file.read_bytes()
            assert b"s0007" not in file.name.encode()


def test_the_timeline_knows_how_many_and_nothing_of_whom(office: Office) -> None:
    case = released(office)
    office.send(case, when=SENT)
    payloads = "".join(payload for _, _, payload, _ in office.world.timeline.rows(case))
    assert "post.example" not in payloads
    assert "Sökande 1" not in payloads
    assert "s0001" not in payloads


def test_the_mail_answers_to_the_officer_and_carries_the_approved_text(office: Office) -> None:
    case = released(office)
    office.send(case, when=SENT)
    mail = office.post.mails[0]
    assert mail.reply_to == "dataskyddsombud@exempelkommun.example"
    assert mail.text.encode() == office.world.archive.read(case, "till-registrerade/brev.txt")
    assert mail.sent_at == at(SENT)
    assert len({mail.message_id for mail in office.post.mails}) == len(office.post.mails)


def a_chunk(office: Office, case: str, *, mails: int, first: bool) -> Incident:
    """Send, as one task of a run does, until its time is up after so many mails."""
    moments = iter([True] * mails + [False] * 9)
    return asyncio.run(communicate(case, now=at(SENT), world=office.world, go_on=lambda: next(moments), first=first))


def test_a_chunk_that_ends_in_the_middle_leaves_the_rest_and_the_paper_to_the_next(office: Office) -> None:
    case = released(office, [*(person(number) for number in range(1, 7)), person(7, email=False)])
    assert a_chunk(office, case, mails=4, first=True).completed is None
    assert len(office.post.addresses) == 4
    assert office.papers(case) == []
    assert a_chunk(office, case, mails=9, first=False).completed is not None
    assert len(set(office.post.addresses)) == len(office.post.addresses) == 6
    assert office.papers(case) == ["s0007"]


def test_a_chunk_whose_time_is_up_just_as_the_last_mail_is_out_ends_the_sending_too(office: Office) -> None:
    case = released(office, [person(number) for number in range(1, 7)])
    assert a_chunk(office, case, mails=6, first=True).completed is not None


@pytest.mark.parametrize("patience, papers", [(timedelta(minutes=2), []), (timedelta(seconds=30), ["s0007"])])
def test_paper_waits_for_mail_that_the_provider_takes_soon_and_for_no_other(
    office: Office, patience: timedelta, papers: list[str]
) -> None:
    case = released(office, [*(person(number) for number in range(1, 7)), person(7, email=False)])
    slow = SqlOutbox(office.world.outbox._engine, "timglas.example", b"k" * 32, limits=((timedelta(minutes=1), 4),))  # type: ignore[attr-defined]
    world = office.with_parts(outbox=slow).world
    sent = asyncio.run(communicate(case, now=at(SENT), world=world, patience=patience))
    assert sent.completed is None
    assert len(office.post.addresses) == 4
    assert office.papers(case) == papers
    later = at(SENT) + timedelta(minutes=1)
    assert asyncio.run(communicate(case, now=later, world=world, patience=patience, first=False)).completed is not None
    assert office.papers(case) == ["s0007"]
