"""Which documents of the archive go into the case file, under which name, and which do not."""

import hashlib
from typing import NamedTuple

from letters.dossier import Document, LeftOut
from letters.plain import whole
from models.base import IncidentId
from models.letter import Letter
from proof.anchors import FOLDER as ANCHORS
from proof.timeline import Line, texts_issued
from services.people.communication import communication_of
from services.ports.world import Archive, World

HANDED_OUT = "handlingar"
TEXTS = f"{HANDED_OUT}/godkanda-texter"
DRAFTS, FILES = "utkast", "akt"
ISSUED = ("anmalan", "beslut", "fragor", "till-allmanheten", "till-personuppgiftsansvariga", "till-registrerade")
"""The folders of what has left the house, or was handed in to be kept. What lies elsewhere does not go into the file."""


class Chosen(NamedTuple):
    """The documents that go into the file, by their path there, and what stays in the archive."""

    files: dict[str, bytes]
    left_out: LeftOut

    @property
    def documents(self) -> tuple[Document, ...]:
        """What was handed out, as the file lists it."""
        handed_out = {path: content for path, content in self.files.items() if path.startswith(f"{HANDED_OUT}/")}
        return tuple(
            Document(path, len(content), hashlib.sha256(content).hexdigest()) for path, content in handed_out.items()
        )


def choose(incident_id: IncidentId, lines: list[Line], world: World) -> Chosen:
    """Return what goes into the file. A folder that nobody has told of stays out, and is named: it may hold a person."""
    archive = world.archive
    files, drafts, unknown = {}, 0, []
    for name in archive.names(incident_id):
        folder = name.partition("/")[0]
        if folder == ANCHORS:
            files[name] = archive.read(incident_id, name)
        elif folder in ISSUED:
            files[f"{HANDED_OUT}/{name}"] = archive.read(incident_id, name)
        elif folder == DRAFTS:
            drafts += 1
        elif folder != FILES:
            unknown.append(name)
    texts = _texts(incident_id, lines, files, archive)
    persons = world.printed.count(communication_of(incident_id))
    return Chosen({**files, **texts}, LeftOut(drafts, persons, tuple(unknown)))


def _texts(incident_id: IncidentId, lines: list[Line], files: dict[str, bytes], archive: Archive) -> dict[str, bytes]:
    """Return the texts that the timeline vouches for and no document is, word for word: those with variants."""
    held = {hashlib.sha256(content).hexdigest() for content in files.values()}
    wanted = {digest for _, digest in texts_issued(lines)} - held
    drafts = [name for name in archive.names(incident_id) if name.startswith(f"{DRAFTS}/")]
    found: dict[str, bytes] = {}
    for digest in wanted:
        for name in (name for name in drafts if name.endswith(f"-{digest[:12]}.json")):
            text = whole(Letter.model_validate_json(archive.read(incident_id, name))).encode()
            if hashlib.sha256(text).hexdigest() == digest:
                found[f"{TEXTS}/{name.removeprefix(f'{DRAFTS}/').removesuffix('.json')}.txt"] = text
    return found
