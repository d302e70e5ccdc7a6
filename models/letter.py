"""One text, every output: a subject and blocks that plain text, HTML, the web notice and the PDF all draw."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Value


class Heading(Value):
    """A heading inside the letter."""

    kind: Literal["heading"] = "heading"
    text: str


class Paragraph(Value):
    """Running text."""

    kind: Literal["paragraph"] = "paragraph"
    text: str


class Items(Value):
    """A bulleted list."""

    kind: Literal["items"] = "items"
    items: tuple[str, ...]


class Fields(Value):
    """Labelled values, as in a form: (label, value) pairs."""

    kind: Literal["fields"] = "fields"
    rows: tuple[tuple[str, str], ...]


class Signature(Value):
    """The lines that end a letter: greeting, name, title. Kept together on one page."""

    kind: Literal["signature"] = "signature"
    lines: tuple[str, ...]


Block = Annotated[Heading | Paragraph | Items | Fields | Signature, Field(discriminator="kind")]


class Letter(Value):
    """A finished text in one language. ``name`` is the folder of its template."""

    name: str
    language: str
    subject: str
    blocks: tuple[Block, ...]


class Letterhead(Value):
    """What stands around the text on paper. ``recipient`` is the window: at most seven lines, no blank one."""

    sender: str
    department: str = ""
    recipient: tuple[str, ...] = ()
    date: str
    reference: str = ""
    kind: str = ""
    footer: tuple[str, ...] = ()
