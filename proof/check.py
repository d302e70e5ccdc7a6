"""The whole check of a case file: every file against the manifest, every line against the one before, all against the anchors."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from proof.anchors import Told, anchor_faults, anchors_in, outside_faults, stamped_at
from proof.contents import Contents, Fault, Unreadable
from proof.timeline import TIMELINE, Line, documents_named, line_faults, read_lines, texts_issued

FORMAT = "timglas.akt.1"
MANIFEST, SEAL = "manifest.json", "manifest.sha256"


class Manifest(NamedTuple):
    """What a manifest states: the case, its lines and their head, and the digest of each file by its name."""

    format: str
    incident: str
    lines: int
    head: str
    files: dict[str, str]


class Report(NamedTuple):
    """What was found. ``anchored`` is the last line that an anchor in the file vouches for; ``stamps`` when it was stamped.

    ``compared`` counts the anchors from outside that were compared with it.
    """

    incident: str
    files: int
    lines: int
    head: str
    anchored: int
    stamps: list[tuple[str, str]]
    compared: int
    faults: list[Fault]
    signatures_checked: bool = False


def manifest_of(files: Mapping[str, bytes], incident: str, made_at: str, lines: list[Line]) -> bytes:
    """Return the manifest over ``files``; equal ones give equal bytes."""
    listed = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    head = lines[-1].hash if lines else ""
    told = {"format": FORMAT, "incident": incident, "made_at": made_at, "lines": len(lines), "head": head}
    return (json.dumps({**told, "files": listed}, ensure_ascii=False, indent=1) + "\n").encode()


def seal_of(manifest: bytes) -> bytes:
    """Return the seal of the manifest, in the form ``sha256sum -c`` reads."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n".encode()


def check(contents: Contents, told: list[Told] | None = None) -> Report:
    """Return what holds and what does not; ``told`` are the anchors that somebody outside kept.

    Raises Unreadable for what is no case file.
    """
    files, stated = contents.files, _manifest(contents.files)
    incident = stated.incident
    faults = [*contents.faults, *_sealed(files), *_listed(files, stated)]
    lines, unread = _lines(files)
    faults += unread
    if not unread:
        faults += [*_ends(lines, stated), *record_faults(files, lines, incident, told)]
    return Report(
        incident=incident,
        files=len(files),
        lines=len(lines),
        head=lines[-1].hash if lines else "",
        anchored=max((anchor.lines for _, anchor in anchors_in(files)), default=0),
        stamps=[(name, stamped_at(files[name]) or "okänd tid") for name in sorted(files) if name.endswith(".tsr")],
        compared=sum(one.incident == incident for one in told or ()),
        faults=list(dict.fromkeys(faults)),
    )


def record_faults(
    files: Mapping[str, bytes], lines: list[Line], incident: str, told: list[Told] | None = None
) -> Iterator[Fault]:
    """Yield where the lines, the documents and the anchors of a case contradict each other, or what somebody kept."""
    yield from line_faults(lines, incident)
    yield from _vouched(files, lines)
    yield from anchor_faults(files, lines, incident)
    if told is not None:
        yield from outside_faults(told, files, lines, incident)


def _manifest(files: Mapping[str, bytes]) -> Manifest:
    try:
        stated = json.loads(files[MANIFEST])
        listed = {file["name"]: file["sha256"] for file in stated["files"]}
        found = Manifest(stated["format"], stated["incident"], stated["lines"], stated["head"], listed)
    except (KeyError, TypeError, ValueError, RecursionError) as fault:
        raise Unreadable(
            f"Det här är ingen hel akt från Timglas: {MANIFEST} "
            f"{'går inte att läsa' if MANIFEST in files else 'saknas'}. Utan det går inget annat att kontrollera."
        ) from fault
    texts = (found.incident, found.head, *listed, *listed.values())
    if found.format != FORMAT or type(found.lines) is not int or not all(isinstance(text, str) for text in texts):
        raise Unreadable(f"{MANIFEST} är av ett slag som det här programmet inte känner.")
    return found


def _sealed(files: Mapping[str, bytes]) -> Iterator[Fault]:
    if SEAL not in files:
        yield Fault(SEAL, "saknas.")
    elif files[SEAL] != seal_of(files[MANIFEST]):
        yield Fault(MANIFEST, f"stämmer inte med {SEAL}: en av dem är ändrad.")


def _listed(files: Mapping[str, bytes], stated: Manifest) -> Iterator[Fault]:
    origin = {digest: name for name, digest in stated.files.items()}
    for name, digest in stated.files.items():
        actual = hashlib.sha256(files[name]).hexdigest() if name in files else None
        if actual is None:
            yield Fault(name, "saknas.")
        elif actual != digest and actual in origin:
            yield Fault(name, f"är utbytt: innehållet är det som ska stå i {origin[actual]}.")
        elif actual != digest:
            yield Fault(name, "är ändrad: innehållet är inte det som akten skrevs med.")
    for name in sorted(set(files) - set(stated.files) - {MANIFEST, SEAL}):
        yield Fault(name, "hör inte till akten: den har lagts till efteråt.")


def _lines(files: Mapping[str, bytes]) -> tuple[list[Line], list[Fault]]:
    if TIMELINE not in files:
        return [], [Fault(TIMELINE, "saknas. Kedjan kan inte kontrolleras.")]
    try:
        return read_lines(files[TIMELINE]), []
    except (ValueError, RecursionError):
        return [], [Fault(TIMELINE, "går inte att läsa. Kedjan kan inte kontrolleras.")]


def _ends(lines: list[Line], stated: Manifest) -> Iterator[Fault]:
    if len(lines) < stated.lines:
        yield Fault("tidslinjen", f"slutet är avhugget: den har {len(lines)} rader, manifestet säger {stated.lines}.")
    elif len(lines) > stated.lines:
        yield Fault("tidslinjen", f"har {len(lines)} rader, manifestet säger {stated.lines}: rader är tillagda.")
    elif not lines or lines[-1].hash != stated.head:
        yield Fault("tidslinjen", "slutar inte med det huvud som manifestet säger.")


def _vouched(files: Mapping[str, bytes], lines: list[Line]) -> Iterator[Fault]:
    """Yield the documents that the timeline vouches for and the file does not hold, or holds otherwise."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    for number, archived, digest in documents_named(lines):
        name = archived if archived.startswith("forankring/") else f"handlingar/{archived}"
        if name not in files:
            yield Fault(name, f"saknas. Tidslinjen nämner handlingen på rad {number}.")
        elif digests[name] != digest:
            yield Fault(name, f"är en annan handling än den som tidslinjen nämner på rad {number}.")
    held = set(digests.values())
    for number, digest in texts_issued(lines):
        if digest not in held:
            yield Fault(f"tidslinjen, rad {number}", f"texten som lämnades ut ({digest[:16]}…) finns inte i akten.")
