"""A small case file made by hand: twelve lines, two documents, an anchor at line 7, and nothing that takes time."""

import hashlib
import json
from collections.abc import Mapping

from models.chain import GENESIS, link
from proof.anchors import Anchor
from proof.check import MANIFEST, SEAL, manifest_of, seal_of
from proof.script import NAME, script
from proof.timeline import TIMELINE, Line

CASE = "INC-2026-0042"
MADE_AT = "2026-05-24T08:10:00Z"
SHEET = "handlingar/anmalan/1-initial"


def chained(payloads: list[str], incident: str = CASE) -> list[Line]:
    lines, previous = [], GENESIS
    for sequence, payload in enumerate(payloads, start=1):
        previous = link(previous, incident, sequence, payload)
        lines.append(Line(sequence, payload, previous))
    return lines


def events() -> list[str]:
    text = hashlib.sha256(DOCUMENTS[f"{SHEET}.txt"]).hexdigest()
    filed = {"type": "notification_submitted.v1", "sha256": text, "phase": "initial"}
    kept = {"name": "anmalan/1-kopia.html", "sha256": hashlib.sha256(COPY).hexdigest()}
    told = [{"type": "facts_established.v1", "facts": {"what_happened": f"Rad {n}: åäö."}} for n in range(1, 6)]
    said = [*told, filed, {"type": "filing_copy_kept.v1", "filing": 6, "document": kept}, *told]
    return [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in said]


COPY = b"<p>Kvittens</p>"
DOCUMENTS = {
    f"{SHEET}.pdf": b"%PDF-1.7 the sheet",
    f"{SHEET}.txt": "Underlag för anmälan".encode(),
    "handlingar/anmalan/1-kopia.html": COPY,
}
LINES = chained(events())
ANCHOR = Anchor(CASE, 7, LINES[6].hash, {name: hashlib.sha256(DOCUMENTS[name]).hexdigest() for name in DOCUMENTS})


def timeline(lines: list[Line]) -> bytes:
    return json.dumps([line._asdict() for line in lines], ensure_ascii=False, indent=1).encode()


def sealed(files: Mapping[str, bytes], lines: list[Line]) -> dict[str, bytes]:
    """The manifest and its seal over ``files``: what also a forger can write."""
    inside = {name: content for name, content in files.items() if name not in (MANIFEST, SEAL)}
    manifest = manifest_of(inside, CASE, MADE_AT, lines)
    return {**inside, MANIFEST: manifest, SEAL: seal_of(manifest)}


def case_file(lines: list[Line] = LINES) -> dict[str, bytes]:
    files = {
        "index.html": b"<!doctype html><title>Akt</title>",
        TIMELINE: timeline(lines),
        NAME: script(),
        ANCHOR.name: ANCHOR.statement.encode(),
        **DOCUMENTS,
    }
    return sealed(files, lines)


FILES = case_file()
