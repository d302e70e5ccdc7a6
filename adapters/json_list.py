"""A long list as one JSON document, written item by item."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_json(head: dict[str, Any], items: Iterable[str], file: Path) -> int:
    """Write an object with the values of ``head`` and, as ``entries``, the ``items``, each JSON text; return how many.

    Days stand as ISO 8601 has them.
    """
    count = 0
    with file.open("w", encoding="utf-8") as out:
        out.write(json.dumps(head, ensure_ascii=False, default=str)[:-1] + ', "entries": [')
        for count, item in enumerate(items, start=1):
            out.write(f"{',' if count > 1 else ''}\n{item}")
        out.write("\n]}\n")
    return count
