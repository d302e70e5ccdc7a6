"""Letters on paper: A4 as a Swedish authority sets it, the address where the window of the envelope is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from adapters.paper.fonts import REGULAR, load, settable
from adapters.paper.parts import Column, Text, rule
from adapters.paper.record import legible_letter
from adapters.paper.stencil import Slot, Stencil, StencilCanvas
from adapters.paper.story import (
    ADDRESS,
    FOOTER,
    HEIGHT,
    LEFT,
    QUIET,
    RIGHT,
    RUNNING,
    SENDER,
    SMALL,
    STRONG,
    TITLE,
    story_of,
)
from adapters.paper.tags import Element, TaggedCanvas
from models.errors import N_, MissingParticular
from models.letter import Letter, Letterhead

COLUMN = 110 * mm
"""Where date, reference and the address in a right-hand window begin."""
GUTTER, NUMBER = 4 * mm, 18 * mm
"""The least air between columns, and what the page number needs."""
BASELINE = HEIGHT - 19 * mm
"""The line on which sender, kind of document and page number stand."""
BODY, BODY_LATER, BELOW_WINDOW = 52 * mm, 34 * mm, 18 * mm
"""Where the text begins: from the upper edge on a sheet without an address and on later pages, or below the window."""
FOOT, ABOVE_FOOT, FOOT_COLUMNS = 11 * mm, 10 * mm, 2
POSTCODE_GAP = "\u00a0\u00a0"
"""Swedish addresses have two spaces between postcode and town; ordinary ones would be drawn as one."""


@dataclass(frozen=True)
class Window:
    """Where an address is read through the envelope, in points from the left and the upper edge of the sheet."""

    left: float
    top: float
    width: float
    height: float


H2 = Window(left=COLUMN, top=47 * mm, width=85 * mm, height=30 * mm)
V2 = Window(left=LEFT, top=47 * mm, width=80 * mm, height=30 * mm)
WINDOWS = {"H2": H2, "V2": V2}
"""The Swedish windows, H2 to the right and V2 to the left. The measures are remembered, not read in the standard
SS 81 39 02 (confidence: medium to low). Print a sheet and try it in the envelopes that will be used."""


_PRESS = Lock()
"""ReportLab's fonts belong to the process, and set one document at a time."""

Placed = tuple[Column | Slot, float]
"""A column, or a place left for one, and where its upper edge stands, counted from the lower edge of the sheet."""


class LetterPrinter:
    """A printer of letters for envelopes with the given window."""

    def __init__(self, window: Window = H2) -> None:
        load()
        self._window = window

    def pdf(self, letter: Letter, head: Letterhead) -> bytes:
        """Return it as PDF/UA-1 and PDF/A-2a, equal for equal letters. Raises MissingParticular for what cannot be set."""
        root = Element("Document")
        placed = [*_head(head, root), *self._address(head.recipient, root)]
        story = [Text.of(letter.subject, TITLE, root.add("H1")), *story_of(letter.blocks, root)]
        begin = self._below_window if head.recipient else BODY
        return _built(letter, head, root=root, placed=placed, story=story, begin=begin)[0]

    def stencil(self, letter: Letter, head: Letterhead, *, window: bool = True, about: bool = False) -> Stencil:
        """Return what all such letters share, with room for an address in the ``window`` and a line ``about`` a child."""
        root = Element("Document")
        placed = list(_head(head, root))
        opening = self._window
        place = {"left": opening.left, "width": opening.width, "height": opening.height}
        address = Slot(root.add("P"), ADDRESS, **place) if window else None
        if address is not None:
            placed.append((address, HEIGHT - opening.top))
        title = Text.of(letter.subject, TITLE, root.add("H1"))
        line = Slot(root.add("P"), RUNNING) if about else None
        story = [title, *filter(None, [line]), *story_of(letter.blocks, root)]
        begin = self._below_window if window else BODY
        built = _built(letter, head, root=root, placed=placed, story=story, begin=begin, canvas=StencilCanvas)
        return Stencil(*built, address, line)

    @property
    def _below_window(self) -> float:
        return self._window.top + self._window.height + BELOW_WINDOW

    def record(self, letter: Letter, head: Letterhead) -> bytes:
        """Return a record as PDF. It is never refused: a sign that cannot be printed stands as its number."""
        return self.pdf(legible_letter(letter), head)

    def _address(self, lines: tuple[str, ...], root: Element) -> Iterator[Placed]:
        if not lines:
            return
        window, address = self._window, root.add("P")
        texts = [Text.of(line.replace("  ", POSTCODE_GAP), ADDRESS, address) for line in lines]
        column = Column(texts, left=window.left, width=window.width)
        if column.height > window.height:
            raise MissingParticular(
                N_("A letter cannot be printed."),
                why=N_("The address, of {lines} lines, is larger than the window of the envelope."),
                remedy=N_("Shorten the address in the register to seven lines, and print the letter again."),
                lines=len(lines),
            )
        yield column, HEIGHT - window.top


def _built(
    letter: Letter,
    head: Letterhead,
    *,
    root: Element,
    placed: list[Placed],
    story: list[Flowable],
    begin: float,
    canvas: type[TaggedCanvas] = TaggedCanvas,
) -> tuple[bytes, Any]:
    """Set ``placed`` on the first page and ``story`` over as many as it takes; return the file and its canvas."""
    out, foot, made = BytesIO(), _foot(head.footer, root), []
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        initialFontName=REGULAR,
        lang="sv-SE" if letter.language == "sv" else letter.language,
        title=settable(letter.subject),
        author=settable(head.sender),
        displayDocTitle=True,
        pageTemplates=[
            _page("first", begin, FOOT + _height(foot), partial(_first, placed=placed, foot=foot)),
            _page("later", BODY_LATER, FOOT, partial(_later, head=head)),
        ],
    )

    def make(*args: Any, **kwargs: Any) -> TaggedCanvas:
        made.append(canvas(*args, root=root, number=_number, **kwargs))
        return made[-1]

    with _PRESS:
        document.build(story, canvasmaker=make)
    return out.getvalue(), made[0]


def _head(head: Letterhead, root: Element) -> Iterator[Placed]:
    sender = _texts([(head.sender, SENDER), (head.department, SMALL)], root)
    yield Column(sender, left=LEFT, width=COLUMN - LEFT - GUTTER), BASELINE + SENDER.fontSize
    matter = _texts([(head.kind, STRONG), (head.date, SMALL), (head.reference, SMALL)], root)
    yield Column(matter, left=COLUMN, width=RIGHT - COLUMN - NUMBER), BASELINE + SMALL.fontSize


def _foot(lines: tuple[str, ...], root: Element) -> list[Column]:
    width, deep = (RIGHT - LEFT + GUTTER) / FOOT_COLUMNS, -(-len(lines) // FOOT_COLUMNS)
    chunks = [lines[place : place + deep] for place in range(0, len(lines), deep or 1)]
    return [
        Column(_texts([(line, FOOTER) for line in chunk], root), left=LEFT + place * width, width=width - GUTTER)
        for place, chunk in enumerate(chunks)
    ]


def _texts(lines: Iterable[tuple[str, ParagraphStyle]], root: Element) -> list[Text]:
    return [Text.of(line, style, root.add("P")) for line, style in lines if line]


def _page(name: str, top: float, floor: float, draw: Callable[[Any, Any], None]) -> PageTemplate:
    bottom = floor + ABOVE_FOOT
    frame = Frame(LEFT, bottom, RIGHT - LEFT, HEIGHT - top - bottom, 0, 0, 0, 0)
    return PageTemplate(name, [frame], onPage=draw, autoNextPageTemplate="later")


def _height(columns: list[Column]) -> float:
    return max((column.height for column in columns), default=0.0)


def _first(canvas: TaggedCanvas, _document: BaseDocTemplate, *, placed: list[Placed], foot: list[Column]) -> None:
    top = FOOT + _height(foot)
    for column, height in [*placed, *((column, top) for column in foot)]:
        column.draw(canvas, height)
    if foot:
        rule(canvas, LEFT, top + 3 * mm, RIGHT)


def _later(canvas: TaggedCanvas, _document: BaseDocTemplate, *, head: Letterhead) -> None:
    with canvas.artifact():
        canvas.setFont(REGULAR, SMALL.fontSize)
        canvas.setFillColor(QUIET)
        for text, left, right in ((head.sender, LEFT, COLUMN - GUTTER), (head.reference, COLUMN, RIGHT - NUMBER)):
            lines = simpleSplit(settable(text), REGULAR, SMALL.fontSize, right - left)
            canvas.drawString(left, BASELINE, "".join(lines[:1]))


def _number(canvas: Canvas, page: int, pages: int) -> None:
    canvas.setFont(REGULAR, SMALL.fontSize)
    canvas.setFillColor(QUIET)
    canvas.drawRightString(RIGHT, BASELINE, f"{page} ({pages})")
