"""A list that nobody has released yet tells that somebody is protected, or dead, whose letter lies printed in the house."""

from datetime import date

import pytest

from models.errors import NotConfirmed, StepOutOfOrder
from models.incident import Incident
from models.recipient import Channel, Guardian, Protection, Recipient
from models.sheet import Batch
from services.people.batches import batches_of, in_no_batch, require_posted
from services.people.load_recipients import load_recipients, told
from services.people.lying import unposted
from services.people.print_again import print_again
from services.people.print_again import told as left_out_again
from services.people.print_batch import forwarding_of, print_batch
from services.record import read
from tests.fakes import Listed
from tests.services.office import Office, at, person
from tests.services.test_paper import HIDDEN, PRINTED, forwarded, pages, posted, printed, room, sent

FOUND, NEXT = "2023-05-15 12.00", "2023-05-15 13.05"
MARKED = Protection.SECRECY_MARKED
CHILD = person(6, email=False).model_copy(update={"born": date(2015, 1, 1), "number": None})
VERA = Guardian(name="Vera Ek", address=person(61).address, protection=Protection.NONE)


def hidden(office: Office, case: str, *people: Recipient) -> None:
    office.load(case, people, when=FOUND)


def ends(incident: Incident) -> dict[str, int]:
    assert incident.completed is not None
    counted = incident.completed.model_dump(exclude={"recipients", "printed", "found"})
    return {name: count for name, count in counted.items() if isinstance(count, int) and count}


def text(office: Office, case: str, batch: int = 1) -> str:
    return "".join(pages(office.folder / "utskrift" / f"{case.lower()}-omgang-{batch}.pdf"))


def sealed_after(office: Office, case: str) -> Batch:
    by = office.delegate(case)
    code = office.code(forwarding_of(case, by=by, world=office.world), NEXT)
    return print_batch(case, channel=Channel.SEALED, code=code, by=by, now=at(NEXT), world=office.world)


@pytest.mark.parametrize("told_of", [MARKED, Protection.PROTECTED_REGISTRATION])
def test_no_open_letter_is_taken_out_to_who_is_protected_by_then_and_a_sealed_one_is_written(
    office: Office, told_of: Protection
) -> None:
    case = sent(office)
    hidden(office, case, person(7, email=False, protection=told_of))
    made = printed(office, case)
    assert made.letters == 1
    assert "Sökande 7" not in text(office, case)
    assert "1-000002-1/" in text(office, case), "number 1 is that of the letter that is left out"
    assert office.incident(case).left_out == {1: (1,)}
    assert ends(office.sweep(case, at(NEXT))) == {"emailed": 1, "on_paper": 1, "sealed": 3}
    assert sealed_after(office, case).letters == 3
    for batch in (1, 2):
        posted(office, case, batch)
    incident = office.incident(case)
    require_posted(incident, office.world)
    assert (incident.unposted, in_no_batch(incident, office.world)) == (0, 0)


def test_it_is_on_record_by_number_and_by_nothing_of_the_person(office: Office) -> None:
    case = sent(office)
    hidden(office, case, person(7, email=False, protection=MARKED))
    printed(office, case)
    after = office.words(case)[-2:]
    assert after == ["letters_left_out", "deliveries_returned"]
    event = office.history(case)[-2].model_dump(include={"batch", "left_out", "recorded_by"})
    assert event == {"batch": 1, "left_out": (1,), "recorded_by": office.officer(case)}
    payloads = "".join(payload for _, _, payload, _ in office.world.timeline.rows(case))
    assert all(word not in payloads for word in ("s0007", "Sökande", "Storgatan"))


def test_of_a_batch_of_which_nobody_may_go_there_is_no_file_and_nothing_to_post(office: Office) -> None:
    case = office.ready_to_write([person(7, email=False)])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    hidden(office, case, person(7, email=False).model_copy(update={"deceased": True}))
    made = printed(office, case)
    assert (made.letters, room(office)) == (0, [])
    assert printed(office, case) == made, "the same step, taken again"
    incident = office.sweep(case, at(NEXT))
    assert ends(incident) == {"deceased": 1}
    assert incident.unposted == 0
    require_posted(incident, office.world)
    assert unposted(read(case, office.world.timeline), now=at("2023-06-15 12.00"), world=office.world) is None
    with pytest.raises(StepOutOfOrder, match="holds no letter"):
        posted(office, case, 1)


def test_a_sealed_letter_to_who_has_died_is_left_out_and_the_code_is_for_the_others(office: Office) -> None:
    case = sent(office)
    by = office.delegate(case)
    early = office.code(forwarding_of(case, by=by, world=office.world), PRINTED)
    hidden(office, case, HIDDEN.model_copy(update={"deceased": True}))
    with pytest.raises(NotConfirmed):
        print_batch(case, channel=Channel.SEALED, code=early, by=by, now=at(PRINTED), world=office.world)
    assert forwarding_of(case, by=by, world=office.world).said == "1 förseglat brev att förmedla"
    assert forwarded(office, case).letters == 1
    assert ends(office.sweep(case, at(NEXT))) == {"emailed": 1, "on_paper": 2, "sealed": 1, "deceased": 1}


def test_where_no_sealed_letter_may_go_nothing_is_let_go_and_no_code_is_asked_for(office: Office) -> None:
    case = office.ready_to_write([person(1), HIDDEN])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    hidden(office, case, HIDDEN.model_copy(update={"deceased": True}))
    by = office.delegate(case)
    assert print_batch(case, channel=Channel.SEALED, by=by, now=at(PRINTED), world=office.world).letters == 0
    assert ends(office.sweep(case, at(NEXT))) == {"emailed": 1, "deceased": 1}


def test_a_letter_to_a_digital_mailbox_is_left_out_too(office: Office) -> None:
    digital = person(3, email=False).model_copy(update={"number": "191212121212", "mailbox": True})
    case = office.ready_to_write([digital])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    hidden(office, case, digital.model_copy(update={"protection": MARKED}))
    by = office.officer(case)
    assert print_batch(case, channel=Channel.MAILBOX, by=by, now=at(PRINTED), world=office.world).letters == 0
    assert room(office) == []
    assert ends(office.sweep(case, at(NEXT))) == {"sealed": 1}


def test_a_list_that_nobody_has_checked_stops_nobody(office: Office) -> None:
    case = sent(office)
    hidden(office, case, person(7, email=False, protection=Protection.UNKNOWN))
    assert printed(office, case).letters == 2
    assert office.incident(case).left_out == {}


def test_a_crash_after_the_record_leaves_nobody_out_twice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = sent(office)
    hidden(office, case, person(7, email=False, protection=MARKED))

    def gone(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(office.world.printed, "keep_batch", gone)
        with pytest.raises(OSError, match="no space"):
            printed(office, case)
    office.sweep(case, at("2023-05-15 13.02"))
    assert printed(office, case, when="2023-05-15 13.04").letters == 1
    assert office.words(case).count("letters_left_out") == 1
    incident = office.sweep(case, at(NEXT))
    assert ends(incident) == {"emailed": 1, "on_paper": 1, "sealed": 3}
    assert sealed_after(office, case).letters == 3
    assert in_no_batch(incident, office.world) == 0


def family_of(guardian: Guardian) -> list[Recipient]:
    mother = person(61).model_copy(update={"name": guardian.name})
    return [mother, CHILD.model_copy(update={"guardians": (guardian,)}), person(7, email=False)]


def test_a_child_of_somebody_who_is_protected_by_then_is_written_to_sealed_and_the_parent_gets_no_second_letter(
    office: Office,
) -> None:
    people = family_of(VERA)
    case = office.ready_to_write(people)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    hidden(office, case, people[0].model_copy(update={"protection": MARKED}))
    assert printed(office, case).letters == 1
    assert "Vera" not in text(office, case)
    assert ends(office.sweep(case, at(NEXT))) == {"emailed": 1, "on_paper": 1, "sealed": 1}
    assert sealed_after(office, case).letters == 1


def test_a_list_that_nobody_has_checked_makes_no_family_a_protected_one(office: Office) -> None:
    people = family_of(VERA)
    case = office.ready_to_write(people)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    hidden(office, case, people[0].model_copy(update={"protection": Protection.UNKNOWN}))
    assert printed(office, case).letters == 2


def test_a_letter_to_an_adult_in_the_home_of_somebody_protected_may_go(office: Office) -> None:
    case = sent(office)
    neighbour = person(50, protection=MARKED).model_copy(update={"address": person(7).address})
    printed(office, case)
    assert "Posta inte" not in loaded(office, case, neighbour)


def loaded(office: Office, case: str, *people: Recipient) -> str:
    by = office.officer(case)
    return told(load_recipients(case, listed=Listed(people), by=by, now=at("2023-05-15 14.00"), world=office.world))


def test_whoever_takes_in_the_list_is_told_which_files_must_not_be_posted_until_they_are_written_again(
    office: Office,
) -> None:
    case = sent(office)
    printed(office, case)
    forwarded(office, case)
    said = loaded(office, case, person(7, email=False, protection=MARKED))
    assert "Posta inte omgång 1:" in said
    assert "omgång 2" not in said
    for file in (office.folder / "utskrift").glob("*-1*"):
        file.unlink()
    by = office.officer(case)
    after = print_again(case, batch=1, reasoning="Ny lista.", by=by, now=at("2023-05-15 15.00"), world=office.world)
    assert "1-000001" in left_out_again(after, 1)
    office.sweep(case, at("2023-05-15 15.05"))
    assert "Posta inte" not in loaded(office, case, person(7, email=False, protection=MARKED))


def test_what_is_posted_or_holds_nobody_of_the_list_is_not_to_be_written_again(office: Office) -> None:
    case = sent(office)
    printed(office, case)
    posted(office, case, 1)
    forwarded(office, case)
    assert "Posta inte" not in loaded(office, case, person(7, email=False, protection=MARKED))
    assert [one.batch.number for one in batches_of(office.incident(case), office.world)] == [1, 2]
