"""What a Prefect server remembers before anything has happened. Made once for all tests: it takes a server ten seconds."""

import fcntl
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from adapters.settings import CHECKOUT
from flows.host.server import QUIET, kept_in

_KEPT = CHECKOUT / ".pytest_cache" / f"prefect-{version('prefect')}.db"
_MAKE = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]


def lay_empty_memory(home: Path) -> None:
    """Lay the database in ``home`` that a server's first start would make there; one that lies there stays."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "prefect.db").exists():
        _copy(_made(), home / "prefect.db")


def _made() -> Path:
    """Return the empty database. Several test runs at once make it once."""
    _KEPT.parent.mkdir(exist_ok=True)
    with _KEPT.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _KEPT.exists():
            with tempfile.TemporaryDirectory(dir=_KEPT.parent) as folder:
                others = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
                environment = {**others, **QUIET, **kept_in(Path(folder))}
                subprocess.run(_MAKE, env=environment, check=True, capture_output=True)
                _copy(Path(folder, "prefect.db"), Path(folder, "whole.db"))
                Path(folder, "whole.db").rename(_KEPT)
    return _KEPT


def _copy(made: Path, copy: Path) -> None:
    """Copy a database with what still stands in its log beside it."""
    with closing(sqlite3.connect(made)) as whole, closing(sqlite3.connect(copy)) as other:
        whole.backup(other)
