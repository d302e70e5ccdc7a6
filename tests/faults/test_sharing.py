"""Several who send the same letter at once, and what happens around them: the database goes away, the disk is full."""

import asyncio
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.database.engine import engine, migrate
from models.recipient import DeliveryState
from services.people.communicate import add_up
from tests.faults.sending import LATER, NOW, Recorder, Sending, ended_well, kill, recorder, released
from tests.patience import until
from tests.postgresql import Server

MANY, SOME = 2_000, 200
AWAY_SECONDS = 60.0


def everybody_once(sending: Sending, taken: Counter[str], count: int) -> None:
    """Everyone is recorded as sent to, and exactly one message was taken for each."""
    assert sending.states() == {DeliveryState.SENT: count}
    assert taken == dict.fromkeys(sending.of(DeliveryState.SENT), 1)
    assert len(taken) == count


@pytest.mark.parametrize("database", ["sqlite_url", "postgresql_url"])
def test_three_workers_share_one_sending_and_nobody_is_sent_to_twice(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with recorder(tmp_path, seconds=0.002) as server:
        sending = released(request.getfixturevalue(database), tmp_path, MANY, server.port)
        assert ended_well([sending.start() for _ in range(3)])
        everybody_once(sending, server.taken(), MANY)


def test_one_who_is_done_does_not_count_what_another_is_handing_over_as_uncertain(
    postgresql_url: str, tmp_path: Path
) -> None:
    with recorder(tmp_path, "slow") as slow, recorder(tmp_path, "quick") as quick:
        sending = released(postgresql_url, tmp_path, 21, slow.port)
        slow.take_at_most(0)
        slower = sending.start()
        until(lambda: sending.states()[DeliveryState.CLAIMED] == 20, "the slow one to have all in hand but one")
        replace(sending, port=quick.port).send()
        assert quick.taken().total() == 1
        done = asyncio.run(add_up(sending.case, now=NOW, world=sending.world()))
        assert (done.completed, done.uncertain) == (None, 0)
        slow.take_at_most(20)
        assert ended_well([slower])
        assert asyncio.run(add_up(sending.case, now=NOW, world=sending.world())).completed is not None
        everybody_once(sending, slow.taken() + quick.taken(), 21)


def test_when_one_of_two_workers_is_killed_the_other_ends_the_sending(postgresql_url: str, tmp_path: Path) -> None:
    with recorder(tmp_path, seconds=0.002) as server:
        sending = released(postgresql_url, tmp_path, MANY, server.port)
        server.take_at_most(SOME)
        first, second = sending.start(), sending.start()
        until(server.somebody_waits, "the sending to be in the middle")
        kill(first)
        server.take_at_most(MANY)
        assert ended_well([second])
        asyncio.run(add_up(sending.case, now=LATER, world=sending.world()))
        doubtful = sending.of(DeliveryState.UNCERTAIN)
        assert sending.states()[DeliveryState.SENT] + len(doubtful) == MANY
        assert set(server.taken()) >= sending.of(DeliveryState.SENT)
        assert max(server.taken().values()) == 1


def test_while_the_database_is_gone_the_sending_waits_and_then_goes_on(
    postgresql_url: str, server: Server, tmp_path: Path
) -> None:
    with recorder(tmp_path, seconds=0.002) as post:
        sending = released(postgresql_url, tmp_path, MANY, post.port)
        post.take_at_most(SOME)
        child = sending.start()
        until(post.somebody_waits, "the sending to be in the middle")
        server.stop()
        post.take_at_most(MANY)
        time.sleep(AWAY_SECONDS / 2)
        before = len(post.taken())
        time.sleep(AWAY_SECONDS / 2)
        assert len(post.taken()) == before < MANY, "nothing goes out that cannot be written down"
        server.start()
        assert ended_well([child])
        everybody_once(sending, post.taken(), MANY)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A disk of its own, which is full when it is full."""
    if os.geteuid() != 0:
        reason = "needs root, to mount a disk small enough to fill"
        pytest.fail(reason) if "CI" in os.environ else pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="tg-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tg", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def test_while_the_disk_is_full_the_sending_waits_and_then_goes_on(tmp_path: Path) -> None:
    with small_disk(24) as disk, recorder(tmp_path, seconds=0.002) as server:
        url = f"sqlite:///{disk / 'timglas.sqlite'}"
        migrate(engine(url))
        sending = released(url, disk, MANY, server.port)
        server.take_at_most(SOME)
        child = sending.start()
        until(server.somebody_waits, "the sending to be in the middle")
        fill(disk / "ballast")
        server.take_at_most(MANY)
        until(lambda: stands_still(server), "the sending to stand still")
        assert len(server.taken()) < MANY, "it was over before the disk was full"
        (disk / "ballast").unlink()
        assert ended_well([child])
        everybody_once(sending, server.taken(), MANY)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            return


def stands_still(server: Recorder) -> bool:
    before = len(server.taken())
    time.sleep(1.5)
    return len(server.taken()) == before
