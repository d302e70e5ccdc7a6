import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LARGEST = 2_000_000

ABSOLUTE = ["work", "root", "home", "Users", "mnt", "tmp/brief"]
REGISTRIES = ["index" + "-url", "files." + "pythonhosted", "pypi" + ".org", "trusted" + "-host", "arti" + "factory"]
SECRETS = ["BEGIN " + "PRIVATE KEY", "BEGIN RSA " + "PRIVATE KEY", "aws_" + "secret"]
HOME_FOLDER = re.compile(r"(?<![\w.<{}$~-])/(?:" + "|".join(ABSOLUTE) + r")/[\w.]")
LOCKS = {"requirements.lock", "requirements-dev.lock"}


def tracked() -> list[Path]:
    """What is in the repository, and what would be if somebody added everything that is not ignored."""
    if not (ROOT / ".git").exists():
        pytest.skip("only a checkout knows what is tracked")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for file in tracked():
        try:
            found.append((file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert {name: found[0] for name, text in texts() if (found := HOME_FOLDER.search(text))} == {}


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, REGISTRIES)))
    naming = {name: found[0] for name, text in texts() if (found := pattern.search(text))}
    assert {name: said for name, said in naming.items() if name != "Makefile" or not said.startswith("index")} == {}


def test_the_lock_command_is_told_not_to_name_a_registry() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert makefile.count("uv pip compile") == makefile.count("--no-emit-index" + "-url")


def test_every_folder_at_the_top_has_its_sentence_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tops = {name.parts[0] for file in tracked() if len((name := file.relative_to(ROOT)).parts) > 1}
    assert {top for top in tops if not top.startswith(".") and f"`{top}/" not in readme} == set()


def test_no_file_holds_a_private_key() -> None:
    pattern = re.compile("|".join(map(re.escape, SECRETS)))
    assert [name for name, text in texts() if pattern.search(text)] == []


def test_no_file_is_too_large_to_be_written_by_hand_or_read_by_anybody() -> None:
    assert [file.name for file in tracked() if file.stat().st_size > LARGEST] == []


def test_every_text_ends_with_a_line_break_and_has_no_windows_ones() -> None:
    odd = [name for name, text in texts() if text and (not text.endswith("\n") or "\r\n" in text)]
    assert odd == []


def pinned(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", "\n".join(lines), flags=re.MULTILINE))


def required(*, dev: bool) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]["dev"] if dev else []
    return [Requirement(line) for line in [*project["dependencies"], *extra]]


@pytest.mark.parametrize("lock, dev", [("requirements.lock", False), ("requirements-dev.lock", True)])
def test_every_direct_requirement_is_pinned_to_a_version_it_allows(lock: str, *, dev: bool) -> None:
    pins = pinned(lock)
    wanted = {canonicalize_name(one.name): one.specifier for one in required(dev=dev)}
    assert {name for name in wanted if name not in pins} == set()
    assert {name: pins[name] for name, allowed in wanted.items() if not allowed.contains(pins[name])} == {}


def test_both_locks_pin_the_same_versions() -> None:
    everyday, developers = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: version for name, version in everyday.items() if developers.get(name) != version} == {}


@pytest.mark.parametrize("lock", sorted(LOCKS))
def test_every_pin_carries_the_hashes_of_what_it_pins(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = [line for line in text.splitlines() if "==" in line]
    assert len(pins) > 50
    assert [line.split("==")[0] for line in pins if "--hash=sha256:" not in line] == []


def test_the_prefect_server_can_be_built_with_the_pinned_packages(tmp_path: Path) -> None:
    code = "from prefect.server.api.server import create_app; assert create_app(ephemeral=True).routes"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PREFECT_HOME": str(tmp_path), "DO_NOT_TRACK": "1"}
    built = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
