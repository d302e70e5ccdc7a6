"""What stands in for the world where the real thing would be slow or would have to break on command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from models.delivery import End
from models.errors import RefusedPostError, TransientPostError, UncertainPostError
from models.mail import Mail
from models.people_list import ListReport
from models.recipient import DeliveryState, Dispatch, Recipient


class PowerCut(RuntimeError):
    """Something nobody foresaw."""


def power_cut(*_: object, **__: object) -> None:
    raise PowerCut


def refused(code: int = 550) -> RefusedPostError:
    return RefusedPostError("The mailbox is gone.", why="It said {code}.", remedy="Write on paper.", code=code)


def later(code: int = 450) -> TransientPostError:
    return TransientPostError("Not now.", why="It said {fault}.", remedy="Try again.", fault=str(code))


def uncertain() -> UncertainPostError:
    return UncertainPostError("Who knows.", why="The line went dead: {fault}.", remedy="Ask.", fault="Disconnected")


_ENDS: dict[type[Exception], DeliveryState] = {
    RefusedPostError: DeliveryState.REFUSED,
    TransientPostError: DeliveryState.DEFERRED,
    UncertainPostError: DeliveryState.UNCERTAIN,
}


class FakePost:
    """A mail server that keeps what it is handed, and takes ``room`` messages at a time.

    ``answers`` say what becomes of the message to an address, ``cut_at`` cuts the power at the n-th message.
    """

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.answers: dict[str, Exception] = {}
        self.unreachable = self.busy = False
        self.room = 1
        self.pause = self.paused = asyncio.Event()
        self.pause.set()
        self.cut_at: int | None = None
        self.connections = self.open_now = self.most_open = 0
        self.before_each: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["FakePost"]:
        if self.unreachable:
            raise later()
        self.connections += 1
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            yield self
        finally:
            self.open_now -= 1

    async def send(self, mails: Sequence[Mail]) -> list[End]:
        self.paused.set()
        await self.pause.wait()
        return [End(DeliveryState.WAITING) if self.busy else self._sent(mail) for mail in mails]

    def _sent(self, mail: Mail) -> End:
        self.before_each()
        if self.cut_at is not None and len(self.mails) >= self.cut_at:
            self.cut_at = None
            raise PowerCut
        if fault := self.answers.get(mail.to):
            return End(_ENDS[type(fault)], "450")
        self.mails.append(mail)
        return End(DeliveryState.SENT)

    @property
    def addresses(self) -> list[str]:
        return [mail.to for mail in self.mails]


class Around:
    """A part of the world with some of its methods replaced; the rest is the real thing's."""

    def __init__(self, real: Any, **replaced: Callable[..., Any]) -> None:
        self._real, self._replaced = real, replaced

    def __getattr__(self, name: str) -> Any:
        return self._replaced.get(name) or getattr(self._real, name)


def interrupted(timeline: Any, meanwhile: Callable[[], object]) -> Any:
    """A timeline to which somebody else writes, once, between our reading and our writing."""
    waiting = [meanwhile]

    def append(*args: Any, **kwargs: Any) -> None:
        while waiting:
            waiting.pop()()
        timeline.append(*args, **kwargs)

    return Around(timeline, append=append)


def cut_before_settling(outbox: Any, nth: int) -> Any:
    """An outbox whose machine loses its power just before the n-th end of a message is recorded."""
    count = iter(range(1, 10**6))

    def settle(ends: Iterable[tuple[Dispatch, End]], *, now: datetime) -> None:
        if next(count) == nth:
            raise PowerCut
        outbox.settle(ends, now=now)

    return Around(outbox, settle=settle)


class Listed:
    """A list of people who can all be taken in, as somebody has them in memory."""

    def __init__(self, people: Iterable[Recipient]) -> None:
        self._people = tuple(people)

    def check(self) -> ListReport:
        count = len(self._people)
        return ListReport(count, count, count, {}, (), ("id", "name", "protection"), ())

    def people(self, name_of: Callable[[str], str]) -> Iterator[Recipient]:
        return iter(self._people)


def cut_before_settling_reminders(ledger: Any) -> Any:
    """A ledger whose machine loses its power just before the end of what was sent is recorded."""

    def settle(ends: Any, *, now: datetime) -> None:
        raise PowerCut

    return Around(ledger, settle=settle)
