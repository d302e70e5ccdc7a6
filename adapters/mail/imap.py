"""A mailbox on a mail server, read by IMAP."""

import imaplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderCreateError

from adapters.mail.mailbox import Found
from adapters.settings import Settings
from models.errors import N_, TransientPostError

DONE, ASIDE = "Timglas klart", "Timglas att läsa"
"""Where messages go, beside the inbox, so that whoever opens the mailbox sees what became of each."""
_SECONDS = 60.0


class ImapBox:
    """The mailbox of this installation on its mail server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @contextmanager
    def open(self) -> Iterator["OpenImapBox"]:
        """Log in, and log out after. Raises TransientPostError if the server or its answers are not as they should be."""
        try:
            with _connected(self._settings) as box:
                _log_in(box, self._settings)
                for folder in (DONE, ASIDE):
                    _make(folder, box)
                box.folder.set(self._settings.imap_folder)
                yield OpenImapBox(box)
        except (ImapToolsError, imaplib.IMAP4.error, OSError) as fault:
            raise TransientPostError(
                N_("The mailbox could not be read."),
                why=N_("The conversation ended with {fault}."),
                remedy=N_("Timglas tries again by itself. If it goes on, check the mail server and the settings."),
                fault=type(fault).__name__,
            ) from None  # a server's words may hold a password or an address


class OpenImapBox:
    """The inbox, with a connection of its own."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box

    def messages(self) -> Iterator[Found]:
        """Yield what lies in the inbox, oldest first. Looking marks nothing as read."""
        for uid in self._box.uids():
            _, answer = self._box.client.uid("FETCH", uid, "(INTERNALDATE BODY.PEEK[])")
            for part in answer:
                if isinstance(part, tuple):  # else another reader has moved it since we listed the inbox
                    yield Found(uid, part[1], _arrived(part[0]))

    def file(self, found: Found, *, understood: bool) -> None:
        """Move the message; from a server that cannot move, copy and delete. Another reader may have been first."""
        try:
            self._box.move(found.place, DONE if understood else ASIDE)
        except ImapToolsError:
            if self._box.uids(f"UID {found.place}"):
                raise


def _connected(settings: Settings) -> BaseMailBox:
    """Return an open connection. The certificate must be one this machine trusts, unless there is no TLS at all."""
    host, port = settings.imap_host or "", settings.imap_port
    if settings.imap_tls == "none":
        return MailBoxUnencrypted(host, port, timeout=_SECONDS)
    kind = MailBox if settings.imap_tls == "tls" else MailBoxStartTls
    return kind(host, port, timeout=_SECONDS, ssl_context=ssl.create_default_context())


def _log_in(box: BaseMailBox, settings: Settings) -> None:
    password = settings.imap_password.get_secret_value() if settings.imap_password else ""
    box.login(settings.imap_user or "", password, initial_folder=None)
    _, (told, *_) = box.client.capability()  # many servers tell only now that they can move
    box.client.capabilities = tuple(told.decode().upper().split())


def _arrived(envelope: bytes) -> datetime:
    """Return when the server took the message in, as it says itself."""
    told = imaplib.Internaldate2tuple(envelope)
    if told is None:
        raise imaplib.IMAP4.error("no INTERNALDATE")
    return datetime.fromtimestamp(time.mktime(told), UTC)


def _make(folder: str, box: BaseMailBox) -> None:
    """Make the folder, unless it is there or another reader makes it at this moment."""
    try:
        if not box.folder.exists(folder):
            box.folder.create(folder)
    except MailboxFolderCreateError:
        if not box.folder.exists(folder):
            raise
