"""What a person answers about a fact, in Swedish or English, read as its kind: the inverse of ``letters.language.fact``.

Forms and the command line read with it. The answer itself is never repeated: it may hold somebody's data.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from letters.choices import chosen
from letters.language import facts_label, listed, named, word
from letters.vocabulary import CATEGORIES
from models.base import PlainText, holds_personal_identity_number
from models.errors import N_, UnreadableFacts
from models.facts import Cause, Exfiltration, Facts, Quantity
from models.instants import read_instant

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
        **dict.fromkeys(UNKNOWN - {""}, Exfiltration.UNKNOWN),
    },
    Cause: dict.fromkeys(UNKNOWN - {""}, Cause.UNDER_INVESTIGATION),
}
"""Answers that stand for a value although they are no word of it. An answer of "unknown" is a value of some kinds."""


def read_facts(stated: dict[str, Any]) -> Facts:
    """Return the answers as facts, by name; what is said to be unknown is left out.

    Raises UnreadableFacts naming the fact whose answer is none, UnreadableTime for a time that is none.
    """
    try:
        return Facts.model_validate({name: read_answer(name, answer) for name, answer in stated.items()})
    except ValidationError as fault:
        raise _unreadable(str(fault.errors()[0]["loc"][0])) from None


def read_answer(name: str, answer: Any) -> Any:
    """Return the value of the fact ``name`` that ``answer`` says, or None if it is said to be unknown.

    Raises UnreadableFacts, UnreadableTime.
    """
    kind = bare_kind(name)
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        values = [_read(name, item, said) for each in _listed(answer) for said in _parts(item, each)]
        return [value for value in values if value is not None] or None
    if isinstance(answer, dict) and _plain(kind) is Quantity:
        return {end: _text(name, str(number)) for end, number in answer.items()}
    if isinstance(answer, list | dict):
        raise _unreadable(name)
    return _read(name, kind, _said(answer))


def bare_kind(name: str) -> Any:
    """Return the kind of the fact ``name`` when it is known: its annotation without None."""
    kind = Facts.model_fields[name].annotation
    return next(one for one in get_args(kind) if one is not type(None)) if _is_union(kind) else kind


def _read(name: str, kind: Any, said: str) -> Any:
    plain, besides = " ".join(said.lower().replace("-", " ").split()), _BESIDES.get(_plain(kind), {})
    if plain in besides:
        return besides[plain]
    if plain in UNKNOWN:
        return None
    try:
        return _reader(kind)(_text(name, said))  # whatever the kind, a personnummer is refused
    except ValueError:
        raise _unreadable(name) from None


def _reader(kind: Any) -> Callable[[str], Any]:
    plain = _plain(kind)
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return lambda said: _required(chosen(said, _members(plain)))
    if kind is str:
        return _category
    return _READERS.get(plain, read_instant)


def _members(kind: type[StrEnum]) -> dict[StrEnum, tuple[str, str]]:
    return {one: (one.value, word(one)) for one in kind}


def _required(found: Any) -> Any:
    if found is None:
        raise ValueError
    return found


def _quantity(said: str) -> Quantity:
    match = _QUANTITY.fullmatch(re.sub(r"\s", "", said.lower()))
    if match is None:
        raise ValueError
    low, high = int(match["low"]), int(match["high"] or match["low"])
    if match["word"] in ("minst", "atleast"):
        return Quantity(at_least=low)
    if match["word"] in ("högst", "atmost"):
        return Quantity(at_most=high)
    return Quantity(at_least=low, at_most=high, about=match["word"] in ("cirka", "ca", "ungefär", "about"))


def _category(said: str) -> str:
    """Return the category a Swedish word stands for, since the advice goes by it; any other word as somebody wrote it."""
    words = {one: named("category", one) for one in CATEGORIES}
    exact = [one for one in CATEGORIES if said.lower() in (one, words[one])]
    return exact[0] if exact else chosen(said, {one: (word,) for one, word in words.items()}) or said


def _text(name: str, said: str) -> str:
    if holds_personal_identity_number(said):
        raise UnreadableFacts(
            N_("The answer about {fact} cannot be recorded."),
            why=N_("It holds a personal identity number, and what is recorded in a case cannot be erased."),
            remedy=N_("Write the role of the person instead."),
            fact=_fact(name),
        )
    try:
        return str(TypeAdapter(PlainText).validate_python(said))
    except ValidationError:
        raise _unreadable(name) from None


def _unreadable(name: str) -> UnreadableFacts:
    kind = bare_kind(name)
    plain = _plain(get_args(kind)[0] if get_origin(kind) is tuple else kind)
    words = listed(map(word, plain)) if isinstance(plain, type) and issubclass(plain, StrEnum) else ""
    reason, remedy = (_CHOICE if words else _FORMS.get(plain)) or _FORMS[str]
    return UnreadableFacts(
        N_("The answer about {fact} cannot be read."), why=reason, remedy=remedy, fact=_fact(name), choices=words
    )


def _fact(name: str) -> str:
    return f"{facts_label(name).lower()} ({name})"


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


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


_CHOICE = N_("It is one of these: {choices}."), N_("Write one of them.")
_FORMS: dict[Any, tuple[str, str]] = {
    bool: (N_("The question has three answers."), N_("Write ja, nej or vet-ej.")),
    int: (N_("It is a whole number."), N_("Write for example 7.")),
    date: (N_("It is a day."), N_("Write for example 2026-11-21.")),
    Quantity: (
        N_("Timglas reads an exact number, about so many, at least, at most, or from one number to another."),
        N_("Write for example 8400, cirka 8400, minst 20, högst 30 or 20-30."),
    ),
    str: (N_("It is a text of at most 20 000 characters."), N_("Write it in words.")),
}

_READERS: dict[Any, Callable[[str], Any]] = {
    bool: _not_yes_or_no,
    int: int,
    date: date.fromisoformat,
    datetime: read_instant,
    Quantity: _quantity,
    str: str,
}
