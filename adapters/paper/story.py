"""The running text of a letter: what each kind of block looks like on paper, and what is kept together on a page."""

from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from adapters.paper.chart import figure
from adapters.paper.fonts import BOLD, REGULAR
from adapters.paper.parts import Grid, Row, Text
from adapters.paper.table import ruled
from adapters.paper.tags import Element
from models.letter import Block, Chart, Fields, Heading, Items, Link, Paragraph, Signature, Table

WIDTH, HEIGHT = A4
LEFT, RIGHT = 25 * mm, WIDTH - 25 * mm
WITH_HEADING, WITH_SIGNATURE = 30 * mm, 35 * mm
"""The room a heading asks for, itself and three lines; and what may go to the next page along with the signature."""
QUIET = HexColor("#505050")  # contrast 8 to 1 against white; WCAG 2.1, criterion 1.4.3, asks for 4.5


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


def story_of(blocks: Iterable[Block], root: Element) -> list[Flowable]:
    """Return what is set on the pages for ``blocks``, each an element below ``root``."""
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
        case Link():
            return [Text.of(f"{block.text}: {block.href}", RUNNING, root.add("P"))]
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
