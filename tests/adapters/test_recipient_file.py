from pathlib import Path

import pytest

from adapters.recipient_file import read_recipients
from adapters.settings import CHECKOUT
from models.errors import MissingParticular
from models.recipient import Protection, Recipient

HEADER = "id,name,email,street,postcode,city,protection\n"
ANNA = "s1,Anna Ek,anna@post.example,Storgatan 1,991 40,Provköping,none\n"


def read(tmp_path: Path, text: str) -> list[Recipient]:
    file = tmp_path / "sokande.csv"
    file.write_text(text, encoding="utf-8")
    return list(read_recipients(file))


def test_the_applicants_that_come_along_can_all_be_read() -> None:
    people = list(read_recipients(CHECKOUT / "deployments" / "examples" / "applicants.csv"))
    assert len(people) == 240
    assert {person.protection for person in people} == {
        Protection.NONE,
        Protection.SECRECY_MARKED,
        Protection.PROTECTED_REGISTRATION,
    }


def test_a_row_becomes_a_recipient(tmp_path: Path) -> None:
    (anna,) = read(tmp_path, HEADER + ANNA)
    assert (anna.id, anna.name, anna.email, anna.protection) == ("s1", "Anna Ek", "anna@post.example", Protection.NONE)
    assert anna.address is not None
    assert (anna.address.street, anna.address.postcode, anna.address.city) == ("Storgatan 1", "99140", "Provköping")


def test_a_file_as_spreadsheets_save_it_is_read_without_its_mark(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff" + HEADER + ANNA)[0].id == "s1"


@pytest.mark.parametrize("said", ["", "unknown", "nej", "None", "NONE", " none", "sekretess"])
def test_a_protection_that_is_not_understood_is_protection(tmp_path: Path, said: str) -> None:
    (person,) = read(tmp_path, HEADER + f"s1,Anna Ek,anna@post.example,Storgatan 1,99140,Provköping,{said}\n")
    assert person.protection is Protection.UNKNOWN


def test_a_row_that_ends_early_is_protected(tmp_path: Path) -> None:
    (person,) = read(tmp_path, HEADER + "s1,Anna Ek,anna@post.example\n")
    assert person.protection is Protection.UNKNOWN


def test_an_empty_address_is_no_address(tmp_path: Path) -> None:
    (person,) = read(tmp_path, HEADER + "s1,Anna Ek, ,,,,none\n")
    assert (person.email, person.address) == (None, None)


@pytest.mark.parametrize(
    "row, column",
    [
        ("s2,Berit Al,,Storgatan 1,991,Provköping,none\n", "postcode"),
        ("S2,Berit Al,,,,,none\n", "id"),
        (",Berit Al,,,,,none\n", "id"),
        ("../s2,Berit Al,,,,,none\n", "id"),
        ("berit al,Berit Al,,,,,none\n", "id"),
        ("19811228-9874,Berit Al,,,,,none\n", "id"),
        ("s1,Berit Al,,,,,none\n", "id"),
    ],
    ids=["half a postcode", "capital", "no id", "a path", "a name", "a personal identity number", "an id used twice"],
)
def test_a_faulty_row_is_named_by_number_and_column_and_nothing_is_handed_out(
    tmp_path: Path, row: str, column: str
) -> None:
    file = tmp_path / "sokande.csv"
    file.write_text(HEADER + ANNA + row, encoding="utf-8")
    with pytest.raises(MissingParticular) as refusal:
        next(read_recipients(file))
    assert (refusal.value.values["row"], refusal.value.values["column"]) == (3, column)
    assert "Berit" not in str(refusal.value)
    assert "9874" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_a_file_without_a_column_is_refused_by_that_column(tmp_path: Path) -> None:
    with pytest.raises(MissingParticular) as refusal:
        read(tmp_path, "id,name,email,street,postcode,city\ns1,Anna Ek,,,,\n")
    assert refusal.value.values["column"] == "protection"
