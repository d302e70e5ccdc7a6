"""The case file as a web page: the same blocks as the PDF, with a table of contents and a link wherever a file is named."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from letters.language import LANGUAGE
from models.letter import Block, Fields, Heading, Letter

TEMPLATES = Path(__file__).parents[2] / "templates" / LANGUAGE / "_dossier"

_SECTION = 2
"""The level of the headings that open a section."""


class Run(NamedTuple):
    """A run of text; the file it leads to, if it names one; whether it is a checksum."""

    text: str
    file: str = ""
    checksum: bool = False


class Section(NamedTuple):
    """What stands below one heading of the second level."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def page(letter: Letter, *, sender: str, files: Iterable[str]) -> str:
    """Return the page of ``letter``, from ``sender``; each of ``files`` that it names is a link. Every value is escaped."""
    first, *rest = _sections(letter.blocks)
    facts = [row for block in first.blocks if isinstance(block, Fields) for row in block.rows]
    pattern = _pattern(files)
    return _template().render(
        title=letter.subject,
        language=letter.language,
        sender=sender,
        facts=facts,
        sections=rest,
        runs=lambda text: _runs(text, pattern),
    )


def _sections(blocks: Iterable[Block]) -> list[Section]:
    """Return what stands before the first heading, and then each section."""
    sections = [Section("", "", ())]
    for block in blocks:
        if isinstance(block, Heading) and block.level == _SECTION:
            sections.append(Section(f"avsnitt-{len(sections)}", block.text, ()))
        else:
            sections[-1] = sections[-1]._replace(blocks=(*sections[-1].blocks, block))
    return sections


def _pattern(files: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a checksum, or a file's name where it stands as a word of its own, the longest one first."""
    names = "|".join(re.escape(name) for name in sorted(files, key=len, reverse=True))
    return re.compile(rf"\b([0-9a-f]{{64}})\b|(?<![\w./-])({names or '(?!)'})(?![\w/-])")


def _runs(text: str, pattern: re.Pattern[str]) -> Iterator[Run]:
    """Split ``text`` at checksums and the names of files; a link reads as the file's own name, without its folder."""
    end = 0
    for found in pattern.finditer(text):
        yield Run(text[end : found.start()])
        checksum, file = found.groups()
        yield Run(checksum, checksum=True) if checksum else Run(file.rpartition("/")[2], file)
        end = found.end()
    yield Run(text[end:])


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")
