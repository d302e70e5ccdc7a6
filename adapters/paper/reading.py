"""Read a PDF of ours back from its bytes, as somebody who cannot see it hears it. Nothing here knows how it was set.

Only what our own writers use is understood: one table of objects, streams that are plain or deflated, fonts with a
ToUnicode map, and text that is shown by ``Tj``.
"""

import re
import zlib
from array import array
from collections.abc import Iterator, Mapping
from functools import cached_property
from mmap import mmap

_DRAWN = re.compile(
    rb"(?P<font>/\S+) [\d.]+ Tf|<</MCID (?P<mark>\d+)>> BDC|(?P<artifact>/Artifact BMC)|(?P<over>\bEMC\b)"
    rb"|\((?P<plain>(?:[^()\\]|\\.)*)\) Tj|<(?P<hex>[0-9a-f]*)> Tj",
    re.DOTALL,
)
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
UNMARKED = -1
"""The mark of what belongs to no element: a page number, the number of a sheet."""

Signs = Mapping[int, str]
"""What each code of a font stands for; U+FFFD where it stands for nothing."""


def objects(pdf: bytes | mmap) -> "array[int]":
    """Return where each object of the file begins; the one at 0 is none."""
    xref = int(pdf[pdf.rfind(b"startxref") :].split()[1])
    count = int(pdf[xref : xref + 30].split()[2])
    first = pdf.find(b"\n", pdf.find(b"\n", xref) + 1) + 1
    return array("Q", [0, *(int(pdf[first + 20 * row : first + 20 * row + 10]) for row in range(1, count))])


class Reading:
    """One file, read. A large one is mapped into memory and not loaded."""

    def __init__(self, pdf: bytes | mmap) -> None:
        self._pdf, self.places = pdf, objects(pdf)
        self._known, self._fonts = dict[int, Signs](), dict[bytes | None, dict[bytes, Signs]]()

    def paragraphs(self) -> list[str]:
        """Return the text of the elements, each as one line, in the order in which they are read aloud."""
        root = _reference(self._catalog, rb"/StructTreeRoot")
        shown = {page: self._by_mark(page) for page in self.pages()}
        return list(self._told(_reference(self.object(root), rb"/K"), shown))

    def pages(self) -> Iterator[int]:
        """Yield the numbers of the pages, in their order."""
        return self._below(_reference(self._catalog, rb"/Pages"))

    def shown(self, page: int) -> Iterator[tuple[int, str]]:
        """Yield each text that the page itself shows, with its mark. What it takes from a form is not its own."""
        streams = b"\n".join(map(self._inflated, self.contents(page)))
        return drawn(streams, self._fonts_of(self.object(page)))

    def behind(self, page: int) -> Iterator[tuple[int, str]]:
        """Yield each text of the form that the page shows, with its mark."""
        form = _reference(self._entry(self._entry(self.object(page), rb"/Resources"), rb"/XObject"), rb"/X")
        return drawn(self._inflated(form), self._fonts_of(self.object(page)))

    def contents(self, page: int) -> list[int]:
        """Return the numbers of the streams that draw a page."""
        entry = re.search(rb"/Contents (\[[^\]]*\]|\d+ 0 R)", self.object(page))
        return [int(number) for number in re.findall(rb"(\d+) 0 R", entry[1])] if entry else []

    def object(self, number: int) -> bytes:
        """Return an object without its stream."""
        place = self.places[number]
        return self._pdf[place : self._pdf.find(b"endobj", place)].partition(b"stream\n")[0]

    def stream(self, number: int) -> bytes:
        """Return the stream of an object as it stands in the file."""
        body = self.object(number)
        length = re.search(rb"/Length (\d+)", body)
        start = self.places[number] + len(body) + len(b"stream\n")
        return self._pdf[start : start + int(length[1] if length else 0)]

    @cached_property
    def fonts(self) -> dict[bytes, Signs]:
        """The fonts of the first page, by their names."""
        return self._fonts_of(self.object(next(self.pages())))

    def _inflated(self, number: int) -> bytes:
        content = self.stream(number)
        return zlib.decompress(content) if b"/FlateDecode" in self.object(number) else content

    def _below(self, node: int) -> Iterator[int]:
        body = self.object(node)
        if b"/Kids" not in body:
            yield node
            return
        for kid in re.findall(rb"(\d+) 0 R", body[body.index(b"/Kids") :].partition(b"]")[0]):
            yield from self._below(int(kid))

    def _told(self, element: int, shown: Mapping[int, Mapping[int, str]]) -> Iterator[str]:
        body = self.object(element)
        kids = body[body.index(b"/K") :]
        marks = re.findall(rb"/MCID (\d+) /Pg (\d+) 0 R", re.sub(rb"\s+", b" ", kids))
        if marks:
            yield "".join(shown[int(page)].get(int(mark), "") for mark, page in marks)
            return
        for kid in re.findall(rb"(\d+) 0 R", kids.partition(b"]")[0]):
            yield from self._told(int(kid), shown)

    def _by_mark(self, page: int) -> dict[int, str]:
        texts: dict[int, str] = {}
        for mark, text in self.shown(page):
            texts[mark] = texts.get(mark, "") + text
        return texts

    def _fonts_of(self, page: bytes) -> dict[bytes, Signs]:
        resources = re.search(rb"/Resources (\d+) 0 R|$", page)
        shared = resources[1] if resources else None
        if shared is None or shared not in self._fonts:
            fonts = self._entry(self._entry(page, rb"/Resources"), rb"/Font")
            named = re.findall(rb"(/F\d+\+\d+) (\d+) 0 R", fonts)
            self._fonts[shared] = {name: self._signs(int(font)) for name, font in named}
        return self._fonts[shared]

    def _entry(self, body: bytes, key: bytes) -> bytes:
        """Return a dictionary that stands in another, or in an object of its own."""
        found = re.search(key + rb"\s+(?:(\d+) 0 R|<<)", body)
        if found is None:
            raise ValueError(f"the file has no {key.decode()} where one belongs")
        return self.object(int(found[1])) if found[1] else body[found.end() :]

    def _signs(self, font: int) -> Signs:
        if font not in self._known:
            self._known[font] = _signs(self._inflated(_reference(self.object(font), rb"/ToUnicode")))
        return self._known[font]

    @cached_property
    def _catalog(self) -> bytes:
        return self.object(_reference(self._pdf[self._pdf.rfind(b"trailer") :], rb"/Root"))


def drawn(content: bytes, fonts: Mapping[bytes, Signs]) -> Iterator[tuple[int, str]]:
    """Yield each text that ``content`` shows, with the number of the mark it belongs to."""
    signs: Signs = {}
    mark = UNMARKED
    for token in _DRAWN.finditer(content):
        kind = token.lastgroup
        if kind == "font":
            signs = fonts[token["font"]]
        elif kind in {"mark", "artifact", "over"}:
            mark = int(token["mark"]) if kind == "mark" else UNMARKED
        else:
            codes = bytes.fromhex(token["hex"].decode()) if kind == "hex" else _plain(token["plain"])
            yield mark, codes.decode("latin-1").translate(signs)


def _plain(text: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 8)]) if found[1].isdigit() else found[1], text)


def _signs(cmap: bytes) -> Signs:
    pairs = re.findall(rb"^<([0-9A-F]{2})> <([0-9A-F]{4})>$", cmap, re.MULTILINE)
    return dict.fromkeys(range(256), "�") | {int(code, 16): chr(int(sign, 16)) for code, sign in pairs}


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(key + rb" (\d+) 0 R", body)
    if found is None:
        raise ValueError(f"the file has no {key.decode()} where one belongs")
    return int(found[1])
