"""A real IMAP server for the tests: Dovecot with a configuration of its own, run by nobody in particular."""

import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from flows.host.server import free_port
from tests.needed import program

USER, PASSWORD = "timglas", "hemligt-ord"

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
auth_failure_delay = 0
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{home}/mail
first_valid_uid = 1
first_valid_gid = 1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
"""


class Dovecot:
    """The server while it runs. ``deliver`` puts a message in the inbox as a mail server would."""

    def __init__(self, home: Path, plain: int, tls: int) -> None:
        self.home, self.plain, self.tls = home, plain, tls

    def deliver(self, content: bytes) -> None:
        with self._logged_in() as imap:
            assert imap.append("INBOX", "", "", content)[0] == "OK"

    def folder(self, name: str) -> list[bytes]:
        """Return what lies in the folder, oldest first."""
        with self._logged_in() as imap:
            status, count = imap.select(f'"{name}"', readonly=True)
            if status != "OK" or count == [b"0"]:
                return []
            found: list[Any] = imap.fetch("1:*", "(BODY.PEEK[])")[1]
            return [part[1] for part in found if isinstance(part, tuple)]

    def empty(self) -> None:
        """Take away everything that earlier tests left."""
        with self._logged_in() as imap:
            for line in imap.list()[1]:
                if imap.select(bytes(line).decode().partition(' "." ')[2])[1] != [b"0"]:
                    imap.store("1:*", "+FLAGS", r"(\Deleted)")
                    imap.expunge()

    def unseen(self) -> int:
        with self._logged_in() as imap:
            imap.select("INBOX", readonly=True)
            return len(imap.search(None, "UNSEEN")[1][0].split())

    @contextmanager
    def _logged_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.plain) as imap:
            imap.login(USER, PASSWORD)
            yield imap


@contextmanager
def dovecot(certificate: Path) -> Iterator[Dovecot]:
    """Run Dovecot with the ``certificate`` (and its key, in the same file) while the block runs."""
    server = program("dovecot", "dovecot-imapd")
    with tempfile.TemporaryDirectory(prefix="tg-imap-", ignore_cleanup_errors=True) as name:
        home, me = Path(name), pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        (home / "run").mkdir()
        shutil.copy(certificate, home / "server.pem")
        running = Dovecot(home, free_port(), free_port())
        (home / "dovecot.conf").write_text(_configuration(running, me))
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            as_user = {"user": me.pw_uid, "group": me.pw_gid, "extra_groups": []}
            for path in (home, *home.rglob("*")):
                os.chown(path, me.pw_uid, me.pw_gid)
        process = subprocess.Popen([server, "-F", "-c", home / "dovecot.conf"], cwd=home, **as_user)
        try:
            _wait_until_it_answers(running, process)
            yield running
        finally:
            process.terminate()
            process.wait(timeout=30)


def _configuration(running: Dovecot, me: pwd.struct_passwd) -> str:
    return _CONFIGURATION.format(
        home=running.home,
        user=me.pw_name,
        group=_group(me),
        uid=me.pw_uid,
        gid=me.pw_gid,
        plain=running.plain,
        tls=running.tls,
        password=PASSWORD,
        ssl="yes",
        certificate=f"ssl_cert = <{running.home}/server.pem\nssl_key = <{running.home}/server.pem",
    )


def _group(me: pwd.struct_passwd) -> str:
    return grp.getgrgid(me.pw_gid).gr_name


def _wait_until_it_answers(running: Dovecot, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError, imaplib.IMAP4.error):
            running.folder("INBOX")
            return
        time.sleep(0.05)
    log = running.home / "log"
    pytest.fail("Dovecot did not start:\n" + (log.read_text() if log.exists() else "(no log)"))
