"""The units for systemd: it accepts them, they start what there is, and they let nothing more than that be done."""

import configparser
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from adapters.settings import CHECKOUT
from flows.cli import app
from tests.needed import program

UNITS = CHECKOUT / "deployments" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
INSTALLED = "/opt/timglas/.venv/bin/timglas"


def unit(file: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign] - names are as they are
    read.read(file)
    return read


def test_systemd_accepts_every_unit(tmp_path: Path) -> None:
    analyze = program("systemd-analyze", "systemd")
    here = Path(sys.executable).with_name("timglas")
    for file in UNITS.iterdir():
        said = file.read_text(encoding="utf-8").replace(INSTALLED, str(here))
        (tmp_path / file.name).write_text(said, encoding="utf-8")
    units = [str(tmp_path / file.name) for file in UNITS.iterdir()]
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_each_service_starts_a_command_there_is_with_options_it_has(file: Path) -> None:
    start = shlex.split(unit(file)["Service"]["ExecStart"])
    assert start[0] == INSTALLED
    command = get_command(app).commands[start[1]]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(start[2:]) <= known


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_each_service_is_nobody_special_and_may_write_only_in_its_own_folder(file: Path) -> None:
    service = unit(file)["Service"]
    assert service["User"] == "timglas"
    assert service["ProtectSystem"] == "strict"
    assert "ReadWritePaths" not in service
    assert service["CapabilityBoundingSet"] == ""
    assert f"TIMGLAS_HOME=/var/lib/{service['StateDirectory']}" in service["Environment"].split()
    assert service["UMask"] == "0077"


def test_the_watch_has_no_tie_to_the_desk_that_could_take_it_down_too() -> None:
    for file in (UNITS / "timglas-watch.service", UNITS / "timglas-watch.timer"):
        ties = {word for key, said in unit(file)["Unit"].items() if key != "Description" for word in said.split()}
        assert ties <= {"network-online.target"}, os.fspath(file)
