"""Words that nothing else holds, laid where they may come in, and a search for them where they may not come out."""

import json
from collections.abc import Iterable
from pathlib import Path


def as_written(text: str) -> set[bytes]:
    """How a text may stand in a database or a log: as it is, or as JSON escapes it."""
    return {text.encode(), json.dumps(text)[1:-1].encode()}


def found_in(place: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """Return which of ``words`` stand below ``place``, in a file or in its name, by where they stand."""
    planted = tuple(words)
    files = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
    hits = {str(file): _hits(file, planted) for file in files}
    return {file: words for file, words in hits.items() if words}


def _hits(file: Path, words: tuple[str, ...]) -> list[str]:
    content = file.read_bytes() + b"\n" + file.name.encode()
    return [word for word in words if any(written in content for written in as_written(word))]
