"""Letters that the post brings back: registered by the mark on the page, and the person is reached otherwise or not at all."""

import pytest

from models.communication_events import CommunicationCompleted
from models.delivery import ReturnReason
from models.duty import DutyStatus, Untold
from models.errors import NotEntitled, StepOutOfOrder, UnknownReference
from models.incident import Incident
from models.parties import PostalAddress
from models.recipient import Channel, DeliveryState, Guardian, Protection, Recipient
from services.people.erase_recipients import erase_recipients
from services.people.post_batch import post_batch
from services.people.print_batch import forwarding_of, print_batch
from services.people.return_letters import return_letters, told
from tests.services.office import NOTICE, Office, at, person
from tests.services.test_case_page import page

SENT, PRINTED, POSTED = "2023-05-15 11.05", "2023-05-15 13.00", "2023-05-15 16.00"
BACK, LATER = "2023-05-22 09.00", "2023-05-22 09.10"
HOME = PostalAddress(street="Storgatan 1", postcode="99140", city="Provköping")
PAPER = [person(7, email=False), person(8, email=False)]


def posted(office: Office, people: list[Recipient], *channels: Channel) -> str:
    """A case whose letters went out in one batch for each of the channels."""
    case = office.ready_to_write(people)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    for channel in channels or (Channel.PAPER,):
        out(office, case, channel)
    return case


def out(office: Office, case: str, channel: Channel = Channel.PAPER, *, when: str = PRINTED) -> int:
    by, code = office.officer(case), None
    if channel is Channel.SEALED:
        by = office.delegate(case)
        code = office.code(forwarding_of(case, by=by, world=office.world), when)
    batch = print_batch(case, channel=channel, code=code, by=by, now=at(when), world=office.world).number
    post_batch(case, batch=batch, posted_at=at(POSTED), by=by, now=at(POSTED), world=office.world)
    return batch


def back(
    office: Office, case: str, marks: str = "1-000001", *, reason: ReturnReason = ReturnReason.MOVED, when: str = BACK
) -> Incident:
    return return_letters(case, marks=marks, reason=reason, by=office.officer(case), now=at(when), world=office.world)


def ends(office: Office, case: str) -> dict[str, int]:
    completed = office.incident(case).completed
    assert completed is not None
    names = CommunicationCompleted.model_fields.keys() - {"recipients", "printed"}
    return {name: count for name in names if isinstance(count := getattr(completed, name), int) and count}


def swept(office: Office, case: str, *, when: str = LATER) -> dict[str, int]:
    office.sweep(case, at(when))
    return ends(office, case)


def test_a_letter_that_comes_back_opens_the_person_again_and_the_sum_is_drawn_anew(office: Office) -> None:
    case = posted(office, PAPER)
    assert ends(office, case) == {"on_paper": 2}
    incident = back(office, case)
    assert (incident.completed, incident.returned) == (None, 1)
    assert swept(office, case) == {"on_paper": 1, "unreachable": 1}
    duty = office.duty(case, "gdpr.34.1")
    assert (duty.status, duty.untold) == (DutyStatus.FULFILLED, Untold(unreachable=1)), "one is out of reach of letters"
    states = office.world.outbox.states(f"{case}/gdpr.34.1/post", office.incident(case).releases[0].sha256)
    assert sorted(states.values()) == [DeliveryState.RETURNED, DeliveryState.SENT]


def test_the_timeline_says_which_letters_came_back_and_why_and_names_nobody(office: Office) -> None:
    case = posted(office, PAPER)
    back(office, case, "1-000001-2/2, 1-000002", reason=ReturnReason.NOT_COLLECTED)
    said = next(event for event in office.history(case) if event.type == "letters_returned.v1")
    assert said.model_dump(include={"batch", "numbers", "reason", "recorded_by"}) == {
        "batch": 1,
        "numbers": (1, 2),
        "reason": ReturnReason.NOT_COLLECTED,
        "recorded_by": office.officer(case),
    }
    payloads = "".join(payload for _, _, payload, _ in office.world.timeline.rows(case))
    assert "Sökande" not in payloads
    assert "s0007" not in payloads


def test_the_letter_of_a_digital_mailbox_that_was_not_delivered_goes_on_paper(office: Office) -> None:
    digital = person(3, email=False).model_copy(update={"number": "191212121212", "mailbox": True})
    case = posted(office, [digital, person(7, email=False)], Channel.MAILBOX, Channel.PAPER)
    assert ends(office, case) == {"by_mailbox": 1, "on_paper": 1}
    back(office, case, "1-000001", reason=ReturnReason.NOT_ACCEPTED)
    assert swept(office, case) == {"on_paper": 2}
    assert office.incident(case).unposted == 1
    assert out(office, case, when=LATER) == 3
    assert office.incident(case).unposted == 0
    back(office, case, "3-000001", when="2023-05-29 09.00")
    assert swept(office, case, when="2023-05-29 09.10") == {"on_paper": 1, "unreachable": 1}


def test_a_sealed_letter_that_comes_back_opens_no_open_way(office: Office) -> None:
    hidden = person(9, protection=Protection.SECRECY_MARKED).model_copy(update={"number": "191212121212"})
    case = posted(office, [hidden], Channel.SEALED)
    back(office, case)
    assert swept(office, case) == {"unreachable": 1}
    assert "s0009@post.example" not in office.post.addresses


def test_a_child_is_reached_while_one_guardian_has_the_letter_and_at_home_when_none_has(office: Office) -> None:
    guardians = tuple(Guardian(name=f"Vård {n}", address=HOME, protection=Protection.NONE) for n in (1, 2))
    child = person(4, email=False).model_copy(update={"number": "201503157811", "guardians": guardians})
    case = posted(office, [child])
    assert office.incident(case).unposted == 0
    back(office, case, "1-000001")
    assert ends(office, case) == {"by_guardians": 1}
    back(office, case, "1-000002", when="2023-05-22 09.05")
    assert swept(office, case) == {"by_guardians": 1}
    assert office.incident(case).unposted == 1, "to the guardian of the child, at the child's address"
    out(office, case, when=LATER)
    back(office, case, "2-000001", when="2023-05-29 09.00")
    assert swept(office, case, when="2023-05-29 09.10") == {"unreachable": 1}


def test_whom_no_letter_reaches_is_reached_by_a_notice_whichever_comes_first(office: Office) -> None:
    case = posted(office, PAPER)
    back(office, case)
    assert swept(office, case) == {"on_paper": 1, "unreachable": 1}
    office.drafted(case, NOTICE, when="2023-05-22 10.00")
    office.publish(case, when="2023-05-22 11.00")
    assert ends(office, case) == {"on_paper": 1, "by_notice": 1}
    assert office.incident(case).told[0].by_notice == 1
    back(office, case, "1-000002", when="2023-05-23 09.00")
    assert swept(office, case, when="2023-05-23 09.10") == {"by_notice": 2}
    assert office.words(case).count("deliveries_returned") == 2


def test_to_say_it_again_changes_nothing_and_a_crash_in_between_is_mended_by_it(office: Office) -> None:
    case = posted(office, PAPER)
    back(office, case)
    before = office.history(case)
    back(office, case)
    assert office.history(case) == before
    swept(office, case)
    back(office, case, "1-000001 1-000002", when="2023-05-23 09.00")
    events = [event for event in office.history(case) if event.type == "letters_returned.v1"]
    assert [event.numbers for event in events] == [(1,), (2,)]
    assert swept(office, case, when="2023-05-23 09.10") == {"unreachable": 2}


@pytest.mark.parametrize("marks", ["", "Sökande 7", "191212-1212", "19121212-1212", "1-000001 Anna", "1-000001-1"])
def test_what_is_no_mark_is_refused_and_not_repeated(office: Office, marks: str) -> None:
    case = posted(office, PAPER)
    with pytest.raises(UnknownReference, match="no mark of a letter") as refusal:
        back(office, case, marks)
    assert not marks or marks not in str(refusal.value)


def test_a_letter_that_never_was_or_was_never_posted_does_not_come_back(office: Office) -> None:
    case = posted(office, PAPER)
    with pytest.raises(UnknownReference, match="no batch 7"):
        back(office, case, "7-000001")
    with pytest.raises(UnknownReference, match="has no letter 3"):
        back(office, case, "1-000001 1-000003")
    assert "letters_returned" not in office.words(case)
    assert ends(office, case) == {"on_paper": 2}, "nothing of it is done"


def test_a_letter_that_lies_in_a_print_file_still_has_not_come_back(office: Office) -> None:
    case = office.ready_to_write(PAPER)
    office.release(case, when="2023-05-15 11.00")
    office.send(case, when=SENT)
    print_batch(case, by=office.officer(case), now=at(PRINTED), world=office.world)
    with pytest.raises(StepOutOfOrder, match="not registered as posted"):
        back(office, case)


def test_somebody_from_another_organisation_registers_nothing(office: Office) -> None:
    case = posted(office, PAPER)
    with pytest.raises(NotEntitled):
        return_letters(
            case, marks="1-000001", reason=ReturnReason.MOVED, by="maja.modell", now=at(BACK), world=office.world
        )


def test_after_the_list_is_erased_it_is_on_record_and_nobody_can_be_found(office: Office) -> None:
    case = posted(office, PAPER)
    erase_recipients(case, by=office.delegate(case), now=at("2023-05-20 10.00"), world=office.world)
    incident = back(office, case)
    assert incident.brought_back == {1: (1,)}
    assert "Ingen behöver" in told(incident)
    assert swept(office, case) == {"on_paper": 2}


def test_the_page_of_the_case_says_whom_nothing_reached(office: Office) -> None:
    case = posted(office, PAPER)
    back(office, case)
    swept(office, case)
    assert "1 person går inte att nå med brev" in page(office, case)
