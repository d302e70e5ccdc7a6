"""What the pages of a replay show of a case's documents, and of its file: that it proves itself."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from letters.dossier import document_title
from proof.script import NAME
from services.evidence.file_documents import FILES, HANDED_OUT
from services.ports.world import World

ANCHORED = "Kontrollsumma"
"""How the subject of the registrar's mails begins."""


def documents(folder: Path, world: World) -> Iterator[dict[str, Any]]:
    """Yield what left the house, as links from the page of its case."""
    handed_out = folder / FILES / HANDED_OUT
    for file in sorted(handed_out.rglob("*.pdf")):
        title = document_title(file.relative_to(handed_out).with_suffix("").as_posix(), world.register)
        yield {"path": file.relative_to(folder).as_posix(), "title": title}
        if file.with_suffix(".html").exists():
            path = file.with_suffix(".html").relative_to(folder).as_posix()
            yield {"path": path, "title": f"{title}, som webbsida"}


def proved(folder: Path, mails: Sequence[dict[str, Any]]) -> list[str]:
    """Return what the script in the file says of it, beside the last of the ``mails`` that the registrar got.

    It is run by a Python that has nothing but its standard library.
    """
    told = [folder / mail["path"] for mail in mails if mail["subject"].startswith(ANCHORED)]
    kept = [f"--forankring={told[-1]}"] if told else []
    command = [sys.executable, "-I", "-S", str(folder / FILES / NAME), *kept]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env={})  # noqa: S603 - our own script
    return done.stdout.splitlines()
