"""How much of a text is somebody else's words: a controller that copies its supplier tells what the supplier wants told."""

import re

_RUN = 4
"""So many words in a row are no coincidence; three often are ("det är inte")."""

LIMIT = 0.6
"""Above this share the text is a copy. Two municipalities' notices of May 2023 shared almost every word of a supplier's."""


def copied(text: str, source: str) -> float:
    """Return the share of the words of ``text`` that stand in a run of four or more that ``source`` has too, 0 to 1."""
    words, theirs = _words(text), _runs(_words(source))
    covered: set[int] = set()
    for place in range(len(words) - _RUN + 1):
        if tuple(words[place : place + _RUN]) in theirs:
            covered.update(range(place, place + _RUN))
    return len(covered) / len(words) if words else 0.0


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
