"""A record on paper is never refused: what the typeface lacks stands as its number, as in ``[U+1F600]``."""

from typing import Any

from adapters.paper.fonts import legible
from models.letter import Letter


def legible_letter(letter: Letter) -> Letter:
    """Return ``letter`` with every text in it as one that can be printed."""
    return Letter.model_validate(_legible(letter.model_dump()))


def _legible(value: Any) -> Any:
    match value:
        case str():
            return legible(value)
        case dict():
            return {key: _legible(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_legible(inner) for inner in value]
    return value
