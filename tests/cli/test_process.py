"""The command as a process of its own: what it imports, and how it ends when something breaks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from flows.cli import PANELS, app

TIMGLAS = (sys.executable, "-c", "from flows.cli import main; main()")


def timglas(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "TIMGLAS_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run([*TIMGLAS, *words], env=env, capture_output=True, text=True, check=False)


def test_the_clock_prints_exactly_three_readings(tmp_path: Path) -> None:
    said = timglas(tmp_path, "clock", "--aware", "2026-10-23T16:30+02:00", "--json")
    assert said.returncode == 0
    assert json.loads(said.stdout) == {
        "strict": "2026-10-26T15:30:00+01:00",
        "operate": "2026-10-26T15:30:00+01:00",
        "regulation_1182_71": "2026-10-26T16:00:00+01:00",
    }


def test_no_command_but_the_demonstration_imports_prefect(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from flows.cli import run\n"
        "for words in (['board'], ['show', 'INC-2026-0001'], ['sweep'], ['clock', '--aware=nu'], ['--help']):\n"
        "    run(words)\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'prefect']\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TIMGLAS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_clock_waits_for_no_database(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from flows.cli import run\n"
        "run(['clock', '--aware=nu'])\n"
        "assert not {'sqlalchemy', 'reportlab', 'aiosmtplib', 'prefect'} & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "timglas.db").exists()


def test_a_fault_is_one_line_without_a_traceback_and_status_1(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where a folder should be", encoding="utf-8")
    said = timglas(home, "board")
    assert said.returncode == 1
    assert said.stdout == ""
    assert "Traceback" not in said.stderr
    assert str(tmp_path) not in said.stderr
    assert said.stderr.startswith("Något gick sönder: FileExistsError i ")


def test_a_refusal_is_status_2_on_standard_error(tmp_path: Path) -> None:
    said = timglas(tmp_path, "show", "INC-2026-0001")
    assert (said.returncode, said.stdout) == (2, "")
    assert "INC-2026-0001" in said.stderr


def test_help_is_grouped_in_swedish_and_shows_no_flags(tmp_path: Path) -> None:
    said = timglas(tmp_path, "--help").stdout
    for panel in ("Ärende", "Beslut", "Utskick", "Översikt", "Lag", "Drift"):
        assert f"─ {panel} ─" in said
    assert "Options" not in said
    assert "Usage" not in said
    assert timglas(tmp_path).stdout == said


@pytest.mark.parametrize("name", [name for commands in PANELS.values() for name in commands])
def test_every_command_says_in_swedish_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    get_command(app)([name, "--help"], prog_name="timglas", standalone_mode=False)
    said = capsys.readouterr().out
    assert f"Så här: timglas {name}" in said
    for english in ("Options", "Arguments", "Usage", "required", "default", "Show this"):
        assert english not in said
