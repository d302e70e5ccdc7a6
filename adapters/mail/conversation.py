"""One conversation with a mail server: envelope, message, answer, as far ahead as the server allows (RFC 5321, RFC 2920).

It knows at every moment how far each message has come, because that decides what a lost connection means: before the
final dot nothing was handed over, and after it nobody knows.
"""

import asyncio
import re
from collections import deque
from typing import NamedTuple

from models.delivery import End
from models.recipient import DeliveryState

MAIL_SECONDS, RCPT_SECONDS, DATA_SECONDS, DOT_SECONDS = 300.0, 300.0, 120.0, 600.0
"""How long to wait for each answer at the least: RFC 5321, sections 4.5.3.2.2 to 4.5.3.2.6."""
_BLOCK_SECONDS = 180.0
"""How long the server may take to swallow a piece of a message: section 4.5.3.2.5."""
TIMEOUT, DISCONNECTED, UNREADABLE = "timeout", "disconnected", "unreadable"
"""How a conversation can end before its time."""
_TAKEN, _GO_ON, _CLOSING = range(200, 300), 354, 421
_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3}) ")
_QUEUED = re.compile(rb"queued as ([0-9A-Za-z.-]{4,40})")
"""Under what name the server took the message in; with it, its operator finds the message in the log."""


class Parcel(NamedTuple):
    """One message ready for the wire: its place in the batch, its envelope and its octets."""

    place: int
    envelope: tuple[bytes, bytes]
    content: bytes


class Batch:
    """What several conversations send together. ``ends`` has what became of each message, by its place."""

    def __init__(self, parcels: list[Parcel]) -> None:
        self.waiting = deque(parcels)
        self.ends: dict[int, End] = {}


class Lost(Exception):
    """The conversation is over. Its text names the fault, and nothing the server said."""


class Enough(Lost):
    """The server takes no more over this connection, and nothing of the message it was offered; another one may do."""


class Patience(Enough):
    """The server takes nothing from us now, whoever it is for."""


_ENDS = {2: DeliveryState.SENT, 5: DeliveryState.REFUSED}


class _Answer(NamedTuple):
    code: int
    detail: str

    @property
    def end(self) -> End:
        return End(_ENDS.get(self.code // 100, DeliveryState.DEFERRED), self.detail)


class Conversation:
    """An open connection that has said EHLO and, where asked, is encrypted and logged in."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, pipelining: bool) -> None:
        self._reader, self._writer, self._pipelining = reader, writer, pipelining
        self._answered = self._used = self._took = False
        self._loop = asyncio.get_running_loop()
        self._until = float("inf")
        self._alarm: asyncio.TimerHandle | None = None

    async def hand_over(self, batch: Batch) -> None:
        """Send what waits in ``batch`` until nothing does. Raises Lost, with an end for each message that was begun."""
        self._answered = False
        parcel = self._next(batch)
        self._write(self._ahead(parcel))
        while parcel is not None:
            taken = await self._offered(parcel, batch)
            following = self._next(batch)
            self._write(_stuffed(parcel.content) if taken else b"RSET\r\n", self._ahead(following))
            try:
                await (self._sent(parcel, batch) if taken else self._answer(RCPT_SECONDS))
            except Lost:
                if following is not None:  # the server saw its envelope at the most
                    batch.waiting.appendleft(following)
                raise
            parcel = following
        self._used = True

    def close(self) -> None:
        """Take leave without waiting for the answer."""
        if self._alarm is not None:
            self._alarm.cancel()
        if not self._writer.is_closing():
            self._writer.write(b"QUIT\r\n")
            self._writer.close()

    @staticmethod
    def _next(batch: Batch) -> Parcel | None:
        return batch.waiting.popleft() if batch.waiting else None

    def _ahead(self, parcel: Parcel | None) -> bytes:
        """Return what of ``parcel`` is written before the server has answered what went before it."""
        return b"%b\r\n%b\r\nDATA\r\n" % parcel.envelope if parcel and self._pipelining else b""

    async def _offered(self, parcel: Parcel, batch: Batch) -> bool:
        """Tell whether the server waits for the message. If not, the message has its end."""
        try:
            mail = await self._command(parcel.envelope[0], MAIL_SECONDS)
            if mail.code not in _TAKEN and not _is_about(parcel, mail):
                raise (Enough if mail.code == _CLOSING and self._took else Patience)(mail.detail)
            rcpt = await self._command(parcel.envelope[1], RCPT_SECONDS)
            offered = rcpt if mail.code in _TAKEN else mail
            taken = offered.code in _TAKEN
            data = await self._command(b"DATA", DATA_SECONDS) if taken or self._pipelining else rcpt
        except Lost as fault:
            if isinstance(fault, Enough) or (self._used and not self._answered):
                batch.waiting.appendleft(parcel)  # of this message the server has seen nothing, or wants nothing
            else:
                batch.ends[parcel.place] = End(DeliveryState.DEFERRED, str(fault))
            raise
        if taken and data.code == _GO_ON:
            return True
        if data.code == _GO_ON:  # a server that asks for a message to nobody gets an empty one
            self._write(b".\r\n")
            await self._answer(DOT_SECONDS)
        batch.ends[parcel.place] = (data if taken else offered).end
        self._hang_up_on(rcpt, data)
        return False

    async def _sent(self, parcel: Parcel, batch: Batch) -> None:
        """Wait for the answer to a message that was written, with the next envelope right behind it."""
        try:
            await self._drained()
            answer = await self._answer(DOT_SECONDS)
        except Lost as fault:
            batch.ends[parcel.place] = End(DeliveryState.UNCERTAIN, str(fault))
            raise
        batch.ends[parcel.place], self._took = answer.end, self._took or answer.code in _TAKEN
        self._hang_up_on(answer)

    async def _command(self, line: bytes, seconds: float) -> _Answer:
        if not self._pipelining:
            self._write(line + b"\r\n")
        return await self._answer(seconds)

    @staticmethod
    def _hang_up_on(*answers: _Answer) -> None:
        if any(answer.code == _CLOSING for answer in answers):
            raise Lost(str(_CLOSING))

    def _write(self, *octets: bytes) -> None:
        if not self._writer.is_closing():  # else the next answer will tell
            self._writer.write(b"".join(octets))

    async def _drained(self) -> None:
        """Wait until the server has swallowed so much that there is room for more. What it says meanwhile is read later."""
        transport = self._writer.transport
        if transport.get_write_buffer_size() <= transport.get_write_buffer_limits()[0]:
            return
        try:
            async with asyncio.timeout(_BLOCK_SECONDS):
                await self._writer.drain()
        except TimeoutError:
            raise Lost(TIMEOUT) from None
        except OSError:
            return  # it has hung up; perhaps it said why

    async def _answer(self, seconds: float) -> _Answer:
        """Return the next answer of the server. Raises Lost if there is none."""
        self._wait_at_most(seconds)
        try:
            line = await self._reader.readuntil(b"\n")
            while line[3:4] == b"-":
                line = await self._reader.readuntil(b"\n")
            code = int(line[:3])
        except TimeoutError:
            raise Lost(TIMEOUT) from None
        except (EOFError, OSError):
            raise Lost(DISCONNECTED) from None
        except (ValueError, asyncio.LimitOverrunError):
            raise Lost(UNREADABLE) from None
        self._answered, self._until = True, float("inf")
        return _Answer(code, _detail(line))

    def _wait_at_most(self, seconds: float) -> None:
        """Let whoever reads meet a TimeoutError after so long.

        One alarm serves many answers: it is set anew only where it would ring too late, and where it rang too early.
        """
        self._until = self._loop.time() + seconds
        if self._alarm is not None and self._alarm.when() <= self._until:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.call_at(self._until, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._until <= self._loop.time():
            self._reader.set_exception(TimeoutError())
        elif self._until < float("inf"):
            self._alarm = self._loop.call_at(self._until, self._ring)


def _is_about(parcel: Parcel, mail: _Answer) -> bool:
    """Tell whether the server refuses this message alone: one whose address it said that it could read (RFC 6531)."""
    return _ENDS.get(mail.code // 100) is DeliveryState.REFUSED and b" SMTPUTF8" in parcel.envelope[0]


def _detail(line: bytes) -> str:
    """Return what is worth keeping of an answer: its codes, and the name the server gave the message."""
    queued = _QUEUED.search(line)
    if queued:
        return queued[1].decode()
    enhanced = _ENHANCED.match(line[4:])
    return f"{line[:3].decode()} {enhanced[1].decode()}" if enhanced else line[:3].decode()


def _stuffed(content: bytes) -> bytes:
    """Return the message with its final dot, and with a second dot where a line of its own begins with one."""
    dotted = content.replace(b"\r\n.", b"\r\n..")
    return (b"." if dotted[:1] == b"." else b"") + dotted + (b".\r\n" if dotted[-2:] == b"\r\n" else b"\r\n.\r\n")
