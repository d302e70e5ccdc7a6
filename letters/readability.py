"""LIX, the Swedish readability index: below 30 very easy, 30 to 40 easy, 40 to 50 as a newspaper, above 60 bureaucratic.

LIX = words / sentences + 100 × long words / words. It is blunt: short words of law pass. Our definition:

* a word is what stands between blanks and holds a letter or a digit; one with more than six letters is long, hyphens
  and digits not counted;
* a sentence ends at ``.``, ``?``, ``!`` or ``:`` before a blank, and at the end of a line, so that a heading and an
  item are sentences too; not after the abbreviations below, nor inside a time, a decimal number or an address.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

_ABBREVIATIONS = frozenset({"kl.", "t.ex.", "bl.a.", "dvs.", "m.m.", "m.fl.", "s.k.", "osv.", "ca.", "tel.", "jfr."})
_LONG = 6


def lix(text: str) -> float:
    """Return the LIX of ``text``, in which a line is a paragraph, a heading or an item. A text without words has 0."""
    lines = [words for line in text.splitlines() if (words := _words(line))]
    count = sum(len(words) for words in lines)
    if not count:
        return 0.0
    sentences = sum(_sentences(words) for words in lines)
    long = sum(_letters(word) > _LONG for words in lines for word in words)
    return count / sentences + 100 * long / count


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``, as ``lix`` counts them."""
    for line in text.splitlines():
        words = line.split()
        ends = [place for place, word in enumerate(words[:-1], 1) if _ends_sentence(word)]
        yield from (" ".join(words[start:end]) for start, end in pairwise((0, *ends, len(words))) if start < end)


def long_words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` that ``lix`` counts as long, each once."""
    found = (re.sub(r"^\W+|\W+$", "", word) for word in _words(text) if _letters(word) > _LONG)
    return tuple(dict.fromkeys(found))


def _words(line: str) -> list[str]:
    return [word for word in line.split() if re.search(r"\w", word)]


def _sentences(words: list[str]) -> int:
    """Every line ends one; the last word is therefore not looked at."""
    return 1 + sum(_ends_sentence(word) for word in words[:-1])


def _ends_sentence(word: str) -> bool:
    bare = word.rstrip("”\"')")
    return bare.endswith((".", "?", "!", ":")) and bare.lower() not in _ABBREVIATIONS


def _letters(word: str) -> int:
    return sum(char.isalpha() for char in word)
