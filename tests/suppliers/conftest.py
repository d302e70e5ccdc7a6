import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.database.engine import engine, migrate
from adapters.mail.sink import mail_sink
from tests.small_world import REGISTER
from tests.suppliers.installation import MANAGER, OFFICER, Installation, Supplier, installed, municipalitys_register


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("suppliers") / "timglas.db"
    made = engine(f"sqlite:///{file}")
    migrate(made)
    made.dispose()
    return file


@contextmanager
def post_office(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with mail_sink(folder, port):
        yield port


@pytest.fixture
def supplier(tmp_path: Path, migrated: Path) -> Iterator[Supplier]:
    with post_office(tmp_path / "fran-leverantoren") as port:
        home = installed(tmp_path / "leverantor", migrated)
        made = Supplier(home, "rekryteringssystem.example", port, tmp_path / "fran-leverantoren")
        made.knows(REGISTER, by=MANAGER)
        yield made


@pytest.fixture
def town(tmp_path: Path, migrated: Path, supplier: Supplier) -> Iterator[Installation]:
    with post_office(tmp_path / "fran-kommunen") as port:
        home = installed(tmp_path / "kommun", migrated)
        made = Installation(home, "exempelkommun.example", port, tmp_path / "fran-kommunen")
        made.knows(municipalitys_register(supplier.world.signer.public_key), by=OFFICER)
        yield made
