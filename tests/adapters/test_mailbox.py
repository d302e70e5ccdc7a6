import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from errno import EACCES
from pathlib import Path
from traceback import format_exception

import pytest
from sqlalchemy import Engine

from adapters.mail import maildrop
from adapters.mail.imap import DONE, ImapBox
from adapters.mail.mailbox import LEASE, SqlMailbox
from adapters.mail.maildrop import DropFolder
from adapters.mail.notice_folder import NoticeFolder
from adapters.settings import Settings
from flows.host.server import free_port
from models.errors import TransientPostError, UnknownReference, UnreadableFile
from tests.dovecot import PASSWORD, USER, Dovecot, dovecot

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def letter(number: int) -> bytes:
    return (
        f"From: <handl{number}@kommun.example>\r\nTo: timglas@timglas.example\r\n"
        f"Subject: =?utf-8?q?=C3=85tg=C3=A4rd?= {number}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"Jag har sett påminnelsen {number}.\r\n"
    ).encode()


class Folder:
    """A drop folder as the tests see it."""

    def __init__(self, path: Path) -> None:
        self.path, self.box = path, DropFolder(path)
        path.mkdir()

    def deliver(self, content: bytes) -> None:
        number = len(list(self.path.rglob("*.eml")))
        path = self.path / f"anna.andersson-{number}.eml"
        path.write_bytes(content)
        os.utime(path, (time.time() - 60 + number,) * 2)

    def inbox(self) -> list[bytes]:
        return self._in(self.path)

    def done(self) -> list[bytes]:
        return self._in(self.path / "klart")

    def aside(self) -> list[bytes]:
        return self._in(self.path / "att-lasa")

    def _in(self, folder: Path) -> list[bytes]:
        return [path.read_bytes() for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime)]


class Imap:
    """An IMAP mailbox as the tests see it, emptied for each."""

    def __init__(self, server: Dovecot) -> None:
        self._server = server
        self.box = ImapBox(imap_settings(server))

    def deliver(self, content: bytes) -> None:
        self._server.deliver(content)

    def inbox(self) -> list[bytes]:
        return self._server.folder("INBOX")

    def done(self) -> list[bytes]:
        return self._server.folder(DONE)

    def aside(self) -> list[bytes]:
        return self._server.folder("Timglas att l&AOQ-sa")


def imap_settings(server: Dovecot, **given: object) -> Settings:
    usual = {"imap_host": "127.0.0.1", "imap_port": server.plain, "imap_tls": "none", "imap_user": USER}
    return Settings.model_validate({**usual, "imap_password": PASSWORD, **given})


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[Dovecot]:
    with dovecot(certificate) as running:
        yield running


@pytest.fixture(params=["folder", "imap"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Folder | Imap:
    if request.param == "folder":
        return Folder(tmp_path / "inkorg")
    running = request.getfixturevalue("server")
    running.empty()
    return Imap(running)


@pytest.fixture
def mailbox(engine: Engine, place: Folder | Imap) -> SqlMailbox:
    return SqlMailbox(engine, place.box)


def read(mailbox: SqlMailbox, *, now: datetime = NOW) -> list[bytes]:
    found = []
    for message in mailbox.claim(now):
        found.append(message.content)
        mailbox.done(message.key, now)
    return found


def test_every_message_is_handed_over_once_in_the_order_it_came(mailbox: SqlMailbox, place: Folder | Imap) -> None:
    for number in range(3):
        place.deliver(letter(number))
    assert read(mailbox) == [letter(number) for number in range(3)]
    assert read(mailbox, now=NOW + 2 * LEASE) == []
    assert place.inbox() == []
    assert place.done() == [letter(number) for number in range(3)]


def test_a_message_says_who_sent_it_where_and_what(mailbox: SqlMailbox, place: Folder | Imap) -> None:
    place.deliver(letter(7))
    (message,) = mailbox.claim(NOW)
    assert message.sender == "handl7@kommun.example"
    assert message.delivered_to == ("timglas@timglas.example",)
    assert message.message["Subject"] == "Åtgärd 7"
    assert message.text.strip() == "Jag har sett påminnelsen 7."
    assert abs(message.arrived_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert "handl7" not in repr(message)


def test_what_nobody_understood_lies_aside_and_is_listed_for_a_person(
    mailbox: SqlMailbox, place: Folder | Imap
) -> None:
    place.deliver(b"inget mejl alls \xff\xfe")
    for message in mailbox.claim(NOW):
        mailbox.put_aside(message.key, NOW, why="not_understood")
    (waiting,) = mailbox.aside()
    assert (waiting.why, waiting.at) == ("not_understood", NOW)
    assert place.aside() == [b"inget mejl alls \xff\xfe"]
    assert (place.inbox(), place.done()) == ([], [])
    assert read(mailbox, now=NOW + 2 * LEASE) == []


def test_a_message_whose_reader_died_is_handed_over_again_when_the_claim_has_run_out(
    mailbox: SqlMailbox, place: Folder | Imap
) -> None:
    place.deliver(letter(1))
    next(mailbox.claim(NOW))
    assert read(mailbox, now=NOW + LEASE / 2) == []
    assert place.inbox() == [letter(1)], "it is somebody's, and lies where it lay"
    assert read(mailbox, now=NOW + LEASE) == [letter(1)]
    assert place.inbox() == []


def test_a_message_that_kills_every_reader_is_put_aside_after_three(mailbox: SqlMailbox, place: Folder | Imap) -> None:
    place.deliver(letter(1))
    for time_passed in range(3):
        next(mailbox.claim(NOW + time_passed * LEASE))
    assert read(mailbox, now=NOW + 3 * LEASE) == []
    assert [waiting.why for waiting in mailbox.aside()] == ["no end"]
    assert place.aside() == [letter(1)]


def test_a_message_that_was_done_with_but_not_moved_is_moved_and_not_handed_over_again(
    mailbox: SqlMailbox, place: Folder | Imap
) -> None:
    place.deliver(letter(1))
    mailbox.done(next(mailbox.claim(NOW)).key, NOW)  # and then the power went
    assert place.inbox() == [letter(1)]
    assert read(mailbox) == []
    assert place.done() == [letter(1)]


def test_the_same_message_delivered_twice_is_handed_over_once(mailbox: SqlMailbox, place: Folder | Imap) -> None:
    place.deliver(letter(1))
    place.deliver(letter(1))
    assert read(mailbox) == [letter(1)]
    assert place.inbox() == []


def test_two_who_read_at_once_share_the_messages(engine: Engine, place: Folder | Imap, mailbox: SqlMailbox) -> None:
    for number in range(12):
        place.deliver(letter(number))
    readers = [mailbox, SqlMailbox(engine, place.box)]
    with ThreadPoolExecutor(2) as pool:
        found = [content for contents in pool.map(read, readers) for content in contents]
    assert sorted(found) == sorted(letter(number) for number in range(12))
    read(mailbox)
    assert place.inbox() == []


def test_only_what_is_claimed_can_be_ended(mailbox: SqlMailbox, place: Folder | Imap) -> None:
    with pytest.raises(UnknownReference, match="Claim the message first"):
        mailbox.done("ab" * 32, NOW)
    place.deliver(letter(1))
    message = next(mailbox.claim(NOW))
    mailbox.done(message.key, NOW)
    with pytest.raises(UnknownReference):
        mailbox.put_aside(message.key, NOW, why="not_understood")


def test_a_file_still_being_copied_waits_for_the_next_time(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maildrop, "STILL_WRITING_SECONDS", 600.0)  # however slow the machine is
    folder = Folder(tmp_path / "inkorg")
    (folder.path / "halv.eml").write_bytes(letter(1)[:40])
    assert read(SqlMailbox(engine, folder.box)) == []
    assert folder.inbox() == [letter(1)[:40]]
    os.utime(folder.path / "halv.eml", (time.time() - 600,) * 2)
    assert read(SqlMailbox(engine, folder.box)) == [letter(1)[:40]]


@pytest.mark.parametrize("folder", [DropFolder, NoticeFolder])
def test_a_file_that_cannot_be_read_keeps_no_other_waiting_and_is_told_of_without_its_name(
    engine: Engine, tmp_path: Path, folder: type[DropFolder | NoticeFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, behind = tmp_path / "inkorg", Folder(tmp_path / "post")
    inbox.mkdir()
    for name in ("anna.andersson", "berit"):
        for kind in ("eml", "json"):
            path = inbox / f"{name}.{kind}"
            path.write_bytes(name.encode())
            os.utime(path, (time.time() - 600,) * 2)
    behind.deliver(letter(1))
    read_bytes = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name.startswith("anna.andersson."):
            raise PermissionError(EACCES, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    got = list[bytes]()
    with pytest.raises(UnreadableFile) as told:
        got.extend(message.content for message in SqlMailbox(engine, folder(inbox), behind.box).claim(NOW))
    assert len(got) == 2
    assert got[1] == letter(1), "what lies in the next mailbox is read too"
    assert "files that cannot be opened: 1 (Permission denied)" in str(told.value)
    assert "anna" not in "".join(format_exception(told.value))


def test_a_maildir_is_read_too_and_no_name_of_a_file_is_kept(engine: Engine, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "inkorg")
    for part in ("new", "cur", "tmp"):
        (folder.path / part).mkdir()
        path = folder.path / part / f"1700000000.anna.andersson.{part}:2,S"
        path.write_bytes(letter(len(part)) + part.encode())
        os.utime(path, (time.time() - 60,) * 2)
    assert sorted(read(SqlMailbox(engine, folder.box))) == sorted(letter(3) + part for part in (b"cur", b"new"))
    names = " ".join(path.name for path in folder.path.rglob("*") if path.is_file() and path.parent.name != "tmp")
    assert "anna" not in names


def test_looking_into_a_mailbox_marks_nothing_as_read(engine: Engine, server: Dovecot) -> None:
    server.empty()
    server.deliver(letter(1))
    next(SqlMailbox(engine, Imap(server).box).claim(NOW))
    assert server.unseen() == 1


@pytest.mark.parametrize("way", ["tls", "starttls"])
def test_over_tls_the_certificate_must_be_trusted(
    engine: Engine, server: Dovecot, certificate: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    server.empty()
    server.deliver(letter(1))
    port = server.tls if way == "tls" else server.plain
    mailbox = SqlMailbox(engine, ImapBox(imap_settings(server, imap_tls=way, imap_port=port)))
    with pytest.raises(TransientPostError):
        read(mailbox)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert read(mailbox) == [letter(1)]


def test_a_wrong_password_or_a_server_that_is_gone_is_a_fault_that_tells_nothing(
    engine: Engine, server: Dovecot
) -> None:
    for wrong in ({"imap_password": "fel ord"}, {"imap_port": free_port()}):
        with pytest.raises(TransientPostError) as fault:
            read(SqlMailbox(engine, ImapBox(imap_settings(server, **wrong))))
        assert "fel ord" not in f"{fault.value!r} {fault.value.__cause__!r}"
