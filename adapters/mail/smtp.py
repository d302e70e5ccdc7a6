"""Electronic mail by SMTP, many messages over a few connections. aiosmtplib connects, encrypts and logs in."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from adapters.mail.conversation import Batch, Conversation, Lost, Parcel, Patience
from adapters.mail.octets import octets
from adapters.settings import Settings
from models.delivery import End
from models.errors import N_, TransientPostError
from models.mail import Mail
from models.recipient import DeliveryState

_MAILBOX = re.compile(r"[^\s\x00-\x1f\x7f<>@]+@[^\s\x00-\x1f\x7f<>@]+")
_NO_SUCH_NAME = End(DeliveryState.REFUSED, "553")
"""What a server answers to a mailbox that is no name (RFC 5321, section 4.2.2)."""

_WORTH_A_CONNECTION = 5
"""How many messages there must be for one more connection to be opened."""
_INSTANT_SECONDS, _FIRST_ROOM, _MOST_ROOM = 0.1, 20, 200
"""A batch lasts an instant: long beside the work of claiming it, and short, since a crash leaves it uncertain."""
_GREETING_SECONDS = 300.0
"""How long to wait for the server's first word: RFC 5321, section 4.5.3.2.1."""


class SmtpPost:
    """The mail server of this installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["SmtpConnections"]:
        """Open the first connection; more follow as there is work. Raises TransientPostError if there is none to be had."""
        connections = SmtpConnections(self._settings)
        await connections.open()
        try:
            yield connections
        finally:
            connections.close()


class SmtpConnections:
    """A pool of conversations with the mail server, at most ``smtp_connections`` at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: list[_Connected] = []
        self._room = _FIRST_ROOM

    async def open(self) -> None:
        """Open one connection more. Raises TransientPostError."""
        self._idle.append(await _connected(self._settings))

    def close(self) -> None:
        """Close every connection."""
        while self._idle:
            self._idle.pop().talk.close()

    @property
    def room(self) -> int:
        """As many messages as this server took lately in ``_INSTANT_SECONDS``."""
        return self._room

    async def send(self, mails: Sequence[Mail]) -> list[End]:
        """Hand over ``mails`` and return what became of each, in their order.

        WAITING is the end of those that no connection could be had for, or that the server as a whole took none of.
        Not to be cancelled: what was handed over has its answer yet to come.
        """
        if not self._idle:
            await self.open()
        ends: dict[int, End] = {}
        parcels = []
        for place, mail in enumerate(mails):
            packed = self._idle[0].packed(place, mail, self._settings.return_path_of(mail.message_id))
            if isinstance(packed, Parcel):
                parcels.append(packed)
            else:
                ends[place] = packed
        batch, began = Batch(parcels), time.monotonic()
        await self._hand_over(batch)
        fits = len(mails) * _INSTANT_SECONDS / (time.monotonic() - began)
        self._room = round(min(max(fits, self._settings.smtp_connections), 2 * self._room, _MOST_ROOM))
        waiting = End(DeliveryState.WAITING)
        return [ends.get(place) or batch.ends.get(place) or waiting for place in range(len(mails))]

    async def _hand_over(self, batch: Batch) -> None:
        """Let conversations work on the batch until it is done, or until a round of them got nowhere."""
        before = None
        while batch.waiting and len(batch.waiting) != before:
            before = len(batch.waiting)
            hands = min(self._settings.smtp_connections, -(-before // _WORTH_A_CONNECTION))
            if any(await asyncio.gather(*(self._work(batch) for _ in range(hands)))):
                return

    async def _work(self, batch: Batch) -> bool:
        """Let one conversation work on the batch, and tell whether the server asked for patience."""
        try:
            one = self._idle.pop() if self._idle else await _connected(self._settings)
        except TransientPostError:
            return False  # the others carry on; if there are none, what waits stays waiting
        try:
            await one.talk.hand_over(batch)
        except Lost as fault:
            one.talk.close()
            return isinstance(fault, Patience)
        self._idle.append(one)
        return False


class _Connected:
    """A conversation, and what its server can do."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport = client.transport
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a client that is connected has one
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        self.talk = Conversation(reader, writer, pipelining=client.supports_extension("pipelining"))
        self._tells_failures_only = client.supports_extension("dsn")
        self._any_script = client.supports_extension("smtputf8")

    def packed(self, place: int, mail: Mail, return_path: str) -> Parcel | End:
        """Return the message ready for the wire, or its end if this server cannot take it."""
        to = _in_ascii(mail.to)
        if to is None or not (to.isascii() or self._any_script):
            return _NO_SUCH_NAME
        sender = f"MAIL FROM:<{return_path}>"
        if not to.isascii():
            sender += " BODY=8BITMIME SMTPUTF8"
        recipient = f"RCPT TO:<{to}>"
        if self._tells_failures_only:  # RFC 3461: a failure only, and with the headers, not the whole letter
            sender += f" RET=HDRS ENVID={mail.message_id.strip('<>').partition('@')[0]}"
            recipient += " NOTIFY=FAILURE"
        content = octets(mail if to == mail.to else mail.model_copy(update={"to": to}))
        return Parcel(place, (sender.encode(), recipient.encode()), content)


async def _connected(settings: Settings) -> _Connected:
    """Return an open, encrypted, logged-in connection. Raises TransientPostError."""
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        timeout=_GREETING_SECONDS,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
        username=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
    )
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise _later(fault) from None  # the server's words may hold an address or a password
    return _Connected(client)


def _in_ascii(address: str) -> str | None:
    """Return the address as mail servers write it, its domain in ASCII; None if it is none."""
    if not _MAILBOX.fullmatch(address):
        return None
    if address.isascii():
        return address
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.ascii_email or found.normalized


def _later(fault: Exception) -> TransientPostError:
    return TransientPostError(
        N_("The mail server could not take a message now."),
        why=N_("The conversation ended with {fault}."),
        remedy=N_("Timglas tries again by itself. If it goes on, check the mail server and the settings."),
        fault=str(getattr(fault, "code", type(fault).__name__)),
    )
