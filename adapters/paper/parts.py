"""What a page is set from: a text, two texts beside each other that may run over pages, texts at a fixed place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph
from reportlab.platypus.paragraph import _SplitWord, _SplitWordEnd  # type: ignore[attr-defined]
from reportlab.platypus.paraparser import ParaFrag

from adapters.paper.fonts import settable
from adapters.paper.tags import Element, TaggedCanvas

RULE, HAIRLINE = HexColor("#b8b8b8"), 0.4
ENDLESS = 1e6


class Text(Paragraph):
    """A paragraph that belongs to an element; its half on the next page still does."""

    blPara: Any  # noqa: N815 - ReportLab's name: the text in lines
    canv: TaggedCanvas
    element: Element

    @classmethod
    def of(cls, text: str, style: ParagraphStyle, element: Element) -> "Text":
        """Return ``text`` as it stands: ReportLab's parser of markup never sees it. Raises MissingParticular."""
        look = {"fontName": style.fontName, "fontSize": style.fontSize, "textColor": style.textColor}
        line = settable(text)
        frags = [ParaFrag(text=line, rise=0, link=[], us_lines=[], **look)] if line else []
        made = cls("", style, frags=frags)
        made.element = element
        return made

    def split(self, width: float, height: float, /) -> list[Any]:
        """Return the text in halves, the first no higher than ``height``, or nothing."""
        halves: list[Any] = super().split(width, height)
        for half in halves:
            half.element = self.element
        return halves

    def halves(self, width: float, height: float) -> "list[Text]":
        """Return the same halves; the second is empty where all of the text has room."""
        halves = [self] if self.wrap(width, ENDLESS)[1] <= height else self.split(width, height)
        return [*halves, Text.of("", self.style, self.element)] if len(halves) == 1 else halves

    def draw(self) -> None:
        """Draw inside the element's mark, each line ended by a space: read aloud, the next line is another word."""
        lines = self.blPara.lines
        for _, words in lines:
            if not isinstance(words[-1], _SplitWord) or isinstance(words[-1], _SplitWordEnd):
                words.append("")
        if lines:
            with self.canv.marked(self.element):
                super().draw()


class Column:
    """Texts below each other at a fixed place, ``left`` points from the edge of the page."""

    def __init__(self, texts: Sequence[Text], *, left: float, width: float) -> None:
        self._texts, self._left, self._width = texts, left, width
        self.height = sum(text.wrap(width, ENDLESS)[1] for text in texts)

    def draw(self, canvas: TaggedCanvas, top: float) -> None:
        """Draw the texts downwards from ``top``, which is counted from the lower edge."""
        for text in self._texts:
            top -= text.wrapOn(canvas, self._width, ENDLESS)[1]
            text.drawOn(canvas, self._left, top)


@dataclass(frozen=True)
class Grid:
    """How two texts stand beside each other: the left one's width and the gap, the air around, a rule below."""

    left: float
    gap: float
    air: float
    rule: bool


class Row(Flowable):
    """An item with its bullet, or a field with its label. What has no room on a page goes on in place on the next."""

    canv: TaggedCanvas

    def __init__(self, left: Text, right: Text, grid: Grid) -> None:
        super().__init__()
        self._left, self._right, self._grid = left, right, grid

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the room the row takes of ``width``."""
        self._indent = self._grid.left + self._grid.gap
        heights = (self._left.wrap(self._grid.left, ENDLESS)[1], self._right.wrap(width - self._indent, ENDLESS)[1])
        self.width, self.height = width, max(heights) + 2 * self._grid.air
        return self.width, self.height

    def split(self, width: float, height: float, /) -> list[Flowable]:
        """Return the row in halves, the first no higher than ``height``, or nothing."""
        room = height - 2 * self._grid.air
        lefts = self._left.halves(self._grid.left, room)
        rights = self._right.halves(width - self._grid.left - self._grid.gap, room)
        if not lefts or not rights:
            return []
        return [Row(left, right, self._grid) for left, right in zip(lefts, rights, strict=True)]

    def draw(self) -> None:
        """Draw both texts from the upper edge, and the rule."""
        for text, left, width in (
            (self._left, 0.0, self._grid.left),
            (self._right, self._indent, self.width - self._indent),
        ):
            Column([text], left=left, width=width).draw(self.canv, self.height - self._grid.air)
        if self._grid.rule:
            rule(self.canv, 0, 0, self.width)


def rule(canvas: TaggedCanvas, left: float, y: float, right: float) -> None:
    """Draw a hairline, which is no part of the text."""
    with canvas.artifact():
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(HAIRLINE)
        canvas.line(left, y, right, y)
