"""Letters on paper: printed in batches, read back, posted by a person; nothing plain is left behind."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from zipfile import ZipFile

import pymupdf
import pytest

from adapters.paper.print_room import PrintRoom
from models.breach_events import Risk
from models.errors import NotConfirmed, NotEntitled, StepOutOfOrder, TransientPostError, UnknownReference
from models.facts import Facts
from models.incident import Incident
from models.recipient import Channel, Protection
from models.sheet import Batch
from services.due.question import Kind
from services.due.questions import questions
from services.people.batches import batches_of, require_posted
from services.people.erase_recipients import erase_recipients
from services.people.post_batch import post_batch
from services.people.print_batch import forwarding_of, print_batch
from tests.fakes import refused
from tests.services.office import COMMUNICATION, Office, at, person
from tests.services.test_case_page import page

SENT, PRINTED, POSTED = "2023-05-15 11.05", "2023-05-15 13.00", "2023-05-15 16.00"
HIDDEN = person(9, protection=Protection.SECRECY_MARKED).model_copy(update={"number": "191212121212"})
PEOPLE = [person(1), person(7, email=False), person(8, email=False), HIDDEN, person(10, protection=Protection.UNKNOWN)]


def sent(office: Office) -> str:
    case = office.ready_to_write(PEOPLE)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    return case


def printed(office: Office, case: str, *, when: str = PRINTED) -> Batch:
    return print_batch(case, by=office.officer(case), now=at(when), world=office.world)


def forwarded(office: Office, case: str) -> Batch:
    by = office.delegate(case)
    code = office.code(forwarding_of(case, by=by, world=office.world), PRINTED)
    return print_batch(case, channel=Channel.SEALED, code=code, by=by, now=at(PRINTED), world=office.world)


def posted(office: Office, case: str, batch: int, *, when: str = POSTED) -> Incident:
    return post_batch(case, batch=batch, posted_at=at(when), by=office.officer(case), now=at(when), world=office.world)


def room(office: Office) -> list[str]:
    return sorted(file.name for file in (office.folder / "utskrift").glob("*"))


def pages(file: Path) -> list[str]:
    return [page.get_text().replace("\u00a0", " ") for page in pymupdf.open(file)]


def test_a_print_file_holds_the_letters_on_paper_and_no_other(office: Office) -> None:
    case = sent(office)
    made = printed(office, case)
    (file,) = (office.folder / "utskrift").glob("*.pdf")
    text = "".join(pages(file))
    assert (made.number, made.letters) == (1, 2)
    assert "Sökande 7" in text
    assert "Sökande 8" in text
    assert "19121212" not in text
    assert "Sökande 1\n" not in text
    assert office.world.printed.batches(f"{case}/gdpr.34.1", office.incident(case).releases[0].sha256) == (made,)


def test_who_is_in_a_batch_is_printed_in_no_other(office: Office) -> None:
    case = office.ready_to_write(PEOPLE)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    made = printed(office, case)
    assert printed(office, case) == made, "the same step, taken again"
    with pytest.raises(StepOutOfOrder, match="waits to be printed"):
        printed(office, case, when="2023-05-15 14.00")
    assert [made.batch.letters for made in batches_of(office.incident(case), office.world)] == [2]


def test_a_mail_that_is_refused_later_is_printed_in_the_next_batch(office: Office) -> None:
    case = office.ready_to_write([person(1), person(7, email=False)])
    office.release(case, when="2023-05-15 11.00")
    office.post.unreachable = True
    with pytest.raises(TransientPostError):
        office.send(case, when=SENT)
    assert printed(office, case).letters == 1
    office.post.unreachable = False
    office.post.answers["s0001@post.example"] = refused()
    office.send(case, when="2023-05-15 11.20")
    assert printed(office, case).number == 2


def test_what_a_crash_left_of_a_batch_is_written_anew(office: Office) -> None:
    case = sent(office)
    office.world.print_room.put(f"{case.lower()}-omgang-1.pdf", b"half a file")
    assert printed(office, case).letters == 2
    assert len(pages(office.folder / "utskrift" / f"{case.lower()}-omgang-1.pdf")) > 2


def test_posted_letters_leave_no_file_and_stand_in_the_timeline_as_counts(office: Office) -> None:
    case = sent(office)
    made = printed(office, case)
    assert room(office) == [f"{case.lower()}-omgang-1-sidor.csv", f"{case.lower()}-omgang-1.pdf"]
    posted(office, case, 1)
    assert room(office) == []
    event = office.history(case)[-1].model_dump(include={"type", "batch", "channel", "letters", "sha256"})
    assert event == {
        "type": "letters_posted.v1",
        "batch": 1,
        "channel": "paper",
        "letters": 2,
        "sha256": made.sha256,
    }
    posted(office, case, 1, when="2023-05-16 09.00")
    assert office.words(case).count("letters_posted") == 1
    assert batches_of(office.incident(case), office.world)[0].batch.posted_at == at(POSTED)


def test_a_batch_that_never_was_cannot_be_posted(office: Office) -> None:
    case = sent(office)
    with pytest.raises(UnknownReference, match="no batch 3"):
        posted(office, case, 3)


def test_sealed_letters_take_a_delegate_and_a_code_and_go_in_a_batch_of_their_own(office: Office) -> None:
    case = sent(office)
    with pytest.raises(NotEntitled):
        print_batch(case, channel=Channel.SEALED, by=office.officer(case), now=at(PRINTED), world=office.world)
    with pytest.raises(NotConfirmed):
        print_batch(case, channel=Channel.SEALED, by=office.delegate(case), now=at(PRINTED), world=office.world)
    assert room(office) == []
    assert forwarded(office, case).letters == 2


def test_a_sealed_packet_shows_the_number_and_no_name_and_its_cover_names_nobody(office: Office) -> None:
    case = sent(office)
    forwarded(office, case)
    folder = office.folder / "utskrift"
    cover = "".join(pages(folder / f"{case.lower()}-omgang-1-foljebrev.pdf"))
    letters = pages(folder / f"{case.lower()}-omgang-1.pdf")
    assert "Box 2820" in cover
    assert "förmedla ett brev" in " ".join(cover.split()), "the other has no number"
    assert "1212" not in cover
    assert "19121212-1212" in letters[0], "who has no number comes last"
    for secret in ("Sökande", "Storgatan", "post.example"):
        assert secret not in "".join(letters) + cover


def test_a_case_is_not_closed_before_its_letters_are_posted(office: Office) -> None:
    case = sent(office)
    incident = office.incident(case)
    with pytest.raises(StepOutOfOrder, match="4 letters are in no print file"):
        require_posted(incident, office.world)
    printed(office, case)
    forwarded(office, case)
    with pytest.raises(StepOutOfOrder, match="not posted: 1, 2"):
        require_posted(incident, office.world)
    for batch in (1, 2):
        posted(office, case, batch)
    require_posted(office.incident(case), office.world)


def test_no_other_letter_is_released_while_one_waits_to_be_taken_out(office: Office) -> None:
    case = sent(office)
    office.facts(case, Facts(told_news="Mer är känt nu."), when="2023-05-16 09.00")
    office.drafted(case, COMMUNICATION, when="2023-05-16 10.00")
    with pytest.raises(StepOutOfOrder, match="4 printed letters"):
        office.release(case, when="2023-05-16 11.00")
    printed(office, case, when="2023-05-16 11.05")
    with pytest.raises(StepOutOfOrder, match="2 printed letters"):
        office.release(case, when="2023-05-16 11.10")
    forwarded(office, case)
    office.release(case, when="2023-05-16 12.00")
    office.send(case, when="2023-05-16 12.05")
    printed(office, case, when="2023-05-16 13.00")
    forwarded(office, case)
    assert [made.batch.letters for made in batches_of(office.incident(case), office.world)] == [2, 2, 2, 2]
    for number in (1, 2, 3, 4):
        posted(office, case, number, when="2023-05-16 16.00")
    require_posted(office.incident(case), office.world)


def test_nobody_is_asked_to_close_a_case_whose_letters_are_not_posted(office: Office) -> None:
    def asked() -> set[Kind]:
        return {one.kind for one in questions(office.incident(case), book=office.world.book)}

    case = office.notified()
    office.decide(case, Risk.HIGH, when="2023-05-10 10.00")
    office.drafted(case, COMMUNICATION, when="2023-05-12 11.00")
    office.load(case, PEOPLE)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    assert Kind.CLOSING not in asked()
    printed(office, case)
    forwarded(office, case)
    for batch in (1, 2):
        posted(office, case, batch)
    assert Kind.CLOSING in asked()


def test_a_case_without_letters_has_nothing_to_post(office: Office) -> None:
    require_posted(office.incident(office.decided(Risk.RISK)), office.world)


def test_a_letter_that_nobody_has_posted_is_not_erased_for_its_person_would_count_as_told(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    before = room(office)
    with pytest.raises(StepOutOfOrder, match="nobody has posted"):
        erase_recipients(case, by=office.delegate(case), now=at("2024-05-15 10.00"), world=office.world)
    assert room(office) == before
    assert len(list(office.world.recipients.read(f"{case}/gdpr.34.1"))) == len(PEOPLE)


# digital mailboxes


def test_letters_to_digital_mailboxes_are_packed_with_the_number_and_no_name(office: Office) -> None:
    digital = person(3, email=False).model_copy(update={"number": "191212121212", "mailbox": True})
    case = office.ready_to_write([digital, person(7, email=False)])
    office.release(case, when="2023-05-15 11.00")
    completed = office.send(case, when=SENT).completed
    assert completed is not None
    assert (completed.by_mailbox, completed.on_paper) == (1, 1)
    by = office.officer(case)
    made = print_batch(case, channel=Channel.MAILBOX, by=by, now=at(PRINTED), world=office.world)
    (file,) = (office.folder / "utskrift").glob("*.zip")
    with ZipFile(file) as packed:
        shared = json.loads(packed.read("sandning.json"))
        (line,) = map(json.loads, packed.read("mottagare.jsonl").splitlines())
        pdf = packed.read(line["fil"])
        assert "Sökande" not in "".join(packed.namelist()) + packed.read("mottagare.jsonl").decode()
    assert (made.letters, made.channel, made.sha256) == (1, Channel.MAILBOX, sha256(file.read_bytes()).hexdigest())
    assert line == {"mottagare": "191212121212", "fil": "brev/000001.pdf", "sha256": sha256(pdf).hexdigest()}
    assert (shared["antal"], shared["sprak"], shared["avsandare"]["namn"]) == (
        1,
        "sv-SE",
        "Kommunstyrelsen i Exempelkommun",
    )
    assert pymupdf.open(stream=pdf)[0].get_text().count("Storgatan") == 0
    assert file.stat().st_mode & 0o077 == 0
    posted(office, case, 1)
    assert room(office) == []


def test_the_page_of_the_case_says_that_letters_wait_to_be_posted(office: Office) -> None:
    case = sent(office)
    assert office.incident(case).unposted == 4
    assert "4 brev är skrivna men inte postade" in page(office, case)
    printed(office, case)
    forwarded(office, case)
    for batch in (1, 2):
        posted(office, case, batch)
    assert office.incident(case).unposted == 0
    assert "inte postade" not in page(office, case)


def test_no_cover_sheet_asks_skatteverket_to_forward_letters_that_it_cannot(office: Office) -> None:
    case = office.ready_to_write([person(10, protection=Protection.UNKNOWN)])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    assert forwarded(office, case).letters == 1
    assert room(office) == [f"{case.lower()}-omgang-1-sidor.csv", f"{case.lower()}-omgang-1.pdf"]


def test_two_who_take_out_letters_at_once_get_a_file_each_under_a_number_each(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = sent(office)
    by = office.delegate(case)
    code = office.code(forwarding_of(case, by=by, world=office.world), PRINTED)
    together, clear = Barrier(2), PrintRoom.clear

    def both_have_chosen_a_number(room: PrintRoom, name: str) -> None:
        with suppress(BrokenBarrierError):  # nobody else comes: one at a time
            together.wait(timeout=1)
        clear(room, name)

    monkeypatch.setattr(PrintRoom, "clear", both_have_chosen_a_number)
    sealed = partial(print_batch, case, channel=Channel.SEALED, code=code, by=by, now=at(PRINTED))
    openly = partial(print_batch, case, by=office.officer(case), now=at(PRINTED))
    with ThreadPoolExecutor(2) as pool:
        at_once = [pool.submit(one, world=office.next_door().world) for one in (sealed, openly)]
        made = sorted((one.result() for one in at_once), key=lambda one: one.number)
    assert [one.number for one in made] == [1, 2]
    for one in made:
        file = office.folder / "utskrift" / f"{case.lower()}-omgang-{one.number}.pdf"
        assert sha256(file.read_bytes()).hexdigest() == one.sha256
