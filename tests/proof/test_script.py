"""The script that lies in every case file, run by a Python that has nothing but its standard library."""

import ast
import subprocess
import sys
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proof.check import check
from proof.contents import Unreadable, packed, read_contents
from proof.script import NAME, script
from tests.proof.case_file import ANCHOR, CASE, FILES, SHEET

ZIP = packed(FILES, CASE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-over") / CASE
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def run(folder: Path, *typed: str) -> subprocess.CompletedProcess[str]:
    """Isolated (-I), without site-packages (-S), in an empty environment and in another folder than ours."""
    command = [sys.executable, "-I", "-S", str(folder / NAME), *typed]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env={}, cwd="/", check=False)


def mail(tmp_path: Path, text: str) -> Path:
    message = EmailMessage()
    message["Subject"] = "Förankring"
    message.set_content(text)
    file = tmp_path / "mejl.eml"
    file.write_bytes(message.as_bytes())
    return file


def test_it_finds_its_own_folder_whole(folder: Path) -> None:
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{CASE}: akten är hel.\n- 9 filer")
    assert "registratorns brevlåda" in done.stdout


def test_beside_the_mail_it_says_that_the_two_agree(folder: Path, tmp_path: Path) -> None:
    done = run(folder, "--forankring", str(mail(tmp_path, f"Hej,\n\n- {ANCHOR.told}\n")))
    assert done.returncode == 0
    assert "stämmer också med det mejl" in done.stdout


def test_a_mail_that_tells_otherwise_is_believed(folder: Path, tmp_path: Path) -> None:
    done = run(folder, "--forankring", str(mail(tmp_path, ANCHOR._replace(head="ab" * 32).told)))
    assert done.returncode == 1
    assert "tidslinjen, rad 1–7: är inte de rader som förankrades" in done.stdout


def test_a_mail_without_an_anchor_is_no_answer(folder: Path, tmp_path: Path) -> None:
    done = run(folder, f"--forankring={mail(tmp_path, 'Hej!')}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "innehåller ingen förankring" in done.stderr


def test_it_names_the_document_that_was_changed(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "akt.zip"
    file.write_bytes(packed({**FILES, f"{SHEET}.pdf": b"%PDF-1.7 another"}, CASE))
    done = run(folder, str(file))
    assert done.returncode == 1
    assert f"1. {SHEET}.pdf: är ändrad" in done.stdout
    assert "AKTEN STÄMMER INTE" in done.stdout


@pytest.mark.parametrize("typed", [("--nonsens",), ("a", "b"), ("finns-inte",), ("--forankring",)])
def test_what_it_does_not_understand_it_refuses_without_a_traceback(folder: Path, typed: tuple[str, ...]) -> None:
    done = run(folder, *typed)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_it_is_written_for_python_3_9_and_no_part_hides_another() -> None:
    tree = ast.parse(script(), feature_version=(3, 9))
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    defined = [node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    named = Counter([*defined, *(target.id for target in targets if isinstance(target, ast.Name))])
    assert [name for name, count in named.items() if count > 1] == []


def test_it_imports_nothing_but_the_standard_library() -> None:
    nodes = [node for node in ast.walk(ast.parse(script())) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {module.partition(".")[0] for module in modules} <= sys.stdlib_module_names


def test_a_packed_file_holds_the_same_and_equal_files_give_equal_bytes(tmp_path: Path) -> None:
    file = tmp_path / "akt.zip"
    file.write_bytes(ZIP)
    assert read_contents(file) == (FILES, [])
    assert packed(dict(reversed(FILES.items())), CASE) == ZIP


@given(st.integers(0, len(ZIP) - 1), st.integers(1, 255))
@example(29, 135)  # the name of the first file seems to go on for longer than the archive
def test_one_changed_byte_anywhere_in_the_zip_is_found(
    tmp_path_factory: pytest.TempPathFactory, at: int, bits: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "changed.zip"
    file.write_bytes(ZIP[:at] + bytes([ZIP[at] ^ bits]) + ZIP[at + 1 :])
    try:
        found = check(read_contents(file)).faults
    except Unreadable:
        return
    assert found


@given(st.integers(0, len(ZIP) - 1))
def test_a_zip_cut_short_is_found(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    file = tmp_path_factory.getbasetemp() / "short.zip"
    file.write_bytes(ZIP[:length])
    with pytest.raises(Unreadable):
        read_contents(file)


def test_a_shortcut_out_of_the_folder_is_no_document(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    outside = tmp_path.parent / "outside.pdf"
    outside.write_bytes(FILES[f"{SHEET}.pdf"])
    (tmp_path / f"{SHEET}.pdf").unlink()
    (tmp_path / f"{SHEET}.pdf").symlink_to(outside)
    assert any("genväg" in fault.what for fault in check(read_contents(tmp_path)).faults)


def test_what_an_operating_system_leaves_behind_is_no_fault(tmp_path: Path) -> None:
    for name, content in {**FILES, ".DS_Store": b"litter", "handlingar/Thumbs.db": b"litter"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert check(read_contents(tmp_path)).faults == []
