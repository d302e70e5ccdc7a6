"""The published copy: a folder of static files that any web server can serve, or that somebody copies to one."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from models.base import IncidentId


class FolderSite:
    """One folder per incident below ``root``. What a page links to is there before the page is."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, incident_id: IncidentId, files: Mapping[str, bytes]) -> Path:
        """Write ``files`` in place of those of the same names, each whole or not at all, and return their folder.

        Everybody may read them: they are published.
        """
        folder = self._root / incident_id.lower()
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in sorted(files.items(), key=lambda one: one[0].endswith(".html")):
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as draft:
                draft.write(content)
                draft.flush()
                os.fsync(draft.fileno())
            Path(draft.name).chmod(0o644)
            Path(draft.name).replace(folder / name)
        return folder
