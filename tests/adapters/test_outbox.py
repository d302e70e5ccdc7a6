import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from adapters.database.line import LEASE
from adapters.database.outbox import SqlOutbox
from models.delivery import Claim, End
from models.errors import UnknownReference
from models.recipient import Channel, DeliveryState, Dispatch

NOW = datetime(2023, 5, 12, 9, 0, tzinfo=UTC)
COMMUNICATION, LETTER, OTHER = "INC-2023-0001/gdpr.34.1", "ab" * 32, "cd" * 32
SECRET = b"k" * 32
MINUTE = timedelta(minutes=1)


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    return SqlOutbox(engine, "timglas.exempel.se", SECRET)


def message(recipient: str = "r01", *, letter: str = LETTER, communication: str = COMMUNICATION) -> Dispatch:
    return Dispatch(communication=communication, recipient=recipient, letter_sha256=letter)


def queue(outbox: SqlOutbox, count: int = 1, *, letter: str = LETTER, channel: Channel = Channel.EMAIL) -> None:
    outbox.queue([message(f"r{number:02}", letter=letter) for number in range(1, count + 1)], channel=channel)


def claim(outbox: SqlOutbox, limit: int = 50, *, now: datetime = NOW, letter: str = LETTER) -> list[str]:
    return [one.dispatch.recipient for one in claims(outbox, limit, now=now, letter=letter)]


def claims(
    outbox: SqlOutbox, limit: int = 50, *, now: datetime = NOW, letter: str = LETTER, urgent: bool = False
) -> tuple[Claim, ...]:
    return outbox.claim(COMMUNICATION, letter, limit=limit, now=now, urgent=urgent)


def settle(outbox: SqlOutbox, recipient: str, state: DeliveryState, detail: str = "", *, now: datetime = NOW) -> None:
    until = now + 5 * MINUTE if state is DeliveryState.DEFERRED else None
    outbox.settle([(message(recipient), End(state, detail, until))], now=now)


def opens(outbox: SqlOutbox, *, now: datetime = NOW, urgent: bool = False) -> datetime | None:
    return outbox.opens_at(COMMUNICATION, LETTER, now=now, urgent=urgent)


def states(outbox: SqlOutbox) -> dict[str, DeliveryState]:
    return {recipient: state for (recipient, _), state in sorted(outbox.states(COMMUNICATION, LETTER).items())}


def test_what_is_queued_is_claimed_once_in_the_order_of_the_line(outbox: SqlOutbox) -> None:
    queue(outbox, 5)
    assert claim(outbox, 2) == ["r01", "r02"]
    assert claim(outbox, 50) == ["r03", "r04", "r05"]
    assert claim(outbox) == []


def test_to_queue_again_changes_nothing(outbox: SqlOutbox) -> None:
    queue(outbox, 2)
    claim(outbox, 1)
    queue(outbox, 3)
    assert claim(outbox) == ["r02", "r03"]


def test_nothing_queued_is_nothing_to_claim(outbox: SqlOutbox) -> None:
    outbox.queue([], channel=Channel.EMAIL)
    outbox.settle([], now=NOW)
    assert (claim(outbox), opens(outbox)) == ([], None)


def test_another_letter_to_the_same_people_is_a_line_of_its_own(outbox: SqlOutbox) -> None:
    queue(outbox, 2)
    queue(outbox, 2, letter=OTHER)
    first = claims(outbox)
    second = claims(outbox, letter=OTHER)
    assert [one.dispatch.recipient for one in first] == [one.dispatch.recipient for one in second] == ["r01", "r02"]
    assert {one.message_id for one in first}.isdisjoint(one.message_id for one in second)


@pytest.mark.parametrize("end", [DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.UNCERTAIN])
def test_what_was_sent_refused_or_uncertain_is_never_claimed_again(outbox: SqlOutbox, end: DeliveryState) -> None:
    queue(outbox)
    claim(outbox)
    settle(outbox, "r01", end)
    assert claim(outbox, now=NOW + 100 * LEASE) == []
    assert opens(outbox) is None


def test_what_was_put_off_is_claimed_when_its_time_has_come_under_the_same_message_id(outbox: SqlOutbox) -> None:
    queue(outbox)
    (first,) = claims(outbox)
    settle(outbox, "r01", DeliveryState.DEFERRED, "451")
    assert claim(outbox, now=NOW + 4 * MINUTE) == []
    assert opens(outbox, now=NOW + MINUTE) == NOW + 5 * MINUTE
    (again,) = claims(outbox, now=NOW + 5 * MINUTE)
    assert (first.tries, again.tries) == (1, 2)
    assert again.message_id == first.message_id


def test_what_cannot_wait_does_not_wait_for_a_server_that_asked_for_patience(outbox: SqlOutbox) -> None:
    queue(outbox)
    claim(outbox)
    settle(outbox, "r01", DeliveryState.DEFERRED, "451")
    assert opens(outbox, urgent=True) == NOW
    assert len(claims(outbox, urgent=True)) == 1


def test_what_never_left_the_house_is_back_in_line_and_no_try_is_spent(outbox: SqlOutbox) -> None:
    queue(outbox)
    claim(outbox)
    settle(outbox, "r01", DeliveryState.WAITING)
    assert opens(outbox) == NOW
    assert [one.tries for one in claims(outbox)] == [1]


def test_of_those_who_claim_at_the_same_moment_each_gets_messages_of_their_own(outbox: SqlOutbox) -> None:
    queue(outbox, 40)
    together = Barrier(4)

    def compete(_: int) -> list[str]:
        together.wait()
        return [name for _ in range(5) for name in claim(outbox, 3)]

    with ThreadPoolExecutor(4) as pool:
        won = [name for names in pool.map(compete, range(4)) for name in names]
    assert sorted(won) == sorted(set(won))
    assert sorted(won + claim(outbox)) == [f"r{number:02}" for number in range(1, 41)]


def test_a_claim_is_its_senders_alone_until_it_runs_out_and_uncertain_then(outbox: SqlOutbox) -> None:
    queue(outbox, 2)
    claim(outbox)
    settle(outbox, "r02", DeliveryState.SENT)
    assert opens(outbox) == NOW + LEASE, "then somebody should look"
    outbox.expire(COMMUNICATION, now=NOW + LEASE - MINUTE)
    assert outbox.uncertain(COMMUNICATION) == ()
    outbox.expire(COMMUNICATION, now=NOW + LEASE)
    (doubt,) = outbox.uncertain(COMMUNICATION)
    assert (doubt.dispatch, doubt.sent_at, doubt.fault) == (message("r01"), NOW, "no end")
    assert claim(outbox, now=NOW + LEASE) == []


def test_a_sender_that_was_only_slow_may_still_say_how_it_ended(outbox: SqlOutbox) -> None:
    queue(outbox)
    claim(outbox)
    outbox.expire(COMMUNICATION, now=NOW + LEASE)
    settle(outbox, "r01", DeliveryState.SENT)
    assert states(outbox) == {"r01": DeliveryState.SENT}


def test_a_person_may_have_what_was_uncertain_sent_again(outbox: SqlOutbox) -> None:
    queue(outbox)
    (first,) = claims(outbox)
    settle(outbox, "r01", DeliveryState.UNCERTAIN, "disconnected")
    settle(outbox, "r01", DeliveryState.WAITING)
    assert outbox.uncertain(COMMUNICATION) == ()
    assert [one.message_id for one in claims(outbox)] == [first.message_id]


def test_what_was_sent_stays_sent_unless_it_bounces_late(outbox: SqlOutbox) -> None:
    queue(outbox)
    claim(outbox)
    settle(outbox, "r01", DeliveryState.SENT, "4XyZ")
    settle(outbox, "r01", DeliveryState.SENT, "4XyZ")
    for late in (DeliveryState.DEFERRED, DeliveryState.WAITING, DeliveryState.UNCERTAIN):
        with pytest.raises(UnknownReference):
            settle(outbox, "r01", late)
    assert states(outbox) == {"r01": DeliveryState.SENT}
    settle(outbox, "r01", DeliveryState.REFUSED, "5.1.1")
    assert outbox.failed(COMMUNICATION) == {("r01", Channel.EMAIL): DeliveryState.REFUSED}


@pytest.mark.parametrize("end", [DeliveryState.SENT, DeliveryState.DEFERRED, DeliveryState.UNCERTAIN])
def test_what_bounces_before_its_sender_could_say_that_it_went_has_bounced(
    outbox: SqlOutbox, end: DeliveryState
) -> None:
    queue(outbox, 2)
    claim(outbox)
    settle(outbox, "r01", DeliveryState.REFUSED, "5.1.1")
    outbox.settle([(message("r01"), End(end)), (message("r02"), End(end))], now=NOW)
    assert states(outbox) == {"r01": DeliveryState.REFUSED, "r02": end}


def test_what_nobody_claimed_cannot_be_settled_and_the_others_are(outbox: SqlOutbox) -> None:
    queue(outbox, 2)
    claim(outbox, 1)
    sent = End(DeliveryState.SENT)
    with pytest.raises(UnknownReference, match="Claim the message before you send it"):
        outbox.settle([(message("r01"), sent), (message("r02"), sent), (message("r09"), sent)], now=NOW)
    assert states(outbox) == {"r01": DeliveryState.SENT, "r02": DeliveryState.WAITING}


def test_nothing_of_a_halted_communication_is_claimed_and_what_is_under_way_comes_to_its_end(outbox: SqlOutbox) -> None:
    queue(outbox, 3)
    claim(outbox, 1)
    outbox.halt(COMMUNICATION)
    outbox.halt(COMMUNICATION)
    settle(outbox, "r01", DeliveryState.DEFERRED, "451")
    assert claim(outbox, now=NOW + LEASE) == []
    assert opens(outbox) is None
    outbox.go_on(COMMUNICATION)
    assert claim(outbox, now=NOW + LEASE) == ["r02", "r03", "r01"]


def test_a_provider_gets_no_more_than_it_takes_within_a_minute_and_an_hour(engine: Engine) -> None:
    outbox = SqlOutbox(engine, "timglas.exempel.se", SECRET, limits=((MINUTE, 3), (60 * MINUTE, 5)))
    queue(outbox, 20)
    assert claim(outbox) == ["r01", "r02", "r03"]
    assert claim(outbox, now=NOW + MINUTE / 2) == []
    assert opens(outbox, now=NOW + MINUTE / 2) == NOW + MINUTE
    assert claim(outbox, now=NOW + MINUTE) == ["r04", "r05"]
    assert claim(outbox, now=NOW + 3 * MINUTE) == []
    assert opens(outbox, now=NOW + 3 * MINUTE) == NOW + 60 * MINUTE
    assert claim(outbox, now=NOW + 60 * MINUTE) == ["r06", "r07", "r08"]


def test_what_cannot_wait_goes_before_the_limit_and_counts_towards_it(engine: Engine) -> None:
    outbox = SqlOutbox(engine, "timglas.exempel.se", SECRET, limits=((MINUTE, 2),))
    queue(outbox, 20)
    assert len(claims(outbox, 3, urgent=True)) == 3
    assert claim(outbox) == []
    assert opens(outbox, urgent=True) == NOW


def test_letters_on_paper_use_up_nothing_of_what_the_mail_provider_takes(engine: Engine) -> None:
    outbox = SqlOutbox(engine, "timglas.exempel.se", SECRET, limits=((MINUTE, 2),))
    queue(outbox, 2)
    outbox.record([message(f"p{number}") for number in range(9)], channel=Channel.PAPER, now=NOW)
    assert opens(outbox) == NOW
    assert claim(outbox) == ["r01", "r02"]


def test_what_was_claimed_and_given_back_does_not_count_towards_the_limit(engine: Engine) -> None:
    outbox = SqlOutbox(engine, "timglas.exempel.se", SECRET, limits=((MINUTE, 2),))
    queue(outbox, 4)
    claim(outbox)
    settle(outbox, "r01", DeliveryState.WAITING)
    assert claim(outbox) == ["r01"]


def test_several_who_claim_at_once_keep_to_the_limit_together(engine: Engine) -> None:
    outbox = SqlOutbox(engine, "timglas.exempel.se", SECRET, limits=((MINUTE, 10),))
    queue(outbox, 40)
    together = Barrier(4)

    def compete(_: int) -> int:
        together.wait()
        return sum(len(claim(outbox, 3)) for _ in range(4))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(compete, range(4))) == 10


def test_a_letter_on_paper_is_recorded_without_a_claim_and_only_once(outbox: SqlOutbox) -> None:
    outbox.record([message("r01"), message("r02")], channel=Channel.PAPER, now=NOW)
    outbox.record([message("r01")], channel=Channel.SEALED, now=NOW + LEASE)
    outbox.record([], channel=Channel.PAPER, now=NOW)
    assert outbox.counts(COMMUNICATION) == {(Channel.PAPER, DeliveryState.SENT): 2}


def test_every_message_is_counted_once_by_its_way_and_where_it_stands(outbox: SqlOutbox) -> None:
    queue(outbox, 4)
    outbox.record([message("r05")], channel=Channel.PAPER, now=NOW)
    claim(outbox, 3)
    settle(outbox, "r01", DeliveryState.SENT)
    settle(outbox, "r02", DeliveryState.REFUSED, "550 5.1.1")
    assert outbox.counts(COMMUNICATION) == {
        (Channel.EMAIL, DeliveryState.SENT): 1,
        (Channel.EMAIL, DeliveryState.REFUSED): 1,
        (Channel.EMAIL, DeliveryState.CLAIMED): 1,
        (Channel.EMAIL, DeliveryState.WAITING): 1,
        (Channel.PAPER, DeliveryState.SENT): 1,
    }
    assert outbox.counts("INC-2023-0002/gdpr.34.1") == {}


def test_messages_with_one_letter_are_counted_by_themselves(outbox: SqlOutbox) -> None:
    queue(outbox, 2)
    queue(outbox, 1, letter=OTHER)
    assert outbox.counts(COMMUNICATION, OTHER) == {(Channel.EMAIL, DeliveryState.WAITING): 1}
    assert outbox.counts(COMMUNICATION) == {(Channel.EMAIL, DeliveryState.WAITING): 3}


def test_what_was_refused_or_brought_back_is_named_with_its_channel_for_another_way(outbox: SqlOutbox) -> None:
    queue(outbox, 2)
    outbox.record([message("r03"), message("r04")], channel=Channel.PAPER, now=NOW)
    claim(outbox)
    settle(outbox, "r01", DeliveryState.REFUSED)
    settle(outbox, "r02", DeliveryState.SENT)
    settle(outbox, "r03", DeliveryState.RETURNED, "moved")
    settle(outbox, "r03", DeliveryState.RETURNED, "moved")
    outbox.record([message("r05")], channel=Channel.SEALED, now=NOW, state=DeliveryState.UNPRINTABLE)
    assert outbox.failed(COMMUNICATION) == {
        ("r01", Channel.EMAIL): DeliveryState.REFUSED,
        ("r03", Channel.PAPER): DeliveryState.RETURNED,
        ("r05", Channel.SEALED): DeliveryState.UNPRINTABLE,
    }
    assert outbox.failed("INC-2023-0002/gdpr.34.1") == {}


def test_where_each_message_stands_is_told_for_one_letter(outbox: SqlOutbox) -> None:
    queue(outbox, 3)
    queue(outbox, 1, letter=OTHER)
    claim(outbox, 1)
    settle(outbox, "r01", DeliveryState.SENT)
    claim(outbox, 1)
    assert outbox.states(COMMUNICATION, LETTER) == {
        ("r01", Channel.EMAIL): DeliveryState.SENT,
        ("r02", Channel.EMAIL): DeliveryState.CLAIMED,
        ("r03", Channel.EMAIL): DeliveryState.WAITING,
    }


def test_a_message_is_found_by_what_its_id_begins_with(outbox: SqlOutbox) -> None:
    queue(outbox, 2)
    second = claims(outbox)[1]
    assert outbox.find(second.message_id[1:41]) == second.dispatch
    for token in ("0" * 40, "", "%", second.message_id[1:40]):
        assert outbox.find(token) is None


def test_the_message_id_is_the_same_always_tells_nothing_of_the_person_and_cannot_be_guessed(
    outbox: SqlOutbox, engine: Engine
) -> None:
    outbox.queue([message("astrid-lindqvist")], channel=Channel.EMAIL)
    (first,) = claims(outbox)
    assert re.fullmatch(r"<[0-9a-f]{40}@timglas\.exempel\.se>", first.message_id)
    settle(outbox, "astrid-lindqvist", DeliveryState.WAITING)
    (again,) = claims(SqlOutbox(engine, "timglas.exempel.se", SECRET))
    assert again.message_id == first.message_id
    other = SqlOutbox(engine, "timglas.exempel.se", b"another installation's secret")
    other.queue([message("astrid-lindqvist", letter=OTHER)], channel=Channel.EMAIL)
    outbox.queue([message("astrid-lindqvist", letter=OTHER, communication="x")], channel=Channel.EMAIL)
    ids = {one.message_id for one in (*claims(other, letter=OTHER), *outbox.claim("x", OTHER, limit=1, now=NOW))}
    assert len(ids | {first.message_id}) == 3


def test_when_a_message_was_last_taken_from_the_line_is_known_and_a_late_bounce_does_not_change_it(
    outbox: SqlOutbox,
) -> None:
    queue(outbox, 3)
    assert outbox.last_claimed(COMMUNICATION) is None
    claim(outbox, 1)
    settle(outbox, "r01", DeliveryState.SENT)
    claim(outbox, 1, now=NOW + MINUTE)
    assert outbox.last_claimed(COMMUNICATION) == NOW + MINUTE
    settle(outbox, "r02", DeliveryState.WAITING, now=NOW + 2 * MINUTE)
    assert outbox.last_claimed(COMMUNICATION) == NOW, "nothing of it left the house"
    settle(outbox, "r01", DeliveryState.REFUSED, "5.1.1", now=NOW + 55 * MINUTE)
    assert outbox.last_claimed(COMMUNICATION) == NOW
    assert outbox.last_claimed("INC-2023-0002/gdpr.34.1") is None
