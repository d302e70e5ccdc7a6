"""A case file on disk: as a folder or as one ZIP, written whole or not at all, and never over anything."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from models.errors import N_, UnreadableFile
from proof.contents import packed


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` into the new folder ``target``; only its owner can read it. Raises UnreadableFile if it exists."""
    _require_free(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    try:
        for name, content in files.items():
            place = draft / name
            for folder in reversed(place.relative_to(draft).parents):
                (draft / folder).mkdir(mode=0o700, exist_ok=True)
            place.write_bytes(content)
            place.chmod(0o600)
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def write_zip(target: Path, files: Mapping[str, bytes], *, folder: str) -> None:
    """Write ``files``, below ``folder``, into the new ZIP ``target``. Raises UnreadableFile if it exists."""
    _require_free(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(prefix=".", dir=target.parent) as draft:
        draft.write(packed(files, folder))
        draft.flush()
        os.link(draft.name, target)


def _require_free(target: Path) -> None:
    if target.exists():
        raise UnreadableFile(
            N_("{file} is there already."),
            why=N_("A case file is never written over another."),
            remedy=N_("Name another folder or file, or move the old one away."),
            file=target.name,
        )
