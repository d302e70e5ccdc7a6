"""The little markup of a body.txt, and the guard that keeps a value from speaking it.

``## `` begins a heading, ``### `` one below it, ``- `` an item, ``Label:: value`` is a field, ``=> Text:: address`` a
link, ``> `` a line of the signature, ``= name`` the place of a table or a chart. A line without a mark continues the one
above it; a blank line ends the block.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from models.letter import Block, Fields, Heading, Items, Link, Paragraph, Signature

_MARKS = "#-:>="
_HIDE = str.maketrans({mark: chr(0xE000 + place) for place, mark in enumerate(_MARKS)})
_SHOW = str.maketrans({chr(0xE000 + place): mark for place, mark in enumerate(_MARKS)})
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
_LINE = re.compile(
    r"(?P<heading>## )|(?P<subheading>### )|(?P<item>- )|(?P<link>=> )|(?P<signature>> )|(?P<drawn>= )"
    r"|(?=(?P<field>\S.*?::(?: |$)))"
)

Line = tuple[str, str]
"""What a line is (paragraph, heading, subheading, item, field, link, signature or drawn), and its text without the mark."""


def guard(value: str) -> str:
    """Return ``value`` as one line in which every character of the markup is hidden until ``blocks`` shows it again.

    What no reader can see (controls, bidirectional overrides, private characters) is left out.
    """
    line = _BREAKS.sub(" ", unicodedata.normalize("NFC", value)).strip(" ")
    return "".join(char for char in line if unicodedata.category(char) not in _INVISIBLE).translate(_HIDE)


def shown(text: str) -> str:
    """Return guarded text as it is read."""
    return text.translate(_SHOW)


def blocks(text: str, drawn: Mapping[str, Block] = MappingProxyType({})) -> tuple[Block, ...]:
    """Return the blocks of a rendered body. Only what the template itself says is markup.

    Raises KeyError for a place that nothing ``drawn`` fills.
    """
    chunks = re.split(r"\n\s*\n", text.strip())
    return tuple(block for chunk in chunks if chunk for block in _blocks(_lines(chunk), drawn))


def _lines(chunk: str) -> list[Line]:
    lines: list[Line] = []
    for line in chunk.splitlines():
        kind, text = _read(line.strip())
        if kind == "paragraph" and lines and lines[-1][0] in ("paragraph", "item", "field"):
            lines[-1] = (lines[-1][0], f"{lines[-1][1]} {text}")
        else:
            lines.append((kind, text))
    return lines


def _read(line: str) -> Line:
    mark = _LINE.match(line)
    if mark is None or mark.lastgroup is None:
        return "paragraph", line
    return mark.lastgroup, line[mark.end() :]


def _blocks(lines: list[Line], drawn: Mapping[str, Block]) -> Iterator[Block]:
    for kind, group in groupby(lines, key=itemgetter(0)):
        texts = [text for _, text in group]
        match kind:
            case "item":
                yield Items(items=tuple(shown(text) for text in texts))
            case "field":
                yield Fields(rows=tuple(_row(text) for text in texts))
            case "link":
                yield from (Link(text=name, href=address) for name, address in map(_row, texts))
            case "signature":
                yield Signature(lines=tuple(shown(text) for text in texts))
            case "drawn":
                yield from (drawn[text] for text in texts)
            case "heading":
                yield from (Heading(text=shown(text)) for text in texts)
            case "subheading":
                yield from (Heading(text=shown(text), level=3) for text in texts)
            case _:
                yield from (Paragraph(text=shown(text)) for text in texts)


def _row(text: str) -> tuple[str, str]:
    name, _, value = text.partition("::")
    return shown(name).strip(), shown(value).strip()
