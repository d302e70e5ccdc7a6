"""A template and its values in, a letter out. A value fills the text; it can never shape it, and never be missing.

A template knows names, comparisons, ``if`` and ``for``, and nothing else: no calls, filters, attributes or arithmetic,
so nothing in it can reach out or grow. A letter is written whole in each language; a missing one is never replaced.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from jinja2 import StrictUndefined, Template, Undefined, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from letters.language import LANGUAGE
from letters.markup import blocks, guard, shown
from models.base import Value
from models.errors import N_, MissingParticular, UnknownReference
from models.letter import Block, Letter

TEMPLATES = Path(__file__).parent.parent / "templates"

_PART = re.compile(r'^\{% include "(_parts/[a-z_]+\.txt)" %\}$', re.MULTILINE)
"""What several letters of one language say alike: put in before anything is read, so it knows no more than a letter."""

_GRAMMAR = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Tuple,
    nodes.If,
    nodes.For,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)


class LetterCard(Value):
    """What a letter.toml says of its letter: what it fulfils and contains, and who has read it.

    ``particulars`` names, for each item of content in ``contains``, the values that carry it, and ``stands_under`` how
    the headings begin under which it stands. ``lix`` is the upper mark for readability; None where the letter is a
    form. ``form`` is the authority's form whose answers it holds: ``particulars`` may name those too.
    """

    title: str
    fulfils: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    particulars: dict[str, tuple[str, ...]] = {}
    stands_under: dict[str, tuple[str, ...]] = {}
    version: str
    reviewed_by: str
    reviewed_on: date | None = None
    lix: int | None = None
    form: str | None = None


def names(language: str = LANGUAGE) -> tuple[str, ...]:
    """Return every letter there is in ``language``."""
    return tuple(sorted(card.parent.name for card in TEMPLATES.glob(f"{language}/*/letter.toml")))


def render(
    name: str,
    context: Mapping[str, object],
    language: str = LANGUAGE,
    drawn: Mapping[str, Block] = MappingProxyType({}),
) -> Letter:
    """Return the letter ``name`` with ``context`` filled in: texts, tuples of texts, and truths to choose by.

    ``drawn`` are the tables and charts, by the names of their places. Raises UnknownReference for a letter that is not
    there in ``language``, MissingParticular for a value that is not given.
    """
    absent = sorted(placeholders(name, language) - context.keys())
    if absent:
        raise _missing(name, ", ".join(absent))
    try:
        subject, body = (_template(name, part, language).render(context) for part in ("subject.txt", "body.txt"))
    except UndefinedError as fault:
        raise _missing(name, str(fault)) from fault
    return Letter(name=name, language=language, subject=shown(subject.strip()), blocks=blocks(body, drawn))


@cache
def placeholders(name: str, language: str = LANGUAGE) -> frozenset[str]:
    """Return the values the letter asks for. Raises UnknownReference."""
    parts = (_source(name, part, language) for part in ("subject.txt", "body.txt"))
    return frozenset[str]().union(*(meta.find_undeclared_variables(_parse(source)) for source in parts))


def letter_card(name: str, language: str = LANGUAGE) -> LetterCard:
    """Return what is said of the letter. Raises UnknownReference."""
    return LetterCard.model_validate(tomllib.loads(_source(name, "letter.toml", language)))


def _finalize(value: object) -> str:
    if value is None:
        raise UndefinedError("a value is None")
    if isinstance(value, Undefined):
        return str(value)
    return guard(str(value))


_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    finalize=_finalize,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # what comes out is text; letters.html escapes it
)


def _parse(source: str) -> nodes.Template:
    tree = _ENVIRONMENT.parse(source)
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _GRAMMAR):
            raise SecurityError(f"a letter may not hold {type(node).__name__} (line {node.lineno})")
    return tree


@cache
def _template(name: str, part: str, language: str) -> Template:
    return _ENVIRONMENT.from_string(_parse(_source(name, part, language)))


@cache
def _source(name: str, part: str, language: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}", language) or name not in names(language):
        raise UnknownReference(
            N_("There is no letter {letter} in the language {language}."),
            why=N_("A letter is written whole in each language, and none stands in for another."),
            remedy=N_("Check the spelling, or add the folder templates/{language}/{letter}."),
            letter=name,
            language=language,
        )
    source = (TEMPLATES / language / name / part).read_text(encoding="utf-8")
    return _PART.sub(lambda found: (TEMPLATES / language / found[1]).read_text(encoding="utf-8").rstrip("\n"), source)


def _missing(name: str, absent: str) -> MissingParticular:
    return MissingParticular(
        N_("The letter {letter} asks for {absent}, which was not given."),
        why=N_("A letter with a hole in it is not sent."),
        remedy=N_("Establish the fact, or mend the template."),
        letter=name,
        absent=absent,
    )
