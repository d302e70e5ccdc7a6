"""What lies in the folder of the mail server of a test."""

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path


def mailed(folder: Path) -> list[list[str]]:
    """Return each message, the oldest first, as whom it went to, its subject and its text."""
    files = sorted(folder.rglob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [
        _told(BytesParser(EmailMessage, policy=email.policy.default).parsebytes(file.read_bytes())) for file in files
    ]


def _told(message: EmailMessage) -> list[str]:
    body = message.get_body(("plain",))
    return [str(message["To"]), str(message["Subject"]), body.get_content() if body else ""]
