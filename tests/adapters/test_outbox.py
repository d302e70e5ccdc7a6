import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine

from adapters.outbox import SqlOutbox
from models.errors import UnknownReference
from models.recipient import Channel, DeliveryState, Dispatch

NOW = datetime(2023, 5, 12, 9, 0, tzinfo=UTC)
LETTER = "ab" * 32


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    return SqlOutbox(engine, "timglas.exempel.se")


def message(recipient: str = "r1", *, letter: str = LETTER) -> Dispatch:
    return Dispatch(communication="INC-2023-0001-1", recipient=recipient, letter_sha256=letter)


def claim(outbox: SqlOutbox, dispatch: Dispatch, channel: Channel = Channel.EMAIL) -> str | None:
    return outbox.claim(dispatch, channel=channel, now=NOW)


def settle(outbox: SqlOutbox, dispatch: Dispatch, state: DeliveryState, detail: str = "") -> None:
    outbox.settle(dispatch, state=state, now=NOW, detail=detail)


def test_two_claims_of_the_same_message_give_one(outbox: SqlOutbox) -> None:
    assert claim(outbox, message()) is not None
    assert claim(outbox, message()) is None


def test_another_recipient_or_another_letter_is_another_message(outbox: SqlOutbox) -> None:
    ids = {claim(outbox, message()), claim(outbox, message("r2")), claim(outbox, message(letter="cd" * 32))}
    assert len(ids) == 3
    assert None not in ids


@pytest.mark.parametrize("end", [DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.UNCERTAIN])
def test_what_was_sent_refused_or_uncertain_is_never_claimed_again(outbox: SqlOutbox, end: DeliveryState) -> None:
    claim(outbox, message())
    settle(outbox, message(), end)
    assert claim(outbox, message()) is None


def test_a_deferred_message_may_be_claimed_again_once_under_the_same_message_id(outbox: SqlOutbox) -> None:
    first = claim(outbox, message())
    settle(outbox, message(), DeliveryState.DEFERRED, "451")
    assert claim(outbox, message(), Channel.PAPER) == first
    assert claim(outbox, message()) is None
    assert outbox.counts("INC-2023-0001-1") == {(Channel.PAPER, DeliveryState.CLAIMED): 1}


@pytest.mark.parametrize("deferred_before", [False, True])
def test_of_those_who_claim_at_the_same_moment_exactly_one_wins(outbox: SqlOutbox, *, deferred_before: bool) -> None:
    for number in range(10):
        dispatch = message(f"r{number}")
        if deferred_before:
            claim(outbox, dispatch)
            settle(outbox, dispatch, DeliveryState.DEFERRED)
        together = Barrier(4)

        def compete(_: int, dispatch: Dispatch = dispatch, together: Barrier = together) -> str | None:
            together.wait()
            return claim(outbox, dispatch)

        with ThreadPoolExecutor(4) as pool:
            won = [message_id for message_id in pool.map(compete, range(4)) if message_id is not None]
        assert len(won) == 1


def test_an_unsettled_claim_is_uncertain(outbox: SqlOutbox) -> None:
    for recipient in ("r1", "r2", "r3"):
        claim(outbox, message(recipient))
    settle(outbox, message("r2"), DeliveryState.SENT)
    settle(outbox, message("r3"), DeliveryState.UNCERTAIN)
    assert outbox.uncertain() == (message("r1"), message("r3"))


def test_a_person_may_settle_what_was_uncertain(outbox: SqlOutbox) -> None:
    claim(outbox, message())
    settle(outbox, message(), DeliveryState.UNCERTAIN)
    settle(outbox, message(), DeliveryState.DEFERRED)
    assert outbox.uncertain() == ()
    assert claim(outbox, message()) is not None


def test_what_was_sent_stays_sent_unless_it_bounces_late(outbox: SqlOutbox) -> None:
    claim(outbox, message())
    settle(outbox, message(), DeliveryState.SENT)
    settle(outbox, message(), DeliveryState.SENT)
    with pytest.raises(UnknownReference):
        settle(outbox, message(), DeliveryState.DEFERRED)
    assert claim(outbox, message()) is None
    settle(outbox, message(), DeliveryState.REFUSED, "550")
    assert outbox.refused("INC-2023-0001-1") == {"r1"}


def test_what_nobody_claimed_cannot_be_settled(outbox: SqlOutbox) -> None:
    with pytest.raises(UnknownReference, match="Claim the message before you send it"):
        settle(outbox, message(), DeliveryState.SENT)
    assert outbox.counts("INC-2023-0001-1") == {}


def test_every_message_is_counted_once_by_its_way_and_its_end(outbox: SqlOutbox) -> None:
    for number in range(6):
        claim(outbox, message(f"r{number}"), Channel.EMAIL if number < 4 else Channel.PAPER)
    for number in (0, 1, 4):
        settle(outbox, message(f"r{number}"), DeliveryState.SENT)
    settle(outbox, message("r2"), DeliveryState.REFUSED, "550 5.1.1")
    assert outbox.counts("INC-2023-0001-1") == {
        (Channel.EMAIL, DeliveryState.SENT): 2,
        (Channel.EMAIL, DeliveryState.REFUSED): 1,
        (Channel.EMAIL, DeliveryState.CLAIMED): 1,
        (Channel.PAPER, DeliveryState.SENT): 1,
        (Channel.PAPER, DeliveryState.CLAIMED): 1,
    }
    assert outbox.counts("INC-2023-0002-1") == {}


def test_only_those_refused_by_e_mail_are_named_for_another_way(outbox: SqlOutbox) -> None:
    for recipient, channel in (("r1", Channel.EMAIL), ("r2", Channel.PAPER), ("r3", Channel.EMAIL)):
        claim(outbox, message(recipient), channel)
    settle(outbox, message("r1"), DeliveryState.REFUSED)
    settle(outbox, message("r2"), DeliveryState.REFUSED)
    assert outbox.refused("INC-2023-0001-1") == {"r1"}
    assert outbox.refused("INC-2023-0002-1") == frozenset()


def test_the_message_id_is_the_same_in_every_installation_and_says_nothing_about_the_person(
    outbox: SqlOutbox, engine: Engine
) -> None:
    message_id = claim(outbox, message("astrid-lindqvist"))
    assert message_id is not None
    assert re.fullmatch(r"<[0-9a-f]{64}@timglas\.exempel\.se>", message_id)
    settle(outbox, message("astrid-lindqvist"), DeliveryState.DEFERRED)
    assert claim(SqlOutbox(engine, "timglas.exempel.se"), message("astrid-lindqvist")) == message_id
