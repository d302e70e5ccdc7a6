"""The words the code needs against the words the catalogue has: ``python -m letters.catalogue --check | --update``.

Needed are the sentences marked with ``N_`` or ``counted``, and the labels of every enum, event, fact and letter and of
the open vocabularies. Nothing is listed twice: a new enum member asks for its label the day it is written.
"""

import ast
import pkgutil
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import models
from letters.breach_columns import GROUPS, OWN
from letters.language import CATALOGUE, LANGUAGE
from letters.render import names
from letters.vocabulary import (
    ADDRESSED,
    CATEGORIES,
    COMMITMENTS,
    FORM,
    HELP,
    PARTICULARS,
    PROVISIONS,
    SECRECY,
    SECTIONS,
)
from letters.voice import TRANSLATED
from models.breach_events import BreachReported
from models.contact import ContactPoint
from models.duty import Period
from models.events import Event
from models.facts import Facts
from models.parties import Absence, Agreement, Controller, Person, PostalAddress, Processor, Product
from models.recorded import Recorded
from models.regime import Answers

FOLDERS = ("models", "law", "letters", "services", "adapters", "flows")

REGISTERED = (Controller, Processor, Person, PostalAddress, ContactPoint, Agreement, Product, Absence, Period)
"""What the register of parties is made of; each field of it has a name in Swedish."""

_STAMP = {*Recorded.model_fields, "type"}
_ROOT = Path(__file__).parent.parent
_FILLED_IN = re.compile(r"\{(\w*)")


class Wanted(NamedTuple):
    """One message: its context (None for a sentence), its id, and the id of its plural if it has one."""

    context: str | None
    id: str
    plural: str | None = None


def wanted() -> list[Wanted]:
    """Return every message the code needs, once each, labels last. Raises ValueError for a mark that is no literal."""
    files = [file for folder in FOLDERS for file in sorted((_ROOT / folder).rglob("*.py"))]
    sentences = {message: None for file in files for message in _marked(file)}
    return [*sentences, *dict.fromkeys(_labels())]


def check(catalogue: Catalog) -> list[str]:
    """Return what is wrong with ``catalogue``, one line each: missing, untranslated, fuzzy, misfilled or obsolete."""
    needed = wanted()
    keys = {(message.context, message.id) for message in needed}
    faults = [fault for message in needed if (fault := _fault(message, catalogue))]
    surplus = [message for message in catalogue if message.id and (message.context, _first(message.id)) not in keys]
    return faults + [_line("obsolete", message.context, _first(message.id)) for message in surplus]


def update(catalogue: Catalog) -> None:
    """Add to ``catalogue`` what is missing, without a translation, and take out what nothing asks for."""
    needed = wanted()
    keys = {(message.context, message.id) for message in needed}
    for message in list(catalogue):
        if message.id and (message.context, _first(message.id)) not in keys:
            catalogue.delete(message.id, message.context)
    for context, single, plural in needed:
        if catalogue.get(single, context) is None:
            catalogue.add((single, plural) if plural else single, context=context)


def load() -> Catalog:
    """Read the catalogue as it stands in the checkout."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def main(argument: str) -> int:
    """Check the catalogue, or bring it up to date, and return the exit code."""
    catalogue = load()
    if argument == "--update":
        update(catalogue)
        with CATALOGUE.open("wb") as file:
            write_po(file, catalogue, width=0, ignore_obsolete=True)
    faults = check(catalogue)
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def _marked(file: Path) -> Iterator[Wanted]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        function = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        count = {"N_": 1, "counted": 2}.get(function, 0)
        texts = [item.value for item in node.args[:count] if isinstance(item, ast.Constant) and type(item.value) is str]
        if len(texts) < count:
            raise ValueError(
                f"{file.name}:{node.lineno}: {function} takes a literal text, so that it can be translated"
            )
        if texts:
            yield Wanted(None, *texts)


def _labels() -> Iterator[Wanted]:
    for module in pkgutil.iter_modules(models.__path__, "models."):
        yield from (
            Wanted(kind.__name__, member.value)
            for kind in vars(import_module(module.name)).values()
            if isinstance(kind, type) and issubclass(kind, StrEnum)
            for member in kind
        )
    for event in get_args(get_args(Event)[0]):
        yield Wanted("event", event.model_fields["type"].default)
        stated = {name: kind.annotation for name, kind in event.model_fields.items() if name not in _STAMP}
        yield from (Wanted("field", name) for name, kind in stated.items() if kind is not Facts)
    yield from (Wanted("fact", name) for name in Facts.model_fields)
    yield from (Wanted("answer", name) for name in Answers.model_fields)
    yield from (Wanted("letter", name) for name in names())
    yield from (Wanted("provision", name) for name in (*PROVISIONS, *COMMITMENTS))
    yield from (Wanted("particular", name) for name in PARTICULARS)
    yield from (Wanted("register", name) for kind in REGISTERED for name in kind.model_fields)
    yield from (Wanted("owed_as", name) for name in get_args(BreachReported.model_fields["owed_as"].annotation))
    yield from (Wanted("section", name) for name in SECTIONS)
    yield from (Wanted("entry_group", name) for name in GROUPS)
    yield from (Wanted("entry", name) for name in OWN)
    yield from (Wanted("form", name) for name in FORM)
    yield from (Wanted("help", name) for name in HELP)
    yield from (Wanted("addressed", name) for name in ADDRESSED)
    yield from (Wanted("category", name) for name in CATEGORIES)
    yield from (Wanted("secrecy", name) for name in SECRECY)
    yield from (Wanted("text", name) for name in TRANSLATED)


def _fault(message: Wanted, catalogue: Catalog) -> str | None:
    found = catalogue.get(message.id, message.context)
    if found is None:
        return _line("missing", message.context, message.id)
    texts = found.string if isinstance(found.string, tuple) else (found.string,)
    if not all(texts):
        return _line("untranslated", message.context, message.id)
    if found.fuzzy:
        return _line("fuzzy", message.context, message.id)
    allowed = set(_FILLED_IN.findall(message.id))
    if any(set(_FILLED_IN.findall(str(text))) != allowed for text in texts):
        return _line("other values than the original", message.context, message.id)
    return None


def _first(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _line(fault: str, context: str | None, message_id: str) -> str:
    return f"{fault}: {context + ' · ' if context else ''}{message_id}"


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("--check", "--update"):
        sys.exit("usage: python -m letters.catalogue --check | --update")
    sys.exit(main(sys.argv[1]))
