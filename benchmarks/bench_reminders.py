"""How late a reminder is when a thousand cases are due in the same minute: from its time to the mail server's yes."""

import asyncio
import math
import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.mail.octets import octets
from benchmarks.crowd import DUE, crowd
from benchmarks.figure import Figure
from models.delivery import End
from models.mail import Mail
from services.ports.mail import PostConnection
from services.sweep.sweep import sweep
from tests.services.office import Office
from tests.sink import smtp_sink

CASES, MINUTE = 1_000, 60.0
_BAR = 40


def figures() -> list[Figure]:
    """The sweep runs each minute on the minute, as it is scheduled, by a clock that goes as fast as the real one.

    Beside it: the very same messages from a plain loop over one connection, with no ledger, no case and no plan to read.
    """
    with tempfile.TemporaryDirectory() as folder, smtp_sink() as port:
        office = crowd(Path(folder) / "cases", port, due=CASES, later=1)
        watched = Watched(office.world.post)
        each_minute(office.with_parts(post=watched))
        plain = by_the_book(watched.mails, port)
    late = sorted(watched.late)
    show(late)
    p99 = percentile(late, 99)
    return [
        Figure("reminders.p99_lateness_s", p99, "s", "a plain loop of smtplib", p99 / percentile(plain, 99)),
        Figure("reminders.median_lateness_s", statistics.median(late), "s"),
        Figure("reminders.max_lateness_s", late[-1], "s"),
    ]


class Watched:
    """The real post, which notes how long after ``DUE`` the mail server took each message."""

    def __init__(self, post: Any) -> None:
        self._post, self.began = post, 0.0
        self.mails: list[Mail] = []
        self.late: list[float] = []

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["Watched"]:
        async with self._post.connect() as connection:
            self._connection: PostConnection = connection
            yield self

    @property
    def room(self) -> int:
        return self._connection.room

    async def send(self, mails: Sequence[Mail]) -> Sequence[End]:
        ends = await self._connection.send(mails)
        self.mails += mails
        self.late += [time.perf_counter() - self.began] * len(mails)
        return ends


def each_minute(office: Office) -> None:
    """Sweep at ``DUE`` and each minute after it until nothing is due any more."""
    post = office.world.post
    assert isinstance(post, Watched)
    post.began, minute = time.perf_counter(), 0
    while office.world.timeline.due(DUE):
        time.sleep(max(0.0, minute * MINUTE - (time.perf_counter() - post.began)))
        done = asyncio.run(sweep(now=DUE + timedelta(minutes=minute), world=office.world))
        assert done.faults == {}
        minute += 1
    assert {case for mail in post.mails if (case := mail.incident)} >= set(office.world.timeline.incidents()[2:])
    assert office.world.ledger.unsettled() == ()


def by_the_book(mails: Sequence[Mail], port: int) -> list[float]:
    began = time.perf_counter()
    late = []
    with smtplib.SMTP("127.0.0.1", port) as client:
        for mail in mails:
            client.sendmail(mail.sender, [mail.to], octets(mail))
            late.append(time.perf_counter() - began)
    return late


def percentile(values: Sequence[float], share: int) -> float:
    """The value that ``share`` in a hundred do not exceed."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


def show(late: Sequence[float]) -> None:
    """Print the distribution, tenth by tenth."""
    print(f"  {len(late)} reminders of {CASES} cases, seconds after their time:", file=sys.stderr)
    for share in (1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99, 100):
        value = percentile(late, share)
        print(f"  {share:>4} %{value:>9.2f}  {'▇' * max(1, round(_BAR * value / late[-1]))}", file=sys.stderr)
