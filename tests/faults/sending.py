"""One sending that faults happen to: a released letter, people with e-mail, and senders that can be killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.mail.smtp import SmtpPost
from adapters.settings import Settings
from flows.host.server import free_port
from models.recipient import DeliveryState
from services.people.communicate import line_up, send_some
from services.people.communication import communication_of
from services.ports.world import World
from services.record import read
from tests.services.office import Office, person, world_in

RELEASED = "2023-05-15 11.00"
NOW = datetime(2023, 5, 15, 9, 5, tzinfo=UTC)
LATER = NOW + timedelta(minutes=31)
"""When the claims of whoever died at NOW have run out."""


@dataclass(frozen=True)
class Sending:
    """A released letter to ``count`` people, all of them by e-mail, over the mail server at ``port``."""

    url: str
    folder: Path
    case: str
    port: int
    connections: int = 4

    def world(self) -> World:
        """The world of a process of its own."""
        settings = Settings(smtp_port=self.port, smtp_tls="none", smtp_connections=self.connections)
        return world_in(self.folder, SmtpPost(settings), self.url)

    def send(self, *, now: datetime = NOW) -> None:
        asyncio.run(send_some(self.case, now=now, world=self.world()))

    def start(self) -> int:
        """Start a process that sends, and return its id."""
        child = os.fork()
        if child:
            return child
        status = 1
        try:
            self.send()
            status = 0
        finally:
            os._exit(status)

    def states(self) -> Counter[DeliveryState]:
        counts = self.world().outbox.counts(communication_of(self.case))
        return Counter({state: count for (_, state), count in counts.items()})

    def of(self, *states: DeliveryState) -> set[str]:
        """The addresses of those whose message is in one of ``states``."""
        world = self.world()
        started = read(self.case, world.timeline).incident.started
        assert started is not None
        found = world.outbox.states(started.communication, started.sha256)
        return {f"{key}@post.example" for (key, _), state in found.items() if state in states}


def released(url: str, folder: Path, count: int, port: int) -> Sending:
    """Release a letter to ``count`` people and put them in line."""
    office = Office(folder, url=url)
    case = office.ready_to_write(person(number) for number in range(1, count + 1))
    office.release(case, when=RELEASED)
    line_up(case, world=office.world)
    return Sending(url, folder, case, port)


@dataclass(frozen=True)
class Recorder:
    """A mail server, and whom it has taken a message for."""

    port: int
    file: Path

    def taken(self) -> Counter[str]:
        return Counter(self.file.read_text().split()) if self.file.exists() else Counter()

    def take_at_most(self, count: int) -> None:
        """Take so many messages in all, from now on; whoever sends one more waits for the answer, however long."""
        fresh = self.file.with_suffix(".fresh")
        fresh.write_text(str(count))
        fresh.replace(self.file.with_suffix(".most"))

    def somebody_waits(self) -> bool:
        """Tell whether a message more than it may take has come."""
        return self.file.with_suffix(".waiting").exists()


@contextmanager
def recorder(folder: Path, name: str = "taken", *, seconds: float = 0.0) -> Iterator[Recorder]:
    """Run the recording mail server while the block runs."""
    running = Recorder(free_port(), folder / name)
    script = Path(__file__).with_name("recorder.py")
    command = [sys.executable, script, str(running.port), running.file, str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    try:
        yield running
    finally:
        process.kill()
        process.wait()


def kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def ended_well(children: Iterable[int]) -> bool:
    return all(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children)
