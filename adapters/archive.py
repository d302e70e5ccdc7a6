"""Issued documents in a folder per incident: written once, never changed, sealed by a manifest."""

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path

from models.base import IncidentId
from models.errors import N_, TimelineConflict, UnknownReference

_INCIDENT = re.compile(r"INC-\d{4}-\d{4,}", re.ASCII)
_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*")
_MANIFEST = re.compile(r"manifest(-\d+)?\.json")


class FolderArchive:
    """The archive below ``root``. Only its owner can read it (0700, 0600).

    The first seal of an incident is ``manifest.json``, the later ones ``manifest-2.json``, ``manifest-3.json`` and so
    on. Each lists everything kept by then, the earlier manifests included: the newest vouches for them all.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, incident_id: IncidentId, name: str, content: bytes) -> str:
        """Keep ``content`` as ``name`` and return its SHA-256. The same content again changes nothing.

        Raises TimelineConflict for other content under the same name, UnknownReference for a name that is none.
        """
        if _MANIFEST.fullmatch(name):
            raise _no_document(incident_id, name)
        return self._write_once(incident_id, name, content)

    def read(self, incident_id: IncidentId, name: str) -> bytes:
        """Return the document (or manifest) ``name``. Raises UnknownReference."""
        try:
            return self._path(incident_id, name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise _no_document(incident_id, name) from None

    def names(self, incident_id: IncidentId) -> tuple[str, ...]:
        """Return the name of every document kept for the incident, without the manifests; none if nothing is kept."""
        kept = self._kept(self._path(incident_id, "manifest.json").parent)
        return tuple(sorted(name for name in kept if not _MANIFEST.fullmatch(name)))

    def seal(self, incident_id: IncidentId) -> str:
        """Write the manifest of everything kept for the incident and return the manifest's SHA-256.

        If nothing was kept since the last seal, that one stands. Raises UnknownReference if nothing was kept at all.
        """
        folder = self._path(incident_id, "manifest.json").parent
        kept = self._kept(folder)
        if not kept:
            raise _no_document(incident_id, "manifest.json")
        manifests = sorted(filter(_MANIFEST.fullmatch, kept), key=lambda name: (len(name), name))
        if manifests:
            standing = kept.pop(manifests[-1])
            if standing.read_bytes() == _manifest(kept):
                return _digest(standing)
            kept[manifests[-1]] = standing
        name = f"manifest-{len(manifests) + 1}.json" if manifests else "manifest.json"
        return self._write_once(incident_id, name, _manifest(kept))

    def _kept(self, folder: Path) -> dict[str, Path]:
        return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if _is_kept(folder, path)}

    def _path(self, incident_id: IncidentId, name: str) -> Path:
        if not (_INCIDENT.fullmatch(incident_id) and _NAME.fullmatch(name)):
            raise _no_document(incident_id, name)
        return self._root / incident_id / name

    def _write_once(self, incident_id: IncidentId, name: str, content: bytes) -> str:
        path = self._path(incident_id, name)
        _make_folder(path.parent)
        # A link fails if the name is taken, and it appears with the whole content or not at all.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".") as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            try:
                os.link(draft.name, path)
            except FileExistsError:
                if path.read_bytes() != content:
                    raise _taken(incident_id, name) from None
        _sync(path.parent)
        return hashlib.sha256(content).hexdigest()


def _is_kept(folder: Path, path: Path) -> bool:
    """Tell documents from folders and from the drafts (``.…``) that a power cut may have left."""
    return path.is_file() and _NAME.fullmatch(path.relative_to(folder).as_posix()) is not None


def _manifest(kept: dict[str, Path]) -> bytes:
    lines = [
        {"name": name, "bytes": path.stat().st_size, "sha256": _digest(path)} for name, path in sorted(kept.items())
    ]
    return (json.dumps(lines, indent=1) + "\n").encode()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Make the folder's new entries survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_document(incident_id: IncidentId, name: str) -> UnknownReference:
    return UnknownReference(
        N_("There is no document {name} for {incident} in the archive."),
        why=N_("A name is made of a-z, 0-9, hyphen, underscore, full stop and slash, and the manifests are our own."),
        remedy=N_("Check the case reference and the name."),
        name=name,
        incident=incident_id,
    )


def _taken(incident_id: IncidentId, name: str) -> TimelineConflict:
    return TimelineConflict(
        N_("The document {name} for {incident} has already been issued, with other content."),
        why=N_("An issued document is never changed."),
        remedy=N_("Issue the new content under a new name."),
        name=name,
        incident=incident_id,
    )
