"""Facts as people state them, on the command line or in a file: named in Swedish or English, refused by name."""

import json
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer
import yaml

from letters.language import facts_label
from models.base import holds_personal_identity_number
from models.facts import Facts


class _Words(yaml.SafeLoader):
    """Reads every scalar as text: YAML must not decide what 16.10, nej or a date without a zone means."""

    yaml_implicit_resolvers = {}


def gather(file: Path | None, pairs: Iterable[str]) -> dict[str, Any]:
    """Return the answers of ``file`` with those of the ``pairs`` laid over them, by the names of the facts."""
    told = load(file) if file else {}
    return {**{field(name): answer for name, answer in told.items()}, **split(pairs, field)}


def split(pairs: Iterable[str], named: Callable[[str], str]) -> dict[str, Any]:
    """Return what ``name=answer`` pairs say, each name as ``named`` reads it. One that comes again adds to a list."""
    stated: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, answer = pair.partition("=")
        if not equals:
            raise typer.BadParameter("Skriv namn=svar, till exempel n_subjects=8400.")
        stated.setdefault(named(name), []).append(answer)
    return {name: answers[0] if len(answers) == 1 else answers for name, answers in stated.items()}


def load(file: Path) -> dict[str, Any]:
    """Return what a YAML or JSON file says, by name; in YAML every answer is text."""
    try:
        content = file.read_text(encoding="utf-8-sig")
        told = json.loads(content) if file.suffix == ".json" else yaml.load(content, _Words)  # noqa: S506 - a safe loader
    except (ValueError, yaml.YAMLError):
        raise typer.BadParameter("Filen går inte att läsa som YAML eller JSON i UTF-8. Rätta den.") from None
    if not isinstance(told, dict):
        raise typer.BadParameter("Filen ska ha ett namn och ett svar per rad, till exempel n_subjects: 8400.")
    return {str(name): answer for name, answer in told.items()}


def field(typed: str) -> str:
    """Return the fact that ``typed`` names, in English or as its Swedish label. Refuses others with near matches."""
    return one_of(typed, {name: facts_label(name).lower() for name in Facts.model_fields}, "timglas facts --list")


def one_of(typed: str, labels: dict[str, str], elsewhere: str) -> str:
    """Return the name among ``labels`` that ``typed`` is or that has ``typed`` as its label.

    Refuses any other with the nearest, or with ``elsewhere``, the command that lists them.
    """
    names = {_key(said): name for name, label in labels.items() for said in (name, label)}
    key = _key(typed)
    if key in names:
        return names[key]
    near = dict.fromkeys(names[match] for match in get_close_matches(key, names, cutoff=0.5))
    meant = " eller ".join(f"{name} ({labels[name]})" for name in near)
    quoted = "" if holds_personal_identity_number(typed) else f" som heter {typed.strip()[:60]}"
    raise typer.BadParameter(f"Det finns inget{quoted}. {f'Menar du {meant}?' if near else f'Skriv {elsewhere}.'}")


def _key(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
