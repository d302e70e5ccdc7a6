"""Electronic mail by SMTP: one connection for many messages, and every answer told apart.

An answer in the 400s is "later", in the 500s "never". A connection lost after the message was handed over is neither:
it may have arrived, and only a person may send it again.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import aiosmtplib

from adapters.settings import Settings
from models.errors import N_, PostError, RefusedPostError, TransientPostError, UncertainPostError
from models.mail import Mail

_POLICY = SMTP.clone(cte_type="7bit")
"""Every octet in ASCII: RFC 6152 lets eight bits pass only between servers that have agreed on it."""

_MAILBOX = re.compile(r"[!-~]+@[!-~]+")
_NO_SUCH_NAME = 553
"""What a server answers to a mailbox that is no name (RFC 5321, section 4.2.2): letters outside ASCII, a space."""

REPLY_TO_DOT_SECONDS = 600.0
"""How long to wait for the answer to the final dot: RFC 5321, section 4.5.3.2.6, asks for ten minutes."""


class SmtpPost:
    """The mail server of this installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["SmtpConnection"]:
        """Open one connection for many messages. Raises TransientPostError if the server cannot be reached."""
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            username=settings.smtp_user,
            password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise _later(fault) from fault
        try:
            yield SmtpConnection(client)
        finally:
            if client.is_connected:
                client.close()


class SmtpConnection:
    """An open conversation."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client

    async def send(self, mail: Mail) -> None:
        """Hand over one message. Raises TransientPostError, RefusedPostError or UncertainPostError; none names the address.

        What the server says may name it, so its words are left behind.
        """
        if not _MAILBOX.fullmatch(mail.to):
            raise _refused(_NO_SUCH_NAME)
        octets = message(mail).as_bytes()
        try:
            await self._client.mail(mail.sender)
            await self._client.rcpt(mail.to)
        except aiosmtplib.SMTPResponseException as answer:
            raise await self._answered(answer) from None
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise _later(fault) from fault
        try:
            await self._client.data(octets, timeout=REPLY_TO_DOT_SECONDS)
        except aiosmtplib.SMTPResponseException as answer:
            raise await self._answered(answer) from None
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise UncertainPostError(
                N_("Nobody knows whether a message arrived."),
                why=N_("The connection to the mail server was lost after the message was handed over ({fault})."),
                remedy=N_("Ask the mail server's operator, or the recipient, before it is sent again."),
                fault=type(fault).__name__,
            ) from fault

    async def _answered(self, answer: aiosmtplib.SMTPResponseException) -> PostError:
        """Leave the conversation fit for the next message, and tell never from later.

        Only an answer about the recipient or the message is final; one about the sender is for us to mend.
        """
        with suppress(aiosmtplib.SMTPException, OSError):
            await self._client.rset()
        about_the_message = isinstance(answer, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
        return _refused(answer.code) if about_the_message and answer.code >= 500 else _later(answer)


def message(mail: Mail) -> EmailMessage:
    """Return ``mail`` as an Internet message: plain text and HTML, marked as sent by a machine, threaded by incident."""
    sender_user, sender_domain = mail.sender.rsplit("@", 1)
    built = EmailMessage(policy=_POLICY)
    built["From"] = Address(mail.sender_name, sender_user, sender_domain)
    built["To"] = mail.to
    built["Reply-To"] = mail.reply_to
    built["Subject"] = mail.subject
    built["Date"] = format_datetime(mail.sent_at)
    built["Message-ID"] = mail.message_id
    built["References"] = f"<{mail.incident.lower()}@{sender_domain}>"
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(mail.text)
    built.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        kind, _, subtype = attachment.media_type.partition("/")
        built.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.name)
    built["Content-Language"] = mail.language  # last: setting or adding content takes such headers away
    return built


def _refused(code: int) -> RefusedPostError:
    return RefusedPostError(
        N_("The mail server refused a message."),
        why=N_("It answered with code {code}, which is final."),
        remedy=N_("Check the address in the register, or send the letter on paper."),
        code=code,
    )


def _later(fault: Exception) -> TransientPostError:
    return TransientPostError(
        N_("The mail server could not take a message now."),
        why=N_("The conversation ended with {fault}."),
        remedy=N_("Timglas tries again by itself. If it goes on, check the mail server and the settings."),
        fault=str(getattr(fault, "code", type(fault).__name__)),
    )
