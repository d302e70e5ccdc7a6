"""What stands in for the world where the real thing would be slow or would have to break on command."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from models.errors import RefusedPostError, TransientPostError, UncertainPostError
from models.mail import Mail
from models.recipient import DeliveryState, Dispatch


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


class FakePost:
    """A mail server that keeps what it is handed. ``answers`` are raised by address, ``cut_at`` at the n-th message."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.answers: dict[str, Exception] = {}
        self.unreachable = False
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

    async def send(self, mail: Mail) -> None:
        self.before_each()
        if self.cut_at is not None and len(self.mails) >= self.cut_at:
            self.cut_at = None
            raise PowerCut
        if fault := self.answers.get(mail.to):
            raise fault
        self.mails.append(mail)

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

    def settle(dispatch: Dispatch, *, state: DeliveryState, now: datetime, detail: str = "") -> None:
        if next(count) == nth:
            raise PowerCut
        outbox.settle(dispatch, state=state, now=now, detail=detail)

    return Around(outbox, settle=settle)
