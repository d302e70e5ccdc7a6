"""What a person answers about one fact, in Swedish or in English, read as its kind. The answer itself is never repeated."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import typer

from flows.commands.typed import choose, instant, plain_text
from letters.language import facts_label, named, word
from letters.vocabulary import CATEGORIES
from models.facts import Cause, Exfiltration, Facts, Quantity

UNKNOWN = frozenset({"vet ej", "vet inte", "okänt", "okänd", "oklart", "utreds", "unknown", "null", ""})
YES, NO = ("ja", "yes", "true"), ("nej", "no", "false")

_QUANTITY = re.compile(
    r"(?P<word>cirka|ca|ungefär|about|minst|atleast|högst|atmost|mellan|between)?"
    r"(?P<low>\d+)(?:(?:-|–|till|to|och|and)(?P<high>\d+))?"
)
_BESIDES: dict[Any, dict[str, Any]] = {
    bool: {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)},
    Exfiltration: {
        **dict.fromkeys(YES, Exfiltration.CONFIRMED),
        **dict.fromkeys(NO, Exfiltration.NONE_CONFIRMED),
        **dict.fromkeys(UNKNOWN, Exfiltration.UNKNOWN),
    },
    Cause: dict.fromkeys(UNKNOWN, Cause.UNDER_INVESTIGATION),
}
"""Answers that stand for a value although they are no word of it. An answer of "unknown" is a value of some kinds."""


def read_answer(name: str, answer: Any) -> Any:
    """Return the value of the fact ``name`` that ``answer`` says, or None if it is said to be unknown."""
    kind = _without(type(None), Facts.model_fields[name].annotation)
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        values = [_read(name, item, said) for each in _listed(answer) for said in _parts(item, each)]
        return [value for value in values if value is not None] or None
    if isinstance(answer, dict) and _plain(kind) is Quantity:
        return {end: plain_text(str(number)) for end, number in answer.items()}
    if isinstance(answer, list | dict):
        raise unreadable(name)
    return _read(name, kind, _said(answer))


def unreadable(name: str) -> typer.BadParameter:
    """Return the refusal of an answer about ``name`` that cannot be one."""
    kind = _plain(_without(type(None), Facts.model_fields[name].annotation))
    return typer.BadParameter(
        f"Uppgiften {facts_label(name).lower()} ({name}) går inte att läsa. {_EXAMPLES.get(kind, '')}"
    )


def _read(name: str, kind: Any, said: str) -> Any:
    plain, besides = " ".join(said.lower().replace("-", " ").split()), _BESIDES.get(_plain(kind), {})
    if plain in besides:
        return besides[plain]
    if plain in UNKNOWN:
        return None
    try:
        return _reader(kind)(plain_text(said))  # whatever the kind, a personnummer is refused
    except typer.BadParameter as refusal:
        raise typer.BadParameter(f"{facts_label(name)} ({name}): {refusal.message}") from None
    except ValueError:
        raise unreadable(name) from None


def _reader(kind: Any) -> Callable[[str], Any]:
    plain = _plain(kind)
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return lambda said: choose(said, {one: (one.value, word(one)) for one in plain})
    if kind is str:
        return _category
    return _READERS.get(plain, instant)


def _quantity(said: str) -> dict[str, Any]:
    match = _QUANTITY.fullmatch(re.sub(r"\s", "", said.lower()))
    if match is None:
        raise ValueError
    low, high = int(match["low"]), int(match["high"] or match["low"])
    if match["word"] in ("minst", "atleast"):
        return {"at_least": low}
    if match["word"] in ("högst", "atmost"):
        return {"at_most": high}
    return {"at_least": low, "at_most": high, "about": match["word"] in ("cirka", "ca", "ungefär", "about")}


def _category(said: str) -> str:
    """Return the category a Swedish word stands for, since the advice goes by it; any other word as somebody wrote it."""
    words = {one: named("category", one) for one in CATEGORIES}
    exact = [one for one in CATEGORIES if said.lower() in (one, words[one])]
    if exact:
        return exact[0]
    try:
        return choose(said, {one: (word,) for one, word in words.items()})
    except typer.BadParameter:
        return said


def _not_yes_or_no(_said: str) -> bool:
    raise ValueError


def _listed(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


def _parts(kind: Any, answer: Any) -> list[str]:
    """Words are parted by commas; sentences hold commas themselves."""
    sentences = get_origin(kind) is Annotated
    return [_said(answer)] if sentences else [part.strip() for part in _said(answer).split(",")]


def _said(answer: Any) -> str:
    return (
        {None: "", True: YES[0], False: NO[0]}.get(answer, str(answer)) if not isinstance(answer, list | dict) else "?"
    )


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _without(none: Any, kind: Any) -> Any:
    return next(one for one in get_args(kind) if one is not none) if get_origin(kind) in (Union, UnionType) else kind


_EXAMPLES: dict[Any, str] = {
    bool: "Svara ja, nej eller vet-ej.",
    int: "Skriv ett heltal.",
    date: "Skriv en dag, till exempel 2026-11-21.",
    Quantity: "Skriv till exempel 8400, cirka 8400, 20-30, minst 5 eller högst 5.",
}

_READERS: dict[Any, Callable[[str], Any]] = {
    bool: _not_yes_or_no,
    int: int,
    date: date.fromisoformat,
    Quantity: _quantity,
    str: plain_text,
}
