"""The wrong list, a list that says too much of itself, a row that hides somebody: nobody gets a letter by mistake."""

from datetime import date
from pathlib import Path

import pytest

from adapters.people_list.recipient_file import RecipientFile
from models.errors import NotEntitled, StepOutOfOrder, UnreadableFile
from models.people_list import Fault
from models.route import RouteReason, Way
from services.people.communication import communication_of
from services.people.erase_recipients import erase_recipients
from services.people.found_later import laid_aside
from services.people.load_recipients import load_recipients
from services.people.standing import standings
from tests.fakes import Listed
from tests.services.office import OFFICER, Office, at, person

LOADED, RELEASED, SENT, FOUND = "2023-05-12 12.00", "2023-05-15 11.00", "2023-05-15 11.05", "2023-05-22 09.00"
WRONG, RIGHT = person(1), person(2)


def replaced(office: Office, case: str, *people: object, when: str = LOADED) -> None:
    listed = Listed(people)  # type: ignore[arg-type]
    load_recipients(case, listed=listed, replace=True, by=OFFICER, now=at(when), world=office.world)


def test_a_wrong_list_is_replaced_before_the_release_and_nobody_on_it_gets_the_letter(office: Office) -> None:
    case = office.ready_to_write([WRONG, person(3)])
    replaced(office, case, RIGHT)
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    assert office.post.addresses == ["s0002@post.example"]
    assert [event.recipients for event in office.history(case) if event.type == "personal_data_erased.v1"] == [2]


def test_a_list_that_was_erased_before_any_letter_makes_room_for_the_right_one(office: Office) -> None:
    case = office.ready_to_write([WRONG])
    erase_recipients(case, by=office.delegate(case), now=at(LOADED), world=office.world)
    assert office.load(case, [RIGHT], when=LOADED) == 1
    assert list(office.world.recipients.read(communication_of(case))) == [RIGHT]


def test_a_wrong_list_that_waits_beside_the_letters_that_are_out_is_replaced_alone(office: Office) -> None:
    case = office.ready_to_write([RIGHT])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    office.load(case, [WRONG], when=FOUND)
    replaced(office, case, person(3), when=FOUND)
    assert list(office.world.recipients.read(laid_aside(office.incident(case)))) == [person(3)]
    assert list(office.world.recipients.read(communication_of(case))) == [RIGHT]


def test_a_list_that_is_refused_erases_nobody_who_waits(office: Office) -> None:
    case = office.ready_to_write([RIGHT])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    office.load(case, [person(3)], when=FOUND)
    with pytest.raises(UnreadableFile, match="another person on the first list"):
        replaced(office, case, WRONG.model_copy(update={"id": RIGHT.id}), when="2023-05-22 09.05")
    assert list(office.world.recipients.read(laid_aside(office.incident(case)))) == [person(3)]


def test_a_list_that_is_tried_again_does_not_take_the_place_of_a_later_one(office: Office) -> None:
    case = office.ready_to_write([person(3)])
    replaced(office, case, WRONG, when=LOADED)
    replaced(office, case, RIGHT, when=RELEASED)
    with pytest.raises(StepOutOfOrder, match="later list"):
        replaced(office, case, WRONG, when=LOADED)
    assert list(office.world.recipients.read(communication_of(case))) == [RIGHT]


def test_people_who_have_a_key_are_never_cleared_away(office: Office) -> None:
    case = office.ready_to_write([RIGHT])
    office.world.recipients.clear(communication_of(case))
    assert office.world.recipients.count(communication_of(case)) == 1


def test_a_list_was_not_checked_on_a_day_that_has_not_come(office: Office) -> None:
    case = office.ready_to_write([])
    with pytest.raises(StepOutOfOrder, match="That day has not come"):
        load_recipients(
            case,
            listed=Listed([RIGHT]),
            checked_on=date(2023, 5, 13),
            by=OFFICER,
            now=at(LOADED),
            world=office.world,
        )


LIST = """Namn;Personnummer;E-post;Skydd;VH1;VH1 e-post;VH1 skydd
Kim Ek;20150315-2397;;nej;Anna Ek;anna@post.example;nej
Anna Ek;19811228-9875;;{protection};;;
"""


@pytest.mark.parametrize("row", ["ja;;;", "nej;Bo Ek;bo@post.example;ja"])
def test_nobody_is_taken_in_while_a_row_of_a_protected_person_cannot_be_read(
    office: Office, tmp_path: Path, row: str
) -> None:
    case = office.ready_to_write([])
    file = tmp_path / "lista.csv"
    file.write_text(LIST.replace("{protection};;;", row), encoding="utf-8")
    listed = RecipientFile(file, on=at(LOADED).date())
    assert listed.check().counts[Fault.PROTECTED] == 1
    with pytest.raises(UnreadableFile, match="so nobody was taken in"):
        load_recipients(case, listed=listed, by=OFFICER, now=at(LOADED), world=office.world)
    assert office.world.recipients.count(communication_of(case)) == 0


def test_a_row_without_protection_that_cannot_be_read_holds_nobody_up(office: Office, tmp_path: Path) -> None:
    case = office.ready_to_write([])
    file = tmp_path / "lista.csv"
    file.write_text(LIST.format(protection="nej"), encoding="utf-8")
    loaded = load_recipients(
        case, listed=RecipientFile(file, on=at(LOADED).date()), by=OFFICER, now=at(LOADED), world=office.world
    )
    assert (loaded.recipients, loaded.report.refused) == (1, 1)


def test_everybody_stands_somewhere_once_also_who_was_found_later_and_whom_nothing_reached(office: Office) -> None:
    case = office.ready_to_write([person(1), person(4, email=False, paper=False)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    office.load(case, [person(3)], when=FOUND)
    found = [
        (one.person.id, one.route.way, one.route.reason, one.end)
        for one in standings(case, by=OFFICER, now=at(FOUND), world=office.world)
    ]
    assert found == [
        ("s0001", Way.EMAIL, RouteReason.EMAIL_GIVEN, Way.EMAIL),
        ("s0004", Way.UNREACHABLE, RouteReason.NO_WAY_GIVEN, Way.UNREACHABLE),
        ("s0003", Way.EMAIL, RouteReason.EMAIL_GIVEN, None),
    ]
    with pytest.raises(NotEntitled):
        list(standings(case, by="maja.modell", now=at(FOUND), world=office.world))
