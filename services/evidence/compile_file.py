"""Compile the file of a case: everything a supervisor needs, readable without Timglas, and what proves that it is whole."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from importlib.metadata import version

from law.clock import readings
from law.e_archive import archive_format
from letters.compose import letterhead
from letters.dossier import DOSSIER, Matter, case_dossier
from letters.dossier.data import dossier_data
from letters.dossier.page import page
from letters.language import capital, named
from letters.senders import full_name
from models.base import IncidentId
from models.duty import Duty
from models.events import from_json
from models.replay import replay
from proof.check import MANIFEST, SEAL, manifest_of, seal_of
from proof.script import NAME, script
from proof.timeline import TIMELINE, Line
from services.due.deadlines import deadlines_of
from services.evidence.e_archive import METS, mets
from services.evidence.file_documents import choose
from services.ports.world import World
from services.record import read, require_unclassified

VERSION = version("timglas")
PAGE, PRINT, DATA = "index.html", "akt.pdf", "akt.json"


def compile_file(incident_id: IncidentId, *, at: datetime, world: World) -> dict[str, bytes]:
    """Return every file of the case file by its name in it, as the case stands; ``at`` is when it is made.

    Raises UnknownReference, and StepOutOfOrder for a case whose content is kept out.
    """
    require_unclassified(read(incident_id, world.timeline).incident)
    lines = lines_of(incident_id, world)
    chosen = choose(incident_id, lines, world)
    history = tuple(
        from_json(line.payload) for line in lines
    )  # of the same reading as the lines: somebody may write now
    incident = replay(history)
    deadlines = deadlines_of(incident, world.book)
    matter = Matter(
        incident=incident,
        history=history,
        deadlines=deadlines,
        latest=_latest(deadlines),
        uncertain=_uncertain(deadlines, world),
        documents=chosen.documents,
        left_out=chosen.left_out,
        register=world.register,
        head=lines[-1].hash,
        at=at,
    )
    named_in_it = (*chosen.files, METS, PRINT, DATA, TIMELINE, NAME, MANIFEST, SEAL)
    inside = {**chosen.files, **_told(matter, named_in_it, world), TIMELINE: _stored(lines), NAME: script()}
    made_at = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    inside[METS] = mets(
        inside, incident=incident_id, party=matter.party, made_at=made_at, version=VERSION, form=archive_format()
    )
    manifest = manifest_of(inside, incident_id, made_at, lines)
    return {**inside, MANIFEST: manifest, SEAL: seal_of(manifest)}


def lines_of(incident_id: IncidentId, world: World) -> list[Line]:
    """Return the timeline as it is stored, line by line."""
    return [Line(sequence, payload, link) for _, sequence, payload, link in world.timeline.rows(incident_id)]


def _told(matter: Matter, files: Iterable[str], world: World) -> dict[str, bytes]:
    """Return the file as people read it, on a screen and on paper, and as programs do."""
    letter = case_dossier(matter)
    kind = capital(named("letter", DOSSIER))
    head = letterhead(matter.party, recipient=(), date=matter.at, reference=matter.incident.id, kind=kind)
    data = json.dumps(dossier_data(matter), ensure_ascii=False, indent=1)
    return {
        PAGE: page(letter, sender=full_name(matter.party), files=files).encode(),
        PRINT: world.printer.record(letter, head),
        DATA: f"{data}\n".encode(),
    }


def _stored(lines: list[Line]) -> bytes:
    return (json.dumps([line._asdict() for line in lines], ensure_ascii=False, indent=1) + "\n").encode()


def _latest(deadlines: Iterable[Duty]) -> dict[str, datetime]:
    counted = {duty.key: duty.counted for duty in deadlines if duty.counted and duty.counted.period.unit == "hours"}
    return {key: readings(one.start, one.period).regulation_1182_71 for key, one in counted.items()}


def _uncertain(deadlines: Iterable[Duty], world: World) -> dict[str, date]:
    """Return the provisions behind ``deadlines`` that were not read in the official text, and when they were looked at."""
    provisions = {duty.counted.provision for duty in deadlines if duty.counted}
    statutes = (world.book.statutes[provision] for provision in provisions)
    return {one.id: one.verified_on for one in statutes if one.confidence != "high" and one.verified_on}
