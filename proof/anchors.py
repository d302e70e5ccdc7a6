"""An anchor: what a chain and its documents were at one moment, written down to be kept where we cannot reach it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from proof.contents import Fault
from proof.timeline import Line

FOLDER = "forankring"
_FIRST = "Timglas förankring 1"
_NAME = re.compile(FOLDER + r"/(\d+)-[0-9a-f]{12}\.txt")
_SHA256 = bytes.fromhex("0609608648016503040201")
_TIME = re.compile(rb"\x18[\x0f-\x17](\d{14})(?:\.\d+)?Z")
_SPACE = re.compile(r"[\s ]+")


class Anchor(NamedTuple):
    """The state of one case after ``lines`` lines: the hash of the last, and the digest of every document by its name."""

    incident: str
    lines: int
    head: str
    documents: dict[str, str]

    @property
    def statement(self) -> str:
        """The anchor as the text that is mailed, time-stamped and kept; its documents as ``sha256sum`` writes them."""
        listed = (f"{digest}  {name}" for name, digest in sorted(self.documents.items()))
        stated = (f"Ärende: {self.incident}", f"Rader: {self.lines}", f"Huvud: {self.head}")
        return "\n".join((_FIRST, *stated, f"Handlingar: {len(self.documents)}", *listed, ""))

    @property
    def seal(self) -> str:
        """The SHA-256 of the statement."""
        return hashlib.sha256(self.statement.encode()).hexdigest()

    @property
    def name(self) -> str:
        """Where the statement lies in the archive and in the case file."""
        return f"{FOLDER}/{self.lines}-{self.seal[:12]}.txt"

    @property
    def told(self) -> str:
        """The anchor in one line, as it stands in a mail, where ``anchors_told`` finds it again."""
        return f"{self.incident}, rad {self.lines}: {self.head}, sigill {self.seal}"


class Told(NamedTuple):
    """An anchor as somebody outside has it: of one case, how many lines, the hash of the last, the statement's digest."""

    incident: str
    lines: int
    head: str
    seal: str


_TOLD = re.compile(r"(INC-\d{4}-\d{4,}), rad (\d{1,9}): ([0-9a-f]{64}), sigill ([0-9a-f]{64})")


def anchors_told(text: str) -> list[Told]:
    """Return every anchor that the text of a mail tells of, however its lines were broken on the way."""
    found = _TOLD.findall(_SPACE.sub(" ", text))
    return [Told(incident, int(lines), head, seal) for incident, lines, head, seal in found]


def read_statement(content: bytes) -> Anchor:
    """Return the anchor whose statement ``content`` is. Raises ValueError unless it is one to the last byte."""
    first, incident, lines, head, _, *listed = content.decode().split("\n")
    named = {name: digest for digest, _, name in (line.partition("  ") for line in listed[:-1])}
    anchor = Anchor(incident[8:], int(lines[7:]), head[7:], named)
    if first != _FIRST or anchor.statement.encode() != content:
        raise ValueError("not a statement of ours")
    return anchor


def anchors_in(files: Mapping[str, bytes]) -> Iterator[tuple[str, Anchor]]:
    """Yield the anchors that lie in a case file, by their names, the earliest first; what is unreadable is left out."""
    numbered = sorted((int(found[1]), name) for name in files if (found := _NAME.fullmatch(name)))
    for _, name in numbered:
        try:
            yield name, read_statement(files[name])
        except ValueError:
            continue


def anchor_faults(files: Mapping[str, bytes], lines: list[Line], incident: str) -> Iterator[Fault]:
    """Yield where the case file is no longer what its own anchors say it was."""
    anchors = dict(anchors_in(files))
    for name in files:
        if _NAME.fullmatch(name) and name not in anchors:
            yield Fault(name, "är ingen förankring som går att läsa: den är ändrad.")
        if name.startswith(f"{FOLDER}/") and name.endswith(".tsr"):
            yield from _stamp_faults(name, files)
    for name, anchor in anchors.items():
        yield from _chain_faults(name, Told(anchor.incident, anchor.lines, anchor.head, anchor.seal), lines, incident)
        for document, digest in anchor.documents.items():
            if document not in files:
                yield Fault(document, f"saknas. Handlingen fanns när kedjan förankrades vid rad {anchor.lines}.")
            elif hashlib.sha256(files[document]).hexdigest() != digest:
                yield Fault(document, f"är en annan handling än den som förankrades vid rad {anchor.lines}.")


def outside_faults(told: list[Told], files: Mapping[str, bytes], lines: list[Line], incident: str) -> Iterator[Fault]:
    """Yield where the case file is not what somebody outside was told that it was."""
    ours = [one for one in told if one.incident == incident]
    if not ours:
        yield Fault("förankringen utanför akten", f"säger inget om {incident}.")
    for one in ours:
        where = f"förankringen utanför akten, rad {one.lines}"
        yield from _chain_faults(where, one, lines, incident)
        sealed = {anchor.seal for _, anchor in anchors_in(files)}
        if one.seal not in sealed:
            yield Fault(
                where, f"akten har ingen förankring med sigillet {one.seal[:16]}…: den är borttagen eller utbytt."
            )


def stamped_at(stamp: bytes) -> str | None:
    """Return when a time-stamp (RFC 3161) says that it was made, in UTC as ``2026-04-26 13.21``; None if it does not."""
    found = _TIME.search(stamp)
    digits = found[1].decode() if found else ""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}.{digits[10:12]}" if found else None


def covers(stamp: bytes, statement: bytes) -> bool:
    """Tell whether a time-stamp is over ``statement``. Whether its signature holds takes more than the standard library."""
    digest = hashlib.sha256(statement).digest()
    return any(_SHA256 + null + b"\x04\x20" + digest in stamp for null in (b"", b"\x05\x00"))


def _stamp_faults(name: str, files: Mapping[str, bytes]) -> Iterator[Fault]:
    statement = files.get(name[: -len(".tsr")] + ".txt")
    if statement is None:
        yield Fault(name, "stämplar en förankring som saknas.")
    elif not covers(files[name], statement):
        yield Fault(name, "är ingen tidsstämpel över den förankring som den ligger bredvid.")


def _chain_faults(where: str, told: Told, lines: list[Line], incident: str) -> Iterator[Fault]:
    if told.incident != incident:
        yield Fault(where, f"gäller ett annat ärende: {told.incident}.")
    elif told.lines > len(lines):
        yield Fault(
            "tidslinjen",
            f"slutet är avhugget: den har {len(lines)} rader, men hade minst {told.lines} ({where}).",
        )
    elif told.lines < 1 or lines[told.lines - 1].hash != told.head:
        yield Fault(
            f"tidslinjen, rad 1–{told.lines}",
            f"är inte de rader som förankrades: rad {told.lines} har en annan kontrollsumma ({where}).",
        )
