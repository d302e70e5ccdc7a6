"""A letter rendered once and assembled for everyone: all letters of one audience differ in a few lines and no more.

A ``Stencil`` is the letter as ReportLab made it, with the fonts, the tags and the text that are equal for all; its
``content`` draws what is one person's own, in places that were reserved (``models.sheet``).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Flowable

from adapters.paper.fonts import REGULAR
from adapters.paper.reading import objects
from adapters.paper.repertoire import REPERTOIRE
from adapters.paper.tags import Element, TaggedCanvas
from models.sheet import Frame

_FITS_ANYWAY = 20
"""A line of so few signs is not measured: the widest are narrower than a twentieth of the window."""


class Unset(Exception):
    """A line holds a sign outside the repertoire, or is too wide for its place."""


class Slot(Flowable):
    """A place for lines that each letter draws itself: in the window, or as a line of the running text."""

    def __init__(
        self, element: Element, style: ParagraphStyle, *, left: float = 0, width: float = 0, height: float = 0
    ) -> None:
        super().__init__()
        self._element, self._left, self.style, self.width = element, left, style, width
        self.lines = max(1, int(height / style.leading))
        self.spaceAfter = style.spaceAfter

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the room of one line."""
        self.width = width
        return width, self.style.leading

    def draw(self, canvas: Any = None, top: float | None = None) -> None:
        """Reserve the place: in the flow, or at ``top`` from the lower edge of the page."""
        canvas = canvas or self.canv
        left, upper = (self._left, top) if top is not None else canvas.absolutePosition(0, self.style.leading)
        self.mark, self.x, self.y = canvas.reserve(self._element), left, upper - self.style.fontSize


class StencilCanvas(TaggedCanvas):
    """A canvas whose first subset of the regular font holds the repertoire."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        font: Any = pdfmetrics.getFont(REGULAR)
        ((subset, codes),) = font.splitString(REPERTOIRE, self._doc)
        self.font = font.getSubsetInternalName(subset, self._doc)
        self.codes = {ord(char): f"{code:02x}" for char, code in zip(REPERTOIRE, codes, strict=True)}
        self.codes[0xA0] = self.codes[0x20]


class Stencil:
    """One letter to one audience, and how to set the lines that are each person's own."""

    def __init__(self, pdf: bytes, canvas: StencilCanvas, window: Slot | None, about: Slot | None) -> None:
        self.frame = _framed(pdf, canvas.getPageNumber() - 1)
        self._font, self._codes, self._window, self._about = canvas.font, canvas.codes, window, about
        self._widths = {char: pdfmetrics.stringWidth(chr(char), REGULAR, 1) for char in self._codes}

    def content(self, window: Sequence[str], about: str = "") -> bytes:
        """Return what draws the lines of the address and the line of whom it is about. Raises Unset."""
        drawn = ((self._window, window), (self._about, (about,) if about else ()))
        if any(len(lines) > (slot.lines if slot else 0) for slot, lines in drawn):
            raise Unset("the stencil has no place for so many lines")
        return b"".join(self._set(slot, lines) for slot, lines in drawn if slot is not None)

    def _set(self, slot: Slot, lines: Sequence[str]) -> bytes:
        shown = " ".join(f"<{self._encoded(line, slot)}20> Tj T*" for line in lines)
        style = slot.style
        return (
            f"q BT 0 0 0 rg {self._font} {style.fontSize} Tf {style.leading} TL 1 0 0 1 {slot.x:.3f} {slot.y:.3f} Tm "
            f"/P <</MCID {slot.mark}>> BDC {shown} EMC ET Q\n"
        ).encode("ascii")

    def _encoded(self, line: str, slot: Slot) -> str:
        encoded = line.translate(self._codes)
        if len(encoded) != 2 * len(line):
            raise Unset("a sign outside the repertoire")
        if len(line) > _FITS_ANYWAY:
            width = sum(map(self._widths.__getitem__, map(ord, line)))
            if width * slot.style.fontSize > slot.width:
                raise Unset("a line that is too wide")
        return encoded


def _framed(pdf: bytes, pages: int) -> Frame:
    """Cut a file as ReportLab writes it: its first page draws one more stream, which every letter brings along."""
    places, xref = objects(pdf), int(pdf[pdf.rindex(b"startxref") :].split()[1])
    number, page = len(places), _first_page(pdf, places)
    drawn = re.search(rb"/Contents (\d+ 0 R)", pdf[page:])
    assert drawn is not None  # noqa: S101 - every page that ReportLab writes has contents
    start, more = page + drawn.start(1), b"[%s %d 0 R]" % (drawn[1], number)
    prefix = pdf[:start] + more + pdf[start + len(drawn[1]) : xref]
    moved = len(more) - len(drawn[1])
    offsets = [place + moved if place > start else place for place in places[1:]]
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in [*offsets, len(prefix)])
    trailer = re.search(rb"/Info (\d+ 0 R)\s*/Root (\d+ 0 R)", pdf[xref:])
    assert trailer is not None  # noqa: S101 - so ends every file that ReportLab writes
    end = b"trailer\n<< /Size %d /Info %s /Root %s /ID [<%%s> <%%s>] >>\nstartxref\n%%d\n%%%%%%%%EOF\n"
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (number + 1)
    return Frame(prefix, number, head + rows + end % (number + 1, trailer[1], trailer[2]), pages)


def _first_page(pdf: bytes, places: Iterable[int]) -> int:
    return next(place for place in places if re.search(rb"/StructParents 0\b", _body(pdf, place)))


def _body(pdf: bytes, place: int) -> bytes:
    """Return an object without its stream."""
    return pdf[place : pdf.index(b"endobj", place)].partition(b"stream\n")[0]
