"""A print file that was lost is written once more, with the same letters; no letter is posted twice because of it."""

from pathlib import Path

import pytest

from models.errors import Misprint, NotConfirmed, NotEntitled, StepOutOfOrder, UnknownReference
from models.incident import Incident
from models.recipient import Channel, Protection
from services.people.batches import batches_of
from services.people.print_again import again_of, print_again
from services.people.print_batch import print_batch
from tests.services.office import Office, at, person
from tests.services.test_paper import PRINTED, forwarded, posted, printed, room, sent

LOST = "2023-05-15 15.00"


def again(office: Office, case: str, *, batch: int = 1, code: str | None = None, by: str | None = None) -> Incident:
    return print_again(
        case,
        batch=batch,
        reasoning="Disken gick sönder.",
        code=code,
        by=by or office.officer(case),
        now=at(LOST),
        world=office.world,
    )


def the_file(office: Office, case: str, batch: int = 1) -> Path:
    return office.folder / "utskrift" / f"{case.lower()}-omgang-{batch}.pdf"


def lose(office: Office) -> None:
    for file in (office.folder / "utskrift").iterdir():
        file.unlink()


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


def test_if_a_person_has_been_protected_meanwhile_nothing_is_written_openly(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    lose(office)
    hidden = person(7, email=False, protection=Protection.SECRECY_MARKED)
    office.world.recipients.keep(f"{case}/gdpr.34.1", [hidden])
    with pytest.raises(Misprint, match="cannot be written again"):
        again(office, case)
    assert room(office) == []
