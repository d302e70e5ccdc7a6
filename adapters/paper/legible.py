"""A document that must come out whatever many people wrote in it: a sign that cannot be printed stands as its number.

For registers and reports. A letter to somebody is refused instead, so that its writer mends it.
"""

from typing import Any

from adapters.paper.fonts import legible as _legible
from models.letter import Letter


def legible(letter: Letter) -> Letter:
    """Return ``letter`` with nothing in it that the printer would refuse."""
    return Letter.model_validate(_each(letter.model_dump()))


def _each(value: Any) -> Any:
    match value:
        case str():
            return _legible(value)
        case dict():
            return {key: _each(inner) for key, inner in value.items()}
        case list() | tuple():
            return tuple(_each(inner) for inner in value)
    return value
