"""One file for the print house: all letters of a batch, page after page, streamed, as PDF/A-2b (ISO 19005-2).

What letters share stands in the file once, as form XObjects; a page is a reference to it and the person's own lines. In
the lower margin each page carries its number in the batch, the letter's and its own, so that nobody can lose or swap a
sheet unseen. The file is written in one go, and memory holds its offsets and no more.
"""

import hashlib
import re
from array import array
from typing import BinaryIO

from adapters.paper.reading import Reading
from adapters.paper.tags import CREATOR, srgb
from models.sheet import WHOLE, Frame, Sheet

_ON_A_NODE = 500
"""Pages on one node of the page tree: readers find a page fast, and none of ours holds the whole tree."""
_BOX = b"[0 0 595.2756 841.8898]"
_MARK = b"q BT 0.31 g /F1+0 6 Tf 1 0 0 1 28 17 Tm (%d-%06d-%d/%d) Tj ET Q"
_XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


class PrintFile:
    """A print file that is being written to ``out``. ``number`` is that of the batch.

    ``duplex``: each letter begins on a new sheet of paper, also where the last one ended on a front page.
    """

    def __init__(self, out: BinaryIO, number: int, *, duplex: bool = True) -> None:
        self._out, self._number, self._duplex = out, number, duplex
        self._at, self._digest = 0, hashlib.sha256()
        self._offsets, self._copies = array("Q", [0]), dict[str, list[int]]()
        self._nodes, self._kids, self.pages = list[int](), list[int](), 0
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._tree, self._node = self._next(), self._next()

    def add(self, sheet: Sheet, frame: Frame | None, *, number: int) -> int:
        """Write the letter of that ``number`` in the batch, and return its first page, from 1.

        ``frame`` is None for one that is whole.
        """
        pages = self._pages_of(sheet, frame)
        own = sheet.content if sheet.frame != WHOLE else b""
        first, count = self.pages + 1, len(pages)
        for place, resources in enumerate(pages, start=1):
            mark = _MARK % (self._number, number, place, count)
            self._page(resources, b"/X Do\n%s%s" % (own if place == 1 else b"", mark))
        if self._duplex and count % 2:
            self._page(pages[-1], b"")
        return first

    def close(self) -> str:
        """End the file, and return its SHA-256. Without a letter it is no file that anybody could open."""
        self._end_node()
        nodes = b" ".join(b"%d 0 R" % node for node in self._nodes)
        self._write(self._tree, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (self.pages, nodes))
        profile, described, intent = (
            self._next(),
            self._next(),
            b"/GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1)",
        )
        self._stream(profile, srgb(), b"/N 3")
        self._stream(described, _XMP, b"/Type /Metadata /Subtype /XML")
        catalog = self._next()
        self._write(
            catalog,
            b"<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang (sv-SE) /OutputIntents [<< /Type /OutputIntent "
            b"/S %s /DestOutputProfile %d 0 R >>] >>" % (self._tree, described, intent, profile),
        )
        start, identity = self._at, self._digest.hexdigest()[:32].encode()
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for offset in self._offsets[1:]:
            self._put(b"%010d 00000 n \n" % offset)
        self._put(
            b"trailer\n<< /Size %d /Root %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._offsets), catalog, identity, identity, start)
        )
        return self._digest.hexdigest()

    def _pages_of(self, sheet: Sheet, frame: Frame | None) -> list[int]:
        if frame is None:
            return self._copied(sheet.content)
        if frame.id not in self._copies:
            self._copies[frame.id] = self._copied(frame.letter(b""), without=frame.number)
        return self._copies[frame.id]

    def _copied(self, pdf: bytes, *, without: int | None = None) -> list[int]:
        """Take over the pages of ``pdf`` but for the object ``without``; return the number of what each of them draws."""
        reading = Reading(pdf)
        fonts = self._fonts(reading)
        resources = []
        for page in reading.pages():
            (drawn,) = [number for number in reading.contents(page) if number != without]
            form, together = self._next(), self._next()
            entry = b"/Type /XObject /Subtype /Form /BBox %s /Filter /FlateDecode /Resources << /Font << %s >> >>"
            self._stream(form, reading.stream(drawn), entry % (_BOX, fonts))
            self._write(together, b"<< /XObject << /X %d 0 R >> /Font << %s >> >>" % (form, fonts))
            resources.append(together)
        return resources

    def _fonts(self, reading: Reading) -> bytes:
        """Write the fonts of ``reading`` under numbers of our own, and return the entries that name them."""
        moved: dict[int, int] = {}
        named = re.findall(rb"(/F\d\+\d+) (\d+) 0 R", reading.object(1))
        return b" ".join(b"%s %d 0 R" % (name, self._moved(int(number), reading, moved)) for name, number in named)

    def _moved(self, number: int, reading: Reading, moved: dict[int, int]) -> int:
        if number not in moved:
            body = reading.object(number)
            entry = re.sub(
                rb"(\d+) 0 R",
                lambda found: b"%d 0 R" % self._moved(int(found[1]), reading, moved),
                body.split(b"obj", 1)[1],
            )
            moved[number] = self._next()
            stream = b"stream\n%s\nendstream\n" % reading.stream(number) if b"/Length" in body else b""
            self._write(moved[number], entry.strip() + b"\n" + stream)
        return moved[number]

    def _page(self, resources: int, content: bytes) -> None:
        drawn, page = self._next(), self._next()
        self._stream(drawn, content)
        self._write(
            page,
            b"<< /Type /Page /Parent %d 0 R /MediaBox %s /Resources %d 0 R /Contents %d 0 R >>"
            % (self._node, _BOX, resources, drawn),
        )
        self._kids.append(page)
        self.pages += 1
        if len(self._kids) == _ON_A_NODE:
            self._end_node()
            self._node = self._next()

    def _end_node(self) -> None:
        if self._kids:
            kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
            entry = b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [%s] >>" % (self._tree, len(self._kids), kids)
            self._write(self._node, entry)
            self._nodes.append(self._node)
            self._kids.clear()
        else:
            self._write(self._node, b"null")

    def _next(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _stream(self, number: int, content: bytes, entry: bytes = b"") -> None:
        self._write(number, b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entry, content))

    def _write(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._at
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _put(self, octets: bytes) -> None:
        self._out.write(octets)
        self._digest.update(octets)
        self._at += len(octets)
