"""A chart in a document: bars beside each other, a line at the limit, and all of it in words for who cannot see it."""

from typing import Any, Literal

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from adapters.paper.fonts import BOLD, REGULAR, settable
from adapters.paper.tags import Element, TaggedCanvas
from models.letter import Chart

HEIGHT = 60 * mm
_ABOVE, _BELOW = 12 * mm, 10 * mm
"""The room above the highest bar, for the words at the limit, and below the bars, for what they stand for."""
_SIZE, _THICK = 9, 0.66
"""The size of the letters, and how much of its place a bar fills."""
_WITHIN, _BEYOND, _INK = HexColor("#2f6f8f"), HexColor("#a4262c"), HexColor("#1a1a1a")
"""Both colours stand out from white by more than 3 to 1 (WCAG 2.1, 1.4.11); the line tells them apart without colour."""


class Figure(Flowable):
    """A chart as wide as the text."""

    canv: TaggedCanvas

    def __init__(self, chart: Chart, element: Element) -> None:
        super().__init__()
        self._chart, self._element = chart, element
        self.spaceAfter = 10

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the room the chart takes of ``width``."""
        self.width, self.height = width, HEIGHT
        return width, HEIGHT

    def draw(self) -> None:
        """Draw the chart inside its mark, and note where it is."""
        left, low = self.canv.absolutePosition(0, 0)
        self._element.attributes["BBox"] = (left, low, left + self.width, low + self.height)
        with self.canv.marked(self._element):
            renderPDF.draw(drawing(self._chart, self.width), self.canv, 0, 0)


def figure(chart: Chart, root: Element) -> Figure:
    """Return ``chart`` as it is drawn and as it is told."""
    element = root.add("Figure", O="Layout")
    element.alt = settable(chart.alt)
    return Figure(chart, element)


def drawing(chart: Chart, width: float) -> Drawing:
    """Return the chart ``width`` points wide, drawn in the typeface of the document."""
    drawn = Drawing(width, HEIGHT)
    place, most = width / len(chart.bars), max(1, *(bar.count for bar in chart.bars))
    scale = (HEIGHT - _ABOVE - _BELOW) / most
    for number, bar in enumerate(chart.bars):
        middle, high = (number + 0.5) * place, bar.count * scale
        look: dict[str, Any] = {"fillColor": _BEYOND if bar.beyond else _WITHIN, "strokeColor": None}
        drawn.add(Rect(middle - place * _THICK / 2, _BELOW, place * _THICK, high, **look))
        if bar.count:
            drawn.add(_text(str(bar.count), middle, _BELOW + high + 3, bold=True))
        drawn.add(_text(bar.label, middle, _BELOW - 11))
    drawn.add(Line(0, _BELOW, width, _BELOW, strokeColor=_INK, strokeWidth=0.8))
    drawn.add(_text(chart.axis, width / 2, 2))
    drawn.add(_text(chart.measure, 0, HEIGHT - _SIZE, anchor="start"))
    limit = sum(not bar.beyond for bar in chart.bars) * place
    drawn.add(Line(limit, _BELOW - 4, limit, HEIGHT - 16, strokeColor=_INK, strokeWidth=1.2, strokeDashArray=(4, 2)))
    drawn.add(_text(chart.limit, limit, HEIGHT - _SIZE, bold=True))
    return drawn


def _text(
    text: str, x: float, y: float, *, anchor: Literal["start", "middle"] = "middle", bold: bool = False
) -> String:
    font = BOLD if bold else REGULAR
    return String(x, y, settable(text), fontName=font, fontSize=_SIZE, textAnchor=anchor, fillColor=_INK)
