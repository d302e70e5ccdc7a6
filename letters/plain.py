"""A letter as plain text: what is mailed beside the HTML, kept in the archive, and what an approval is bound to."""

import hashlib

from letters.language import say
from models.errors import N_
from models.letter import Block, Chart, Fields, Heading, Items, Letter, Link, Paragraph, Signature, Table


def text(letter: Letter) -> str:
    """Return the whole letter, subject first.

    Lines are not wrapped: every reader does that to its own width, and a hard line break is a hurdle on a phone and in
    a screen reader.
    """
    lines, after_heading = [letter.subject], False
    for block in letter.blocks:
        lines += _lines(block) if after_heading else ["", *_lines(block)]
        after_heading = isinstance(block, Heading)
    return "\n".join((*lines, ""))


def whole(letter: Letter) -> str:
    """Return the letter and, below a line that says to whom, each of its variants: what a person reads and approves."""
    variants = (letter.to(one.audience) for one in letter.variants)
    audiences = (say(N_("To {audience}:"), audience=one.audience) for one in letter.variants)
    parts = (f"\n----- {to} -----\n\n{text(one)}" for to, one in zip(audiences, variants, strict=True))
    return "".join((text(letter), *parts))


def sha256(letter: Letter) -> str:
    """Return the digest of the ``whole`` letter in UTF-8; without variants, what ``sha256sum`` says of the .txt file."""
    return hashlib.sha256(whole(letter).encode()).hexdigest()


def _lines(block: Block) -> list[str]:  # noqa: PLR0911 - one arm a kind of block
    match block:
        case Heading() | Paragraph():
            return [block.text]
        case Items():
            return [f"- {item}" for item in block.items]
        case Fields():
            return [f"{label}{'' if label.endswith('?') else ':'} {value}" for label, value in block.rows]
        case Link():
            return [f"{block.text}: {block.href}"]
        case Signature():
            return list(block.lines)
        case Table():
            rows = (zip(block.columns, row, strict=True) for row in block.rows)
            return ["; ".join(f"{name}: {cell}" for name, cell in row if cell) for row in rows]
        case Chart():
            return [block.alt]
