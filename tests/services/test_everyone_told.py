"""Who has not been told stands beside the duty in every view of it, until the last letter is posted and the public told."""

import pytest

from flows.commands.next_step import next_step
from letters import plain
from letters.compose.answers_told import told as answers
from letters.compose.reminders import Matter, decision_reminder
from letters.voice import ENGLISH, SWEDISH
from models.duty import DutyStatus
from models.errors import StepOutOfOrder
from services.due.board import Row, board
from services.evidence.register_entry import entry_of
from services.evidence.tally import Tally
from services.record import duties_of
from tests.services.office import BOARD, NOTICE, Office, at, person
from tests.services.test_case_page import page
from tests.services.test_returned_letters import out

LETTERS = "2 brev är inte postade"
NOBODY = "1 person har inte kunnat nås: sök en annan väg, eller informera allmänheten enligt artikel 34.3 c"
PEOPLE = [person(1), person(7, email=False), person(8, email=False), person(9, email=False, paper=False)]
SENT, LATER, POSTED, PUBLISHED = "2023-05-15 11.05", "2023-05-15 12.00", "2023-05-15 16.00", "2023-05-16 10.00"


def sent(office: Office) -> str:
    """One has an e-mail, two letters lie printed, and one can be reached in no way."""
    case = office.ready_to_write(PEOPLE)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    return case


def published(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-16 09.00")
    office.publish(case, when=PUBLISHED)


def row(office: Office, case: str, when: str = LATER) -> Row:
    rows = board([office.incident(case)], book=office.world.book, register=office.world.register, now=at(when))
    return next(row for row in rows if row.duty.provision == "gdpr.34.1")


def informed(office: Office, case: str) -> tuple[int, str]:
    """Return what the year's report counts, and what the register of breaches says."""
    entry = entry_of(office.incident(case), book=office.world.book, register=office.world.register, now=at(LATER))
    tally = Tally(2023)
    tally.add(entry)
    return tally.figures().informed, entry.told or ""


def test_the_board_says_what_is_left_until_everyone_is_told(office: Office) -> None:
    case = sent(office)
    assert row(office, case).status == f"Ska göras ({LETTERS}; {NOBODY})"
    out(office, case)
    assert row(office, case).status == f"Gjord ({NOBODY})"
    published(office, case)
    done = row(office, case)
    assert (done.status, done.duty.fulfilled_at) == ("Gjord", at(POSTED))


def test_without_people_out_of_reach_it_is_done_when_the_letters_are_posted(office: Office) -> None:
    case = office.ready_to_write(PEOPLE[:3])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.OWED
    out(office, case)
    assert office.duty(case, "gdpr.34.1").fulfilled_at == at(POSTED)


def test_the_page_of_the_case_does_not_say_that_people_are_told_while_some_are_not(office: Office) -> None:
    case = sent(office)
    shown = page(office, case)
    assert "De berörda har informerats" not in shown
    assert "**Alla berörda har inte fått veta än.**" in shown
    assert "**1 person går inte att nå med brev.** Sök en annan väg, eller [informera allmänheten]" in shown
    assert f"| Ska göras ({LETTERS}; {NOBODY}) |" in shown
    out(office, case)
    published(office, case)
    assert "De berörda har informerats måndag 15 maj 2023 kl. 11.05." in page(office, case)


def test_the_next_step_is_to_post_the_letters(office: Office) -> None:
    case = sent(office)
    open_ones = [one for one in duties_of(office.incident(case), office.world.book) if one.provision == "gdpr.34.1"]
    assert "timglas letters print" in next_step(office.incident(case), open_ones)


def test_the_case_is_not_closed_while_letters_lie_in_the_house(office: Office) -> None:
    case = sent(office)
    with pytest.raises(StepOutOfOrder, match="nobody has posted"):
        office.close(case, when=LATER)


def test_the_year_counts_people_as_informed_when_every_letter_has_left(office: Office) -> None:
    case = sent(office)
    count, said = informed(office, case)
    assert (count, said.endswith(f" {LETTERS}; {NOBODY}.")) == (0, True)
    out(office, case)
    published(office, case)
    count, said = informed(office, case)
    assert (count, "inte" in said) == (1, False)


def test_the_authority_is_not_told_that_people_were_whose_letters_lie_in_the_house(office: Office) -> None:
    case = office.ready_to_write(PEOPLE[1:3])
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    assert (answers(office.incident(case), SWEDISH)["communicated"], row(office, case).due) == (
        "planned",
        "Utan onödigt dröjsmål",
    )
    out(office, case)
    assert answers(office.incident(case), SWEDISH)["communicated"] == "yes"


def test_the_authority_is_told_how_many_letters_lie_while_others_have_left(office: Office) -> None:
    incident = office.incident(sent(office))
    told = answers(incident, SWEDISH)
    assert told["all_told"] == "no"
    assert str(told["not_all_told"]).endswith("nå. 2 brev har skrivits men inte postats än.")
    assert str(answers(incident, ENGLISH)["not_all_told"]).endswith("Letters written and not posted yet: 2.")


def test_the_reminder_says_what_is_left_and_not_to_start_the_sending(office: Office) -> None:
    case = sent(office)
    register, duty = office.world.register, office.duty(case, "gdpr.34.1")
    matter = Matter(office.incident(case), duty, register.controller(BOARD), register, at(LATER))
    body = plain.text(decision_reminder(matter))
    assert f"Alla har inte fått veta än: {LETTERS}; {NOBODY}." in " ".join(body.split())
    assert "Ta ut breven, posta dem" in body
    assert "starta utskicket" not in body
