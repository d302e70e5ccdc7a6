"""What is new in a text and what is gone, paragraph by paragraph, as people want to know it."""

from difflib import SequenceMatcher
from typing import NamedTuple

from letters import plain
from models.letter import Heading, Letter


class Difference(NamedTuple):
    """The paragraphs that only one of two versions has, each in its order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


def difference(before: Letter, after: Letter) -> Difference:
    """Return what ``after`` says that ``before`` did not, and the other way round. What only moved is neither."""
    old, new = _lines(before), _lines(after)
    added: list[str] = []
    removed: list[str] = []
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            added += new[from_new:to_new]
            removed += old[from_old:to_old]
    return Difference(
        tuple(line for line in added if line not in old), tuple(line for line in removed if line not in new)
    )


def _lines(letter: Letter) -> list[str]:
    """Return what the letter says, without its headings and its last line, which only tells when it was published."""
    said = [block for block in letter.blocks if not isinstance(block, Heading)][:-1]
    lines = plain.text(letter.model_copy(update={"blocks": tuple(said)})).splitlines()
    return [line.removeprefix("- ") for line in lines if line.strip()]
