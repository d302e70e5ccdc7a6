import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from models.delivery import End, Settlement
from models.errors import NotEntitled, RefusedPostError, StepOutOfOrder, TransientPostError, UnknownReference
from models.recipient import Channel, DeliveryState, Dispatch
from services.people.communicate import communicate
from services.people.post_batch import post_batch
from services.people.print_batch import print_batch
from services.people.settle_uncertain import uncertain_of
from services.post.hand_over import MOST_TRIES
from tests.fakes import Around, later, refused, uncertain
from tests.services.office import OFFICER, Office, at, person

BOUNCED = End(DeliveryState.REFUSED, "5.1.1")
RELEASED, SENT, LATER = "2023-05-15 11.00", "2023-05-15 11.05", "2023-05-15 11.40"


def released(office: Office, count: int = 6) -> str:
    case = office.ready_to_write([person(number) for number in range(1, count + 1)])
    office.release(case, when=RELEASED)
    return case


def doubtful(office: Office, *numbers: int) -> str:
    """A case in which nobody knows whether the messages to some of six arrived."""
    case = released(office)
    office.post.answers = {f"s{number:04}@post.example": uncertain() for number in numbers}
    office.send(case, when=SENT)
    office.post.answers.clear()
    return case


def states(office: Office, case: str) -> dict[DeliveryState, int]:
    counted: Counter[DeliveryState] = Counter()
    for (channel, state), count in office.world.outbox.counts(f"{case}/gdpr.34.1").items():
        assert channel is Channel.EMAIL
        counted[state] += count
    return dict(counted)


def opening(office: Office, case: str, now: datetime) -> datetime | None:
    started = office.incident(case).started
    assert started is not None
    return office.world.outbox.opens_at(started.communication, started.sha256, now=now)


# halting


def test_a_halt_stops_the_sending_after_what_is_being_handed_over(office: Office) -> None:
    case = released(office)

    def halt_at_the_third() -> None:
        if len(office.post.mails) == 2:
            office.next_door().halt(case, when=SENT)

    office.post.before_each = halt_at_the_third
    office.send(case, when=SENT)
    assert len(office.post.mails) == 3
    assert office.incident(case).halted is not None
    assert office.incident(case).completed is None


def test_nothing_goes_on_by_itself_while_it_is_halted_and_everything_does_after(office: Office) -> None:
    case = released(office)
    office.halt(case, when=SENT)
    office.sweep(case, at(LATER))
    office.send(case, when=LATER)
    assert office.post.addresses.count("s0001@post.example") == 0
    office.resume(case, when=LATER)
    office.sweep(case, at(LATER))
    assert sorted(a for a in office.post.addresses if a.endswith("@post.example")) == [
        f"s{number:04}@post.example" for number in range(1, 7)
    ]
    completed = office.incident(case).completed
    assert completed is not None
    assert completed.emailed == 6
    assert [word for word in office.words(case) if word.startswith("communication_")] == [
        "communication_started",
        "communication_halted",
        "communication_resumed",
        "communication_completed",
    ]


@pytest.mark.parametrize("email", [True, False], ids=["some by e-mail", "all on paper"])
def test_a_halt_holds_for_letters_on_paper_too_none_is_written_or_taken_out(office: Office, *, email: bool) -> None:
    case = office.ready_to_write([person(1, email=email), person(2, email=False)])
    office.release(case, when=RELEASED)
    office.halt(case, when=SENT)
    office.send(case, when=SENT)
    assert office.papers(case) == []
    assert office.incident(case).completed is None, "else it could not be resumed"
    office.resume(case, when=LATER)
    office.send(case, when=LATER)
    assert "s0002" in office.papers(case)
    assert office.incident(case).completed is not None


def test_letters_written_before_the_halt_are_taken_out_once_it_is_taken_back(office: Office) -> None:
    case = office.ready_to_write([person(1), person(2, email=False)])
    office.release(case, when=RELEASED)
    office.post.busy = True
    with pytest.raises(TransientPostError):
        office.send(case, when=SENT)
    assert office.papers(case) == ["s0002"]
    office.halt(case, when=SENT)
    with pytest.raises(StepOutOfOrder, match="are halted"):
        print_batch(case, by=OFFICER, now=at(LATER), world=office.world)
    office.resume(case, when=LATER)
    assert print_batch(case, by=OFFICER, now=at(LATER), world=office.world).letters == 1


def test_letters_that_are_all_written_can_be_halted_until_somebody_has_posted_them(office: Office) -> None:
    case = office.ready_to_write([person(1, email=False)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    office.halt(case, when=SENT)
    with pytest.raises(StepOutOfOrder, match="are halted"):
        print_batch(case, by=OFFICER, now=at(LATER), world=office.world)
    office.resume(case, when=LATER)
    batch = print_batch(case, by=OFFICER, now=at(LATER), world=office.world)
    post_batch(case, batch=batch.number, posted_at=at(LATER), by=OFFICER, now=at(LATER), world=office.world)
    with pytest.raises(StepOutOfOrder, match="No letters are going out"):
        office.halt(case, when=LATER)


def test_anybody_who_prepares_may_halt_and_only_who_decides_may_resume(office: Office) -> None:
    case = released(office)
    with pytest.raises(NotEntitled):
        office.halt(case, when=SENT, by="maja.modell")
    office.halt(case, when=SENT, by=OFFICER)
    with pytest.raises(NotEntitled):
        office.resume(case, when=SENT, by=OFFICER)
    office.halt(case, when=SENT, by=OFFICER)
    assert office.words(case).count("communication_halted") == 1, "to halt again says nothing new"


def test_what_has_not_begun_or_is_over_cannot_be_halted(office: Office) -> None:
    case = office.ready_to_write([person(1)])
    with pytest.raises(StepOutOfOrder, match="No letters are going out"):
        office.halt(case, when=SENT)
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    for step in (office.halt, office.resume):
        with pytest.raises(StepOutOfOrder, match="No letters are going out"):
            step(case, when=LATER)


# what is uncertain


def test_a_person_may_say_that_an_uncertain_message_arrived(office: Office) -> None:
    case = doubtful(office, 2, 5)
    office.settled(case, Settlement.ARRIVED, when=LATER)
    office.sweep(case, at(LATER))
    completed = office.incident(case).completed
    assert completed is not None
    assert completed.emailed == 6
    assert "s0002@post.example" not in office.post.addresses


def test_or_have_it_sent_once_more_under_the_same_message_id(office: Office) -> None:
    case = doubtful(office, 2)
    (doubt,) = uncertain_of(office.incident(case), office.world)
    office.settled(case, Settlement.SEND_AGAIN, when=LATER)
    office.sweep(case, at(LATER))
    (mail,) = [mail for mail in office.post.mails if mail.to == "s0002@post.example"]
    assert mail.message_id == doubt.message_id
    assert office.incident(case).completed is not None


def test_some_may_be_decided_one_way_and_some_the_other(office: Office) -> None:
    case = doubtful(office, 2, 5)
    office.settled(case, Settlement.ARRIVED, when=LATER, only=("s0005",))
    office.sweep(case, at(LATER))
    assert office.incident(case).uncertain == 1, "the other is still to be decided"
    office.settled(case, Settlement.SEND_AGAIN, when=LATER)
    office.sweep(case, at(LATER))
    assert [a for a in office.post.addresses if a in ("s0002@post.example", "s0005@post.example")] == [
        "s0002@post.example"
    ]
    assert office.incident(case).completed is not None


def test_who_was_not_uncertain_is_not_decided_about(office: Office) -> None:
    case = doubtful(office, 2)
    with pytest.raises(UnknownReference, match="s0003"):
        office.settled(case, Settlement.SEND_AGAIN, when=LATER, only=("s0002", "s0003"))
    assert office.incident(case).uncertain == 1
    assert states(office, case)[DeliveryState.UNCERTAIN] == 1


def test_only_who_decides_settles_what_is_uncertain_and_only_if_something_is(office: Office) -> None:
    case = doubtful(office, 2)
    with pytest.raises(NotEntitled):
        office.settled(case, Settlement.ARRIVED, when=LATER, by=OFFICER)
    office.settled(case, Settlement.ARRIVED, when=LATER)
    with pytest.raises(StepOutOfOrder, match="Nothing is uncertain"):
        office.settled(case, Settlement.ARRIVED, when=LATER)


def test_a_decision_that_was_recorded_but_not_carried_out_is_asked_for_again(office: Office) -> None:
    case = doubtful(office, 2)

    def power_cut(*_: object, **__: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        office.with_parts(outbox=Around(office.world.outbox, settle=power_cut)).settled(
            case, Settlement.ARRIVED, when=LATER
        )
    assert office.incident(case).uncertain == 0
    office.sweep(case, at(LATER))
    assert office.incident(case).uncertain == 1


# what a server puts off, or refuses


def test_a_message_put_off_is_tried_ever_more_seldom_and_goes_on_paper_in_the_end(office: Office) -> None:
    case = released(office, 2)
    office.post.answers["s0002@post.example"] = later()
    now, waits = at(SENT), []
    while office.incident(case).completed is None:
        asyncio.run(communicate(case, now=now, world=office.world))
        opens_at = opening(office, case, now)
        if opens_at:
            waits.append((opens_at - now) // timedelta(minutes=1))
            asyncio.run(communicate(case, now=opens_at - timedelta(seconds=1), world=office.world))
        now = opens_at or now
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640]
    assert len(waits) == MOST_TRIES
    completed = office.incident(case).completed
    assert completed is not None
    assert (completed.emailed, completed.on_paper) == (1, 1)


def test_a_server_that_takes_nothing_now_costs_nobody_a_try(office: Office) -> None:
    case = released(office)
    office.post.busy = True
    for _ in range(2 * MOST_TRIES):
        with pytest.raises(TransientPostError, match="takes no more messages now"):
            office.send(case, when=SENT)
    assert states(office, case) == {DeliveryState.WAITING: 6}
    office.post.busy = False
    office.send(case, when=SENT)
    assert states(office, case) == {DeliveryState.SENT: 6}


def test_a_server_that_refuses_everybody_is_wrong_itself_and_sends_nobody_to_the_printer(office: Office) -> None:
    case = released(office, 30)
    office.post.room = 25
    office.post.answers = {f"s{number:04}@post.example": refused() for number in range(1, 31)}
    with pytest.raises(RefusedPostError, match="refuses every recipient"):
        office.send(case, when=SENT)
    assert states(office, case) == {DeliveryState.WAITING: 30}
    office.post.answers.clear()
    office.send(case, when=LATER)
    assert states(office, case) == {DeliveryState.SENT: 30}


def test_once_somebody_was_taken_many_wrong_addresses_are_just_that(office: Office) -> None:
    case = released(office, 60)
    office.post.room = 25
    office.post.answers = {f"s{number:04}@post.example": refused() for number in range(26, 61)}
    office.send(case, when=SENT)
    completed = office.incident(case).completed
    assert completed is not None
    assert (completed.emailed, completed.on_paper) == (25, 35)


def test_a_letter_nobody_can_write_leaves_everyone_in_line(office: Office) -> None:
    case = released(office)

    def broken(*_: object) -> None:
        raise ValueError("a line break in a header")

    office.post.before_each = broken
    with pytest.raises(ValueError, match="line break"):
        office.send(case, when=SENT)
    assert states(office, case) == {DeliveryState.WAITING: 6}


def test_whoever_is_told_to_stop_ends_what_was_begun_first(office: Office) -> None:
    case = released(office)
    office.post.room = 3

    async def cancelled_in_the_middle() -> None:
        sending = asyncio.ensure_future(communicate(case, now=at(SENT), world=office.world))
        office.post.pause = asyncio.Event()
        await office.post.paused.wait()
        sending.cancel()
        await asyncio.sleep(0)
        office.post.pause.set()
        with pytest.raises(asyncio.CancelledError):
            await sending

    office.post.paused = asyncio.Event()
    asyncio.run(cancelled_in_the_middle())
    assert states(office, case) == {DeliveryState.SENT: 3, DeliveryState.WAITING: 3}


# what comes back late


def bounced(office: Office, case: str, *numbers: int) -> None:
    started = office.incident(case).started
    assert started is not None
    ends = [
        (Dispatch(communication=started.communication, recipient=f"s{n:04}", letter_sha256=started.sha256), BOUNCED)
        for n in numbers
    ]
    office.world.outbox.settle(ends, now=at(LATER))


def test_a_letter_that_comes_back_while_the_batch_it_went_in_is_still_handed_over_stops_no_sending(
    office: Office,
) -> None:
    case = released(office)
    office.post.room = 3

    def bounce_the_first() -> None:
        if len(office.post.mails) == 2:
            bounced(office, case, 1)

    office.post.before_each = bounce_the_first
    office.send(case, when=SENT)
    completed = office.incident(case).completed
    assert completed is not None
    assert (completed.emailed, completed.on_paper) == (5, 1)


def test_a_letter_that_comes_back_after_everyone_had_one_opens_the_person_again(office: Office) -> None:
    case = released(office)
    office.send(case, when=SENT)
    bounced(office, case, 2, 4)
    office.sweep(case, at(LATER))
    incident = office.incident(case)
    assert office.words(case)[-3:] != []
    assert "deliveries_returned" in office.words(case)
    assert incident.completed is not None
    assert (incident.completed.emailed, incident.completed.on_paper) == (4, 2)
    assert office.papers(case).count("s0002") == 1
    assert incident.told[0].occurred_at == at(SENT), "the communication was made when it was made"
    assert len(incident.told) == 1, "it is still the same communication"


def test_what_came_back_and_has_no_other_way_is_told_once(office: Office) -> None:
    case = office.ready_to_write([person(1), person(2, paper=False)])
    office.release(case, when=RELEASED)
    office.send(case, when=SENT)
    bounced(office, case, 2)
    office.sweep(case, at(LATER))
    office.sweep(case, at("2023-05-16 11.00"))
    assert office.words(case).count("deliveries_returned") == 1
    completed = office.incident(case).completed
    assert completed is not None
    assert (completed.emailed, completed.unreachable) == (1, 1)
