"""One measured figure, and what it stands beside."""

from typing import NamedTuple


class Figure(NamedTuple):
    """``value`` in ``unit``; ``beside`` names what was measured in the same run, and ``ratio`` is ours against it.

    A figure with no peer has no ``beside``, and then no ``ratio``.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    ratio: float | None = None
