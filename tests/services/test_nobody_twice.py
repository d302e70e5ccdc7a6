"""Letters on their way, lists that come in meanwhile, and steps that are cut off: one letter each, and an end for everybody."""

import pytest

from models.delivery import End, ReturnReason
from models.errors import StepOutOfOrder
from models.facts import Facts
from models.incident import Incident
from models.recipient import DeliveryState, Dispatch, Guardian, Protection, Recipient
from services.people.batches import batches_of, file_name, in_no_batch
from services.people.print_again import print_again, to_write_again
from services.people.return_letters import return_letters
from tests.fakes import Around, PowerCut, power_cut
from tests.services.office import COMMUNICATION, Office, at, person
from tests.services.test_leaving_out import CHILD, FOUND, MARKED, NEXT, VERA, ends, hidden, sealed_after
from tests.services.test_paper import HIDDEN, PRINTED, forwarded, posted, printed, room, sent

LATER, AGAIN = "2023-05-15 14.00", "2023-05-15 15.00"
BY_MAIL = CHILD.model_copy(update={"guardians": (VERA.model_copy(update={"email": "vera@post.example"}),)})
MOTHER = person(61, email=False).model_copy(update={"name": VERA.name})


def out(office: Office, *people: Recipient) -> str:
    case = office.ready_to_write(people)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when="2023-05-15 11.05")
    return case


def again(office: Office, case: str, *, when: str = AGAIN, batch: int = 1) -> Incident:
    by = office.officer(case)
    return print_again(case, batch=batch, reasoning="Filen är borta.", by=by, now=at(when), world=office.world)


def cut(office: Office, part: str, change: str) -> Office:
    """The same office, whose machine loses its power just before that change."""
    return office.with_parts(**{part: Around(getattr(office.world, part), **{change: power_cut})})


def test_a_child_whose_guardian_has_the_letter_gets_no_other_when_the_family_turns_out_to_be_protected(
    office: Office,
) -> None:
    case = out(office, MOTHER, BY_MAIL)
    hidden(office, case, MOTHER.model_copy(update={"protection": MARKED}))
    assert printed(office, case).letters == 0
    assert ends(office.sweep(case, at(NEXT))) == {"sealed": 1, "by_guardians": 1}
    assert sealed_after(office, case).letters == 1


def test_who_has_a_later_letter_keeps_it_when_an_earlier_one_is_left_out(office: Office) -> None:
    case = out(office, person(7, email=False), person(8, email=False))
    printed(office, case)
    office.facts(case, Facts(told_news="Angriparna har lagt ut uppgifterna."), when="2023-05-15 13.10")
    office.drafted(case, COMMUNICATION, when="2023-05-15 13.20")
    office.release(case, when="2023-05-15 13.30")
    office.send(case, when="2023-05-15 13.35")
    printed(office, case, when="2023-05-15 13.40")
    posted(office, case, 2, when="2023-05-15 13.50")
    office.load(case, [person(7, email=False, protection=MARKED)], when=LATER)
    for file in (office.folder / "utskrift").glob("*-1*"):
        file.unlink()
    again(office, case)
    assert ends(office.sweep(case, at("2023-05-15 15.05"))) == {"on_paper": 2}


def brought_back(office: Office, *later: Recipient) -> str:
    """The letter to a child's guardian is brought back, and the child has a mailbox; after ``later`` came in, which waits."""
    child = CHILD.model_copy(update={"email": "barnet@post.example", "address": None, "guardians": (VERA,)})
    case = out(office, MOTHER, child)
    printed(office, case)
    posted(office, case, 1)
    if later:
        office.load(case, later, when="2023-05-16 09.00")
    by, back = office.officer(case), at("2023-05-22 09.00")
    return_letters(case, marks="1-000001", reason=ReturnReason.MOVED, by=by, now=back, world=office.world)
    return case


def test_a_child_is_mailed_at_home_once_the_letter_to_the_guardian_is_brought_back(office: Office) -> None:
    case = brought_back(office)
    assert ends(office.sweep(case, at("2023-05-22 09.05"))) == {"on_paper": 1, "by_guardians": 1}
    assert "barnet@post.example" in office.post.addresses


def test_no_mail_goes_to_a_child_at_home_of_whose_family_a_waiting_list_tells(office: Office) -> None:
    case = brought_back(office, MOTHER.model_copy(update={"protection": MARKED}))
    assert ends(office.sweep(case, at("2023-05-22 09.05"))) == {"on_paper": 1, "sealed": 1}
    assert "barnet@post.example" not in office.post.addresses


def test_a_child_whose_protected_guardian_only_the_waiting_list_names_is_written_to_sealed(office: Office) -> None:
    father = Guardian(name="Ville Ek", address=person(62).address, protection=Protection.NONE)
    child = CHILD.model_copy(update={"guardians": (father,)})
    case = out(office, child, person(7, email=False))
    mother = MOTHER.model_copy(update={"protection": MARKED})
    hidden(office, case, mother, child.model_copy(update={"guardians": (father, VERA)}))
    assert printed(office, case).letters == 1
    assert ends(office.sweep(case, at(NEXT))) == {"on_paper": 1, "sealed": 1}


def test_so_is_one_whose_guardian_on_the_waiting_list_was_known_to_be_protected(office: Office) -> None:
    mother = MOTHER.model_copy(update={"protection": MARKED})
    case = out(office, CHILD, mother, person(7, email=False))
    hidden(office, case, CHILD.model_copy(update={"guardians": (VERA,)}))
    assert printed(office, case).letters == 1
    assert ends(office.sweep(case, at(NEXT))) == {"on_paper": 1, "sealed": 2}


def test_a_sealed_letter_to_a_child_of_a_known_protected_family_need_not_be_written_again(office: Office) -> None:
    mother = MOTHER.model_copy(update={"protection": MARKED})
    case = out(office, CHILD.model_copy(update={"guardians": (VERA,)}), mother)
    assert forwarded(office, case).letters == 2
    office.load(case, [mother], when=LATER)
    assert to_write_again(office.incident(case), office.world) == ()


def test_what_a_crash_left_half_left_out_is_ended_by_the_next_batch_whichever_way_it_goes(office: Office) -> None:
    case = sent(office)
    hidden(office, case, person(7, email=False, protection=MARKED))
    with pytest.raises(PowerCut):
        printed(cut(office, "printed", "keep_batch"), case)
    office.sweep(case, at("2023-05-15 13.02"))
    assert (sealed_after(office, case).number, office.incident(case).left_out) == (1, {1: (1,)})
    assert printed(office, case, when="2023-05-15 13.10").letters == 1
    for batch in (1, 2):
        posted(office, case, batch)
    incident = office.incident(case)
    assert incident.left_out == {1: (1,)}, "one letter was left out, once"
    assert incident.completed is not None
    assert incident.completed.printed == sum(one.letters for one in incident.posted.values()) + 1
    assert (incident.unposted, in_no_batch(incident, office.world)) == (0, 0)


def lost(office: Office) -> str:
    """A batch of two whose file is lost, and a list that tells that the first is protected."""
    case = out(office, person(7, email=False), person(8, email=False), HIDDEN)
    printed(office, case)
    hidden(office, case, person(7, email=False, protection=MARKED))
    office.world.print_room.clear(file_name(case, 1))
    return case


def test_who_is_left_out_when_the_same_step_is_taken_again_after_another_list_is_lost_to_nobody(office: Office) -> None:
    case = lost(office)
    with pytest.raises(PowerCut):
        again(cut(office, "print_room", "write"), case)
    office.sweep(case, at("2023-05-15 15.02"))
    office.load(case, [person(8, email=False, protection=MARKED)], when="2023-05-15 15.03")
    assert again(office, case).left_out == {1: (1, 2)}
    assert ends(office.sweep(case, at("2023-05-15 15.05"))) == {"sealed": 3}


def test_a_file_that_was_written_again_and_not_recorded_is_written_once_more(office: Office) -> None:
    case = lost(office)
    with pytest.raises(PowerCut):
        again(cut(office, "printed", "rewritten"), case)
    again(office, case)
    (made,) = [one.batch for one in batches_of(office.incident(case), office.world)]
    assert made.letters == 1
    assert posted(office, case, 1, when="2023-05-15 16.00").posted[1].letters == 1


def test_to_write_again_what_was_written_again_and_posted_writes_nothing(office: Office) -> None:
    case = lost(office)
    again(office, case)
    posted(office, case, 1, when="2023-05-15 16.00")
    again(office, case)
    assert room(office) == []


def test_no_list_is_taken_in_between_a_mail_that_bounces_and_the_letter_that_follows_it(office: Office) -> None:
    case = out(office, person(1), person(7, email=False))
    started = office.incident(case).started
    assert started is not None
    mail = Dispatch(communication=started.communication, recipient="s0001", letter_sha256=started.sha256)
    office.world.outbox.settle([(mail, End(DeliveryState.REFUSED, "5.1.1"))], now=at(FOUND))
    with pytest.raises(StepOutOfOrder, match="on their way"):
        office.load(case, [person(1)], when=FOUND)
    assert ends(office.sweep(case, at(PRINTED))) == {"on_paper": 2}
    office.load(case, [person(1)], when=NEXT)
    assert office.incident(case).found is None, "nobody waits for a release that would reach nobody"
