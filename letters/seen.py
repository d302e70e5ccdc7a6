"""What of a letter can be read on a web page that somebody else's system made of it."""

import re
from html import unescape
from html.parser import HTMLParser

from letters import plain
from models.letter import Letter

_SILENT = frozenset({"script", "style", "template", "noscript"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._silent += tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def readable(page: str) -> str:
    """Return what can be read in a text, or on an HTML page."""
    if "<html" not in page[:2000].lower() and "<body" not in page.lower():
        return page
    reader = _Words()
    reader.feed(page)
    return " ".join(" ".join(reader.said).split())


def unseen(letter: Letter, page: str) -> tuple[str, ...]:
    """Return the lines of ``letter`` that cannot be read on ``page``, whatever blanks, dashes and quotes it uses."""
    said = _bare(readable(page))
    lines = (line.removeprefix("- ") for line in plain.text(letter).splitlines())
    return tuple(line for line in lines if line.strip() and _bare(line) not in said)


def _bare(text: str) -> str:
    """Leave letters and digits: what a web editor does to the rest changes nothing that is said."""
    return re.sub(r"[\W_]+", "", unescape(text)).casefold()
