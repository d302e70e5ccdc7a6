"""The one script that lies in every case file: our own modules put together, so that there is one truth about a chain."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

NAME = "verifiera.py"
_ROOT = Path(__file__).parent.parent
_PARTS = (
    "models/chain.py",
    "proof/contents.py",
    "proof/timeline.py",
    "proof/anchors.py",
    "proof/check.py",
    "proof/tell.py",
)
_OURS = ("models", "proof")
_HEAD = '''\
#!/usr/bin/env python3
"""Kontrollera att den här akten är hel: python verifiera.py

Programmet behöver bara Python 3.9 eller senare. Det läser akten och ändrar ingenting. Så här räknas kontrollsummorna:
varje rad i tidslinjen bär SHA-256 av den förra radens kontrollsumma, ärendets nummer, radens nummer och radens text, med
radbrytning emellan (funktionen link). Den första radens föregångare är 64 nollor.
"""

from __future__ import annotations

'''
_TAIL = """\


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
    sys.stderr.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
"""


@cache
def script() -> bytes:
    """Return ``verifiera.py``: every part in order, without what the parts import from each other."""
    parts = [(_ROOT / part).read_text(encoding="utf-8") for part in _PARTS]
    return (_HEAD + "\n".join((*_imports(parts), *map(_body, parts))) + _TAIL).encode()


def _imports(parts: list[str]) -> Iterator[str]:
    nodes = [node for part in parts for node in ast.parse(part).body]
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    yield from (f"import {name}" for name in sorted(whole))
    taken: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and not _is_ours(node):
            taken[node.module or ""] |= {alias.name for alias in node.names}
    yield from (f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(taken.items()))


def _body(source: str) -> str:
    """Return the source below its imports, with what its docstring says as a comment."""
    tree = ast.parse(source)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    first = max((node.end_lineno or 0 for node in imports), default=0)
    said = (ast.get_docstring(tree) or "").splitlines()[0]
    return f"\n\n# {said}\n\n" + "\n".join(source.splitlines()[first:]).strip("\n")


def _is_ours(node: ast.ImportFrom) -> bool:
    return (node.module or "").partition(".")[0] in _OURS
