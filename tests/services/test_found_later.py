"""People who can be reached only once the letters are out."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from adapters.people_list.recipient_file import RecipientFile
from letters.case_page import question_page
from models.breach_events import Risk
from models.delivery import End
from models.errors import NotConfirmed, StepOutOfOrder, UnknownReference, UnreadableFile
from models.facts import Facts
from models.recipient import Channel, DeliveryState, Dispatch, Guardian, Protection, Recipient
from models.regime import Regime
from models.route import Way
from services.documents.drafts import CORRECTION
from services.due.case_file import case_file
from services.due.questions import Kind, questions
from services.people.batches import batches_of
from services.people.communicate import where_they_stand
from services.people.erase_recipients import erase_recipients
from services.people.found_later import laid_aside
from services.people.load_recipients import load_recipients
from services.people.post_batch import post_batch
from services.people.print_batch import forwarding_of, print_batch
from services.people.reconcile import Pending
from services.people.returned import reopen_returned
from services.people.start_communication import release_of, start_communication
from services.record import read
from tests.fakes import Listed, PowerCut, refused
from tests.services.office import DELEGATE, NOTICE, OFFICER, Office, at, person

RELEASED, SENT, FOUND, AGAIN, SENT_AGAIN = (
    *("2023-05-15 11.00", "2023-05-15 11.05"),
    *("2023-05-22 09.00", "2023-05-22 10.00", "2023-05-22 10.05"),
)
HIDDEN = person(3, email=False, paper=False)
FIRST = [person(1), person(2, email=False), HIDDEN, person(4, paper=False)]


def told(office: Office, people: list[Recipient] = FIRST) -> str:
    """A case whose letters are out: 1 by e-mail, 2 on paper, nobody knows where 3 is, and the mail to 4 was refused."""
    case = office.ready_to_write(people)
    office.post.answers["s0004@post.example"] = refused()
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    office.post.answers.clear()
    taken_out(office, case, when="2023-05-15 12.00")
    return case


def taken_out(office: Office, case: str, when: str) -> None:
    print_batch(case, by=OFFICER, now=at(when), world=office.world)


def forwarded(office: Office, case: str, when: str) -> None:
    by = office.delegate(case)
    code = office.code(forwarding_of(case, by=by, world=office.world), when)
    print_batch(case, channel=Channel.SEALED, code=code, by=by, now=at(when), world=office.world)


def with_notice(office: Office, case: str, when: str = "2023-05-16 09.00") -> None:
    office.excepted(case, "gdpr.34.3.c", when=when)
    office.drafted(case, NOTICE, when=when)
    office.publish(case, when=when)


def ends(office: Office, case: str) -> dict[str, int]:
    completed = office.incident(case).completed
    assert completed is not None
    counted = completed.model_dump(exclude={"recipients", "printed", "found"})
    return {name: count for name, count in counted.items() if isinstance(count, int) and count}


def written_again(office: Office, case: str, people: list[Recipient], when: str = AGAIN) -> None:
    office.load(case, people, when=FOUND)
    office.release(case, when=when)
    office.send(case, when=SENT_AGAIN)


def test_who_only_the_notice_reached_gets_a_letter_once_found_and_is_counted_as_reached(office: Office) -> None:
    case = told(office)
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "unreachable": 2}
    with_notice(office, case)
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "by_notice": 2}
    written_again(office, case, [person(3, paper=False), person(5)])
    assert ends(office, case) == {"emailed": 3, "on_paper": 1, "by_notice": 1}
    incident = office.incident(case)
    assert incident.completed is not None
    assert incident.completed.recipients == 5
    assert incident.started is not None
    assert (incident.started.recipients, incident.started.found, incident.started.round) == (5, 2, 2)
    assert incident.found is None


def test_nobody_who_has_the_letter_gets_another_whatever_the_new_list_says_of_them(office: Office) -> None:
    case = told(office)
    same = [person(1), person(2), person(2).model_copy(update={"id": "x-2"}), person(3)]
    written_again(office, case, same)
    assert Counter(office.post.addresses) == Counter(["s0001@post.example", "s0003@post.example"])
    assert office.papers(case) == ["s0002"]
    assert ends(office, case) == {"emailed": 2, "on_paper": 1, "unreachable": 1}


def test_who_becomes_protected_after_the_letter_gets_no_sealed_copy_but_is_protected_from_then_on(
    office: Office,
) -> None:
    case = told(office)
    written_again(office, case, [person(1, protection=Protection.PROTECTED_REGISTRATION), person(3)])
    assert _printed(office, case, Channel.SEALED) == set()
    (one,) = office.world.recipients.some(f"{case}/gdpr.34.1", ["s0001"])
    assert one.protection is Protection.PROTECTED_REGISTRATION
    assert ends(office, case) == {"emailed": 2, "on_paper": 1, "unreachable": 1}


def test_a_family_that_turns_out_to_be_protected_brings_nobody_a_second_letter(office: Office) -> None:
    guardian = Guardian(name="Vera Vårdnad", email="vera@post.example", protection=Protection.NONE)
    child = person(6, email=False, paper=False).model_copy(update={"born": date(2015, 1, 1), "guardians": (guardian,)})
    case = told(office, [*FIRST, child])
    sibling = person(7, protection=Protection.SECRECY_MARKED).model_copy(
        update={"born": date(2017, 1, 1), "guardians": (guardian,)}
    )
    written_again(office, case, [sibling])
    assert office.post.addresses.count("vera@post.example") == 1
    assert _printed(office, case, Channel.SEALED) == {"s0007.t2"}
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "sealed": 1, "by_guardians": 1, "unreachable": 2}


CHILD = person(5).model_copy(update={"number": "201503157811", "email": None})


def kin(name: str, protection: Protection = Protection.NONE) -> Guardian:
    return Guardian(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@post.example", protection=protection)


def of(*guardians: Guardian) -> Recipient:
    return CHILD.model_copy(update={"guardians": guardians})


@pytest.mark.parametrize(
    "later", [of(kin("Vera Vård")), of(kin("Bo Vård")), of(), of(kin("Bo Vård"), kin("Vera Vård"))]
)
def test_a_guardian_once_protected_stays_so_whatever_a_later_list_says_or_leaves_out(later: Recipient) -> None:
    first = of(kin("Vera Vård", Protection.SECRECY_MARKED))
    for known in (first.updated(later), first.guarded(later), first.merged(later), later.merged(first)):
        assert Protection.SECRECY_MARKED in [one.protection for one in known.guardians if one.name == "Vera Vård"]


def test_a_later_list_says_who_the_guardians_are_and_answers_what_was_unknown() -> None:
    first = of(kin("Vera Vård"), kin("Bo Vård", Protection.UNKNOWN))
    later = of(kin("Bo Vård"), kin("Cia Ström"))
    assert first.updated(later) == later
    assert first.updated(of()) == first
    assert first.updated(first) == first


def test_who_has_the_letter_is_closed_by_a_later_list_that_names_a_protected_guardian() -> None:
    first = of(kin("Vera Vård"), kin("Bo Vård"))
    later = of(kin("Bo Vård", Protection.SECRECY_MARKED), kin("Cia Ström"))
    assert [(one.name, one.protection.value) for one in first.guarded(later).guardians] == [
        ("Vera Vård", "none"),
        ("Bo Vård", "secrecy_marked"),
    ]


def test_a_new_address_is_tried_and_the_dead_one_is_not(office: Office) -> None:
    case = told(office)
    moved = person(4, paper=False).model_copy(update={"email": "ny@post.example"})
    written_again(office, case, [moved])
    assert office.post.addresses == ["s0001@post.example", "ny@post.example"]


def test_the_dead_address_on_the_new_list_is_not_tried_again_the_street_is(office: Office) -> None:
    case = told(office)
    written_again(office, case, [person(4)])
    assert office.post.addresses == ["s0001@post.example"]
    assert ends(office, case) == {"emailed": 1, "on_paper": 2, "unreachable": 1}


def test_a_letter_that_the_post_brought_back_goes_to_the_new_street_and_not_to_the_old_one(office: Office) -> None:
    case = told(office)
    started = office.incident(case).started
    assert started is not None
    dispatch = Dispatch(communication=f"{case}/gdpr.34.1/post", recipient="s0002", letter_sha256=started.sha256)
    office.world.outbox.settle([(dispatch, End(DeliveryState.RETURNED, "moved"))], now=at("2023-05-20 09.00"))
    office.sweep(case, at("2023-05-20 09.05"))
    assert ends(office, case) == {"emailed": 1, "unreachable": 3}
    old, new = person(2, email=False), person(22).address
    office.load(case, [old], when=FOUND)
    office.release(case, when=FOUND)
    office.send(case, when=FOUND)
    assert ends(office, case) == {"emailed": 1, "unreachable": 3}, "the old street is not tried again"
    written_again(office, case, [old.model_copy(update={"address": new})])
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "unreachable": 2}
    assert _printed(office, case, Channel.PAPER) == {"s0002", "s0002.t3"}


def test_who_was_found_by_another_column_is_the_same_person(office: Office) -> None:
    numbered = person(2, email=False).model_copy(update={"number": "191212121212"})
    case = told(office, [person(1), numbered, HIDDEN])
    by_number = numbered.model_copy(update={"id": "p-0001", "email": "ny@post.example", "address": None})
    by_mail = person(1, paper=False).model_copy(update={"id": "p-0002"})
    loaded = load_recipients(case, listed=Listed([by_number, by_mail]), by=OFFICER, now=at(FOUND), world=office.world)
    assert (loaded.recipients, loaded.written_to, loaded.later) == (2, 2, True)
    assert office.incident(case).found is None, "nobody waits"
    with pytest.raises(StepOutOfOrder, match="has the letter already"):
        office.release(case, when=AGAIN)


def test_an_id_that_is_somebody_elses_on_the_first_list_is_refused(office: Office) -> None:
    case = told(office)
    stranger = person(9).model_copy(update={"id": "s0001"})
    with pytest.raises(UnreadableFile, match="id or the number of another person"):
        office.load(case, [stranger], when=FOUND)
    assert office.incident(case).found is None


def test_nothing_goes_to_the_new_ones_before_their_release_also_when_a_letter_comes_back(office: Office) -> None:
    case = told(office)
    office.load(case, [person(3), person(5)], when=FOUND)
    office.sweep(case, at("2023-05-22 09.05"))
    (mail,) = office.post.mails[:1]
    token = mail.message_id
    dispatch = office.world.outbox.find(token.strip("<>").partition("@")[0])
    assert dispatch is not None
    office.world.outbox.settle([(dispatch, End(DeliveryState.REFUSED, "5.1.1"))], now=at("2023-05-22 09.10"))
    office.sweep(case, at("2023-05-22 09.15"))
    assert "s0003@post.example" not in office.post.addresses
    assert office.papers(case) == ["s0001", "s0002"]
    assert sum(ends(office, case).values()) == len(FIRST)


def test_the_release_to_them_takes_a_code_of_its_own_that_holds_for_one_list(office: Office) -> None:
    case = told(office)
    office.load(case, [person(3)], when=FOUND)
    subject = release_of(case, by=DELEGATE, world=office.world)
    assert subject.said == "1 mottagare"
    code = office.code(subject, FOUND)
    office.load(case, [person(5)], when="2023-05-22 09.01")
    with pytest.raises(NotConfirmed):
        start_communication(case, code=code, by=DELEGATE, now=at("2023-05-22 09.05"), world=office.world)
    office.release(case, when=AGAIN)
    office.release(case, when="2023-05-22 10.01")  # pressed twice
    assert office.words(case).count("communication_started") == 2


def test_no_new_list_shuts_the_way_of_a_letter_that_is_printed_and_not_taken_out(office: Office) -> None:
    case = office.ready_to_write([person(1), person(2, email=False)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    office.load(case, [person(2, email=False, protection=Protection.PROTECTED_REGISTRATION), person(3)], when=FOUND)
    with pytest.raises(StepOutOfOrder, match="in no print file"):
        office.release(case, when=AGAIN)
    taken_out(office, case, when=AGAIN)
    office.sweep(case, at(AGAIN))  # it has left out the one who is protected now, who gets a sealed letter
    forwarded(office, case, when=AGAIN)
    office.release(case, when=AGAIN)
    office.send(case, when=SENT_AGAIN)
    assert ends(office, case) == {"emailed": 2, "sealed": 1}
    assert [made.batch.letters for made in batches_of(office.incident(case), office.world)] == [0, 1]


def test_while_letters_are_on_their_way_nobody_is_added(office: Office) -> None:
    case = office.ready_to_write(FIRST)
    office.release(case, when=RELEASED)
    with pytest.raises(StepOutOfOrder, match="on their way"):
        office.load(case, [person(3)], when="2023-05-15 11.02")


def test_the_case_asks_for_the_release_and_is_not_closed_before(office: Office) -> None:
    case = told(office)
    office.regime(case, Regime.GDPR, when="2023-05-15 12.00")
    assert Kind.COMMUNICATION not in _asked(office, case)
    office.load(case, [person(3)], when=FOUND)
    assert Kind.COMMUNICATION in _asked(office, case)
    assert Kind.CLOSING not in _asked(office, case)
    office.release(case, when=AGAIN)
    assert Kind.COMMUNICATION not in _asked(office, case)


@pytest.mark.parametrize("nth", [1, 2])
def test_after_a_crash_among_the_new_ones_each_has_one_letter(office: Office, nth: int) -> None:
    case = told(office)
    office.load(case, [person(3, paper=False), *(person(number) for number in range(5, 8))], when=FOUND)
    office.release(case, when=AGAIN)
    office.post.cut_at = nth + 1
    with pytest.raises(PowerCut):
        office.send(case, when=SENT_AGAIN)
    office.next_door().sweep(case, at("2023-05-22 11.00"))
    assert max(Counter(office.post.addresses).values()) == 1
    standing = _standing(office, case)
    assert sum(standing.values()) == 7
    assert standing[Way.EMAIL] == 4


def test_what_was_laid_aside_is_let_in_once_also_by_two_who_send_at_once(office: Office) -> None:
    case = told(office)
    office.load(case, [person(3), person(5)], when=FOUND)
    aside = laid_aside(office.incident(case))
    office.release(case, when=AGAIN)
    office.send(case, when=SENT_AGAIN)
    assert office.world.recipients.is_erased(aside)
    office.next_door().send(case, when="2023-05-22 10.06")
    assert office.world.recipients.count(f"{case}/gdpr.34.1") == 5
    assert max(Counter(office.post.addresses).values()) == 1


def test_whose_letter_comes_back_while_a_list_waits_that_told_nothing_new_is_asked_about_too(office: Office) -> None:
    case = told(office, [person(1, paper=False), person(2, email=False)])
    newer = person(1).model_copy(update={"email": "ny@post.example", "address": None})
    office.load(case, [newer, person(2)], when=FOUND)
    assert office.incident(case).found is None, "both had the letter"
    started = office.incident(case).started
    assert started is not None
    mail = Dispatch(communication=started.communication, recipient="s0001", letter_sha256=started.sha256)
    office.world.outbox.settle([(mail, End(DeliveryState.REFUSED, "5.1.1"))], now=at(FOUND))
    office.sweep(case, at("2023-05-22 09.30"))
    assert ends(office, case) == {"on_paper": 1, "unreachable": 1}
    (asked,) = [
        one for one in questions(office.incident(case), book=office.world.book) if one.kind is Kind.COMMUNICATION
    ]
    assert asked.incident == case
    office.release(case, when=AGAIN)
    office.send(case, when=SENT_AGAIN)
    assert Counter(office.post.addresses)["ny@post.example"] == 1
    assert ends(office, case) == {"emailed": 1, "on_paper": 1}
    assert office.incident(case).found is None


def test_a_third_list_reaches_who_the_second_did_not(office: Office) -> None:
    case = told(office)
    office.post.answers["s0003@post.example"] = refused()
    written_again(office, case, [person(3, paper=False)])
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "unreachable": 2}
    office.load(case, [person(3)], when="2023-05-23 09.00")
    office.release(case, when="2023-05-23 09.05")
    office.send(case, when="2023-05-23 09.10")
    assert ends(office, case) == {"emailed": 1, "on_paper": 2, "unreachable": 1}
    assert len(office.incident(case).told) == 1, "it is one letter to one list, and the file counts each person once"


def test_a_later_letter_goes_to_everybody_also_to_who_was_found_later(office: Office) -> None:
    case = told(office)
    written_again(office, case, [person(3, paper=False)])
    office.facts(case, Facts(told_news="Angriparna har lagt ut uppgifterna."), when="2023-05-24 09.00")
    office.drafted(case, "data_subject_communication", when="2023-05-24 10.00")
    office.release(case, when="2023-05-24 11.00")
    office.send(case, when="2023-05-24 11.05")
    assert Counter(office.post.addresses) == Counter({"s0001@post.example": 2, "s0003@post.example": 2})


def test_a_correction_goes_to_who_had_the_letter_and_the_new_ones_wait_for_theirs(office: Office) -> None:
    case = told(office)
    office.load(case, [person(3)], when=FOUND)
    office.facts(case, Facts(told_news="Det var ett annat system."), when="2023-05-22 09.10")
    office.decide(case, Risk.RISK, when="2023-05-22 09.20", reasoning="Uppgifterna fanns inte där.")
    office.drafted(case, CORRECTION, when="2023-05-22 09.30")
    code = office.code(release_of(case, letter=CORRECTION, by=DELEGATE, world=office.world), "2023-05-22 09.40")
    start_communication(case, letter=CORRECTION, code=code, by=DELEGATE, now=at("2023-05-22 09.40"), world=office.world)
    office.send(case, when="2023-05-22 09.45")
    assert Counter(office.post.addresses) == Counter({"s0001@post.example": 2})
    assert office.incident(case).found is not None
    taken_out(office, case, when="2023-05-22 09.50")
    office.release(case, when=AGAIN)
    office.send(case, when=SENT_AGAIN)
    assert Counter(office.post.addresses) == Counter({"s0001@post.example": 2, "s0003@post.example": 1})
    assert len(office.incident(case).told) == 2


def test_erasing_the_list_erases_what_was_laid_aside_too(office: Office) -> None:
    case = told(office)
    office.load(case, [person(3)], when=FOUND)
    aside = laid_aside(office.incident(case))
    post_batch(case, batch=1, posted_at=at(FOUND), by=OFFICER, now=at(FOUND), world=office.world)
    erase_recipients(case, by=DELEGATE, now=at("2023-05-22 09.30"), world=office.world)
    assert office.world.recipients.is_erased(aside)
    assert office.incident(case).found is None
    with pytest.raises(UnknownReference):
        office.load(case, [person(3)], when=AGAIN)


def test_the_timeline_says_how_many_were_found_and_nothing_of_whom(office: Office) -> None:
    case = told(office)
    written_again(office, case, [person(3), person(5)])
    payloads = "".join(payload for _, _, payload, _ in office.world.timeline.rows(case))
    assert '"found":2' in payloads
    assert all(word not in payloads for word in ("s0003", "Sökande", "post.example"))


def test_lists_in_files_know_each_other_by_number_or_by_name_and_mail(office: Office, tmp_path: Path) -> None:
    head = "Namn;Personnummer;E-post;Gatuadress;Postnummer;Postort;Skyddade personuppgifter\n"
    first, later = tmp_path / "forsta.csv", tmp_path / "senare.csv"
    first.write_text(
        head + "Anna Ek;191212121212;anna@post.example;;;;nej\nBo Al;;bo@post.example;;;;nej\nCia By;;;;;;nej\n",
        encoding="utf-8",
    )
    later.write_text(
        head
        + "Anna Ek;19121212-1212;;Storgatan 1;99140;Provköping;nej\n"
        + "Bo Al;;bo@post.example;Storgatan 2;99140;Provköping;nej\n"
        + "Dan Ro;;dan@post.example;;;;nej\n",
        encoding="utf-8",
    )
    case = office.ready_to_write([])
    _load(office, case, first, "2023-05-12 12.00")
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    _load(office, case, later, FOUND)
    office.release(case, when=AGAIN)
    office.send(case, when=SENT_AGAIN)
    assert Counter(office.post.addresses) == Counter(["anna@post.example", "bo@post.example", "dan@post.example"])
    assert office.papers(case) == []


def _load(office: Office, case: str, file: Path, when: str) -> None:
    listed = RecipientFile(file, on=at(when).date())
    load_recipients(case, listed=listed, by=OFFICER, now=at(when), world=office.world)


def _asked(office: Office, case: str) -> set[Kind]:
    return {one.kind for one in questions(office.incident(case), book=office.world.book)}


def _printed(office: Office, case: str, channel: Channel) -> set[str]:
    started = office.incident(case).started
    assert started is not None
    states = office.world.outbox.states(f"{started.communication}/post", started.sha256)
    return {key for key, way in states if way is channel}


def _standing(office: Office, case: str) -> Counter[Way | Pending]:
    incident = office.incident(case)
    assert incident.started is not None
    return where_they_stand(incident, incident.started, office.world)


def test_the_waiting_question_says_how_many_wait_and_that_nobody_gets_it_twice(office: Office) -> None:
    case = told(office)
    office.load(case, [person(3), person(5)], when=FOUND)
    file = case_file(read(case, office.world.timeline), office.world)
    page = question_page(file, kind=Kind.COMMUNICATION, whose=[DELEGATE])
    assert "sedan dess har en lista med 2 personer lästs in" in page
    assert "Den på listan som redan har fått brevet får inget nytt." in page


VERA = Guardian(name="Vera Vårdnad", email="vera@post.example", protection=Protection.NONE)
VILLE = Guardian(name="Ville Vårdnad", email="ville@post.example", protection=Protection.NONE)
CHILD = person(6, email=False, paper=False).model_copy(update={"born": date(2015, 1, 1), "guardians": (VERA,)})


def of(*guardians: Guardian, child: Recipient = CHILD) -> Recipient:
    return child.model_copy(update={"guardians": guardians})


@pytest.mark.parametrize("named", [(VERA, VILLE), (VILLE, VERA), (VILLE,)])
def test_a_second_guardian_whom_a_later_list_names_gets_a_letter_and_the_first_no_other(
    office: Office, named: tuple[Guardian, ...]
) -> None:
    case = told(office, [*FIRST, CHILD])
    written_again(office, case, [of(*named)])
    assert Counter(office.post.addresses) == Counter(["s0001@post.example", "vera@post.example", "ville@post.example"])
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "by_guardians": 1, "unreachable": 2}
    started = office.incident(case).started
    assert started is not None
    assert (started.recipients, started.found) == (5, 1)
    with pytest.raises(StepOutOfOrder, match="has the letter already"):
        written_again(office, case, [of(*named)], when="2023-05-23 10.00")


def test_the_officer_is_told_that_the_child_waits_for_the_second_guardian(office: Office) -> None:
    case = told(office, [*FIRST, CHILD])
    both = Listed([of(VERA, VILLE), person(1)])
    loaded = load_recipients(case, listed=both, by=OFFICER, now=at(FOUND), world=office.world)
    assert (loaded.recipients, loaded.written_to) == (2, 1)
    assert release_of(case, by=DELEGATE, world=office.world).said == "1 mottagare"


def test_the_letter_to_a_second_guardian_that_bounces_takes_their_next_way_and_nobody_elses(office: Office) -> None:
    case = told(office, [*FIRST, CHILD])
    street = person(6).address
    office.post.answers["ville@post.example"] = refused()
    written_again(office, case, [of(VERA, VILLE.model_copy(update={"address": street}))])
    assert _printed(office, case, Channel.PAPER) == {"s0002", "s0006.2"}
    assert office.post.addresses.count("vera@post.example") == 1
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "by_guardians": 1, "unreachable": 2}


def test_a_later_letter_goes_to_both_guardians(office: Office) -> None:
    case = told(office, [*FIRST, CHILD])
    written_again(office, case, [of(VERA, VILLE)])
    office.facts(case, Facts(told_news="Angriparna har lagt ut uppgifterna."), when="2023-05-24 09.00")
    office.drafted(case, "data_subject_communication", when="2023-05-24 10.00")
    office.release(case, when="2023-05-24 11.00")
    office.send(case, when="2023-05-24 11.05")
    assert office.post.addresses.count("vera@post.example") == 2
    assert office.post.addresses.count("ville@post.example") == 2


def test_a_second_guardian_who_is_protected_makes_the_family_protected_and_is_not_written_to(office: Office) -> None:
    case = told(office, [*FIRST, CHILD])
    hidden = VILLE.model_copy(update={"protection": Protection.SECRECY_MARKED})
    written_again(office, case, [of(VERA, hidden), person(3)])
    assert "ville@post.example" not in office.post.addresses
    assert _printed(office, case, Channel.SEALED) == set()
    (child,) = office.world.recipients.some(f"{case}/gdpr.34.1", ["s0006"])
    assert [one.protection for one in child.guardians] == [Protection.NONE, Protection.SECRECY_MARKED]


def test_a_guardian_who_turns_out_to_be_protected_is_so_from_then_on(office: Office) -> None:
    case = told(office, [*FIRST, CHILD])
    hidden = VERA.model_copy(update={"protection": Protection.PROTECTED_REGISTRATION})
    written_again(office, case, [of(hidden), person(3)])
    (child,) = office.world.recipients.some(f"{case}/gdpr.34.1", ["s0006"])
    assert child.guardians[0].protection is Protection.PROTECTED_REGISTRATION
    assert office.post.addresses.count("vera@post.example") == 1


def test_whoever_lives_where_the_letter_to_the_guardian_of_the_child_went_has_it(office: Office) -> None:
    home = person(6, email=False).model_copy(update={"born": date(2015, 1, 1)})
    case = told(office, [*FIRST, home])
    here = VERA.model_copy(update={"email": None, "address": home.address})
    written_again(office, case, [of(here, VILLE, child=home)])
    assert _printed(office, case, Channel.PAPER) == {"s0002", "s0006"}
    assert office.post.addresses == ["s0001@post.example", "ville@post.example"]
    assert ends(office, case) == {"emailed": 1, "on_paper": 1, "by_guardians": 1, "unreachable": 2}


def test_a_later_letter_goes_on_to_the_home_of_a_child_whose_other_guardian_was_found_elsewhere(office: Office) -> None:
    home = person(6, email=False).model_copy(update={"born": date(2015, 1, 1)})
    case = told(office, [*FIRST, home])
    written_again(office, case, [of(VILLE, child=home)])
    assert office.post.addresses.count("ville@post.example") == 1
    assert _printed(office, case, Channel.PAPER) == {"s0002", "s0006"}, "the home has it, and gets no other"
    office.facts(case, Facts(told_news="Angriparna har lagt ut uppgifterna."), when="2023-05-24 09.00")
    office.drafted(case, "data_subject_communication", when="2023-05-24 10.00")
    office.release(case, when="2023-05-24 11.00")
    office.send(case, when="2023-05-24 11.05")
    assert office.post.addresses.count("ville@post.example") == 2
    assert _printed(office, case, Channel.PAPER) == {"s0002", "s0006"}


@pytest.mark.parametrize("told_of", [Protection.SECRECY_MARKED, Protection.PROTECTED_REGISTRATION])
def test_a_mail_that_bounces_once_a_list_has_told_that_the_person_is_protected_is_never_followed_by_an_open_letter(
    office: Office, told_of: Protection
) -> None:
    case = told(office)
    office.load(case, [person(1, protection=told_of)], when=FOUND)
    mail = Dispatch(communication=f"{case}/gdpr.34.1", recipient="s0001", letter_sha256=_letter(office, case))
    office.world.outbox.settle([(mail, End(DeliveryState.REFUSED, "5.1.1"))], now=at(AGAIN))
    reopen_returned(case, now=at(AGAIN), world=office.world)
    office.send(case, when=SENT_AGAIN)
    assert _printed(office, case, Channel.PAPER) == {"s0002"}
    assert _printed(office, case, Channel.SEALED) == {"s0001"}
    assert ends(office, case) == {"sealed": 1, "on_paper": 1, "unreachable": 2}


def test_who_is_protected_by_a_waiting_list_and_has_the_letter_on_paper_after_a_mail_was_refused_gets_no_other(
    office: Office,
) -> None:
    office.post.answers["s0005@post.example"] = refused()
    case = office.ready_to_write([person(1), person(5)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    taken_out(office, case, when="2023-05-15 12.00")
    assert _printed(office, case, Channel.PAPER) == {"s0005"}
    office.load(case, [person(5, protection=Protection.SECRECY_MARKED)], when=FOUND)
    mail = Dispatch(communication=f"{case}/gdpr.34.1", recipient="s0001", letter_sha256=_letter(office, case))
    office.world.outbox.settle([(mail, End(DeliveryState.REFUSED, "5.1.1"))], now=at(AGAIN))
    reopen_returned(case, now=at(AGAIN), world=office.world)
    office.send(case, when=SENT_AGAIN)
    assert _printed(office, case, Channel.PAPER) == {"s0001", "s0005"}
    assert _printed(office, case, Channel.SEALED) == set()
    assert ends(office, case) == {"on_paper": 2}


def _letter(office: Office, case: str) -> str:
    started = office.incident(case).started
    assert started is not None
    return started.sha256


def test_whoever_was_taken_for_dead_gets_the_letter_once_a_later_list_says_that_they_live(office: Office) -> None:
    case = told(office, [*FIRST, person(6).model_copy(update={"deceased": True})])
    assert ends(office, case)["deceased"] == 1
    written_again(office, case, [person(6).model_copy(update={"living": True})])
    assert office.post.addresses.count("s0006@post.example") == 1
    assert "deceased" not in ends(office, case)


def test_a_later_list_that_only_does_not_say_so_raises_nobody_from_the_dead(office: Office) -> None:
    case = told(office, [*FIRST, person(6).model_copy(update={"deceased": True})])
    written_again(office, case, [person(6), person(7)])
    assert "s0006@post.example" not in office.post.addresses
    assert ends(office, case)["deceased"] == 1


def test_of_two_rows_of_one_list_the_one_that_says_dead_holds() -> None:
    one, other = person(6).model_copy(update={"living": True}), person(6).model_copy(update={"deceased": True})
    assert one.merged(other).deceased
    assert other.merged(one).deceased
