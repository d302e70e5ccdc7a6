"""Mail that comes late: a bounce after everybody had a letter, after the case was closed, archived or erased; an answer
to a reminder after the time limit has run out."""

import pytest

from models.breach_events import Risk
from models.errors import StepOutOfOrder
from models.health import Check
from models.recipient import Channel, DeliveryState
from models.record_events import ReminderAcknowledged, ReminderPassedOn
from services.due.question import Kind
from services.due.questions import questions
from services.people.batches import batches_of
from services.people.erase_recipients import erase_recipients
from services.people.post_batch import post_batch
from services.people.print_batch import print_batch
from tests.services.office import COMMUNICATION, Office, at, person
from tests.services.test_answering import SARA, answers, last_to, quiet_from, reading, reply
from tests.services.test_bounces import FAILED, LATER, POSTFIX, receive, state_of_the_first
from tests.services.test_lying_letters import finding, lies

__all__ = ["reading"]
RELEASED, SENT, END = "2023-05-12 11.45", "2023-05-12 11.50", "2023-05-12 15.00"


@pytest.fixture
def case(office: Office) -> str:
    """A case that is closed: filed, two people told by e-mail, nothing open."""
    case = office.notified()
    office.decide(case, Risk.HIGH, when="2023-05-10 10.00")
    office.drafted(case, COMMUNICATION, when="2023-05-12 11.00")
    office.load(case, [person(1), person(2)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    office.close(case, when=END)
    return case


def test_a_bounce_after_the_case_was_closed_opens_it_and_the_person_gets_a_letter_on_paper(
    office: Office, case: str
) -> None:
    assert office.incident(case).closed is not None
    receive(office, POSTFIX, **FAILED)
    assert case in office.world.timeline.due(at(LATER))
    incident = office.sweep(case, at(LATER))
    assert (incident.closed, incident.archived) == (None, None)
    assert incident.completed is not None
    assert (incident.completed.emailed, incident.completed.on_paper, incident.unposted) == (1, 1, 1)
    assert office.papers(case) == ["s0001"]
    assert office.words(case).count("deliveries_returned") == 1
    assert [address for address in office.post.addresses if address == "s0002@post.example"] == ["s0002@post.example"]


def test_the_case_that_a_bounce_opened_is_closed_again_once_the_letter_is_posted_and_told_of_if_it_is_not(
    office: Office, case: str
) -> None:
    receive(office, POSTFIX, **FAILED)
    office.sweep(case, at(LATER))
    assert not lies(office, "2023-05-18 09.00", Check.UNPOSTED), "written on the 16th at nine"
    assert f"{case} (1 brev, sedan 16 maj 2023 kl. 09.00)." in finding(office, Check.UNPOSTED, "2023-05-22 09.00").said
    with pytest.raises(StepOutOfOrder, match="nobody has posted"):
        office.close(case, when="2023-05-22 10.00")
    by, now = office.officer(case), at("2023-05-22 10.05")
    batch = print_batch(case, channel=Channel.PAPER, by=by, now=now, world=office.world).number
    post_batch(case, batch=batch, posted_at=now, by=by, now=now, world=office.world)
    assert Kind.CLOSING in {one.kind for one in questions(office.incident(case), book=office.world.book)}
    office.close(case, when="2023-05-22 11.00")
    assert office.incident(case).closed is not None


def test_a_bounce_after_the_case_was_archived_opens_it_and_it_is_archived_once_more(office: Office, case: str) -> None:
    office.archive(case, when="2023-05-13 10.00")
    receive(office, POSTFIX, **FAILED)
    incident = office.sweep(case, at(LATER))
    assert (incident.closed, incident.archived, incident.unposted) == (None, None, 1)
    by, now = office.officer(case), at("2023-05-16 10.00")
    batch = print_batch(case, channel=Channel.PAPER, by=by, now=now, world=office.world).number
    post_batch(case, batch=batch, posted_at=now, by=by, now=now, world=office.world)
    office.close(case, when="2023-05-16 11.00")
    office.archive(case, when="2023-05-16 12.00")
    assert office.incident(case).archived is not None


def test_a_bounce_that_comes_twice_to_a_closed_case_opens_it_once(office: Office, case: str) -> None:
    receive(office, POSTFIX, **FAILED)
    office.sweep(case, at(LATER))
    length = office.incident(case).length
    receive(office, POSTFIX, action="failed", status="5.0.0")
    office.sweep(case, at("2023-05-16 09.30"))
    assert office.incident(case).length == length
    assert len(batches_of(office.incident(case), office.world)) == 0
    assert office.papers(case) == ["s0001"]


def test_a_report_that_only_says_it_takes_time_leaves_a_closed_case_closed(office: Office, case: str) -> None:
    receive(office, POSTFIX, action="delayed", status="4.4.1")
    assert office.sweep(case, at(LATER)).closed is not None


def test_a_bounce_after_the_list_was_erased_is_kept_and_can_open_nobody(office: Office, case: str) -> None:
    office.archive(case, when="2023-05-13 10.00")
    erase_recipients(case, by=office.delegate(case), now=at("2023-05-14 10.00"), world=office.world)
    receive(office, POSTFIX, **FAILED)
    assert state_of_the_first(office, case) is DeliveryState.REFUSED
    incident = office.sweep(case, at(LATER))
    assert incident.closed is not None
    assert office.world.mailbox.aside() == ()


# an answer after the time limit


def overdue(office: Office) -> str:
    """A case whose 72 hours ran out on 27 April at 16.10, and everybody was told so."""
    case = office.known()
    for when in ("2023-04-24 17.00", "2023-04-25 16.10", "2023-04-26 16.10", "2023-04-27 14.10", "2023-04-27 16.11"):
        office.sweep(case, at(when))
    assert last_to(office, SARA).subject.startswith("Fristen har gått ut")
    return case


def test_a_yes_after_the_time_limit_holds_its_hours_and_then_everybody_is_reminded_again(reading: Office) -> None:
    case = overdue(reading)
    reply(reading, last_to(reading, SARA), "Ja", when="2023-04-27 17.00")
    (given,) = answers(reading, case)
    assert isinstance(given, ReminderAcknowledged)
    assert given.until == at("2023-04-27 21.00")
    assert quiet_from(reading, case, "2023-04-27 17.10", "2023-04-27 21.00")
    reading.sweep(case, at("2023-04-27 21.00"))
    assert last_to(reading, SARA).sent_at == at("2023-04-27 21.00")


def test_a_yes_that_was_sent_before_the_limit_and_read_after_it_holds_nobody_back(reading: Office) -> None:
    case = reading.known()
    for when in ("2023-04-24 17.00", "2023-04-25 16.10", "2023-04-26 16.10", "2023-04-27 14.10"):
        reading.sweep(case, at(when))
    mail = last_to(reading, SARA)
    reading.sweep(case, at("2023-04-27 16.11"))
    reply(reading, mail, "Ja 12", when="2023-04-27 15.50", read_at="2023-04-27 16.30")
    (given,) = answers(reading, case)
    assert (given.occurred_at, given.recorded_at) == (at("2023-04-27 15.50"), at("2023-04-27 16.30"))
    reading.sweep(case, at("2023-04-27 22.10"))
    assert last_to(reading, SARA).sent_at == at("2023-04-27 22.10"), "six hours after the limit, as the policy says"


def test_a_no_after_the_time_limit_is_written_down_and_confirmed(reading: Office) -> None:
    case = overdue(reading)
    reply(reading, last_to(reading, SARA), "Nej, jag är sjuk.", when="2023-04-27 17.00")
    (given,) = answers(reading, case)
    assert isinstance(given, ReminderPassedOn)
    assert last_to(reading, SARA).sent_at == at("2023-04-27 17.00")
    before = len(reading.post.mails)
    reading.sweep(case, at("2023-04-27 22.10"))
    assert len(reading.post.mails) > before, "nobody is let off by it"
