"""The master key from a keyring: put there by its own command, and read by processes that know nothing else."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.settings import CHECKOUT

KEY = "5a" * 32
ASKS = (
    "from adapters.files import master_key; from adapters.settings import Settings; print(master_key(Settings()).hex())"
)


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A keyring that needs no desktop, in a folder of its own, and an installation that takes its key from it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIMGLAS_")}
    return kept | {
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "XDG_DATA_HOME": str(tmp_path / "keyring"),
        "PYTHONPATH": str(CHECKOUT),
        "TIMGLAS_HOME": str(tmp_path / "home"),
        "TIMGLAS_MASTER_KEY_KEYRING": "timglas-prov",
    }


def runs(*arguments: str, within: Mapping[str, str], typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=dict(within), input=typed, capture_output=True, text=True, cwd=CHECKOUT, check=False
    )


def keep(key: str, within: Mapping[str, str]) -> None:
    done = runs("-m", "keyring", "set", "timglas-prov", "master-key", within=within, typed=key + "\n")
    assert done.returncode == 0, done.stderr


def test_the_key_that_was_put_in_the_keyring_is_the_one_that_opens(surroundings: dict[str, str]) -> None:
    keep(KEY, surroundings)
    for _ in range(2):
        assert runs("-c", ASKS, within=surroundings).stdout.strip() == KEY
    assert not (Path(surroundings["TIMGLAS_HOME"]) / "master.key").exists(), "no other key is made beside it"


def test_what_the_environment_says_comes_before_the_keyring(surroundings: dict[str, str]) -> None:
    keep(KEY, surroundings)
    told = surroundings | {"TIMGLAS_MASTER_KEY": "cd" * 32}
    assert runs("-c", ASKS, within=told).stdout.strip() == "cd" * 32


@pytest.mark.parametrize("backend", ["keyrings.alt.file.PlaintextKeyring", "keyring.backends.fail.Keyring"])
def test_a_keyring_that_holds_no_key_or_is_none_is_refused_and_no_key_is_made(
    surroundings: dict[str, str], backend: str
) -> None:
    done = runs("-c", ASKS, within=surroundings | {"PYTHON_KEYRING_BACKEND": backend})
    assert done.returncode == 1
    assert "The keyring gives no master key" in done.stderr
    assert "keyring set timglas-prov master-key" in done.stderr
    assert not (Path(surroundings["TIMGLAS_HOME"]) / "master.key").exists()


def test_a_key_that_is_none_is_refused_and_not_repeated(surroundings: dict[str, str]) -> None:
    keep("hemligt", surroundings)
    done = runs("-c", ASKS, within=surroundings)
    assert done.returncode == 1
    assert "The master key cannot be read" in done.stderr
    assert "hemligt" not in done.stderr


def test_an_installation_works_with_it_from_end_to_end(surroundings: dict[str, str]) -> None:
    keep(KEY, surroundings)
    done = runs("-m", "flows.cli", "board", within=surroundings)
    assert done.returncode == 0, done.stderr


def test_without_the_library_it_says_what_to_install(surroundings: dict[str, str], tmp_path: Path) -> None:
    hides = "import sys; sys.modules['keyring'] = None; " + ASKS
    done = runs("-c", hides, within=surroundings)
    assert done.returncode == 1
    assert "The Python package keyring is not installed" in done.stderr
