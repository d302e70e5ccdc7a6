"""A mail server that delivers nothing: it keeps what it is given as files, for the demonstration and the tests."""

import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from models.instants import local

UNKNOWN_MAILBOX = "finns-inte"
"""The local part of an address this server refuses, as a real one refuses a mailbox that is gone."""

_START_SECONDS = 60


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith(UNKNOWN_MAILBOX + "@"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        headers = BytesParser(policy=email.policy.default).parsebytes(content, headersonly=True)
        incident = str(headers["References"]).strip("<>").partition("@")[0].upper()
        sent = local(parsedate_to_datetime(str(headers["Date"])))
        self._count += 1
        folder = self._folder / incident / "mejl"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{sent:%Y-%m-%d-%H%M}-{self._count:04d}.eml").write_bytes(content)
        return "250 OK"


@contextmanager
def mail_sink(folder: Path, port: int) -> Iterator[None]:
    """Run the server on ``port`` of the loopback address while the block runs.

    Messages land in ``folder/<incident>/mejl``, named by time and order; a name or an address stands in no file name.
    """
    controller = Controller(_Keeper(folder), hostname="127.0.0.1", port=port, ready_timeout=_START_SECONDS)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
