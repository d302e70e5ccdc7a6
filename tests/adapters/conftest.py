"""The real things: a SQLite file and a PostgreSQL server of the session's own, each test on a database of its own."""

import ipaddress
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine

from adapters.database.engine import engine as make_engine
from adapters.database.engine import migrate
from tests.postgresql import Server, postgresql

_numbers = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    with postgresql() as server:
        yield server


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
