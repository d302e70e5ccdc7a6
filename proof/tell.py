"""Say what the check found, in Swedish, and run it from the command line as ``python verifiera.py``."""

import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from proof.anchors import FOLDER, Told, anchors_told
from proof.check import Report, check
from proof.contents import Unreadable, read_contents

WHOLE, CHANGED, NOT_CHECKED = 0, 1, 2
"""Exit codes: everything holds; something does not; there was nothing that could be checked."""

USAGE = """Kontrollera en akt från Timglas. Det enda som behövs är Python 3.9 eller senare.

    python verifiera.py [AKT] [--forankring FIL] ...

AKT är aktens mapp eller ZIP-fil. Utan den kontrolleras mappen där programmet ligger.
FIL är ett sparat mejl (.eml eller .txt) från Timglas till registratorn. Med det kontrolleras att
ingen har skrivit om hela akten eller tagit bort slutet av den efter att mejlet kom.

Svaret är 0 om allt stämmer, 1 om något är ändrat och 2 om akten inte går att kontrollera."""


class Asked(NamedTuple):
    """What somebody typed: which case file, and the mail that was kept outside it."""

    path: Path
    mails: list[Path]


def main(typed: list[str], own_folder: Path) -> int:
    """Check what is asked for, say what was found, and return the exit code."""
    if "--help" in typed or "-h" in typed:
        print(USAGE)  # noqa: T201 - this is the script's voice
        return WHOLE
    try:
        asked = read_arguments(typed, own_folder)
        told = told_outside(asked.mails) if asked.mails else None
        report = check(read_contents(asked.path), told)
    except Unreadable as fault:
        print(f"Inte kontrollerad. {fault}", file=sys.stderr)  # noqa: T201 - as above
        return NOT_CHECKED
    for line in sentences(report):
        print(line)  # noqa: T201 - as above
    return CHANGED if report.faults else WHOLE


def read_arguments(typed: list[str], own_folder: Path) -> Asked:
    """Read the command line. Raises Unreadable for what is not understood."""
    rest, paths, mails = list(typed), list[Path](), list[Path]()
    while rest:
        word = rest.pop(0)
        if word == "--forankring" and rest:
            mails.append(Path(rest.pop(0)))
        elif word.startswith("--forankring="):
            mails.append(Path(word.partition("=")[2]))
        elif word.startswith("-") or paths:
            raise Unreadable(f"{word} går inte att förstå.\n\n{USAGE}")
        else:
            paths.append(Path(word))
    return Asked(paths[0] if paths else own_folder, mails)


def told_outside(mails: list[Path]) -> list[Told]:
    """Return the anchors that saved mail tells of. Raises Unreadable for a file that tells of none."""
    found: list[Told] = []
    for mail in mails:
        try:
            told = anchors_told(_said(mail.read_bytes(), is_mail=mail.suffix.lower() == ".eml"))
        except (OSError, ValueError, LookupError) as fault:
            raise Unreadable(f"{mail.name} går inte att läsa.") from fault
        if not told:
            raise Unreadable(f"{mail.name} innehåller ingen förankring från Timglas.")
        found += told
    return found


def sentences(report: Report) -> Iterator[str]:
    """Yield what a reader is told: the verdict first, then what it rests on, then what it does not prove."""
    if report.faults:
        yield f"{report.incident}: AKTEN STÄMMER INTE. {_counted(len(report.faults), 'fel', 'fel')}:"
        yield from (f"{place}. {fault.where}: {fault.what}" for place, fault in enumerate(report.faults, start=1))
        yield "Använd den inte som den är. Be om en ny akt, och spara den här som den är."
        return
    yield f"{report.incident}: akten är hel."
    yield f"- {_counted(report.files, 'fil', 'filer')}: var och en är den som manifestet säger."
    yield f"- {_counted(report.lines, 'rad', 'rader')} i tidslinjen: kedjan håller från den första till den sista."
    yield f"- Kedjans huvud: {report.head}"
    if report.anchored:
        yield f"- Akten stämmer med sina egna förankringar, den sista vid rad {report.anchored}."
    yield from _stamps(report)
    yield from _outside(report)


def _stamps(report: Report) -> Iterator[str]:
    for name, at in report.stamps:
        if report.signatures_checked:
            yield f"- {name} är en tidsstämpel från {at} UTC, och dess underskrift håller."
        else:
            yield f"- {name} är en tidsstämpel från {at} UTC. Dess underskrift är inte kontrollerad här; det gör:"
            yield f"  openssl ts -verify -in {name} -data {name[: -len('.tsr')]}.txt -CAfile ROTCERTIFIKAT"


def _outside(report: Report) -> Iterator[str]:
    if report.compared:
        yield "- Den stämmer också med det mejl som du angav, och som Timglas inte kan ändra."
    else:
        yield (
            "Det här visar att inget är ändrat sedan akten skrevs. Att ingen skrev om alltihop dessförinnan visar mejlen "
            f"i registratorns brevlåda ({FOLDER}): spara det senaste och kör igen med --forankring FIL."
        )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _said(content: bytes, *, is_mail: bool) -> str:
    if not is_mail:
        return content.decode("utf-8-sig")
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    return str(body.get_content()) if body else ""
