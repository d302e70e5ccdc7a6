import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.database.engine import engine
from adapters.database.timeline import SqlTimeline
from adapters.settings import CHECKOUT
from models.incident import Incident
from models.replay import replay
from tests.patience import SCRIPT_SECONDS

FAMILY = "rekrytering-2023"
FORGOTTEN_ON = "2023-05-09"
"""The day the attackers threaten to publish: every case is open then, and every clock has something left to do."""


@dataclass(frozen=True)
class Played:
    """A replay of the spring of 2023, and what it left behind in ``folder``."""

    folder: Path

    @property
    def timeline(self) -> SqlTimeline:
        return SqlTimeline(engine(f"sqlite:///{self.folder / 'timglas.db'}"))

    def case(self, party: str) -> str:
        found = self.timeline.find(FAMILY, party)
        assert found is not None
        return found

    def incident(self, party: str) -> Incident:
        return replay(self.timeline.read(self.case(party)))

    @property
    def runs(self) -> list[tuple[str, str]]:
        return [(name, state) for name, state in json.loads((self.folder / "runs.json").read_text(encoding="utf-8"))]

    @property
    def prefects_memory(self) -> bytes:
        """Everything Prefect wrote down: its database with its log, and what its server said."""
        return b"\n".join(file.read_bytes() for file in sorted((self.folder / "prefect").rglob("*")) if file.is_file())


@pytest.fixture(scope="session")
def replays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Played, Played]]:
    """The story played whole, and played by a server that is forgotten half-way; both at the same time."""
    folders = [tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("forgotten")]
    commands = [[folders[0]], [folders[1], "--forget-prefect-on", FORGOTTEN_ON]]
    script = Path(__file__).with_name("play.py")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    running = []
    for folder, arguments in zip(folders, commands, strict=True):
        (folder / "master.key").write_text("5a" * 32, encoding="ascii")  # reply codes come from it, and stand in texts
        said = (folder / "said.log").open("wb")
        command = [sys.executable, script, *arguments]
        running.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said))
    try:
        for folder, process in zip(folders, running, strict=True):
            assert process.wait(timeout=SCRIPT_SECONDS) == 0, (folder / "said.log").read_text(encoding="utf-8")[-3000:]
        yield Played(folders[0]), Played(folders[1])
    finally:
        for process in running:
            process.kill()


@pytest.fixture(scope="session")
def played(replays: tuple[Played, Played]) -> Played:
    return replays[0]


@pytest.fixture(scope="session")
def played_forgetting(replays: tuple[Played, Played]) -> Played:
    return replays[1]


@pytest.fixture(scope="session")
def applicants() -> list[dict[str, str]]:
    file = CHECKOUT / "deployments" / "examples" / "applicants.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
