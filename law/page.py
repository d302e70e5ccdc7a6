"""Print the law as Timglas applies it, in article order, as Markdown for a jurist.

``python -m law.page > docs/law.md`` writes it; ``python -m law.page --check docs/law.md`` exits 1 when it is stale.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from inspect import cleandoc
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import yaml

from law.duties import PROVISIONS
from law.regimes import RULES
from law.statute import AWARENESS, DatedValue, Particular, Statute, read_statute
from law.statute_book import PROPOSED, StatuteBook

_T = TypeVar("_T")

CASES = Path(__file__).parents[1] / "tests" / "cases"

_HEAD = """# The law, as Timglas applies it

Generated from `law/statutes`, `law/duties.py`, `law/regimes.py` and `tests/cases` by `python -m law.page`; do not edit.
For a jurist to hold against the sources. A summary is ours, not the text of the law, and nothing here is legal advice.
The law that applies to a breach is the law of the day of awareness. What is marked *medium* or *low* has not been read
in the official text, and says what to check."""


def page(book: StatuteBook, on: date | None = None) -> str:
    """Return the whole law: which law applies, the GDPR and what surrounds it, parallel duties, and proposals.

    With ``on``, only what is in force on that day, each value as it then stands, and no proposal.
    """
    rules = {provision_of(rule): rule for rule in PROVISIONS}
    cases = _cases(book)
    ordered = sorted(book.statutes.values() if on is None else _in_force(book, on), key=_place)
    elsewhere = {found for s in ordered if s.regime for found in (s.citation.instrument, s.recipient)}
    beside = [s for s in ordered if {s.id, s.citation.instrument} & elsewhere]

    def chapter(heading: str, statutes: list[Statute]) -> Iterator[str]:
        yield f"## {heading}"
        for instrument, paragraphs in groupby(statutes, lambda s: s.citation.instrument):
            yield f"### {instrument}"
            yield from (_paragraph(s, rules.get(s.id), cases.get(s.id, [])) for s in paragraphs)

    parts = [_HEAD, *([f"In force on {on}."] if on else []), *_which_law_applies()]
    parts += chapter("Articles 33 and 34, and what surrounds them", [s for s in ordered if s not in beside])
    parts += chapter("Parallel duties under other laws", beside)
    if on is None:
        parts += ["## Proposed, and never applied"]
        parts += [_paragraph(read_statute(file), None, []) for file in sorted(PROPOSED.rglob("*.yaml"))]
    return "\n\n".join(parts) + "\n"


def _in_force(book: StatuteBook, day: date) -> Iterator[Statute]:
    """Yield each paragraph as it stands on ``day``; one without a date of its own came with the rest of its law."""
    came: dict[str, date] = {}
    for statute in book.statutes.values():
        dates = [first for dated in statute.values.values() for first in dated] + list(statute.particulars)
        came[statute.citation.instrument] = min([came.get(statute.citation.instrument, date.max), *dates])
    for statute in book.statutes.values():
        values = {name: _standing(dated, day) for name, dated in statute.values.items() if min(dated) <= day}
        particulars = _standing(statute.particulars, day) if statute.particulars else {}
        began = came[statute.citation.instrument]
        if (began == date.max or began <= day) and (
            values or particulars or not (statute.values or statute.particulars)
        ):
            yield statute.model_copy(update={"values": values, "particulars": particulars})


def _standing(dated: dict[date, _T], day: date) -> dict[date, _T]:
    """Return the one value in force on ``day``, with the day from which it holds; nothing before the first."""
    begun = [first for first in dated if first <= day]
    return {max(begun): dated[max(begun)]} if begun else {}


def provision_of(rule: Callable[..., Any]) -> str:
    """Return the paragraph a function is named after: ``art33_1_notify_...`` is gdpr.33.1."""
    match = re.match(r"art(\d+)_(\d+)_", rule.__name__)
    return f"gdpr.{match[1]}.{match[2]}" if match else rule.__name__


def _place(statute: Statute) -> tuple[object, ...]:
    """The GDPR first, then the other laws by name; within each, the order of the text."""
    return not statute.id.startswith("gdpr."), statute.citation.instrument, _natural(statute.id)


def _natural(text: str) -> list[tuple[int, str]]:
    """Sort 4 before 33, and letters after numbers."""
    return [(int(part), "") if part.isdigit() else (10**6, part) for part in re.findall(r"\d+|\D+", text)]


def _which_law_applies() -> Iterator[str]:
    yield "## Which law applies"
    yield "Asked in this order; several at once are normal, and unknown is never taken for no."
    yield "\n".join(f"- `{rule.__name__}`: {_prose(rule)}" for rule in RULES)


def _paragraph(statute: Statute, rule: Callable[..., Any] | None, cases: list[str]) -> str:
    parts = [f"#### {statute.citation.provision}: {statute.title}", statute.summary, "\n".join(_lines(statute))]
    if statute.values:
        parts.append("\n".join(_values(statute)))
    parts += [f"Particulars from {day}: {_list(items)}." for day, items in statute.particulars.items()]
    if rule is not None:
        parts.append(f"As applied by `{rule.__name__}`: {_prose(rule)}")
    if cases:
        parts.append("Cases:\n\n" + "\n".join(f"- {name}" for name in sorted(cases, key=_natural)))
    return "\n\n".join(parts)


def _list(items: tuple[Particular, ...]) -> str:
    return "; ".join(
        f"{item.key.replace('_', ' ')} ({item.point}){', where possible' if item.where_possible else ''}"
        for item in items
    )


def _lines(statute: Statute) -> Iterator[str]:
    yield f"- `{statute.id}`: [{statute.citation.instrument}, {statute.citation.provision}]({statute.citation.url})"
    if statute.owed_by and statute.owed_to:
        yield f"- Owed by the {statute.owed_by} to the {statute.owed_to.replace('_', ' ')}"
    if statute.recipient:
        yield f"- Goes to: {statute.recipient}"
    if statute.only_if:
        yield f"- Only if: {statute.only_if}"
    if statute.secrecy:
        yield f"- Secrecy: {statute.secrecy}"
    checked = f", verified on {statute.verified_on}" if statute.verified_on else ""
    yield f"- Confidence: {statute.confidence}{checked}"
    if statute.caveat:
        yield f"- To check: {statute.caveat}"


def _values(statute: Statute) -> Iterator[str]:
    yield "| Value | From | Says | Reference |"
    yield "|---|---|---|---|"
    for name, dated in statute.values.items():
        for day, value in sorted(dated.items()):
            yield f"| {name.replace('_', ' ')} | {day} | {_says(value)} | {value.reference} |"


def _says(value: DatedValue) -> str:
    if value.undue_delay:
        return "without undue delay"
    if value.text:
        return value.text
    start = "" if value.counted_from == AWARENESS else f" from {value.counted_from}"
    return f"{value.amount} {value.unit}{start}"


def _prose(rule: Callable[..., Any]) -> str:
    return " ".join(cleandoc(rule.__doc__ or "").split())


def _cases(book: StatuteBook) -> dict[str, list[str]]:
    """Return, for each provision, the sentences of the cases that name it."""
    found: dict[str, list[str]] = {}
    for folder in ("art33", "art34", "incidents"):
        for file in sorted((CASES / folder).rglob("*.yaml")):
            for case in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):  # noqa: S506 - strings only
                for provision in set(_words(case)) & book.statutes.keys():
                    found.setdefault(provision, []).append(case["name"])
    return found


def _words(case: Any) -> Iterator[str]:
    """Yield every key and every text of ``case``, however deep."""
    if isinstance(case, str):
        yield case
    elif isinstance(case, dict):
        yield from _each(part for pair in case.items() for part in pair)
    elif isinstance(case, list):
        yield from _each(case)


def _each(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        yield from _words(part)


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check FILE`` tell by the exit code whether the file is up to date."""
    text = page(StatuteBook.load())
    match arguments:
        case []:
            sys.stdout.write(text)
            return 0
        case ["--check", name] if Path(name).is_file() and Path(name).read_text(encoding="utf-8") == text:
            return 0
        case ["--check", name]:
            sys.stderr.write(f"{name} is stale: run python -m law.page > {name}\n")
            return 1
    sys.stderr.write("usage: python -m law.page [--check FILE]\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
