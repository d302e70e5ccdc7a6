"""One message: as it is handed to the post, and as one comes in."""

import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import getaddresses
from functools import cached_property
from html import unescape
from typing import Any, cast

from pydantic import Field

from models.base import IncidentId, Instant, Sha256, Value

_TAG = re.compile(r"<(style|script)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


class _Forbearing(EmailPolicy):
    """The standard library's policy, but for a header that it cannot read: that says nothing."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except AttributeError:  # it stumbles over a group of people that no comma follows
            return ""


class Attachment(Value):
    """A file sent along; ``name`` holds ids, never a person's name. ``media_type`` may have parameters, after "; "."""

    name: str
    media_type: str
    content: bytes


class Mail(Value):
    """A message to one address. ``message_id`` comes from the outbox or the ledger.

    ``incident`` threads what belongs together; None where it is about the installation itself.
    """

    message_id: str
    sent_at: Instant
    incident: IncidentId | None
    sender_name: str
    sender: str
    reply_to: str
    to: str
    subject: str
    text: str
    html: str
    language: str = "sv"
    attachments: tuple[Attachment, ...] = ()


class Incoming(Value):
    """A message that came in, exactly as it lies in the mailbox. ``key`` is the SHA-256 of its octets.

    A stranger wrote it: reading it may raise whatever the standard library raises for mail that is none. Its content
    may name data subjects, so it goes into no log and no fault.
    """

    key: Sha256
    arrived_at: Instant
    content: bytes = Field(repr=False)

    @cached_property
    def message(self) -> EmailMessage:
        """The message with its headers and parts."""
        return _parsed(self.content)

    @property
    def sender(self) -> str:
        """The address it says it is from, in lower case; empty if it names none."""
        return next(iter(_addresses(self.message, "From")), "")

    @property
    def delivered_to(self) -> tuple[str, ...]:
        """Every address it was sent to, in lower case: that of the envelope first, where the server wrote it down."""
        return _addresses(self.message, "Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")

    @property
    def text(self) -> str:
        """What it says, as plain text; the HTML without its tags if there is nothing else."""
        return _text(self.message)


class Aside(Value):
    """A message that nothing here understood, since ``at``: a person reads it. ``why`` is a word of ours."""

    key: Sha256
    why: str
    at: Instant


def text_of(content: bytes) -> str:
    """Return what a message that was kept says, as plain text."""
    return _text(_parsed(content))


def _parsed(content: bytes) -> EmailMessage:
    return cast("EmailMessage", BytesParser(EmailMessage, policy=_Forbearing()).parsebytes(content))


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    said = str(body.get_content())
    return said if body.get_content_subtype() == "plain" else unescape(_TAG.sub(" ", said))


def _addresses(message: EmailMessage, *names: str) -> tuple[str, ...]:
    said = [str(value) for name in names for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address.lower() for _, address in getaddresses(said)))
