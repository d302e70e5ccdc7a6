"""Signed notices that lie as files in the drop folder, without a mail around them: handed over as the mail they could have come in."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from adapters.mail.mailbox import Found
from adapters.mail.maildrop import ASIDE, DONE, STILL_WRITING_SECONDS, tell_of, written

_UNSIGNED_SECONDS = 60.0
"""So long a notice waits for its signature: two files are copied one after the other. Then it is read, and refused, without."""
_NOTICE, _SIGNATURE = "underrattelse.json", "underrattelse.json.sig"


class NoticeFolder:
    """``*.json`` in ``folder``, each with its detached signature beside it: ``name.json.sig``, or ``name.sig``.

    What was taken in moves to ``klart``, what a person must look at to ``att-lasa``, both files named by their digest.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open(self) -> Iterator["NoticeFolder"]:
        """Make the folders if they are not there, for their owner only."""
        for folder in (self._folder, self._folder / DONE, self._folder / ASIDE):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self

    def messages(self) -> Iterator[Found]:
        """Yield the notices, oldest first, each as a message. Raises UnreadableFile in the end, if one cannot be read."""
        faults: list[OSError] = []
        for path in sorted(self._folder.glob("*.json"), key=written):
            try:
                age, signature = time.time() - written(path), _signature_of(path)
                found = Found(str(path), _message(path, signature), datetime.fromtimestamp(written(path), UTC))
            except FileNotFoundError:  # another reader has filed it since we listed the folder
                continue
            except OSError as fault:  # what lies behind it is read all the same
                faults.append(fault)
                continue
            if age >= (_UNSIGNED_SECONDS if signature is None else STILL_WRITING_SECONDS):
                yield found
        tell_of(faults)

    def file(self, found: Found, *, understood: bool) -> None:
        """Move the notice and its signature; if another reader was first, they lie there already."""
        path, target = Path(found.place), self._folder / (DONE if understood else ASIDE)
        name = hashlib.sha256(found.content).hexdigest()
        signature = _signature_of(path)
        if signature is not None:
            with suppress(FileNotFoundError):
                signature.replace(target / f"{name}.json.sig")
        with suppress(FileNotFoundError):
            path.replace(target / f"{name}.json")


def _signature_of(path: Path) -> Path | None:
    beside = (path.with_name(f"{path.name}.sig"), path.with_suffix(".sig"))
    return next((one for one in beside if one.is_file()), None)


def _message(path: Path, signature: Path | None) -> bytes:
    """Return the message: the same files that arrived at the same instant give the same octets, whatever they are called."""
    message = EmailMessage(policy=policy.SMTP)
    message["Date"] = format_datetime(datetime.fromtimestamp(written(path), UTC))
    content = path.read_bytes()
    message.set_content("")
    message.add_attachment(content, "application", "json", filename=_NOTICE)
    if signature is not None:
        message.add_attachment(signature.read_bytes(), "application", "octet-stream", filename=_SIGNATURE)
    message.set_boundary(hashlib.sha256(content).hexdigest())
    return message.as_bytes()
