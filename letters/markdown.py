"""Markdown for the pages Prefect shows: the blocks of a letter, and text with nothing in it that reads as markup."""

import re
from collections.abc import Iterable, Iterator

from jinja2 import Undefined

from models.letter import Block, Chart, Fields, Heading, Items, Paragraph, Signature, Table
from models.letter import Link as LetterLink

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


def markdown(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the blocks of a letter as Markdown, each a paragraph of its own."""
    for block in blocks:
        match block:
            case Heading():
                yield f"{'#' * (block.level + 1)} {plain(block.text)}"
            case Paragraph():
                yield plain(block.text)
            case Items():
                yield "\n".join(f"- {plain(item)}" for item in block.items)
            case Fields():
                yield "\n".join(
                    f"- **{plain(name)}{'' if name.endswith('?') else ':'}** {plain(value)}"
                    for name, value in block.rows
                )
            case LetterLink():
                yield f"[{plain(block.text)}]({block.href})"
            case Signature():
                yield "  \n".join(plain(line) for line in block.lines)
            case Table():
                lines = (block.columns, ("---",) * len(block.columns), *block.rows)
                yield "\n".join(f"| {' | '.join(map(plain, line))} |" for line in lines)
            case Chart():
                yield plain(block.alt)


def plain(text: object) -> str:
    """Return ``text`` on one line, with nothing in it that Markdown would read as markup."""
    if isinstance(text, Undefined):
        return str(text)
    return text if isinstance(text, Markdown) else _MARKS.sub(r"\\\1", " ".join(str(text).split()))


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()
