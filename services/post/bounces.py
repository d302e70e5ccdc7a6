"""What a mail server says of a message it could not deliver. Pure: a message that came in goes in, a finding comes out."""

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from email.policy import default
from typing import NamedTuple

from flufl.bounce import all_failures

from models.mail import Incoming

_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
"""What a report says of each recipient; the second is how it does so of an address that is not in ASCII (RFC 6533)."""
_BLANK_LINES = re.compile(r"(?:\r?\n){2,}")
_NO_REASON = "bounced"


class Finding(NamedTuple):
    """What became of a message of ours: it came back for good (``failed``), or something else that asks nothing of us."""

    failed: bool
    reason: str = ""


def tokens_of(incoming: Incoming) -> Iterator[str]:
    """Yield what may be the token of the message this one is about, the surest first.

    That is the address it came back to, which is each message's own (VERP); then what the report quotes: the envelope's
    id, and the headers of the message itself.
    """
    message = incoming.message
    for address in incoming.delivered_to:
        yield from _TOKEN.findall(address.rpartition("@")[0])
    for part in message.walk():
        if part.get_content_type() in _STATUS_PARTS:
            yield from (
                token for fields in _blocks(part) for token in _TOKEN.findall(fields.get("Original-Envelope-Id", ""))
            )
        if part is not message:
            yield from _TOKEN.findall(str(part.get("Message-ID", "")))
        if part.get_content_type() == "text/rfc822-headers":
            yield from _TOKEN.findall(str(part.get_payload(decode=True) or b""))
    for name in ("In-Reply-To", "References"):
        yield from _TOKEN.findall(str(message.get(name, "")))


def finding_of(incoming: Incoming) -> Finding | None:
    """Return what the message says of one of ours; None if it is neither a report nor an automatic answer.

    A report in the standard form (RFC 3464, RFC 6533) is read as such. Other servers' ways of saying it are known to flufl.bounce.
    """
    message = incoming.message
    if message.get_content_type() == "multipart/report":
        return _standard(message)
    if not incoming.sender:  # flufl.bounce stumbles over mail from nobody
        return None
    temporary, permanent = all_failures(message)
    if permanent:
        return Finding(failed=True, reason=_NO_REASON)
    return Finding(failed=False) if temporary or _is_automatic(message) else None


def _standard(report: Message) -> Finding | None:
    parts = [part for part in report.walk() if part.get_content_type() in _STATUS_PARTS]
    told = [fields for part in parts for fields in _blocks(part) if "Action" in fields]
    if not told:
        return None
    failed = [fields for fields in told if fields["Action"].strip().lower() == "failed"]
    if not failed:
        return Finding(failed=False)
    status = _STATUS.search(failed[0].get("Status", ""))
    return Finding(failed=True, reason=status[0] if status else _NO_REASON)


def _blocks(part: Message) -> Iterator[Message]:
    """Yield the groups of fields of a status part: in its plain form the standard library has parted them already."""
    payload = part.get_payload()
    for fields in payload if isinstance(payload, list) else ():
        if isinstance(fields, Message):
            yield fields
            rest = str(fields.get_payload())
            yield from (message_from_string(one, policy=default) for one in _BLANK_LINES.split(rest))


def _is_automatic(message: Message) -> bool:
    """Tell whether a machine wrote it (RFC 3834), as when somebody is away: what it says changes nothing."""
    said = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    old = str(message.get("Precedence", "")).strip().lower() in ("auto_reply", "junk")
    return said not in ("", "no") or old or any(name in message for name in ("X-Autoreply", "X-Autorespond"))
