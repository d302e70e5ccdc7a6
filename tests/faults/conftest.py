from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.database.engine import engine, migrate
from tests.postgresql import Server, postgresql


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'timglas.sqlite'}"
    migrate(engine(url))
    return url


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgresql() as running:
        yield running


@pytest.fixture
def postgresql_url(server: Server, request: pytest.FixtureRequest) -> str:
    name = "".join(letter for letter in request.node.name.lower() if letter.isalnum())[:60]
    server.create(name, template="migrated")
    return server.url(name)
