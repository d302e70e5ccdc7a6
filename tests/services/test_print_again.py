"""A print file that was lost is written once more, with the same letters; no letter is posted twice because of it."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from models.delivery import ReturnReason
from models.errors import NotConfirmed, NotEntitled, StepOutOfOrder, UnknownReference
from models.facts import Facts
from models.incident import Incident
from models.recipient import Channel, Protection, Recipient
from services.people.batches import batches_of, in_no_batch, require_posted
from services.people.lying import unposted
from services.people.print_again import again_of, print_again
from services.people.print_batch import forwarding_of, print_batch
from services.people.return_letters import return_letters
from services.record import read
from tests.services.office import COMMUNICATION, Office, at, person
from tests.services.test_paper import HIDDEN, PRINTED, forwarded, pages, posted, printed, room, sent

LOST = "2023-05-15 15.00"
COUNTED = {"print_file_lost", "deliveries_returned", "communication_completed"}


def again(
    office: Office,
    case: str,
    *,
    batch: int = 1,
    code: str | None = None,
    by: str | None = None,
    when: str = LOST,
) -> Incident:
    return print_again(
        case,
        batch=batch,
        reasoning="Disken gick sönder.",
        code=code,
        by=by or office.officer(case),
        now=at(when),
        world=office.world,
    )


def the_file(office: Office, case: str, batch: int = 1) -> Path:
    return office.folder / "utskrift" / f"{case.lower()}-omgang-{batch}.pdf"


def lose(office: Office) -> None:
    for file in (office.folder / "utskrift").iterdir():
        file.unlink()


def test_no_lost_file_is_written_again_while_the_letters_are_halted(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    lose(office)
    office.halt(case, when=LOST)
    with pytest.raises(StepOutOfOrder, match="are halted"):
        again(office, case)
    assert not room(office)
    office.resume(case, when=LOST)
    again(office, case)


def test_a_lost_file_is_written_again_to_the_last_byte_and_it_is_on_record(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    before, there = the_file(office, case).read_bytes(), room(office)
    lose(office)
    again(office, case)
    assert (the_file(office, case).read_bytes(), room(office)) == (before, there)
    event = office.history(case)[-1]
    assert event.model_dump(include={"type", "batch", "reasoning", "recorded_by"}) == {
        "type": "print_file_lost.v1",
        "batch": 1,
        "reasoning": "Disken gick sönder.",
        "recorded_by": office.officer(case),
    }
    assert len(batches_of(office.incident(case), office.world)) == 1, "it is still one batch, and is posted once"
    assert posted(office, case, 1).posted[1].letters == 2
    assert room(office) == []


def test_the_same_step_taken_again_writes_what_is_missing_and_records_it_once(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    lose(office)
    again(office, case)
    lose(office)  # as if the machine had died between the record and the file
    again(office, case)
    assert the_file(office, case).exists()
    assert office.words(case).count("print_file_lost") == 1


def test_a_file_that_lies_there_is_not_lost(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    with pytest.raises(StepOutOfOrder, match="is not lost"):
        again(office, case)
    assert "print_file_lost" not in office.words(case)


def test_what_is_posted_is_never_printed_again(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    posted(office, case, 1)
    with pytest.raises(StepOutOfOrder, match="is posted"):
        again(office, case)
    assert room(office) == []


def test_a_batch_that_never_was_cannot_be_lost(office: Office) -> None:
    with pytest.raises(UnknownReference, match="no batch 4"):
        again(office, sent(office), batch=4)


def test_sealed_letters_take_a_delegate_and_a_new_code_again(office: Office) -> None:
    case = sent(office)
    forwarded(office, case)
    lose(office)
    delegate = office.delegate(case)
    with pytest.raises(NotEntitled):
        again(office, case)
    with pytest.raises(NotConfirmed):
        again(office, case, by=delegate)
    assert room(office) == []
    code = office.code(again_of(case, 1, by=delegate, world=office.world), LOST)
    again(office, case, by=delegate, code=code)
    assert room(office) == [
        f"{case.lower()}-omgang-1-foljebrev.pdf",
        f"{case.lower()}-omgang-1-sidor.csv",
        f"{case.lower()}-omgang-1.pdf",
    ]


def test_a_lost_file_for_digital_mailboxes_is_written_again_too(office: Office) -> None:
    digital = person(3, email=False).model_copy(update={"number": "191212121212", "mailbox": True})
    case = office.ready_to_write([digital])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    by = office.officer(case)
    print_batch(case, channel=Channel.MAILBOX, by=by, now=at(PRINTED), world=office.world)
    file = office.folder / "utskrift" / f"{case.lower()}-omgang-1-digital-post.zip"
    before = file.read_bytes()
    lose(office)
    again(office, case)
    assert file.read_bytes() == before


def test_what_a_list_says_that_nobody_has_released_yet_holds_for_a_file_that_is_written_again(office: Office) -> None:
    case = sent(office)
    taken_out(office, case)
    office.load(case, [person(7, email=False, protection=Protection.SECRECY_MARKED)], when="2023-05-15 14.00")
    lose(office)
    assert again(office, case).left_out == {1: (1,)}
    assert "Sökande 7" not in "".join(pages(the_file(office, case)))
    incident = office.sweep(case, at("2023-05-15 15.05"))
    assert incident.completed is not None
    assert (incident.completed.recipients, incident.completed.on_paper, incident.completed.sealed) == (5, 1, 3)


def taken_out(office: Office, case: str) -> None:
    printed(office, case)
    forwarded(office, case)


def protected_meanwhile(office: Office, case: str, *hidden: Recipient) -> None:
    """A later list says that somebody is protected, or dead; the one who was found with them has it by e-mail."""
    office.load(case, [*hidden, person(20)], when="2023-05-15 14.00")
    office.release(case, when="2023-05-15 14.10")
    office.send(case, when="2023-05-15 14.15")


def test_whoever_became_protected_meanwhile_is_left_out_and_gets_a_sealed_letter_instead(office: Office) -> None:
    case = sent(office)
    taken_out(office, case)
    protected_meanwhile(office, case, person(7, email=False, protection=Protection.SECRECY_MARKED))
    lose(office)
    incident = again(office, case)
    assert incident.left_out == {1: (1,)}
    assert incident.returned == 1, "open again"
    text = "".join(pages(the_file(office, case)))
    assert "Sökande 7" not in text
    assert "Sökande 8" in text
    assert "1-000002-1/" in text, "every page has the mark it had"
    assert "1-000001-" not in text
    incident = office.sweep(case, at("2023-05-15 15.05"))
    assert incident.completed is not None
    assert incident.completed.model_dump(include={"recipients", "emailed", "on_paper", "sealed"}) == {
        "recipients": 6,
        "emailed": 2,
        "on_paper": 1,
        "sealed": 3,
    }
    by = office.delegate(case)
    code = office.code(forwarding_of(case, by=by, world=office.world), "2023-05-15 15.10")
    sealed = print_batch(case, channel=Channel.SEALED, code=code, by=by, now=at("2023-05-15 15.10"), world=office.world)
    assert (sealed.number, sealed.letters) == (3, 1), "one sealed letter, to who was left out"
    require_taken_out(office, case)
    for batch, letters in ((1, 1), (2, 2), (3, 1)):
        assert posted(office, case, batch).posted[batch].letters == letters
    require_posted(office.incident(case), office.world)
    assert office.incident(case).unposted == 0


def require_taken_out(office: Office, case: str) -> None:
    assert in_no_batch(office.incident(case), office.world) == 0


def test_what_is_left_out_is_on_record_by_its_number_and_by_nothing_of_the_person(office: Office) -> None:
    case = sent(office)
    taken_out(office, case)
    protected_meanwhile(office, case, person(7, email=False, protection=Protection.SECRECY_MARKED))
    lose(office)
    again(office, case)
    office.sweep(case, at("2023-05-15 15.05"))
    words = office.words(case)
    after = [word for word in words[words.index("print_file_lost") :] if word in COUNTED]
    assert after == ["print_file_lost", "deliveries_returned", "communication_completed"]
    (lost,) = [event for event in office.history(case) if event.type == "print_file_lost.v1"]
    assert lost.model_dump(include={"batch", "left_out"}) == {"batch": 1, "left_out": (1,)}
    payloads = "".join(payload for _, _, payload, _ in office.world.timeline.rows(case))
    assert all(word not in payloads for word in ("s0007", "Sökande", "Storgatan"))


def test_a_letter_that_is_left_out_stays_out_however_often_the_file_is_lost(office: Office) -> None:
    case = sent(office)
    taken_out(office, case)
    protected_meanwhile(office, case, person(7, email=False, protection=Protection.SECRECY_MARKED))
    lose(office)
    again(office, case)
    lose(office)
    again(office, case)  # the same step, taken again
    first = the_file(office, case).read_bytes()
    lose(office)
    again(office, case, when="2023-05-16 09.00")
    assert the_file(office, case).read_bytes() == first
    assert office.incident(case).left_out == {1: (1,)}
    assert office.words(case).count("print_file_lost") == 2
    assert posted(office, case, 1).posted[1].letters == 1


def test_a_batch_of_which_nobody_is_left_is_no_file_and_nothing_to_post(office: Office) -> None:
    case = office.ready_to_write([person(7, email=False)])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    printed(office, case)
    protected_meanwhile(office, case, person(7, email=False).model_copy(update={"deceased": True}))
    lose(office)
    again(office, case)
    again(office, case)
    incident = office.sweep(case, at("2023-05-15 15.05"))
    assert incident.completed is not None
    assert (incident.completed.deceased, incident.completed.on_paper, incident.unposted) == (1, 0, 0)
    assert room(office) == []
    require_posted(incident, office.world)
    assert unposted(read(case, office.world.timeline), now=at("2023-06-15 12.00"), world=office.world) is None
    with pytest.raises(StepOutOfOrder, match="holds no letter"):
        posted(office, case, 1)
    with pytest.raises(StepOutOfOrder, match="holds no letter"):
        again(office, case, when="2023-05-16 09.00")


def test_the_lost_file_posted_by_mistake_still_tells_whose_letter_comes_back(office: Office) -> None:
    case = sent(office)
    taken_out(office, case)
    protected_meanwhile(office, case, person(7, email=False, protection=Protection.SECRECY_MARKED))
    lose(office)
    again(office, case)
    office.sweep(case, at("2023-05-15 15.05"))
    posted(office, case, 1)
    incident = return_letters(
        case,
        marks="1-000001",
        reason=ReturnReason.MOVED,
        by=office.officer(case),
        now=at("2023-05-20 09.00"),
        world=office.world,
    )
    assert incident.brought_back == {1: (1,)}
    assert incident.completed is not None, "the person has a sealed letter, and needs no third"


def test_a_posted_letter_that_comes_back_to_somebody_protected_since_is_sealed_and_nothing_hangs(
    office: Office,
) -> None:
    case = sent(office)
    taken_out(office, case)
    posted(office, case, 1)
    protected_meanwhile(office, case, person(7, email=False, protection=Protection.SECRECY_MARKED))
    by, when = office.officer(case), at("2023-05-20 09.00")
    return_letters(case, marks="1-000001", reason=ReturnReason.MOVED, by=by, now=when, world=office.world)
    incident = office.sweep(case, at("2023-05-20 09.05"))
    assert incident.completed is not None
    assert (incident.completed.on_paper, incident.completed.sealed) == (1, 3)


def test_sealed_letters_are_written_again_without_who_has_died(office: Office) -> None:
    case = sent(office)
    forwarded(office, case)
    printed(office, case)
    protected_meanwhile(office, case, HIDDEN.model_copy(update={"deceased": True}))
    lose(office)
    delegate = office.delegate(case)
    subject = again_of(case, 1, by=delegate, world=office.world)
    assert subject.said == "1 förseglat brev att förmedla"
    again(office, case, by=delegate, code=office.code(subject, LOST))
    assert office.incident(case).left_out == {1: (1,)}
    assert len(room(office)) == 2, "who is left has no number, so there is nothing for a cover sheet to say"


def test_a_digital_letter_is_left_out_too(office: Office) -> None:
    digital = [
        person(n, email=False).model_copy(update={"number": number, "mailbox": True})
        for n, number in ((3, "191212121212"), (4, "198112189876"))
    ]
    case = office.ready_to_write(digital)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    print_batch(case, channel=Channel.MAILBOX, by=office.officer(case), now=at(PRINTED), world=office.world)
    protected_meanwhile(office, case, digital[0].model_copy(update={"protection": Protection.PROTECTED_REGISTRATION}))
    lose(office)
    again(office, case)
    file = office.folder / "utskrift" / f"{case.lower()}-omgang-1-digital-post.zip"
    with ZipFile(file) as drop:
        lines = drop.read("mottagare.jsonl").decode().splitlines()
        assert [json.loads(line)["fil"] for line in lines] == ["brev/000002.pdf"]
    assert office.sweep(case, at("2023-05-15 15.05")).completed.sealed == 1  # type: ignore[union-attr]


def test_who_has_moved_and_is_written_to_by_a_later_letter_is_not_sent_the_old_one_to_the_old_street(
    office: Office,
) -> None:
    case = sent(office)
    taken_out(office, case)
    office.load(case, [person(7, email=False).model_copy(update={"address": person(77).address})], when=PRINTED)
    office.facts(case, Facts(told_news="Angriparna har lagt ut uppgifterna."), when="2023-05-15 14.00")
    office.drafted(case, COMMUNICATION, when="2023-05-15 14.10")
    office.release(case, when="2023-05-15 14.20")
    office.send(case, when="2023-05-15 14.25")
    lose(office)
    again(office, case)
    assert "Sökande 7" not in "".join(pages(the_file(office, case)))
    incident = office.sweep(case, at("2023-05-15 15.05"))
    assert incident.left_out == {1: (1,)}
    assert incident.completed is not None
    assert (incident.completed.on_paper, in_no_batch(incident, office.world)) == (2, 4), (
        "by the later letter, each once"
    )
