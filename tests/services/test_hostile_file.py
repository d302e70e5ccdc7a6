"""A real case file in hostile hands: whoever seals it anew is found out by the script in it, which knows nothing of us."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.case_file import write_folder
from models.facts import Facts, Quantity
from proof.anchors import Anchor
from proof.check import MANIFEST, SEAL, manifest_of, seal_of
from proof.timeline import TIMELINE, Line, read_lines
from services.evidence.compile_file import compile_file
from tests.services.office import COPY, SUPPLEMENT, Office, at

Files = dict[str, bytes]
RECEIPTS = ("handlingar/anmalan/1-kvittens.pdf", "handlingar/anmalan/2-kvittens.pdf")


@pytest.fixture
def case(office: Office) -> str:
    """Filed twice, each time with its copy; nobody outside has an anchor of it."""
    case = office.notified(complete=False)
    office.facts(case, Facts(n_records=Quantity(at_least=15000)), when="2023-05-02 14.00")
    office.drafted(case, SUPPLEMENT, when="2023-05-22 13.00")
    office.file(case, when="2023-05-22 15.00")
    office.copy(case, when="2023-05-22 15.05", content=COPY + b" again")
    return case


@pytest.fixture
def files(office: Office, case: str) -> Files:
    return compile_file(case, at=at("2023-06-01 10.00"), world=office.world)


def verdict(files: Files, folder: Path, *typed: str) -> tuple[int, str]:
    """What the script says that lies in the file, run by a bare Python in an empty environment."""
    write_folder(folder, files)
    bare = [sys.executable, "-I", "-S", str(folder / "verifiera.py"), *typed]
    ran = subprocess.run(bare, capture_output=True, text=True, env={"PYTHONUTF8": "1"}, cwd=folder, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def sealed_anew(files: Files, case: str) -> Files:
    """The files with a manifest and a seal of their own, as anybody can write who has read the format."""
    inside = {name: content for name, content in files.items() if name not in (MANIFEST, SEAL)}
    manifest = manifest_of(inside, case, "2023-06-01T08:00:00Z", read_lines(files[TIMELINE]))
    return {**inside, MANIFEST: manifest, SEAL: seal_of(manifest)}


def with_lines(files: Files, lines: list[Line]) -> Files:
    return {**files, TIMELINE: json.dumps([line._asdict() for line in lines], ensure_ascii=False).encode()}


def one_byte(files: Files) -> Files:
    name = "handlingar/anmalan/1-initial.txt"
    return {**files, name: files[name].replace(b"8", b"9", 1)}


def swapped(files: Files) -> Files:
    first, second = RECEIPTS
    return {**files, first: files[second], second: files[first]}


def another_receipt(files: Files) -> Files:
    return {**files, RECEIPTS[0]: b"%PDF-1.7 filed a day earlier"}


def no_receipt(files: Files) -> Files:
    return {name: content for name, content in files.items() if name != RECEIPTS[0]}


def removed(files: Files) -> Files:
    lines = read_lines(files[TIMELINE])
    return with_lines(
        files, [line._replace(sequence=place) for place, line in enumerate([*lines[:6], *lines[7:]], start=1)]
    )


def moved(files: Files) -> Files:
    lines = read_lines(files[TIMELINE])
    lines[6], lines[7] = lines[7]._replace(sequence=7), lines[6]._replace(sequence=8)
    return with_lines(files, lines)


def changed(files: Files) -> Files:
    lines = read_lines(files[TIMELINE])
    lines[3] = lines[3]._replace(payload=lines[3].payload.replace("8400", "84"))
    return with_lines(files, lines)


def test_the_file_as_it_was_written_is_whole(files: Files, tmp_path: Path) -> None:
    code, said = verdict(files, tmp_path / "akt")
    assert code == 0, said
    assert "akten är hel" in said


@pytest.mark.parametrize(
    "tamper, told",
    [
        (one_byte, "handlingar/anmalan/1-initial.txt"),
        (swapped, RECEIPTS[0]),
        (another_receipt, RECEIPTS[0]),
        (no_receipt, RECEIPTS[0]),
        (removed, "tidslinjen, rad 7"),
        (moved, "tidslinjen, rad 7"),
        (changed, "tidslinjen, rad 4"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whoever_tampers_and_seals_anew_is_found_out_without_any_anchor(
    files: Files, case: str, tmp_path: Path, tamper: Callable[[Files], Files], told: str
) -> None:
    tampered = tamper(files)
    assert tampered != files
    code, said = verdict(sealed_anew(tampered, case), tmp_path / "akt")
    assert code == 1
    assert told in said


def cut(files: Files) -> Files:
    return with_lines(files, read_lines(files[TIMELINE])[:-2])


def test_a_cut_end_is_found_out(files: Files, tmp_path: Path) -> None:
    code, said = verdict(cut(files), tmp_path / "akt")
    assert code == 1
    assert "slutet är avhugget" in said


def test_a_cut_end_sealed_anew_is_found_out_by_the_mail_in_the_registrars_mailbox(
    files: Files, case: str, tmp_path: Path
) -> None:
    lines = read_lines(files[TIMELINE])
    mail = tmp_path / "mejl.txt"
    mail.write_text(f"- {Anchor(case, len(lines), lines[-1].hash, {}).told}\n", encoding="utf-8")
    code, said = verdict(sealed_anew(cut(files), case), tmp_path / "akt", "--forankring", str(mail))
    assert code == 1
    assert "avhugget" in said
