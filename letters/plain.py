"""A letter as plain text: what is mailed beside the HTML, kept in the archive, and what an approval is bound to."""

import hashlib

from models.letter import Block, Fields, Heading, Items, Letter, Paragraph, Signature


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


def sha256(letter: Letter) -> str:
    """Return the digest of ``text(letter)`` in UTF-8: what ``sha256sum`` says of the kept .txt file."""
    return hashlib.sha256(text(letter).encode()).hexdigest()


def _lines(block: Block) -> list[str]:
    match block:
        case Heading() | Paragraph():
            return [block.text]
        case Items():
            return [f"- {item}" for item in block.items]
        case Fields():
            return [f"{label}{'' if label.endswith('?') else ':'} {value}" for label, value in block.rows]
        case Signature():
            return list(block.lines)
