"""A message as it goes over the wire. What a batch has in common is built once; what is each person's own is put in."""

import base64
import re
import secrets
from collections.abc import Iterator
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Self

from models.base import IncidentId
from models.mail import Mail

_ASCII = SMTP.clone(cte_type="7bit")
"""Every octet in ASCII: RFC 6152 lets eight bits pass only between servers that have agreed on it."""

_PLAIN_MAILBOX = re.compile(r"(?=.{3,66}$)[A-Za-z0-9!#$%&'*+/^_`{|}~.-]+@[A-Za-z0-9.-]+")
"""An address that stands in a header as it is, on one line of 78. ``=?`` would begin an encoded word, so ``=`` is out."""
_PLAIN_FILE = re.compile(r"[A-Za-z0-9._-]{1,60}")
_LINE = 78
"""How long a line of a header should be at the most (RFC 5322, section 2.1.1)."""
_NO_INCIDENT = "INC-0000-0000"
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.+-]+@[A-Za-z0-9.-]+>")


def octets(mail: Mail) -> bytes:
    """Return ``mail`` as it goes over the wire, equal to that of ``message`` but for the boundary between its parts."""
    plain = _PLAIN_MAILBOX.fullmatch(mail.to) and _PLAIN_MAILBOX.fullmatch(mail.reply_to)
    if not (plain and _MESSAGE_ID.fullmatch(mail.message_id)):
        return message(mail).as_bytes()
    return _stencil(_blank(mail)).filled(mail)


def message(mail: Mail) -> EmailMessage:
    """Return ``mail`` as an Internet message: plain text and HTML, marked as sent by a machine, threaded by incident.

    Raises ValueError for a line break in a header.
    """
    sender_user, sender_domain = mail.sender.rsplit("@", 1)
    built = EmailMessage(policy=_ASCII if mail.to.isascii() else SMTPUTF8)
    built["From"] = _from(mail, sender_user, sender_domain)
    built["To"] = mail.to
    built["Reply-To"] = mail.reply_to
    built["Subject"] = _subject(mail.subject)
    built["Date"] = format_datetime(mail.sent_at)
    built["Message-ID"] = mail.message_id
    if mail.incident is not None:
        thread = _thread(mail.incident, sender_domain)
        built["In-Reply-To"], built["References"] = _Header("In-Reply-To", thread), _Header("References", thread)
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(mail.text, cte="base64")
    built.add_alternative(mail.html, subtype="html", cte="base64")
    for attachment in mail.attachments:
        media_type, *parameters = attachment.media_type.split("; ")
        kind, _, subtype = media_type.partition("/")
        params = dict(parameter.split("=", 1) for parameter in parameters)
        built.add_attachment(
            attachment.content, maintype=kind, subtype=subtype, filename=attachment.name, params=params
        )
    built["Content-Language"] = mail.language  # last: setting or adding content takes such headers away
    return built


class _Header(str):
    """A header that is written exactly as given.

    The standard library would read ``=?…?=`` in it as an encoded word; and where it breaks a line between two encoded
    words it loses the space between them, so that people would read "Exempelköping–såhär".
    """

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str, written: str) -> Self:
        made = super().__new__(cls, written)
        made.name = name
        return made

    @classmethod
    def of(cls, name: str, text: str, *, after: str = "") -> Self:
        """Return a header that says ``text`` whatever it looks like, every word of it encoded."""
        if "\r" in text or "\n" in text:
            raise ValueError("Header values may not contain linefeed or carriage return characters")
        encoded = Header(text, "utf-8", header_name=name).encode(linesep="\r\n")
        last = encoded.rpartition("\n")[2]
        fits = len(f"{last}{after}" if last != encoded else f"{name}: {last}{after}") <= _LINE
        return cls(name, encoded + ("" if fits else "\r\n") + after)

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header with its name, as the policy asks a header to do."""
        return f"{self.name}: {self}{policy.linesep}"


def _from(mail: Mail, user: str, domain: str) -> Address | _Header:
    if _is_plain(mail.sender_name):
        return Address(mail.sender_name, user, domain)
    return _Header.of("From", mail.sender_name, after=f" <{user}@{domain}>")


def _subject(text: str) -> "str | _Header":
    return text if _is_plain(text) else _Header.of("Subject", text)


def _is_plain(text: str) -> bool:
    """Tell whether the standard library writes ``text`` in a header as it reads."""
    return text.isascii() and "=?" not in text


def _thread(incident: IncidentId, domain: str) -> str:
    """Return the Message-ID that all messages about the incident answer: of a message that was never sent."""
    return f"<{incident.lower()}@{domain}>"


def _blank(mail: Mail) -> Mail:
    """Return ``mail`` without what is each message's own: equal for all that share a stencil."""
    files = tuple(one.model_copy(update={"name": _any_name(one.name), "content": b""}) for one in mail.attachments)
    own = {"to": "", "reply_to": "", "subject": "", "message_id": "", "text": "", "html": "", "attachments": files}
    return mail.model_copy(update={**own, "incident": mail.incident and _NO_INCIDENT})


def _any_name(name: str) -> str:
    """Return what stands for a file's name: one as long, since its length decides where its line is broken."""
    return "n" * len(name) if _PLAIN_FILE.fullmatch(name) else name


def _own(mail: Mail) -> Iterator[bytes]:
    """Yield what is each message's own, as it stands there and in its order."""
    yield from (mail.to.encode(), mail.reply_to.encode(), _subject_line(mail.subject), mail.message_id.encode())
    if mail.incident is not None:
        yield from [_thread(mail.incident, mail.sender.rsplit("@", 1)[1]).encode()] * 2
    yield from (_encoded(mail.text), _encoded(mail.html))
    for attachment in mail.attachments:
        if _PLAIN_FILE.fullmatch(attachment.name):
            yield f'"{attachment.name}"'.encode()
        yield base64.encodebytes(attachment.content).replace(b"\n", b"\r\n")


class _Stencil:
    """A message cut at what is its own: addresses, subject, Message-ID, case, the text, the HTML, what is attached."""

    def __init__(self, blank: Mail) -> None:
        mark = secrets.token_hex(8)
        own = {"to": f"{mark}.1@example.org", "reply_to": f"{mark}.2@example.org", "subject": f"{mark}.3"}
        own |= {"message_id": f"<{mark}.4@example.org>", "text": f"{mark}.5", "html": f"{mark}.6"}
        content = f"{mark}.7".encode()
        files = tuple(one.model_copy(update={"content": content}) for one in blank.attachments)
        marked = blank.model_copy(update={**own, "attachments": files})
        rest = message(marked).as_bytes()
        self._pieces = []
        for place in _own(marked):
            piece, _, rest = rest.partition(place)
            self._pieces.append(piece)
        self._end = rest

    def filled(self, mail: Mail) -> bytes:
        """Return ``mail``, which shares everything else with the stencil."""
        pieces = (part for both in zip(self._pieces, _own(mail), strict=True) for part in both)
        return b"".join((*pieces, self._end))


@lru_cache(maxsize=64)
def _stencil(blank: Mail) -> _Stencil:
    """Return the stencil of all messages that are equal to ``blank`` but for what is their own."""
    return _Stencil(blank)


@lru_cache(maxsize=64)
def _subject_line(text: str) -> bytes:
    """Return the whole header, encoded and broken into lines where it must be."""
    name, value = _ASCII.header_store_parse("Subject", _subject(text))
    return _ASCII.fold_binary(name, value)


@lru_cache(maxsize=64)
def _encoded(text: str) -> bytes:
    """Return ``text`` with line ends as mail has them, in base64 on lines of 76."""
    lines = b"".join(line + b"\r\n" for line in text.encode().splitlines()) or b"\r\n"
    return base64.encodebytes(lines).replace(b"\n", b"\r\n")
