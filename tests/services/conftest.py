import shutil
from pathlib import Path

import pytest

from adapters.database.engine import engine, migrate
from tests.services.office import Office


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("services") / "migrated.sqlite"
    made = engine(f"sqlite:///{file}")
    migrate(made)
    made.dispose()
    return file


@pytest.fixture
def office(tmp_path: Path, migrated: Path) -> Office:
    shutil.copy(migrated, tmp_path / "timglas.sqlite")
    return Office(tmp_path)
