"""Letters for digital mailboxes as one ZIP, for whoever sends on to Mina meddelanden or to a mailbox operator.

``sandning.json`` says what all share, as a message there wants it: sender with organisation number, subject, language,
text and where to ask (Mina meddelanden, Message v3). ``mottagare.jsonl`` has a line a person: identity number of twelve
digits, the PDF, and its SHA-256. Nothing but the number tells who they are.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from adapters.new_file import new_file
from models.errors import N_, Misprint
from models.sheet import WHOLE, DigitalPost, Frame, Place, PrintedBatch, Sheet, numbers

_LONGEST_SUBJECT, _LARGEST = 255, 2_000_000
"""What a message in Mina meddelanden may be at most: signs in its subject, octets in all."""
_BEFORE_ZIP = (1980, 1, 1, 0, 0, 0)


def write_drop(
    file: Path,
    post: DigitalPost,
    letters: Iterable[tuple[Sheet, Frame | None, str]],
    *,
    left_out: Collection[int] = (),
) -> PrintedBatch:
    """Write the letters, each with the number of whom it is to, and read them back. Only the owner may read the file.

    No letter in this file has one of the numbers ``left_out``.
    Raises Misprint if a letter read back is not the one that was kept, or larger than a mailbox takes.
    """
    places: list[Place] = []
    pages = 0
    with new_file(file) as draft:
        with ZipFile(draft, "w", ZIP_DEFLATED) as zipped:
            lines = []
            for letter, (sheet, frame, number) in zip(numbers(left_out), letters, strict=False):
                name = f"brev/{letter:06}.pdf"
                pdf = frame.letter(sheet.content) if frame is not None and sheet.frame != WHOLE else sheet.content
                zipped.writestr(_entry(name), pdf)
                lines.append(json.dumps({"mottagare": number, "fil": name, "sha256": sheet.sha256}))
                places.append(Place(sheet.key, letter, pages + 1))
                pages += sheet.pages
            zipped.writestr(_entry("mottagare.jsonl"), "".join(f"{line}\n" for line in lines))
            zipped.writestr(_entry("sandning.json"), _shared(post, len(places)))
        _proof(draft, lines)
        with draft.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    return PrintedBatch(sha256, pages, tuple(places))


def _shared(post: DigitalPost, count: int) -> str:
    said = {
        "version": 1,
        "avsandare": {"namn": post.sender, "organisationsnummer": post.organisation_number},
        "rubrik": post.subject[:_LONGEST_SUBJECT],
        "sprak": "sv-SE",
        "text": post.text,
        "kontakt": {"telefon": post.phone, "e-post": post.email, "webb": post.website},
        "antal": count,
        "mottagare": "mottagare.jsonl",
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _proof(file: Path, lines: Iterable[str]) -> None:
    with ZipFile(file) as zipped:
        for line in map(json.loads, lines):
            pdf = zipped.read(line["fil"])
            if hashlib.sha256(pdf).hexdigest() != line["sha256"] or len(pdf) > _LARGEST:
                raise Misprint(
                    N_("A letter for the digital mailboxes is not the one that was kept, or too large."),
                    why=N_("It was read back from the file; a message holds two megabytes at most."),
                    remedy=N_("The file is gone again. Check that the disk is not full or broken, and try once more."),
                )


def _entry(name: str) -> ZipInfo:
    """Return an entry without a date, so that equal letters give an equal file."""
    entry = ZipInfo(name, _BEFORE_ZIP)
    entry.compress_type = ZIP_DEFLATED
    return entry
