"""Paper without ink, and a machine whose power goes: for tests that look at who gets which letter, and not at how it looks."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from typing import Any

from models.recipient import Channel
from models.sheet import WHOLE, Frame, Place, PrintedBatch, Sheet, numbers
from tests.fakes import Around, PowerCut


class PlainPress:
    """Prints nothing but whose letter it is."""

    frame = Frame(b"", 1, b"%s%s%d", 1)

    def __init__(self, *_: object, **__: object) -> None:
        """Whatever the letter says."""

    def sheet(self, key: str, channel: Channel, window: Any, about: str = "") -> Sheet:
        return Sheet(key, channel, WHOLE, key.encode(), sha256(key.encode()).hexdigest(), 1)

    def proof(self, sheet: Sheet, window: Any, about: str = "") -> None:
        return None


class PlainRoom:
    """Print files, as which letter stands where in them."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[Place, ...]] = {}

    def write(self, name: str, number: int, letters: Any, *, left_out: Any = ()) -> PrintedBatch:
        assert name not in self.files
        places = tuple(Place(one[0].key, nth, nth) for nth, one in zip(numbers(left_out), letters, strict=False))
        self.files[name] = places
        return PrintedBatch(sha256(repr(places).encode()).hexdigest(), len(places), places)

    def pack(self, name: str, post: Any, letters: Any, *, left_out: Any = ()) -> PrintedBatch:
        return self.write(name, 0, letters, left_out=left_out)

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()

    def put(self, name: str, content: bytes) -> None:
        return None

    def holds(self, name: str) -> bool:
        return name in self.files

    def clear(self, name: str) -> None:
        self.files.pop(name, None)


class Power:
    """It goes just before the ``left``-th change of any ``part`` that hangs on it; never while that is 0."""

    def __init__(self) -> None:
        self.left = 0

    def part(self, real: Any, *changes: str) -> Any:
        return Around(real, **{name: self._counted(getattr(real, name)) for name in changes})

    def _counted(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **given: Any) -> Any:
            self.left = max(0, self.left - 1) if self.left != 1 else -1
            if self.left < 0:
                self.left = 0
                raise PowerCut
            return change(*args, **given)

        return done
