"""A table in a document: headings that screen readers tie to the cells, and that stand again on every page it runs to."""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from adapters.paper.fonts import BOLD, REGULAR
from adapters.paper.parts import ENDLESS, Text, rule
from adapters.paper.tags import Element, TaggedCanvas
from models.letter import Table

GAP, NARROW_GAP, FEW, AIR = 14.0, 8.0, 4, 3.5
"""The air between columns, and where there are more than a few of them; the air above and below a text."""
_PLAIN: dict[str, Any] = {"fontSize": 9.5, "leading": 12.5, "allowWidows": 0, "allowOrphans": 0}
HEAD = ParagraphStyle("head", fontName=BOLD, **_PLAIN)
CELL = ParagraphStyle("table cell", fontName=REGULAR, **_PLAIN)
HEAD_RIGHT, CELL_RIGHT = (ParagraphStyle(f"{one.name} right", one, alignment=TA_RIGHT) for one in (HEAD, CELL))

Wanted = tuple[float, float]
"""How wide a column must be for its longest word, and for its longest text on one line."""
_HALVINGS = 30


class _Again(Text):
    """A heading that stands there a second time, for the eye only."""

    def draw(self) -> None:
        with self.canv.artifact():
            Paragraph.draw(self)


class Ruled(Flowable):
    """Rows of texts with a rule below each; the first row is the head."""

    canv: TaggedCanvas

    def __init__(self, head: Sequence[Text], rows: Sequence[Sequence[Text]], wanted: Sequence[Wanted]) -> None:
        super().__init__()
        self._head, self._rows, self._wanted = head, rows, wanted

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the room the table takes of ``width``."""
        count = len(self._wanted)
        self._gap = GAP if count <= FEW else NARROW_GAP
        self._widths = shared(self._wanted, width - self._gap * (count - 1))
        self.width, self.height = width, sum(map(self._high, (self._head, *self._rows)))
        return self.width, self.height

    def split(self, _width: float, height: float, /) -> list[Flowable]:
        """Return the table in two, the first no higher than ``height``, or nothing where no row fits below the head."""
        room, fitting = height - self._high(self._head), 0
        while fitting < len(self._rows) and (room := room - self._high(self._rows[fitting])) >= 0:
            fitting += 1
        if fitting == 0:
            return []
        first = Ruled(self._head, self._rows[:fitting], self._wanted)
        again = [_again(text) for text in self._head]
        return [first, Ruled(again, self._rows[fitting:], self._wanted)] if self._rows[fitting:] else [first]

    def draw(self) -> None:
        """Draw the rows downwards from the upper edge."""
        top = self.height
        for row in (self._head, *self._rows):
            left = 0.0
            for text, width in zip(row, self._widths, strict=True):
                high = text.wrapOn(self.canv, width, ENDLESS)[1]
                text.drawOn(self.canv, left, top - AIR - high)
                left += width + self._gap
            top -= self._high(row)
            rule(self.canv, 0, top, self.width)

    def _high(self, row: Sequence[Text]) -> float:
        return max(text.wrap(width, ENDLESS)[1] for text, width in zip(row, self._widths, strict=True)) + 2 * AIR


def ruled(table: Table, root: Element) -> Ruled:
    """Return ``table`` as it is drawn and as it is read aloud: each heading belongs to its column, each first cell to its row."""
    whole = root.add("Table")
    row = whole.add("TR")
    head = [
        Text.of(name, _style(place, table, HEAD, HEAD_RIGHT), row.add("TH", O="Table", Scope="Column"))
        for place, name in enumerate(table.columns)
    ]
    rows = [_row(cells, table, whole.add("TR")) for cells in table.rows]
    columns = zip(table.columns, *table.rows, strict=True)
    return Ruled(head, rows, [_wanted(name, cells) for name, *cells in columns])


def shared(wanted: Sequence[Wanted], room: float) -> list[float]:
    """Return how wide each column is: its longest text on one line, if there is room for all of them.

    Else the wide columns are equally wide, but none narrower than its longest word. What is left over goes to the first.
    """
    low, high = 0.0, room
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_widths(wanted, middle)) <= room else (low, middle)
    widths = _widths(wanted, low)
    return [widths[0] + max(room - sum(widths), 0), *widths[1:]]


def _widths(wanted: Sequence[Wanted], most: float) -> list[float]:
    return [max(word, min(line, most)) for word, line in wanted]


def _wanted(name: str, cells: Sequence[str]) -> Wanted:
    """Return the width of the longest word of a column, and that of its longest text."""
    words = [*(_width(word, BOLD) for word in name.split()), *(_width(word) for cell in cells for word in cell.split())]
    return max(words, default=0), max([_width(name, BOLD), *map(_width, cells)])


def _row(cells: tuple[str, ...], table: Table, row: Element) -> list[Text]:
    texts = []
    for place, cell in enumerate(cells):
        element = row.add("TH", O="Table", Scope="Row") if place == 0 else row.add("TD")
        texts.append(Text.of(cell, _style(place, table, CELL, CELL_RIGHT), element))
    return texts


def _style(place: int, table: Table, plain: ParagraphStyle, right: ParagraphStyle) -> ParagraphStyle:
    return right if place in table.numbers else plain


def _width(text: str, font: str = REGULAR) -> float:
    return float(stringWidth(text, font, CELL.fontSize)) + 0.5


def _again(text: Text) -> Any:
    made = _Again("", text.style, frags=text.frags)
    made.element = text.element
    return made
