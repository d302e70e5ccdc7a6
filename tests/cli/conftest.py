import shutil
from pathlib import Path

import pytest

from adapters.database.engine import engine, migrate
from tests.cli.desk import Desk


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cli") / "timglas.db"
    made = engine(f"sqlite:///{file}")
    migrate(made)
    made.dispose()
    return file


@pytest.fixture
def desk(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.delenv("TIMGLAS_ACTOR", raising=False)
    monkeypatch.setenv("TIMGLAS_HOME", str(tmp_path))
    monkeypatch.setenv("TIMGLAS_PARTIES", str(Path("deployments/examples/parties.yaml").resolve()))
    shutil.copy(migrated, tmp_path / "timglas.db")
    return Desk(tmp_path, capsys.readouterr)
