"""Which of several choices a person means by what they wrote: a name, its Swedish words, or one word no other has."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

Choice = TypeVar("Choice")


def chosen(typed: str, choices: Mapping[Choice, Iterable[str]]) -> Choice | None:
    """Return the choice that ``typed`` says, by any of the words given for it; None if it says none or several."""
    said = _bare(typed)
    spoken = {choice: [_bare(words) for words in several] for choice, several in choices.items()}
    exact = [choice for choice, several in spoken.items() if said in several]
    found = exact or [choice for choice, several in spoken.items() if any(said in words.split() for words in several)]
    return found[0] if len(found) == 1 else None


def _bare(text: str) -> str:
    """Return ``text`` in small letters, with blanks between the words and without what stands in parentheses."""
    return " ".join(re.sub(r"\(.*?\)", "", text.lower()).replace("_", " ").replace("-", " ").replace(",", " ").split())
