"""A better list of the same people: whoever it names again is the same person, and gets one letter."""

from pathlib import Path

import pytest

from adapters.people_list.recipient_file import RecipientFile
from models.errors import UnreadableFile
from models.incident import Incident
from services.people.communication import communication_of
from services.people.found_later import laid_aside
from services.people.load_recipients import Loaded, load_recipients
from tests.services.office import OFFICER, Office, at, person

LOADED, RELEASED, SENT, FOUND = "2023-05-12 12.00", "2023-05-15 11.00", "2023-05-15 11.05", "2023-05-22 09.00"
BARE = "Namn;E-post;Skydd\nAnna Ek;anna@post.example;nej\n"
BETTER = "Namn;Personnummer;E-post;Skydd\nAnna Ek;19811228-9874;anna@post.example;nej\n"
HOME = "Storgatan 1;991 40;Provköping;nej\n"
KARL = f"Namn;Gatuadress;Postnr;Ort;Skydd\nKarl Ek;{HOME}"
KARLS = f"Namn;Personnummer;Gatuadress;Postnr;Ort;Skydd\nKarl Ek;19811228-9874;{HOME}Karl Ek;19701063-2391;{HOME}"


@pytest.fixture
def loads(office: Office, tmp_path: Path) -> "Loads":
    return Loads(office, tmp_path / "lista.csv")


class Loads:
    """Lists as files, read into a case whose letter is approved."""

    def __init__(self, office: Office, file: Path) -> None:
        self.office, self.case, self._file = office, office.ready_to_write([]), file

    def __call__(self, *texts: str, when: str = LOADED) -> Loaded:
        for text in texts:
            self._file.write_text(text, encoding="utf-8")
            listed = RecipientFile(self._file, on=at(when).date())
            loaded = load_recipients(self.case, listed=listed, by=OFFICER, now=at(when), world=self.office.world)
        return loaded

    def sent(self, *, when: str = SENT) -> Incident:
        self.office.release(self.case, when=when)
        return self.office.send(self.case, when=when)


def test_a_list_that_knows_the_numbers_of_those_who_are_there_adds_nobody(loads: Loads) -> None:
    assert loads(BARE, BETTER).recipients == 1
    loads.sent()
    assert loads.office.post.addresses == ["anna@post.example"]
    (anna,) = loads.office.world.recipients.read(communication_of(loads.case))
    assert anna.number == "198112289874"


def test_a_list_that_writes_the_family_name_first_adds_nobody(loads: Loads) -> None:
    assert loads(BARE, BARE.replace("Anna Ek", '"Ek, Anna"')).recipients == 1
    loads.sent()
    assert loads.office.post.addresses == ["anna@post.example"]


def test_a_list_that_waits_knows_those_who_wait_already(loads: Loads) -> None:
    loads("Namn;E-post;Skydd\nBo Al;bo@post.example;nej\n")
    loads.sent()
    assert loads(BARE, BETTER, when=FOUND).recipients == 1
    loads.sent(when=FOUND)
    assert loads.office.post.addresses == ["bo@post.example", "anna@post.example"]


def test_two_who_may_both_be_the_one_that_is_known_are_not_both_that_one(loads: Loads) -> None:
    assert loads(KARL, KARLS).recipients == 2
    assert loads.sent().completed.on_paper + loads.office.incident(loads.case).completed.sealed == 2  # type: ignore[union-attr]


def test_of_two_who_may_both_be_the_one_that_has_the_letter_the_other_gets_it(loads: Loads) -> None:
    loads(KARL)
    loads.sent()
    loaded = loads(KARLS, when=FOUND)
    assert (loaded.recipients, loaded.written_to) == (2, 1)
    assert (
        len({one.id for one in loads.office.world.recipients.read(laid_aside(loads.office.incident(loads.case)))}) == 2
    )


def test_ids_that_are_other_peoples_in_the_next_list_are_refused_and_nobody_is_changed(loads: Loads) -> None:
    """The first stood under the name of the second, with an e-mail address of their own: the letter went to the wrong one."""
    loads("id;Namn;E-post;Gatuadress;Postnr;Ort;Skydd\n1;Anna Ek;anna@post.example;;;;nej\n")
    with pytest.raises(UnreadableFile, match="by the id or the number of another person"):
        loads(f"id;Namn;E-post;Gatuadress;Postnr;Ort;Skydd\n1;Bo Al;;{HOME}")
    (anna,) = loads.office.world.recipients.read(communication_of(loads.case))
    assert (anna.name, anna.email) == ("Anna Ek", "anna@post.example")


def test_the_same_list_again_changes_nobody(loads: Loads) -> None:
    loads(KARLS)
    first = loads.office.world.recipients.fingerprint(communication_of(loads.case))
    assert loads(KARLS).recipients == 2
    assert loads.office.world.recipients.fingerprint(communication_of(loads.case)) == first


def test_who_is_known_by_id_may_have_moved(loads: Loads) -> None:
    loads.office.load(loads.case, [person(1), person(2)], when=LOADED)
    assert loads.office.load(loads.case, [person(1, email=False)], when=LOADED) == 2
