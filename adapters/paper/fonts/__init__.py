"""The typeface of every letter, and the text it can set.

A text from outside is data: normalised, rid of what no reader can see, and refused if a sign of it would come out as
an empty box. The refusal names the sign, never the text.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from models.errors import N_, MissingParticular

REGULAR, BOLD = "LiberationSans", "LiberationSans-Bold"

_FILES = {REGULAR: "LiberationSans-Regular.ttf", BOLD: "LiberationSans-Bold.ttf"}
_INVISIBLE = {"Cc", "Cf"}
"""Unicode's control and format characters: also the bidirectional overrides, which reverse what is read."""
_RIGHT_TO_LEFT = {"R", "AL"}
_ONE_FOR_ANOTHER = str.maketrans({"\u202f": "\u00a0", "\u2007": "\u00a0", "\u2011": "-"})
"""Spaces and hyphens that do not break, as the ones that neither our line breaking nor our typeface lacks."""
_ENDLESS = re.compile(r"[^ ]{300,}")
"""No word and hardly a web address: breaking it into lines takes a time that grows with the square of its length."""


@cache
def load() -> frozenset[int]:
    """Make the typeface known to ReportLab and return the code points that both weights hold."""
    # Imported here: a command that only asks what can be set, or nothing, must not wait for ReportLab.
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    fonts = [TTFont(name, Path(__file__).parent / file) for name, file in _FILES.items()]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


def settable(text: str) -> str:
    """Return ``text`` as one line of plain text that the typeface can set.

    Raises MissingParticular for a sign it lacks, or one of a script that runs from right to left.
    """
    seen = _seen(text)
    for char in sorted(set(seen)):
        if not _has(char):
            raise _unsettable(char)
    return _ENDLESS.sub(lambda word: re.sub(r".{60}", r"\g<0> ", word[0]), seen)


def legible(text: str) -> str:
    """Return ``text`` with each sign that the typeface lacks as its number, as in ``[U+1F600]``, so that it can be set."""
    return "".join(char if _has(char) else f"[U+{ord(char):04X}]" for char in _seen(text))


def _seen(text: str) -> str:
    """Return what a reader can see of ``text``, on one line."""
    line = re.sub(r"[^\S\u00a0\u202f\u2007]+", " ", unicodedata.normalize("NFC", text)).strip(" ")
    return "".join(char for char in line if unicodedata.category(char) not in _INVISIBLE).translate(_ONE_FOR_ANOTHER)


def _has(char: str) -> bool:
    return ord(char) in load() and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT


def _unsettable(char: str) -> MissingParticular:
    return MissingParticular(
        N_("A letter cannot be printed."),
        why=N_("It holds the character U+{code}, which our typeface cannot print."),
        remedy=N_("Write the word with Latin letters, in the register or in the text, and print the letter again."),
        code=f"{ord(char):04X}",
    )
