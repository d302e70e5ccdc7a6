import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.archive import FolderArchive
from models.errors import TimelineConflict, UnknownReference

CASE = "INC-2023-0001"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def archive(root: Path) -> FolderArchive:
    return FolderArchive(root)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_document_is_kept_and_read_back(archive: FolderArchive) -> None:
    assert archive.keep(CASE, "notification/initial.pdf", b"%PDF") == sha256(b"%PDF")
    assert archive.read(CASE, "notification/initial.pdf") == b"%PDF"


def test_the_archive_refuses_to_overwrite(archive: FolderArchive) -> None:
    archive.keep(CASE, "letter.pdf", b"one")
    with pytest.raises(TimelineConflict, match="new name"):
        archive.keep(CASE, "letter.pdf", b"two")
    assert archive.read(CASE, "letter.pdf") == b"one"


def test_the_same_content_again_changes_nothing(archive: FolderArchive, root: Path) -> None:
    first = archive.keep(CASE, "letter.pdf", b"one")
    before = (root / CASE / "letter.pdf").stat()
    assert archive.keep(CASE, "letter.pdf", b"one") == first
    after = (root / CASE / "letter.pdf").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [path.name for path in (root / CASE).iterdir()] == ["letter.pdf"]


def test_of_those_who_keep_at_the_same_moment_one_content_stands(archive: FolderArchive) -> None:
    def keep(number: int) -> str | None:
        try:
            return archive.keep(CASE, "letter.pdf", str(number).encode() * 10_000)
        except TimelineConflict:
            return None

    with ThreadPoolExecutor(4) as pool:
        kept = [digest for digest in pool.map(keep, range(8)) if digest]
    assert kept == [sha256(archive.read(CASE, "letter.pdf"))]


def test_only_the_owner_can_read_the_archive(archive: FolderArchive, root: Path) -> None:
    archive.keep(CASE, "notification/initial.pdf", b"%PDF")
    archive.seal(CASE)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (root, *root.rglob("*"))}
    assert modes == {True: 0o700, False: 0o600}


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/../b",
        "..",
        ".",
        "",
        "/etc/passwd",
        "a//b",
        "a/",
        ".hidden",
        "a/.hidden",
        "Letter.pdf",
        "brev-å.pdf",
        "a b",
        "a\0b",
        "a\n",
        "a\\b",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(archive: FolderArchive, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UnknownReference):
        archive.keep(CASE, name, b"x")
    with pytest.raises(UnknownReference):
        archive.read(CASE, name)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("incident", ["..", "INC-2023-1", "INC-2023-0001/..", "inc-2023-0001", "", "INC-２０２３-0001"])
def test_a_case_reference_that_is_none_is_refused(archive: FolderArchive, incident: str) -> None:
    for act in (
        lambda: archive.keep(incident, "a", b""),
        lambda: archive.read(incident, "a"),
        lambda: archive.seal(incident),
    ):
        with pytest.raises(UnknownReference):
            act()


@pytest.mark.parametrize("name", ["missing.pdf", "notification", "notification/initial.pdf/more"])
def test_a_document_that_was_never_kept_is_unknown(archive: FolderArchive, name: str) -> None:
    archive.keep(CASE, "notification/initial.pdf", b"%PDF")
    with pytest.raises(UnknownReference, match=name):
        archive.read(CASE, name)


def test_sealing_lists_everything_by_name_size_and_hash(archive: FolderArchive) -> None:
    archive.keep(CASE, "b.json", b"{}")
    archive.keep(CASE, "a/letter.pdf", b"%PDF")
    archive.keep("INC-2023-0002", "other.pdf", b"%PDF")
    digest = archive.seal(CASE)
    manifest = archive.read(CASE, "manifest.json")
    assert digest == sha256(manifest)
    assert json.loads(manifest) == [
        {"name": "a/letter.pdf", "bytes": 4, "sha256": sha256(b"%PDF")},
        {"name": "b.json", "bytes": 2, "sha256": sha256(b"{}")},
    ]


def test_sealing_is_stable(archive: FolderArchive, tmp_path: Path) -> None:
    for name in ("a", "b"):
        archive.keep(CASE, name, name.encode())
    digest = archive.seal(CASE)
    assert archive.seal(CASE) == digest
    other = FolderArchive(tmp_path / "other")
    for name in ("b", "a"):
        other.keep(CASE, name, name.encode())
    assert other.seal(CASE) == digest


def test_a_document_kept_after_sealing_makes_a_new_manifest_that_vouches_for_the_old(archive: FolderArchive) -> None:
    digests = []
    for number in range(11):
        archive.keep(CASE, f"document-{number}", b"x")
        digests.append(archive.seal(CASE))
        assert archive.seal(CASE) == digests[-1]
    assert len(set(digests)) == 11
    assert sha256(archive.read(CASE, "manifest.json")) == digests[0]
    newest = {line["name"]: line["sha256"] for line in json.loads(archive.read(CASE, "manifest-11.json"))}
    assert newest["manifest.json"] == digests[0]
    assert newest["manifest-10.json"] == digests[9]
    assert "manifest-11.json" not in newest
    assert len(newest) == 11 + 10


def test_nobody_keeps_a_document_under_the_name_of_a_manifest(archive: FolderArchive) -> None:
    for name in ("manifest.json", "manifest-2.json"):
        with pytest.raises(UnknownReference, match="manifests are our own"):
            archive.keep(CASE, name, b"[]")


def test_nothing_kept_is_nothing_to_seal(archive: FolderArchive, root: Path) -> None:
    with pytest.raises(UnknownReference):
        archive.seal(CASE)
    assert not root.exists()


def test_a_draft_that_a_power_cut_left_behind_is_neither_listed_nor_read(archive: FolderArchive, root: Path) -> None:
    archive.keep(CASE, "letter.pdf", b"one")
    digest = archive.seal(CASE)
    (root / CASE / ".half").write_bytes(b"on")
    assert archive.seal(CASE) == digest
