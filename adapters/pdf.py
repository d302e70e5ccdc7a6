"""Letters on paper: A4 as a Swedish authority sets it, the address where the window of the envelope is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Spacer

from adapters.fonts import BOLD, REGULAR, load, settable
from adapters.pdf_chart import figure
from adapters.pdf_parts import Column, Grid, Row, Text, rule
from adapters.pdf_record import legible_letter
from adapters.pdf_stencil import Slot, Stencil, StencilCanvas
from adapters.pdf_table import ruled
from adapters.pdf_tags import Element, TaggedCanvas
from models.errors import N_, MissingParticular
from models.letter import Block, Chart, Fields, Heading, Items, Letter, Letterhead, Paragraph, Signature, Table

WIDTH, HEIGHT = A4
LEFT, RIGHT = 25 * mm, WIDTH - 25 * mm
COLUMN = 110 * mm
"""Where date, reference and the address in a right-hand window begin."""
GUTTER, NUMBER = 4 * mm, 18 * mm
"""The least air between columns, and what the page number needs."""
BASELINE = HEIGHT - 19 * mm
"""The line on which sender, kind of document and page number stand."""
BODY, BODY_LATER, BELOW_WINDOW = 52 * mm, 34 * mm, 18 * mm
"""Where the text begins: from the upper edge on a sheet without an address and on later pages, or below the window."""
FOOT, ABOVE_FOOT, FOOT_COLUMNS = 11 * mm, 10 * mm, 2
WITH_HEADING, WITH_SIGNATURE = 30 * mm, 35 * mm
"""The room a heading asks for, itself and three lines; and what may go to the next page along with the signature."""
POSTCODE_GAP = "\u00a0\u00a0"
"""Swedish addresses have two spaces between postcode and town; ordinary ones would be drawn as one."""
QUIET = HexColor("#505050")  # contrast 8 to 1 against white; WCAG 2.1, criterion 1.4.3, asks for 4.5


@dataclass(frozen=True)
class Window:
    """Where an address is read through the envelope, in points from the left and the upper edge of the sheet."""

    left: float
    top: float
    width: float
    height: float


H2 = Window(left=COLUMN, top=47 * mm, width=85 * mm, height=30 * mm)
V2 = Window(left=LEFT, top=47 * mm, width=80 * mm, height=30 * mm)
"""The Swedish windows, H2 to the right and V2 to the left. The measures are remembered, not read in the standard
SS 81 39 02 (confidence: medium to low). Print a sheet and try it in the envelopes that will be used."""


def _style(name: str, **differs: Any) -> ParagraphStyle:
    plain = {"fontName": REGULAR, "fontSize": 11, "leading": 15.5, "allowWidows": 0, "allowOrphans": 0}
    return ParagraphStyle(name, **{**plain, **differs})


TITLE = _style("title", fontName=BOLD, fontSize=17, leading=22, spaceAfter=11)
HEADING = _style("heading", fontName=BOLD, fontSize=12, leading=16, spaceBefore=5, spaceAfter=3)
SUBHEADING = _style("subheading", fontName=BOLD, spaceBefore=4, spaceAfter=2)
HEADINGS = {2: HEADING, 3: SUBHEADING}
RUNNING = _style("running", spaceAfter=8)
CELL, LABEL = _style("cell"), _style("label", textColor=QUIET)
GREETING = _style("greeting", spaceBefore=14, spaceAfter=14, keepWithNext=1)
SIGNED = _style("signed", keepWithNext=1)
SENDER = _style("sender", fontName=BOLD, fontSize=13, leading=18)
SMALL, STRONG = _style("small", fontSize=10, leading=13.5), _style("strong", fontName=BOLD, fontSize=10, leading=13.5)
ADDRESS = _style("address", fontSize=10.5, leading=12)
FOOTER = _style("footer", fontSize=8.5, leading=11.5, textColor=QUIET)

ITEMS = Grid(left=3 * mm, gap=2 * mm, air=1.5, rule=False)
FIELDS = Grid(left=50 * mm, gap=6 * mm, air=4, rule=True)

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
        story = [Text.of(letter.subject, TITLE, root.add("H1")), *_story(letter.blocks, root)]
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
        story = [title, *filter(None, [line]), *_story(letter.blocks, root)]
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


def _story(blocks: Iterable[Block], root: Element) -> list[Flowable]:
    story: list[Flowable] = []
    for block in blocks:
        if isinstance(block, Signature) and story and story[-1].wrap(RIGHT - LEFT, HEIGHT)[1] < WITH_SIGNATURE:
            story[-1].keepWithNext = 1
            for before in story[-2:-1]:
                before.keepWithNext = int(getattr(before, "style", None) in HEADINGS.values())
        if isinstance(block, Chart):
            _keep_with_next(story)
        story += _drawn(block, root)
    return story


def _keep_with_next(story: list[Flowable]) -> None:
    """Keep what introduces a chart, back to its heading, on the page of the chart."""
    for flowable in reversed(story):
        if not isinstance(flowable, Text):
            return
        flowable.keepWithNext = 1


def _drawn(block: Block, root: Element) -> Sequence[Flowable]:  # noqa: PLR0911 - one arm a kind of block
    match block:
        case Heading():
            return [
                CondPageBreak(WITH_HEADING),
                Text.of(block.text, HEADINGS[block.level], root.add(f"H{block.level}")),
            ]
        case Paragraph():
            return [Text.of(block.text, RUNNING, root.add("P"))]
        case Items():
            items = root.add("L", O="List", ListNumbering="Disc")
            return _spaced([_item(text, items.add("LI")) for text in block.items])
        case Fields():
            table = root.add("Table")
            return _spaced([_field(label, value, table.add("TR")) for label, value in block.rows])
        case Signature():
            styles = (GREETING, *[SIGNED] * len(block.lines))
            return [Text.of(line, style, root.add("P")) for line, style in zip(block.lines, styles, strict=False)]
        case Table():
            return [ruled(block, root), Spacer(0, RUNNING.spaceAfter)]
        case Chart():
            return [figure(block, root)]


def _item(text: str, item: Element) -> Row:
    return Row(Text.of("•", CELL, item.add("Lbl")), Text.of(text, CELL, item.add("LBody")), ITEMS)


def _field(label: str, value: str, row: Element) -> Row:
    name = Text.of(label, LABEL, row.add("TH", O="Table", Scope="Row"))
    return Row(name, Text.of(value, CELL, row.add("TD")), FIELDS)


def _spaced(rows: list[Row]) -> list[Row]:
    for row in rows[-1:]:
        row.spaceAfter = RUNNING.spaceAfter
    return rows


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
