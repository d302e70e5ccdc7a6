"""Sweeps in processes of their own, beside each other and killed: everybody is reminded once, or a person is told."""

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.database.ledger import SqlLedger
from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from models.health import Check, State
from models.recipient import DeliveryState
from models.reminder import LedgerRow
from services.ports.world import World
from services.sweep.sweep import sweep
from services.watch.health import health
from tests.faults.sending import ended_well, kill, recorder
from tests.patience import until
from tests.services.office import DUE, Office, world_in

CASES, KILLS, MOST_A_CHILD, EVERYTHING = 24, 4, 6, 1_000
NOW = DUE - timedelta(hours=24)
_SECONDS_A_MESSAGE = 0.02


@dataclass(frozen=True)
class Installation:
    """Open cases in one database, and the mail server that their people are reminded over."""

    url: str
    folder: Path
    port: int

    def world(self) -> World:
        return world_in(self.folder, SmtpPost(Settings(smtp_port=self.port, smtp_tls="none")), self.url)

    def start(self, now: datetime = NOW) -> int:
        """Start a process that sweeps, and return its id."""
        child = os.fork()
        if child:
            return child
        status = 1
        try:
            asyncio.run(sweep(now=now, world=self.world()))
            status = 0
        finally:
            os._exit(status)

    def rows(self) -> list[LedgerRow]:
        world = self.world()
        assert isinstance(world.ledger, SqlLedger)
        return [row for case in world.timeline.incidents() for row in world.ledger.rows(case)]

    def mailed(self, *states: DeliveryState) -> Counter[str]:
        """How many messages in one of ``states`` went to each address; several rows may share a message."""
        world = self.world()
        found = {(row.entry.person, row.message_id) for row in self.rows() if row.state in states}
        return Counter(world.register.person(person).email for person, _ in found)


def opened(url: str, folder: Path, port: int) -> Installation:
    """Open the cases and plan their reminders; all of them have steps due at NOW and nobody is told of any yet."""
    office = Office(folder, url=url)
    for number in range(CASES):
        office.known(family=f"handelse-{number}")
    assert len(office.world.timeline.due(NOW)) == CASES
    return Installation(url, folder, port)


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def test_three_sweeps_at_once_in_processes_of_their_own_remind_everybody_once(url: str, tmp_path: Path) -> None:
    with recorder(tmp_path, seconds=_SECONDS_A_MESSAGE) as server:
        here = opened(url, tmp_path, server.port)
        assert ended_well([here.start(NOW + timedelta(seconds=second)) for second in (0, 7, 13)])
        assert ended_well([here.start(NOW + timedelta(minutes=1))])
        rows = here.rows()
        assert {row.state for row in rows} == {DeliveryState.SENT}
        assert len({row.entry.incident for row in rows}) == CASES
        assert server.taken() == here.mailed(DeliveryState.SENT), "the mail server took each message once"
        assert here.world().timeline.due(NOW + timedelta(minutes=1)) == ()


def test_a_sweep_killed_again_and_again_reminds_everybody_once_or_a_person_is_told(url: str, tmp_path: Path) -> None:
    chance = random.Random(5)
    with recorder(tmp_path, seconds=_SECONDS_A_MESSAGE) as server:
        here = opened(url, tmp_path, server.port)
        for number in range(KILLS):
            server.take_at_most((number + 1) * MOST_A_CHILD)
            before = server.taken().total()
            child = here.start(NOW + timedelta(seconds=number))
            until(lambda least=before: server.taken().total() > least, "somebody to be reminded", every=0.02)  # type: ignore[misc]
            time.sleep(chance.uniform(0, _SECONDS_A_MESSAGE))
            kill(child)
        child = here.start(NOW + timedelta(seconds=KILLS))
        until(server.somebody_waits, "a reminder to be in flight")
        kill(child)
        server.take_at_most(EVERYTHING)
        over = NOW + timedelta(minutes=1)
        assert ended_well([here.start(over)])

        rows, taken = here.rows(), server.taken()
        sent, doubtful = here.mailed(DeliveryState.SENT), here.mailed(DeliveryState.CLAIMED, DeliveryState.UNCERTAIN)
        assert {row.state for row in rows} <= {DeliveryState.SENT, DeliveryState.CLAIMED, DeliveryState.UNCERTAIN}
        assert len({row.entry.incident for row in rows}) == CASES, "no case was lost"
        for address in sent | doubtful | taken:
            assert sent[address] <= taken[address] <= sent[address] + doubtful[address], "never twice, never unseen"

        assert doubtful, "it died with messages in flight"
        findings = {one.check: one for one in asyncio.run(health(now=over + timedelta(hours=1), world=here.world()))}
        assert findings[Check.UNCERTAIN].state is State.ALARM, "and a person is told"

        world = here.world()
        world.ledger.settle_uncertain([row.entry for row in world.ledger.unsettled()], arrived=False, now=over)
        world.timeline.look_at_all(over)
        assert ended_well([here.start(over + timedelta(hours=2))])
        assert {row.state for row in here.rows()} == {DeliveryState.SENT}, "what did not arrive goes again"
