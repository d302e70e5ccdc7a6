"""One text, every output: a subject and blocks that plain text, HTML, the web notice and the PDF all draw."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.base import Value


class Heading(Value):
    """A heading inside the letter; one of ``level`` 3 stands below one of level 2."""

    kind: Literal["heading"] = "heading"
    text: str
    level: Literal[2, 3] = 2


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


class Link(Value):
    """One way in to the case, for colleagues only: a letter to the people concerned has nothing to click."""

    kind: Literal["link"] = "link"
    text: str
    href: str


class Table(Value):
    """Rows under column headings; the first cell of a row names it. Columns in ``numbers`` are aligned to the right."""

    kind: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _square(self) -> "Table":
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row of a table has a cell under each heading")
        return self


class Bar(Value):
    """One bar of a chart: what it stands for and how many; ``beyond`` the limit."""

    label: str
    count: int
    beyond: bool = False


class Chart(Value):
    """Bars beside each other, and a line at a limit between them. ``alt`` tells all of it to who cannot see it."""

    kind: Literal["chart"] = "chart"
    alt: str
    bars: tuple[Bar, ...]
    limit: str
    axis: str
    measure: str


Block = Annotated[Heading | Paragraph | Items | Fields | Link | Signature | Table | Chart, Field(discriminator="kind")]


class Audience(StrEnum):
    """Whom a letter speaks to: the person, the guardian of a minor, or a person with protected personal data."""

    PERSON = "person"
    GUARDIAN = "guardian"
    PROTECTED = "protected"


class Variant(Value):
    """How a letter reads to another audience than the person."""

    audience: Audience
    subject: str
    blocks: tuple[Block, ...]


class Letter(Value):
    """A finished text in one language. ``name`` is the folder of its template.

    ``variants`` are approved and sent with it, each to its own audience.
    """

    name: str
    language: str
    subject: str
    blocks: tuple[Block, ...]
    variants: tuple[Variant, ...] = ()

    def to(self, audience: Audience) -> "Letter":
        """Return the letter as it reads to ``audience``: its variant, or itself where there is none."""
        for one in self.variants:
            if one.audience is audience:
                return self.model_copy(update={"subject": one.subject, "blocks": one.blocks, "variants": ()})
        return self.model_copy(update={"variants": ()})


class Letterhead(Value):
    """What stands around the text on paper. ``recipient`` is the window: at most seven lines, no blank one."""

    sender: str
    department: str = ""
    recipient: tuple[str, ...] = ()
    date: str
    reference: str = ""
    kind: str = ""
    footer: tuple[str, ...] = ()
