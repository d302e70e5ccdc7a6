import pytest

from models.errors import NotEntitled, StepOutOfOrder, UnknownReference
from services.people.communication import communication_of
from services.people.erase_recipients import erase_recipients
from services.people.post_batch import post_batch
from services.people.print_batch import print_batch
from tests.services.office import OFFICER, Office, at, person

LATER, POSTED = "2024-05-15 10.00", "2023-05-15 16.00"


def erased(office: Office, case: str, *, by: str | None = None) -> None:
    erase_recipients(case, by=by or office.delegate(case), now=at(LATER), world=office.world)


def test_an_erased_list_can_be_read_by_nobody_and_the_count_stays(office: Office) -> None:
    case = office.ready_to_write([person(1), person(2)])
    assert len(list(office.world.recipients.read(communication_of(case)))) == 2
    erased(office, case)
    with pytest.raises(UnknownReference):
        office.world.recipients.read(communication_of(case))
    assert office.world.recipients.is_erased(communication_of(case))
    assert office.history(case)[-1].model_dump(include={"type", "recipients"}) == {
        "type": "personal_data_erased.v1",
        "recipients": 2,
    }


def test_to_erase_again_records_nothing_more(office: Office) -> None:
    case = office.ready_to_write([person(1)])
    erased(office, case)
    before = office.history(case)
    erased(office, case)
    assert office.history(case) == before


def test_nothing_is_erased_while_letters_are_on_their_way_or_by_the_officer(office: Office) -> None:
    case = office.ready_to_write([person(1)])
    with pytest.raises(NotEntitled):
        erased(office, case, by=OFFICER)
    office.release(case, when="2023-05-15 11.00")
    with pytest.raises(StepOutOfOrder):
        erased(office, case)
    assert len(list(office.world.recipients.read(communication_of(case)))) == 1


def test_a_list_that_never_was_is_not_erased(office: Office) -> None:
    case = office.report()
    with pytest.raises(UnknownReference):
        erased(office, case)


def test_printed_letters_are_erased_with_the_list(office: Office) -> None:
    case = office.ready_to_write([person(1, email=False)])
    office.release(case, when="2023-05-15 11.00")
    started = office.send(case, when="2023-05-15 11.05").started
    assert started is not None
    (sheet,) = office.world.printed.read(started.communication, started.sha256, ["s0001"])
    with pytest.raises(StepOutOfOrder, match="nobody has posted"):
        erased(office, case)
    batch = print_batch(case, by=OFFICER, now=at("2023-05-15 12.00"), world=office.world)
    with pytest.raises(StepOutOfOrder, match="nobody has posted"):
        erased(office, case)
    post_batch(case, batch=batch.number, posted_at=at(POSTED), by=OFFICER, now=at(POSTED), world=office.world)
    erased(office, case)
    with pytest.raises(UnknownReference):
        office.world.printed.read(started.communication, started.sha256, ["s0001"])
    assert office.world.printed.count(started.communication) == 1
    for file in office.folder.rglob("*"):
        assert not file.is_file() or sheet.content not in file.read_bytes()
