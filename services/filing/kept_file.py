"""A file that somebody hands in to be kept: what it is, judged by its content and never by its name."""

from typing import NamedTuple

from models.errors import N_, UnreadableFile

LARGEST = 25_000_000
"""In bytes. A saved copy of the authority's form is some hundred thousand."""

_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
)


class KeptFile(NamedTuple):
    """The content of a file and the ending it gets in the archive."""

    content: bytes
    ending: str


def read_kept_file(content: bytes) -> KeptFile:
    """Return the file with its kind: PDF, PNG, JPEG or a web page. Raises UnreadableFile for anything else."""
    ending = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    if ending is None and _is_page(content):
        ending = "html"
    if ending is None or len(content) > LARGEST:
        raise UnreadableFile(
            N_("The file cannot be kept."),
            why=N_("A copy is a PDF, a web page or a picture (PNG, JPEG) of at most {most} megabytes."),
            remedy=N_("Save the page as PDF from the browser, or take a screenshot, and hand that in."),
            most=LARGEST // 1_000_000,
        )
    return KeptFile(content, ending)


def _is_page(content: bytes) -> bool:
    beginning = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return beginning.startswith((b"<!doctype html", b"<html"))
