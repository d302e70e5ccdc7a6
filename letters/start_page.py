"""The page the officer begins at: what waits for an answer, what is due, and everything there is to do."""

from collections.abc import Mapping, Sequence

from letters.case_page import Link, page_template
from letters.language import number

_SHOWN = 20


def start_page(
    *, waiting: Sequence[Link], rows: Sequence[Mapping[str, str]], forms: Mapping[str, Sequence[str]]
) -> str:
    """Return the page as Markdown. ``waiting`` and ``rows`` come the most urgent first, ``forms`` by heading."""
    more = len(waiting) - _SHOWN
    return page_template("start.md").render(
        waiting=waiting[:_SHOWN], more=number(more) if more > 0 else "", rows=rows[:_SHOWN], forms=forms
    )
