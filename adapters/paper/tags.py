"""What ReportLab lacks for readers who cannot see the page and for archives: PDF/UA-1 and PDF/A-2a in one file.

ISO 14289-1 wants every mark on the page to belong to an element of the document or to be declared an artifact;
ISO 19005-2 wants metadata, a colour profile and a line break before each ``endstream``.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from typing import Any

from PIL import ImageCms
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

CREATOR = "Timglas"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 the document adheres to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class Element(pdfdoc.PDFObject):
    """A part of the document as it is read aloud: its standard role (``H1``, ``P``, ``LI``), and what it holds.

    What it holds is in reading order: other elements, and marks on a page as (page from 0, number on that page). ``alt``
    tells in words what is only seen.
    """

    __RefOnly__ = 1

    def __init__(self, role: str, parent: "Element | None" = None, **attributes: str | tuple[float, ...]) -> None:
        self.role, self.parent, self.attributes, self.alt = role, parent, attributes, ""
        self.kids: list[Element | tuple[int, int]] = []

    def add(self, role: str, **attributes: str) -> "Element":
        """Return a new element, the last of this one. ``attributes`` are PDF names or numbers; ``O`` is their owner."""
        kid = Element(role, self, **attributes)
        self.kids.append(kid)
        return kid

    def format(self, document: "_Document") -> bytes:
        """Return the element as PDF."""
        pages = document.Pages.pages
        kids = [kid if isinstance(kid, Element) else _mark(pages[kid[0]], kid[1]) for kid in self.kids]
        parent = self.parent or document.Reference(document.Catalog.StructTreeRoot)
        entry = {"S": pdfdoc.PDFName(self.role), "P": parent, "K": pdfdoc.PDFArray(kids)}
        if self.attributes:
            entry["A"] = pdfdoc.PDFDictionary({key: _value(given) for key, given in self.attributes.items()})
        if self.alt:
            entry["Alt"] = pdfdoc.PDFString(self.alt)
        return pdfdoc.PDFDictionary(entry).format(document)


class TaggedCanvas(Canvas):
    """A canvas that knows to which element each mark belongs.

    ``number`` draws a page's number, and is called as number(canvas, page, pages) when all pages are there.
    """

    _code: list[str]
    _doc: "_Document"
    _make_preamble: Callable[[], None]

    def __init__(
        self, *args: Any, root: Element, number: Callable[[Canvas, int, int], None], lang: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._doc = _Document(invariant=1, compression=1, pdfVersion=(1, 7), lang=lang)
        self._make_preamble()
        self._root, self._number, self._language = root, number, lang
        self._owners: list[list[Element]] = [[]]

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to ``element``."""
        self._code.append(f"/{element.role} <</MCID {self.reserve(element)}>> BDC")
        yield
        self._code.append("EMC")

    def reserve(self, element: Element) -> int:
        """Return the number of a mark on this page, of ``element``, that is left for each letter of its own to draw."""
        owners = self._owners[-1]
        element.kids.append((len(self._owners) - 1, len(owners)))
        owners.append(element)
        return len(owners) - 1

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is no part of the text: a rule, a page number."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        """End the page."""
        super().showPage()
        self._owners.append([])

    def save(self) -> None:
        """Number the pages, and write everything down."""
        if self._code:
            self.showPage()
        pages = self._doc.Pages.pages
        for place, page in enumerate(pages):
            self._code = []
            with self.artifact():
                self._number(self, place + 1, len(pages))
            page.stream += "\n".join(self._code) + "\n"
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = place, pdfdoc.PDFName("S")
        self._code = []
        self._doc.describe(self._root, self._owners[: len(pages)], self._language)
        super().save()


class _Document(pdfdoc.PDFDocument):
    """A document that can be read aloud, and is described for an archive."""

    Catalog: Any
    Pages: Any

    def describe(self, root: Element, owners: list[list[Element]], language: str) -> None:
        """Add the tree of elements, the metadata and the colour profile to the catalogue."""
        facts = {"title": self.info.title, "author": self.info.author, "language": language, "creator": CREATOR}
        self.info = _Info(facts)
        catalog = self.Catalog
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        catalog.StructTreeRoot = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("StructTreeRoot"),
                "K": root,
                "ParentTree": pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(_numbered(owners))}),
                "ParentTreeNextKey": len(owners),
            }
        )
        described = _XMP.format_map({key: escape(fact) for key, fact in facts.items()}).encode()
        kind = {"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}
        catalog.Metadata = pdfdoc.PDFStream(pdfdoc.PDFDictionary(kind), described)
        catalog.OutputIntents = pdfdoc.PDFArray([_output_intent()])
        content = hashlib.sha256("".join(page.stream for page in self.Pages.pages).encode())
        self.updateSignature(content.digest())

    def Reference(self, obj: Any, name: str | None = None) -> Any:  # noqa: N802 - ReportLab's name
        """Return a reference to ``obj``; every stream passes here once, and learns how it has to end."""
        if type(obj) is pdfdoc.PDFStream:
            obj.__class__ = _Stream
            obj.filters = [one for one in obj.filters or () if one is not pdfdoc.PDFBase85Encode]
        return super().Reference(obj, name)  # type: ignore[no-untyped-call]


class _Stream(pdfdoc.PDFStream):
    """A stream whose last line is ended, as ISO 19005-2, clause 6.1.7.1, has it."""

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return super().format(document).removesuffix(b"endstream\n") + b"\nendstream\n"


class _Info(pdfdoc.PDFInfo):
    """What the file says of itself: title, author and maker, and no date, for equal letters are equal files."""

    def __init__(self, facts: dict[str, str]) -> None:
        super().__init__()
        self.title, self.author, self.creator = facts["title"], facts["author"], facts["creator"]

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        facts = {"Title": self.title, "Author": self.author, "Creator": self.creator}
        return pdfdoc.PDFDictionary({key: pdfdoc.PDFString(fact) for key, fact in facts.items()}).format(document)


def _value(given: str | tuple[float, ...]) -> object:
    return pdfdoc.PDFName(given) if isinstance(given, str) else pdfdoc.PDFArray(given)


def _mark(page: pdfdoc.PDFPage, number: int) -> pdfdoc.PDFDictionary:
    return pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("MCR"), "Pg": page, "MCID": number})


def _numbered(owners: list[list[Element]]) -> Iterator[object]:
    for place, page in enumerate(owners):
        yield place
        yield pdfdoc.PDFArray(page)


def _output_intent() -> pdfdoc.PDFDictionary:
    profile = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"N": 3}), srgb(), [pdfdoc.PDFZCompress])
    intent = {"S": pdfdoc.PDFName("GTS_PDFA1"), "OutputConditionIdentifier": pdfdoc.PDFString("sRGB IEC61966-2.1")}
    return pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("OutputIntent"), "DestOutputProfile": profile, **intent})


@cache
def srgb() -> bytes:
    """Return the colour profile with its date (bytes 24 to 35) set to the first of January 2026: equal bytes."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + bytes((7, 234, 0, 1, 0, 1)) + bytes(6) + made[36:]
