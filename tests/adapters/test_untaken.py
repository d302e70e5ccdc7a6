"""Printed letters that stand in no batch: counted by the way they go, from when the first of them was written."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from adapters.database.keys import Keyring
from adapters.database.outbox import SqlOutbox
from adapters.database.printed import SealedLetters
from models.recipient import Channel, Dispatch
from models.sheet import Batch, Place, Untaken

NOW, MINUTE = datetime(2023, 5, 12, 9, 0, tzinfo=UTC), timedelta(minutes=1)
COMMUNICATION, LETTER, OTHER = "INC-2023-0001/gdpr.34.1", "ab" * 32, "cd" * 32
POSTED = f"{COMMUNICATION}/post"


@pytest.fixture
def letters(engine: Engine) -> SealedLetters:
    outbox = SqlOutbox(engine, "timglas.exempel.se", b"k" * 32)

    def written(*keys: str, channel: Channel = Channel.PAPER, letter: str = LETTER, after: int = 0) -> None:
        dispatches = [Dispatch(communication=POSTED, recipient=key, letter_sha256=letter) for key in keys]
        outbox.record(dispatches, channel=channel, now=NOW + after * MINUTE)

    written("r1", "r2")
    written("r3", after=5)
    written("r4", channel=Channel.SEALED, after=7)
    written("r1", letter=OTHER, after=9)
    written("r1", "r2", after=99)  # the same step, taken again
    another = Dispatch(communication="INC-2023-0002/gdpr.34.1/post", recipient="r9", letter_sha256=LETTER)
    outbox.record([another], channel=Channel.PAPER, now=NOW)
    return SealedLetters(engine, Keyring(engine, b"k" * 32))


def test_they_are_counted_by_the_way_they_go_since_the_first_was_written(letters: SealedLetters) -> None:
    assert letters.untaken(COMMUNICATION, POSTED) == (
        Untaken(Channel.PAPER, 4, NOW),
        Untaken(Channel.SEALED, 1, NOW + 7 * MINUTE),
    )


def test_what_was_taken_out_counts_no_more_and_only_that_letter_of_the_person(letters: SealedLetters) -> None:
    batch = Batch(1, Channel.PAPER, 2, 2, "ef" * 32, NOW + MINUTE)
    letters.keep_batch(COMMUNICATION, LETTER, batch, [Place("r1", 1, 1), Place("r2", 2, 2)])
    assert letters.untaken(COMMUNICATION, POSTED)[0] == Untaken(Channel.PAPER, 2, NOW + 5 * MINUTE)
    another = Batch(1, Channel.PAPER, 1, 1, "ef" * 32, NOW + MINUTE)
    letters.keep_batch("INC-2023-0002/gdpr.34.1", LETTER, another, [Place("r3", 1, 1)])
    assert letters.untaken(COMMUNICATION, POSTED)[0].letters == 2
