import csv
import io
import resource
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as some

from adapters.people_list.cells import email
from adapters.people_list.columns import columns
from adapters.people_list.glance import glance
from adapters.people_list.judging import Judging
from adapters.people_list.recipient_file import RecipientFile
from adapters.people_list.row import RowReader
from adapters.settings import CHECKOUT
from models.errors import UnreadableFile
from models.identity import NumberFault
from models.people_list import Fault, ListReport, Remark
from models.recipient import Protection, Recipient

ON = date(2026, 11, 26)
SWEDISH = ["Förnamn", "Efternamn", "Personnummer", "E-post", "Gatuadress", "Postnr", "Ort", "Skyddade personuppgifter"]
ANNA = ["Anna", "Ek", "19811228-9874", "anna@post.example", "Storgatan 1", "991 40", "Provköping", "nej"]
BOTH = {"name": "Anna Ek", "number": "198112289874", "email": "anna@post.example"}


def written(folder: Path, *rows: list[str], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    file, text = folder / "lista.csv", io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def people(file: Path, *, checked: bool = False) -> list[Recipient]:
    return list(RecipientFile(file, on=ON, checked=checked).people(lambda identity: f"p{Counter(identity).total()}"))


def report(file: Path, *, checked: bool = False) -> ListReport:
    return RecipientFile(file, on=ON, checked=checked).check()


def said(folder: Path, *rows: list[str], heading: list[str] = SWEDISH) -> list[tuple[int, str]]:
    return [(one.row, one.said.value) for one in report(written(folder, heading, *rows)).examples]


def changed(**cells: str) -> list[str]:
    """Anna's row with other cells, by the heading without what is no letter."""
    names = {"".join(filter(str.isalpha, name)).lower(): place for place, name in enumerate(SWEDISH)}
    row = list(ANNA)
    for name, cell in cells.items():
        row[names[name]] = cell
    return row


def test_the_applicants_that_come_along_can_all_be_read() -> None:
    file = CHECKOUT / "deployments" / "examples" / "applicants.csv"
    assert report(file)[:3] == (240, 240, 240)
    listed = people(file)
    assert len({one.id for one in listed}) == 240
    assert {one.protection for one in listed} == {
        Protection.NONE,
        Protection.SECRECY_MARKED,
        Protection.PROTECTED_REGISTRATION,
    }


def test_a_row_becomes_a_recipient_with_everything_it_says(tmp_path: Path) -> None:
    heading = [
        *(
            "id",
            "Namn",
            "Samordningsnummer",
            "Mejl",
            "Mobil",
            "c/o",
            "Utdelningsadress",
            "Postnummer",
            "Postort",
            "Land",
        ),
        *("Sekretessmarkering", "Språk", "Avliden", "Utvandrad", "Digital brevlåda"),
    ]
    row = [
        "s1",
        "Anna Ek",
        "701063-2391",
        "Anna@Post.Example",
        "070-123 45 67",
        "c/o Berit Al",
        "Box 12",
        "99140",
        "Provköping",
    ]
    (anna,) = people(written(tmp_path, heading, [*row, "Sverige", "Nej", "svenska", "nej", "", "ja"]))
    assert anna.model_dump(exclude_defaults=True, mode="json") == {
        "id": "s1",
        "name": "Anna Ek",
        "number": "197010632391",
        "email": "Anna@post.example",
        "phone": "+46701234567",
        "address": {"care_of": "Berit Al", "street": "Box 12", "postcode": "99140", "city": "Provköping"},
        "protection": "none",
        "mailbox": True,
    }


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "mac_roman"])
def test_every_usual_encoding_and_delimiter_is_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [ANNA, changed(förnamn="Åsa", efternamn="Öberg", personnummer="", epost="asa@post.example", ort="Älvsjö")]
    found = people(written(tmp_path, SWEDISH, *rows, delimiter=delimiter, encoding=encoding))
    assert [(one.name, one.address and one.address.city) for one in found] == [
        ("Anna Ek", "Provköping"),
        ("Åsa Öberg", "Älvsjö"),
    ]


def test_commas_in_the_cells_do_not_part_a_list_that_semicolons_part(tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_text(
        "Namn;E-post\nEk, Anna, fru, dr;a@post.example\nAl, Bo, herr, dr;b@post.example\n", encoding="utf-8"
    )
    assert [one.email for one in people(file)] == ["a@post.example", "b@post.example"]


def test_the_first_swedish_letter_may_stand_far_down_in_an_old_file(tmp_path: Path) -> None:
    plain = [["Anna", "Ek", "", f"a{n}@post.example", "", "", "", "nej"] for n in range(60_000)]
    file = written(tmp_path, ["Fornamn", *SWEDISH[1:]], *plain, changed(ort="Åmål"), encoding="cp1252")
    text = file.read_bytes().replace(b"Fornamn", "Förnamn".encode("cp1252"))
    file.write_bytes(text)
    assert people(file)[-1].address.city == "Åmål"


def test_titles_above_the_heading_blank_lines_and_excels_own_first_line_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    lines = ["sep=,", "Sökande våren 2023", "", ",".join(SWEDISH), "", ",".join(ANNA), ""]
    file.write_text("\r\n".join(lines), encoding="utf-8")
    assert [one.name for one in people(file)] == ["Anna Ek"]
    assert report(file).rows == 1


def test_a_cell_in_quotation_marks_may_hold_delimiters_and_line_breaks(tmp_path: Path) -> None:
    odd = changed(gatuadress='Storgatan 1; "gården"\nuppgång 2')
    first, second = people(written(tmp_path, SWEDISH, odd, changed(förnamn="Bo", personnummer="")))
    assert first.address.street == 'Storgatan 1; "gården" uppgång 2'
    assert second.name == "Bo Ek"


def test_columns_nobody_knows_are_named_and_left_alone(tmp_path: Path) -> None:
    found = report(written(tmp_path, [*SWEDISH, "Anteckning"], [*ANNA, "ring inte"]))
    assert (found.unread, found.people) == (("Anteckning",), 1)


def test_a_column_nobody_knows_reaches_no_field_wherever_it_stands(tmp_path: Path) -> None:
    heading = ["Namn", "Adress", "Postnummer", "Ort"]
    row = ["Anna Provlund", "Björkvägen 1", "991 40", "Provköping"]
    unknown, note = "Egen anteckning", "En hemlighet"
    (expected,) = people(written(tmp_path, heading, row))
    for place in range(len(heading) + 1):
        wider = [[*heading[:place], unknown, *heading[place:]], [*row[:place], note, *row[place:]]]
        assert people(written(tmp_path, *wider)) == [expected]


@pytest.mark.parametrize("heading", [["a", "b", "c"], ["Förnamn", "E-post"], [""]])
def test_a_list_without_names_is_no_list_of_people(tmp_path: Path, heading: list[str]) -> None:
    with pytest.raises(UnreadableFile, match="no column with names"):
        report(written(tmp_path, heading, ["x"] * len(heading)))


@pytest.mark.parametrize(
    "protection, known",
    [
        ("nej", Protection.NONE),
        ("Nej", Protection.NONE),
        ("none", Protection.NONE),
        ("ja", Protection.SECRECY_MARKED),
        ("Sekretessmarkering", Protection.SECRECY_MARKED),
        ("skyddad folkbokföring", Protection.PROTECTED_REGISTRATION),
        ("protected_registration", Protection.PROTECTED_REGISTRATION),
        ("", Protection.UNKNOWN),
        ("vet ej", Protection.UNKNOWN),
        ("okänt", Protection.UNKNOWN),
        ("kanske", Protection.UNKNOWN),
    ],
)
def test_what_is_not_known_to_be_no_protection_is_protection(
    tmp_path: Path, protection: str, known: Protection
) -> None:
    (anna,) = people(written(tmp_path, SWEDISH, changed(skyddadepersonuppgifter=protection)))
    assert anna.protection is known


def test_an_empty_cell_means_no_protection_only_when_somebody_says_that_the_list_was_checked(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        SWEDISH,
        changed(skyddadepersonuppgifter=""),
        changed(förnamn="Bo", personnummer="", skyddadepersonuppgifter="kanske"),
    )
    assert [one.protection for one in people(file)] == [Protection.UNKNOWN, Protection.UNKNOWN]
    assert [one.protection for one in people(file, checked=True)] == [Protection.NONE, Protection.UNKNOWN]


def test_a_list_without_the_column_is_a_list_of_protected_people_unless_it_was_checked(tmp_path: Path) -> None:
    file = written(tmp_path, SWEDISH[:-1], ANNA[:-1])
    assert not report(file).tells_protection
    assert [one.protection for one in people(file)] == [Protection.UNKNOWN]
    assert [one.protection for one in people(file, checked=True)] == [Protection.NONE]


def test_two_columns_about_protection_say_the_stricter_thing(tmp_path: Path) -> None:
    heading = ["Namn", "E-post", "Sekretessmarkering", "Skyddad folkbokföring"]
    rows = [["Anna Ek", "a@post.example", "ja", "ja"], ["Bo Al", "b@post.example", "nej", "nej"]]
    rows += [["Cia Ström", "c@post.example", "ja", "nej"], ["Dag By", "d@post.example", "", "nej"]]
    assert [one.protection for one in people(written(tmp_path, heading, *rows))] == [
        Protection.PROTECTED_REGISTRATION,
        Protection.NONE,
        Protection.SECRECY_MARKED,
        Protection.UNKNOWN,
    ]


@pytest.mark.parametrize(
    "cells, fault",
    [
        ({"förnamn": "", "efternamn": ""}, Fault.NO_NAME),
        ({"personnummer": "19811228-9875"}, NumberFault.CHECK_DIGIT),
        ({"personnummer": "19811328-9874"}, NumberFault.CHECK_DIGIT),
        ({"personnummer": "okänt"}, NumberFault.FORM),
        ({"gatuadress": "x" * 121}, Fault.TOO_LONG),
        ({"förnamn": "李", "epost": ""}, Fault.UNPRINTABLE),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_is_left_out(
    tmp_path: Path, cells: dict[str, str], fault: Fault | NumberFault
) -> None:
    file = written(tmp_path, SWEDISH, changed(**cells), changed(förnamn="Bo", personnummer="", epost="b@post.example"))
    found = report(file)
    assert (2, fault.value) in [(one.row, one.said.value) for one in found.examples]
    assert (found.rows, found.taken, found.people, found.refused) == (2, 1, 1, 1)
    assert [one.name for one in people(file)] == ["Bo Ek"]


@pytest.mark.parametrize(
    "cells, remark, field",
    [
        ({"epost": "anna(at)post.example"}, Remark.EMAIL, "email"),
        ({"epost": "anna@"}, Remark.EMAIL, "email"),
        ({"postnr": "991"}, Remark.ADDRESS, "address"),
        ({"ort": ""}, Remark.ADDRESS, "address"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_noted_and_the_person_is_taken(
    tmp_path: Path, cells: dict[str, str], remark: Remark, field: str
) -> None:
    file = written(tmp_path, SWEDISH, changed(**cells))
    assert said(tmp_path, changed(**cells)) == [(2, remark.value)]
    (anna,) = people(file)
    assert getattr(anna, field) is None


def test_who_has_no_way_at_all_is_taken_and_noted(tmp_path: Path) -> None:
    assert said(tmp_path, changed(epost="", gatuadress="", postnr="", ort="")) == [(2, "no_way")]


def test_an_address_in_another_country_is_taken_as_it_stands(tmp_path: Path) -> None:
    heading = ["Namn", "Adress", "Postnr", "Ort", "Land", "Skydd"]
    (kari,) = people(
        written(tmp_path, heading, ["Kari Nordmann", "Karl Johans gate 1", "0154", "Oslo", "Norge", "nej"])
    )
    assert (kari.address.postcode, kari.address.country) == ("0154", "Norge")


@pytest.mark.parametrize(
    "written_as, kept",
    [
        ("Kund@Räksmörgås.SE", "Kund@xn--rksmrgs-5wao1o.se"),
        ("åsa@exempel.se", "åsa@exempel.se"),
        (" anna@post.example ", "anna@post.example"),
    ],
)
def test_an_address_with_swedish_letters_is_kept_as_a_mail_server_takes_it(
    tmp_path: Path, written_as: str, kept: str
) -> None:
    (anna,) = people(written(tmp_path, SWEDISH, changed(epost=written_as)))
    assert anna.email == kept


def test_what_no_reader_can_see_is_removed_and_noted(tmp_path: Path) -> None:
    row = changed(förnamn="A\u030asa\u200b", efternamn="\u202eEk\x07", ort=" Prov\u00a0 köping ")
    assert said(tmp_path, row) == [(2, "signs_removed"), (2, "signs_removed")]
    (asa,) = people(written(tmp_path, SWEDISH, row))
    assert (asa.name, asa.address.city) == ("Åsa Ek", "Prov köping")


def test_a_sign_that_cannot_be_printed_is_noted_by_its_number_when_the_letter_goes_by_mail(tmp_path: Path) -> None:
    found = report(written(tmp_path, SWEDISH, changed(efternamn="李")))
    assert [(one.said, one.detail) for one in found.examples] == [(Remark.GLYPHS, "U+674E")]
    assert found.people == 1


def test_no_report_ever_repeats_what_stands_in_the_list(tmp_path: Path) -> None:
    rows = [changed(personnummer="19811228-9875"), changed(epost="hemlig@@post"), changed(förnamn="Hemlige", ort="")]
    told = repr(report(written(tmp_path, SWEDISH, *rows)))
    assert not [word for word in ("hemlig", "9875", "Anna", "Storgatan") if word.lower() in told.lower()]


@pytest.mark.parametrize("recipient_id", ["S2", "../s2", "berit al", "19811228-9874", "x" * 65])
def test_an_id_that_could_tell_of_the_person_or_leave_its_folder_is_refused(tmp_path: Path, recipient_id: str) -> None:
    file = written(tmp_path, ["id", "Namn", "E-post"], [recipient_id, "Berit Al", "b@post.example"])
    assert report(file).counts == {Fault.ID_FORM: 1}


def test_guardians_are_read_with_their_own_ways_and_protection(tmp_path: Path) -> None:
    heading = [
        *("Namn", "Födelsedatum", "Skydd"),
        *("Vårdnadshavare 1 namn", "Vårdnadshavare 1 e-post", "Vårdnadshavare 1 skydd"),
        *("Vårdnadshavare 2", "Vårdnadshavare 2 adress", "Vårdnadshavare 2 postnr", "Vårdnadshavare 2 ort"),
    ]
    row = [
        "Alva Ek",
        "2015-03-15",
        "nej",
        "Bo Ek",
        "bo@post.example",
        "nej",
        "Cia Ström",
        "Åvägen 2",
        "99150",
        "Testvik",
    ]
    (alva,) = people(written(tmp_path, heading, row))
    first, second = alva.guardians
    assert (alva.born, alva.is_minor(ON)) == (date(2015, 3, 15), True)
    assert (first.name, first.email, first.protection) == ("Bo Ek", "bo@post.example", Protection.NONE)
    assert (second.name, second.address.city, second.protection) == ("Cia Ström", "Testvik", Protection.UNKNOWN)


# what would hide that somebody is protected


@pytest.mark.parametrize(
    "heading",
    ["Skyddad adress", "Sekretess (J/N)", "Sekr.", "Spärrmarkering", "Skyddsmark.", "Hemlig adress", "Skyddad PU"],
)
def test_a_column_about_protection_is_read_whatever_it_is_called(tmp_path: Path, heading: str) -> None:
    (anna,) = people(written(tmp_path, [*SWEDISH[:-1], heading], [*ANNA[:-1], "ja"]), checked=True)
    assert anna.protection is Protection.SECRECY_MARKED


def test_of_several_columns_about_protection_every_one_is_read(tmp_path: Path) -> None:
    heading = [*SWEDISH, "Skyddad identitet", "Kvarskrivning", "Skyddad folkbokföring (J/N)"]
    rows = [[*ANNA, "ja", "nej", "nej"], [*ANNA, "nej", "nej", "ja"], [*ANNA, "nej", "nej", ""]]
    assert [people(written(tmp_path, heading, row), checked=True)[0].protection for row in rows] == [
        Protection.SECRECY_MARKED,
        Protection.PROTECTED_REGISTRATION,
        Protection.NONE,
    ]


def test_a_row_with_more_cells_than_the_heading_is_refused_for_its_cells_stand_under_wrong_names(
    tmp_path: Path,
) -> None:
    heading, file = ["Namn", "E-post", "Adress", "c/o", "Skydd"], tmp_path / "lista.csv"
    shifted = "Anna Ek;a@post.example;Storgatan 1; lgh 3;;ja"
    file.write_text("\n".join([";".join(heading), shifted, "Bo Al;b@post.example;;;nej;;"]), encoding="utf-8")
    found = report(file, checked=True)
    assert [(one.row, one.said) for one in found.examples if one.is_fault] == [(2, Fault.SHIFTED)]
    assert [one.name for one in people(file, checked=True)] == ["Bo Al"]


def test_a_row_that_ends_before_the_cell_about_protection_says_nothing_of_it(tmp_path: Path) -> None:
    file = written(tmp_path, SWEDISH, ANNA[:5])
    assert Remark.PROTECTION in report(file, checked=True).counts
    assert [one.protection for one in people(file, checked=True)] == [Protection.UNKNOWN]


@pytest.mark.parametrize(
    "heading, extra", [(["Skyddad identitet"], ["ja"]), (["c/o", "Skydd"], ["", "ja"]), (["Anteckning"], ["x"])]
)
def test_a_glance_takes_no_line_with_more_cells_than_the_heading(heading: list[str], extra: list[str]) -> None:
    whole, row = [*SWEDISH, *heading], [*ANNA, *extra]
    look = glance(columns(whole), ";", len(whole))
    assert not look(";".join([*row, "ja"]))


OF_A_CHILD = ["Namn", "Personnummer", "Skydd", "VH1", "VH1 pnr", "VH1 e-post", "VH1 skyddad adress"]
OF_A_CHILD += ["VH2", "VH2 pnr", "VH2 skydd"]
KIM, HER = ["Kim Ek", "20150315-2397", "nej"], ["Anna Ek", "19811228-9874", "anna@post.example", "nej"]


def protections(one: Recipient) -> list[Protection]:
    return [one.protection, *(guardian.protection for guardian in one.guardians)]


def test_a_guardian_with_a_wrong_number_is_taken_without_it_and_keeps_the_family_closed(tmp_path: Path) -> None:
    file = written(tmp_path, OF_A_CHILD, [*KIM, *HER, "Bo Ek", "19701063-0000", "ja"])
    (kim,) = people(file)
    assert protections(kim) == [Protection.NONE, Protection.NONE, Protection.SECRECY_MARKED]
    assert report(file).counts == {Remark.GUARDIAN_NUMBER: 1}


def test_the_protection_of_a_guardian_without_a_name_is_the_childs(tmp_path: Path) -> None:
    (kim,) = people(written(tmp_path, OF_A_CHILD, [*KIM, *HER, "", "", "ja"]), checked=True)
    assert protections(kim) == [Protection.SECRECY_MARKED, Protection.NONE]


def test_a_guardian_of_whom_only_is_said_that_they_are_not_protected_is_none(tmp_path: Path) -> None:
    file = written(tmp_path, OF_A_CHILD, [*KIM, *HER, "", "", "nej"])
    assert (len(people(file)[0].guardians), report(file).counts) == (1, {})


def test_a_child_with_a_row_for_each_guardian_has_them_all(tmp_path: Path) -> None:
    him = ["Bo Ek", "19701063-2391", "bo@post.example", "ja"]
    again = ["Ek, Anna", "", "", ""]
    rows = [[*KIM, *guardian, "", "", ""] for guardian in (HER, him, again)]
    (kim,) = people(written(tmp_path, OF_A_CHILD, *rows), checked=True)
    assert [one.email for one in kim.guardians] == ["anna@post.example", "bo@post.example"]
    assert protections(kim) == [Protection.NONE, Protection.NONE, Protection.SECRECY_MARKED]


def test_of_two_names_on_one_number_the_first_is_protected_if_either_is(tmp_path: Path) -> None:
    other = changed(förnamn="Bo", efternamn="Al", skyddadepersonuppgifter="ja")
    (anna,) = people(written(tmp_path, SWEDISH, ANNA, other))
    assert anna.protection is Protection.SECRECY_MARKED


def test_the_name_of_a_guardian_may_stand_in_two_columns_and_the_word_before_or_after(tmp_path: Path) -> None:
    heading = ["Namn", "Skydd", "Vårdnadshavarens förnamn", "Vårdnadshavarens efternamn", "E-post vårdnadshavare 1"]
    heading += ["Namn VH2", "Skyddade uppgifter VH2", "Målsmans e-post 2"]
    row = ["Kim Ek", "nej", "Anna", "Ek", "anna@post.example", "Bo Ek", "ja", "bo@post.example"]
    (kim,) = people(written(tmp_path, heading, row))
    assert [(one.name, one.email) for one in kim.guardians] == [
        ("Anna Ek", "anna@post.example"),
        ("Bo Ek", "bo@post.example"),
    ]
    assert kim.guardians[1].protection is Protection.SECRECY_MARKED


@pytest.mark.parametrize("born, fault", [("1981-12-28", True), ("2015-03-15", False)])
def test_nobody_has_two_ages_for_one_of_them_would_be_a_childs(tmp_path: Path, born: str, *, fault: bool) -> None:
    rows = [["Kim Ek", "20150315-2397", born, "kim@post.example", "nej"]]
    counts = report(written(tmp_path, ["Namn", "Personnummer", "Födelsedatum", "E-post", "Skydd"], *rows)).counts
    assert counts == ({Fault.TWO_AGES: 1} if fault else {})


# who is dead


@pytest.mark.parametrize(
    "cell, dead", [("-", False), ("lever", False), ("nej", False), ("ja", True), ("Avliden", True)]
)
def test_a_cell_about_death_says_yes_or_no_in_the_words_people_use(tmp_path: Path, cell: str, *, dead: bool) -> None:
    (anna,) = people(written(tmp_path, [*SWEDISH, "Avliden"], [*ANNA, cell]))
    assert anna.deceased is dead


@pytest.mark.parametrize(
    "cell, living", [("lever", True), ("Levande", True), ("nej", False), ("-", False), ("", False)]
)
def test_only_so_many_words_say_that_somebody_lives(tmp_path: Path, cell: str, *, living: bool) -> None:
    (anna,) = people(written(tmp_path, [*SWEDISH, "Avliden"], [*ANNA, cell]))
    assert anna.living is living


@pytest.mark.parametrize("cell", ["2023-04-24", "20230424", "2023-04-24 10:00:00", "2023"])
def test_the_date_of_a_death_says_yes(tmp_path: Path, cell: str) -> None:
    assert people(written(tmp_path, [*SWEDISH, "Dödsdatum"], [*ANNA, cell]))[0].deceased


def lives(folder: Path, heading: list[str], *cells: str) -> tuple[bool, bool]:
    (anna,) = people(written(folder, [*SWEDISH, *heading], [*ANNA, *cells]))
    return anna.deceased, anna.emigrated


@pytest.mark.parametrize("heading", ["Dödsdag", "Är avliden", "Avliden (J/N)", "Datum för dödsfall", "Date of death"])
def test_a_column_about_death_is_read_whatever_it_is_called(tmp_path: Path, heading: str) -> None:
    """A column that is passed over would let a letter go to the dead."""
    assert lives(tmp_path, [heading], "2020-01-01") == (True, False)
    assert lives(tmp_path, [heading], "nej") == (False, False)


@pytest.mark.parametrize("heading", ["Utvandringsdatum", "Datum för utvandring", "Är utvandrad"])
def test_a_column_about_emigration_is_read_whatever_it_is_called(tmp_path: Path, heading: str) -> None:
    assert lives(tmp_path, [heading], "2020-01-01") == (False, True)


@pytest.mark.parametrize(
    "heading", ["Den avlidnes namn", "Kontakt vid dödsfall", "Utvandrad till", "Född", "Stödskede"]
)
def test_what_is_about_something_else_is_no_death_and_no_emigration(heading: str) -> None:
    assert {"deceased", "emigrated"}.isdisjoint(columns(["Namn", heading]))


def test_of_two_columns_about_death_or_emigration_both_are_read(tmp_path: Path) -> None:
    heading = ["Avliden", "Dödsdatum", "Utvandrad", "Utvandringsdatum"]
    assert lives(tmp_path, heading, "", "2020-01-01", "", "") == (True, False)
    assert lives(tmp_path, heading, "ja", "", "nej", "2020-01-01") == (True, True)
    assert lives(tmp_path, heading, "nej", "", "", "-") == (False, False)


@pytest.mark.parametrize(
    "said, day, living", [("", "", True), ("nej", "", True), ("ja", "", False), ("", "2020-01-01", False)]
)
def test_a_guardian_who_has_died_is_none_and_the_child_lives(
    tmp_path: Path, said: str, day: str, *, living: bool
) -> None:
    heading = [*SWEDISH, "VH1", "VH1 e-post", "VH1 avliden", "VH2", "VH2 e-post", "VH1 dödsdatum"]
    row = [*ANNA, "Bo Ek", "bo@post.example", said, "Eva Ek", "eva@post.example", day]
    (child,) = people(written(tmp_path, heading, row))
    assert [one.name for one in child.guardians] == [*(["Bo Ek"] if living else []), "Eva Ek"]
    assert not child.deceased


@pytest.mark.parametrize("cell", ["okänt", "?", "kanske", "#SAKNAS!"])
def test_nobody_is_declared_dead_by_a_word_that_nobody_understands(tmp_path: Path, cell: str) -> None:
    assert said(tmp_path, [*ANNA, cell], heading=[*SWEDISH, "Avliden"]) == [(2, Fault.UNCLEAR.value)]


# the same person twice


def twins(folder: Path, *rows: list[str], heading: list[str] = SWEDISH) -> tuple[list[Recipient], dict[Any, int]]:
    file = written(folder, heading, *rows)
    return people(file), dict(report(file).counts)


def test_the_same_number_is_one_person_and_what_either_row_knows_is_kept(tmp_path: Path) -> None:
    other = changed(förnamn="Anna Maria", epost="", skyddadepersonuppgifter="ja")
    (anna,), counts = twins(tmp_path, changed(gatuadress="", postnr="", ort=""), other)
    assert (anna.name, anna.email, anna.address.city) == ("Anna Ek", "anna@post.example", "Provköping")
    assert anna.protection is Protection.SECRECY_MARKED
    assert counts == {Remark.MERGED: 1}


def test_protection_that_one_of_the_rows_leaves_open_stays_open(tmp_path: Path) -> None:
    (anna,), _ = twins(tmp_path, ANNA, changed(skyddadepersonuppgifter=""))
    assert anna.protection is Protection.UNKNOWN


def test_two_names_on_one_number_are_two_people_of_whom_one_is_wrong(tmp_path: Path) -> None:
    found, counts = twins(tmp_path, ANNA, changed(förnamn="Bo", efternamn="Al"))
    assert [one.name for one in found] == ["Anna Ek"]
    assert counts == {Fault.TWO_NAMES: 1}


def test_without_a_number_name_and_mailbox_or_name_and_home_tell_who_somebody_is(tmp_path: Path) -> None:
    numberless = changed(personnummer="")
    found, counts = twins(
        tmp_path,
        numberless,
        changed(personnummer="", förnamn="ANNA", gatuadress="Skolgatan 2"),
        changed(personnummer="", epost="", postnr="99140"),
        changed(personnummer="", förnamn="Bo"),
    )
    assert [one.name for one in found] == ["Bo Ek", "Anna Ek"]
    assert counts == {Remark.MERGED: 2}


def test_the_family_name_first_is_the_same_name(tmp_path: Path) -> None:
    mailbox = "anna@post.example"
    found, counts = twins(
        tmp_path,
        *(["", name, mailbox] for name in ("Anna Ek", "EK, Anna", "Ek Anna", "Anna, Ek")),
        heading=["Personnummer", "Namn", "E-post"],
    )
    assert [one.name for one in found] == ["Anna Ek", "Ek Anna"], "without a comma nobody knows which is which"
    assert counts[Remark.MERGED] == 2


def test_who_shares_a_mailbox_or_a_home_is_not_the_same_person(tmp_path: Path) -> None:
    found, counts = twins(tmp_path, changed(personnummer=""), changed(personnummer="", förnamn="Bo"))
    assert len(found) == 2
    assert not counts


def test_father_and_son_of_one_name_at_one_home_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    found, _ = twins(tmp_path, ANNA, changed(personnummer="701063-2391"))
    assert len(found) == 2


BORN = ["Namn", "Personnummer", "Född", "Gatuadress", "Postnr", "Ort", "Skydd"]
FATHER, SON = (
    ["Karl Ek", "", born, "Storgatan 1", "991 40", "Provköping", "nej"] for born in ("1970-01-01", "2015-03-15")
)


@pytest.mark.parametrize("number", ["", "19811228-9874"])
def test_father_and_son_of_one_name_at_one_home_are_told_apart_by_the_days_they_were_born(
    tmp_path: Path, number: str
) -> None:
    """Merged, the father would have the age of a child, and nobody would write to him."""
    father = [FATHER[0], number, "" if number else FATHER[2], *FATHER[3:]]
    listed, counts = twins(tmp_path, father, SON, heading=BORN)
    assert (len(listed), counts) == (2, {})
    assert [one.born for one in listed] == [None if number else date(1970, 1, 1), date(2015, 3, 15)]
    again = RecipientFile(written(tmp_path, BORN, father, SON), on=ON).people(str)
    assert len({one.id for one in again}) == 2, "by one id the son would be kept as what is new of the father"


def test_a_son_who_stands_there_twice_is_one_beside_his_father(tmp_path: Path) -> None:
    listed, counts = twins(tmp_path, FATHER, SON, SON, heading=BORN)
    assert (len(listed), counts) == (2, {Remark.MERGED: 1})


def test_a_made_up_day_in_a_coordination_number_makes_nobody_another(tmp_path: Path) -> None:
    foreign = ["Karl Ek", "19701063-2391", "", *FATHER[3:]]
    assert len(twins(tmp_path, foreign, ["Karl Ek", "", "1970-10-05", *FATHER[3:]], heading=BORN)[0]) == 1


@pytest.mark.parametrize("number", ["", "19811228-9874"])
def test_a_row_that_tells_that_two_others_are_one_makes_them_one(tmp_path: Path, number: str) -> None:
    mailed = changed(personnummer="", gatuadress="", postnr="", ort="")
    housed, both = changed(personnummer=number, epost=""), changed(personnummer=number)
    for rows in permutations((mailed, housed, both)):
        listed, counts = twins(tmp_path, *rows)
        assert [(one.email, one.address is None) for one in listed] == [("anna@post.example", False)]
        assert counts == {Remark.MERGED: 2}


def test_a_row_that_may_be_either_of_two_makes_them_no_one_person(tmp_path: Path) -> None:
    either = changed(personnummer="")
    listed, _ = twins(tmp_path, ANNA, changed(personnummer="19701063-2391"), either)
    assert len(listed) == 2


GUARDED = ["Namn", "Född", "Skydd", "Vårdnadshavare 1", "Vårdnadshavare 1 e-post", "Vårdnadshavare 2"]


def test_a_guardian_who_is_named_twice_for_a_child_is_one(tmp_path: Path) -> None:
    (child,) = people(
        written(tmp_path, GUARDED, ["Lo Ek", "2015-03-15", "nej", "Eva Ek", "eva@post.example", "Ek, Eva"])
    )
    assert [one.name for one in child.guardians] == ["Eva Ek"]


def test_a_child_without_an_address_is_told_by_a_guardian_wherever_the_row_stands(tmp_path: Path) -> None:
    child = ["Lo Ek", "2015-03-15", "nej", "Eva Ek", "eva@post.example", ""]
    sister = ["Li Ek", "2017-03-15", "nej", "Eva Ek", "eva@post.example", ""]
    listed, counts = twins(tmp_path, child, sister, child, heading=GUARDED)
    assert (len(listed), counts) == (2, {Remark.MERGED: 1})

    def ids(*rows: list[str]) -> dict[str, str]:
        listed = RecipientFile(written(tmp_path, GUARDED, *rows), on=ON).people(str)
        return {one.name: one.id for one in listed}

    assert ids(child, sister) == ids(sister, child)


def test_a_row_without_a_number_is_the_person_who_has_one_if_name_and_mailbox_agree(tmp_path: Path) -> None:
    found, counts = twins(tmp_path, ANNA, changed(personnummer="", gatuadress="", postnr="", ort=""))
    assert [one.number for one in found] == ["198112289874"]
    assert counts == {Remark.MERGED: 1}


def test_an_id_used_for_two_people_is_refused(tmp_path: Path) -> None:
    heading = ["id", "Namn", "E-post", "Skydd"]
    found, counts = twins(
        tmp_path, ["s1", "Anna Ek", "a@post.example", "nej"], ["s1", "Bo Al", "b@post.example", "nej"], heading=heading
    )
    assert [one.name for one in found] == ["Anna Ek"]
    assert counts == {Fault.ID_TWICE: 1}


# workbooks


def workbook(file: Path, *rows: list[object], hidden: bool = False) -> Path:
    with xlsxwriter.Workbook(str(file)) as made:
        if hidden:
            made.add_worksheet("gömd").write_row(0, 0, ["något annat"])
        sheet = made.add_worksheet("lista")
        if hidden:
            sheet.activate()
            sheet.set_first_sheet()
            made.get_worksheet_by_name("gömd").hide()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return file


def test_a_workbook_is_read_like_a_text_with_its_numbers_and_days_as_they_look(tmp_path: Path) -> None:
    heading: list[object] = ["Namn", "Personnummer", "E-post", "Adress", "Postnr", "Ort", "Skydd"]
    row: list[object] = ["Åsa Öberg", 198112289874, "asa@post.example", "Storgatan 1", 99140, "Provköping", "nej"]
    (asa,) = people(workbook(tmp_path / "lista.xlsx", heading, row, hidden=True))
    assert (asa.name, asa.number, asa.address.postcode) == ("Åsa Öberg", "198112289874", "99140")


LISTED: list[object] = ["Namn", "E-post", "Skydd"]


def test_a_row_of_a_workbook_has_its_own_number_also_after_a_cell_with_several_lines(tmp_path: Path) -> None:
    broken = [*ANNA[:4], "Storgatan 1\nvåning 2\r\nporten", *ANNA[5:]]
    file = workbook(
        tmp_path / "lista.xlsx", SWEDISH, broken, ["", *changed()[1:3], "", *ANNA[4:]], ["", "", "fel", *ANNA[3:]]
    )
    assert [one.row for one in report(file).examples if one.said is NumberFault.FORM] == [4]
    assert people(file)[0].address.street == "Storgatan 1 våning 2 porten"  # type: ignore[union-attr]


def calculated(file: Path, formula: str, value: object, *, in_second: bool = False) -> Path:
    """Anna, with what a formula in the cell about protection came to, or in a hidden sheet beside."""
    with xlsxwriter.Workbook(str(file)) as made:
        first, second = made.add_worksheet(), made.add_worksheet()
        first.write_row(0, 0, LISTED)
        first.write_row(1, 0, ["Anna Ek", "anna@post.example", "nej"])
        second.hide()
        (second if in_second else first).write_formula(1, 2, formula, None, value)
    return file


@pytest.mark.parametrize("value", ["#N/A", "#REF!", ""])
def test_a_workbook_whose_formulas_show_a_fault_is_refused_for_the_cell_would_be_empty(
    tmp_path: Path, value: str
) -> None:
    file = calculated(tmp_path / "lista.xlsx", '=LEFT("ja",2)', value)
    with pytest.raises(UnreadableFile, match="may hide that somebody is protected"):
        report(file, checked=True)


def come_to_nothing(file: Path) -> None:
    """Say of the formula that its value is an empty text, as Excel does."""
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'"><f>', b'" t="str"><f>')
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


def test_a_formula_that_comes_to_nothing_or_to_something_is_read_by_its_value(tmp_path: Path) -> None:
    file = calculated(tmp_path / "lista.xlsx", '=IF(A2="","nej","")', "")
    come_to_nothing(file)
    assert [one.protection for one in people(file, checked=True)] == [Protection.NONE]
    file = calculated(tmp_path / "lista.xlsx", '=LEFT("ja",2)', "ja")
    assert [one.protection for one in people(file, checked=True)] == [Protection.SECRECY_MARKED]


def test_a_fault_in_a_hidden_sheet_is_nobodys(tmp_path: Path) -> None:
    assert len(people(calculated(tmp_path / "lista.xlsx", "=A1", "#N/A", in_second=True))) == 1


@pytest.mark.parametrize("content", [["Namn", "E-post"], []])
def test_people_in_a_second_sheet_are_not_passed_over_in_silence(tmp_path: Path, content: list[str]) -> None:
    file = tmp_path / "lista.xlsx"
    with xlsxwriter.Workbook(str(file)) as made:
        for row in (LISTED, content):
            made.add_worksheet().write_row(0, 0, row)
    if content:
        with pytest.raises(UnreadableFile, match="More than one of its sheets"):
            report(file)
    else:
        assert report(file).rows == 0


def bomb(file: Path) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "0" * 160_000_000)
    return file


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = bomb(tmp_path / "bomb.xlsx")
    assert file.stat().st_size < 1_000_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(UnreadableFile, match="made to do harm"):
        report(file)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime == before.ru_utime, "nobody was sent to unpack it"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"\0\1\2\3" * 100]
)
def test_what_is_no_list_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "lista.xlsx"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile) as refusal:
        report(file)
    assert "lista.xlsx" in str(refusal.value)


def test_a_workbook_whose_table_of_contents_is_damaged_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "lista.xlsx", LISTED)
    content = bytearray(file.read_bytes())
    content[content.find(b"PK\x01\x02") + 6] = 255  # it asks for a version of the format that does not exist
    file.write_bytes(content)
    with pytest.raises(UnreadableFile, match="does not go on as one"):
        report(file)


def test_a_workbook_that_cannot_be_unpacked_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "lista.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("något.txt", "hej")
    with pytest.raises(UnreadableFile):
        report(file)


def test_two_quotation_marks_without_their_ends_swallow_nobody(tmp_path: Path) -> None:
    """The second seemed to end the first: all between them was one address, and its people were gone."""
    file = tmp_path / "lista.csv"
    rows = (
        'Anna Ek;"Storgatan 1;99140;Provköping;nej',
        "Bo Al;Gatan 2;99140;Provköping;nej",
        'Cia By;"Vägen 3;99140;Prov;nej',
    )
    file.write_text("\n".join(("Namn;Gatuadress;Postnr;Ort;Skydd", *rows)), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="A quotation mark is not closed") as refusal:
        report(file)
    assert "Storgatan" not in f"{refusal.value} {refusal.value.__cause__}"


def test_a_quotation_mark_that_ends_in_the_same_column_of_a_later_row_swallows_nobody(tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    rows = (
        'Anna Ek;"Storgatan 1;99140;Provköping;nej',
        "Bo Al;Gatan 2;99140;Provköping;nej",
        'Cia By;Vägen 3";99140;Prov;nej',
    )
    file.write_text("\n".join(("Namn;Gatuadress;Postnr;Ort;Skydd", *rows)), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="A quotation mark is not closed"):
        report(file)


def test_an_address_over_several_lines_with_commas_in_it_is_an_address(tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_text(
        'Namn,Gatuadress,Postnr,Ort,Skydd\nAnna Ek,"Storgatan 1, lgh 2,\nvåning 3",99140,Provköping,nej\n',
        encoding="utf-8",
    )
    assert [one.name for one in people(file)] == ["Anna Ek"]


def test_a_name_in_quotation_marks_before_another_word_is_read(tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_text('Namn;E-post;Skydd\n"Ninni" Ek;ninni@post.example;nej\n', encoding="utf-8")
    assert [one.name for one in people(file)] == ["Ninni Ek"]


def test_a_quotation_mark_without_its_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_text(";".join(SWEDISH) + "\n" + '"Anna;Ek;;;;;;nej\n' * 3, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="not closed"):
        report(file)


ASA = "Namn;E-post;Skydd\nÅsa;a@post.example;nej\n"


@pytest.mark.parametrize(
    "content",
    [
        ASA.encode("utf-16")[:-1],
        ASA.encode("utf-16") + b"\x00\xd8A\x00",
        ASA.encode("utf-32"),
        ASA.encode() + "Åke;b@post.example;nej\n".encode("cp1252"),
        ASA.encode("cp1252") + b"Bo;b@post.example;nej\n" * 50_000 + "Åke;c@post.example;nej\n".encode(),
        ASA.encode() + b"x" * 200_000 + b";b@post.example;nej\n",
        ASA.encode() + b'"' + b"x" * 200_000 + b'";b@post.example;nej\n',
    ],
)
def test_a_text_that_is_broken_or_in_two_encodings_is_refused_without_a_word_of_it(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "lista.csv"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile) as refusal:
        report(file)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert "sa" not in str(refusal.value).split()


# a glance and a closer look


CELLS = some.sampled_from(
    (
        *("", " ", "Anna", "Åsa Öberg", "A  B", "李", "x" * 130, 'a"b', "a,b"),
        *("19811228-9874", "198112289874", "811228-9874", "19811228-9875", "20991231-1234"),
        *("a@post.example", "a.b@c.d.example", "a@b", "@", "a@räksmörgås.se", "A@POST.EXAMPLE"),
        *("070-123 45 67", "0701234567", "08-123", "Storgatan 1", "99140", "991 40", "9914", "Sverige", "Norge"),
        *("nej", "Nej", "ja", "NEJ", "kanske", "sv", "s001", "S1"),
    )
)
HEADINGS = some.lists(
    some.sampled_from(
        (
            "id",
            "Namn",
            "Personnummer",
            "E-post",
            "Mobil",
            "Adress",
            "Postnr",
            "Ort",
            "Land",
            "Skydd",
            "Avliden",
            "Annat",
        )
    ),
    min_size=1,
    max_size=12,
    unique=True,
)


@given(HEADINGS, some.data())
@settings(max_examples=400)
def test_what_a_glance_lets_pass_is_read_without_a_remark(heading: list[str], data: some.DataObject) -> None:
    heading = [*heading, "Namn"] if "Namn" not in heading else heading
    row = data.draw(some.lists(CELLS, min_size=len(heading), max_size=len(heading)))
    found = columns(heading)
    look = glance(found, ";", len(heading))
    plain = look(";".join(row) + "\n")
    person, reports = RowReader(found, width=len(heading), on=ON, checked=False).read(2, row)
    if plain and not (plain.groupdict().get("number") and any(isinstance(one.said, NumberFault) for one in reports)):
        assert reports == []
        assert person is not None


@given(some.emails())
@settings(max_examples=200)
def test_an_address_that_looks_plain_is_one_that_the_library_takes_too(address: str) -> None:
    noted: list[Any] = []
    kept = email(address, noted)
    if kept is not None and "example" not in address:
        local = address.rpartition("@")[0]
        assert (
            kept == f"{local}@{address.rpartition('@')[2].lower()}"
            or kept == validate_email(address, check_deliverability=False).ascii_email
        )


@pytest.mark.parametrize(
    "cell", ["stavelse" * 4 + " " + " ".join(["stavelse" * 4] * 4), f"a@{'b' * 45}.{'c' * 45}.{'d' * 45}.se"]
)
def test_a_cell_that_is_too_long_is_counted_as_it_is_read(tmp_path: Path, cell: str) -> None:
    """A glance took it, the reader did not: the person was counted, and gone."""
    file = written(tmp_path, SWEDISH, changed(epost=cell) if "@" in cell else changed(gatuadress=cell), ANNA)
    assert report(file)[:3] == (2, 1, 1)
    assert len(people(file)) == 1


def test_an_ordinary_swedish_list_is_told_by_a_glance(tmp_path: Path) -> None:
    look = glance(columns(SWEDISH), ";", len(SWEDISH))
    assert look(";".join(ANNA) + "\r\n")
    assert look(";".join(changed(förnamn="Åsa-Märta", efternamn="Öberg Lindström", ort="Härnösand")))
    assert not look(";".join(changed(epost="anna@@post")))


# what is handed back


def test_the_rows_with_something_to_say_are_handed_on_with_their_cells(tmp_path: Path) -> None:
    file = written(tmp_path, SWEDISH, changed(personnummer="19811228-9875"), ANNA, ANNA)
    noted = list(RecipientFile(file, on=ON).judge(Judging()))
    assert [(one.row, one.said.value, cells[0]) for one, cells in noted] == [
        (2, "number_check_digit", "Anna"),
        (4, "merged", "Anna"),
    ]


def test_a_long_list_is_checked_in_memory_that_does_not_grow_with_it(tmp_path: Path) -> None:
    program = (
        "import re, sys; from datetime import date; from pathlib import Path; "
        "from adapters.people_list.recipient_file import RecipientFile; "
        "r = RecipientFile(Path(sys.argv[1]), on=date(2026, 11, 26)); found = r.check(); "
        "n = sum(1 for _ in r.people(str)); "
        "peak = re.search(r'VmHWM:\\s*(\\d+) kB', Path('/proc/self/status').read_text())[1]; "
        "print(found.people, n, int(peak) // 1024)"
    )
    sizes = []
    for count in (1_000, 60_000):
        rows = [
            ["Anna", "Ek", "", f"a{n}@post.example", "Storgatan 1", "99140", "Provköping", "nej"] for n in range(count)
        ]
        rows = [[f"Anna {n}", *row[1:]] for n, row in enumerate(rows)]
        file = written(tmp_path, SWEDISH, *rows)
        done = subprocess.run(
            [sys.executable, "-c", program, str(file)], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
        found, listed, size = map(int, done.stdout.split())
        assert found == listed == count
        sizes.append(size)
    assert sizes[1] - sizes[0] < 8, "eight bytes a mark, and nobody is remembered"
