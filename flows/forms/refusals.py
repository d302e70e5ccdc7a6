"""What Prefect says of an answer that does not fit a form, said in Swedish, and without what somebody typed.

Prefect checks forms with JSON Schema, and repeats the answer beside the pattern it broke. Here each pattern of ours is
put in words by whoever reads that kind of answer.
"""

import ast
import re
from collections.abc import Callable
from typing import Any

from flows.forms.facts import COUNT, QUANTITY
from flows.forms.fields import DAY, DIARY_NUMBER, LETTERS_MEANT, LOCAL_TIME
from letters.language import capital, explain, named, say
from models.base import NO_PERSONAL_NUMBER
from models.errors import N_, UnreadableTime
from models.instants import read_instant

PERSONAL_NUMBER = N_(
    "This looks like a personal identity number, and what is recorded in a case cannot be erased. "
    "Write the role of the person instead."
)
_EMPTY = N_("This must be filled in.")
_OTHER = N_("This answer does not fit here. Read the help above the field.")

_FAILED = re.compile(
    r"(?:Error creating flow run: |Reason: )?Validation failed(?: for field '(?P<field>[^']*)')?\."
    r" Failure reason: (?P<reason>.*)",
    re.DOTALL,
)


def in_swedish(said: str) -> str:
    """Return a refusal as the officer reads it: of a whole form, with the field it is about, or of one field."""
    failed = _FAILED.fullmatch(said)
    if failed is None:
        return _field(said)
    missing = re.match(r"'(\w+)' is a required property", failed["reason"])
    field = missing[1] if missing else (failed["field"] or "").rpartition(".")[2].partition("[")[0]
    asked = title(field)
    return " ".join(
        filter(None, (asked if asked.endswith("?") or not asked else f"{asked}:", _field(failed["reason"])))
    )


def title(field: str) -> str:
    """Return what a form calls ``field``."""
    words = (named(context, field) for context in ("form", "fact", "answer"))
    return capital(next((word for word in words if word != field), field))


def _field(said: str) -> str:
    """Return in words what is wrong with one answer."""
    for pattern, words in _PATTERNS.items():
        for broken in (pattern, f"{pattern}|^$"):
            typed, matches, _ = said.rpartition(f" does not match {broken!r}")
            if matches:
                return words(str(ast.literal_eval(typed)))
    if "is a required property" in said or "should be non-empty" in said or said.startswith("None is not of type"):
        return say(_EMPTY)
    if "is not one of" in said:
        return say(N_("Choose one of the answers in the list."))
    return say(_OTHER)


def _text(typed: str) -> str:
    return say(PERSONAL_NUMBER if typed.strip() else _EMPTY)


def _time(typed: str) -> str:
    try:
        read_instant(typed)
    except UnreadableTime as refusal:
        return explain(refusal)
    return say(_OTHER)


def _always(words: str) -> Callable[[str], str]:
    return lambda _typed: say(words)


_PATTERNS: dict[str, Callable[[str], str]] = {
    NO_PERSONAL_NUMBER: _text,
    LOCAL_TIME: _time,
    QUANTITY: _always(N_("Write a number, for example 8400, cirka 8400, minst 20, högst 30 or 20-30.")),
    COUNT: _always(N_("Write a number in figures, for example 7.")),
    DAY: _always(N_("Write a day, for example 2026-11-21.")),
    DIARY_NUMBER: _always(N_("A case number of the authority looks like this: IMY-2026-1234.")),
    r"^INC-\d{4}-\d{4,}$": _always(N_("A case number looks like this: INC-2026-0042.")),
    LETTERS_MEANT: _always(N_("Copy what stands first on the lines of the list, or leave the field empty.")),
    r"^(?:\d{6})?$": _always(N_("The code has six digits.")),
}


def rewrite(body: Any) -> Any:
    """Return an answer of Prefect's API with each refusal in it put in Swedish; all else as it was."""
    match body:
        case {"detail": str(said)} if _FAILED.fullmatch(said):
            return {**body, "detail": in_swedish(said)}
        case {"details": {"reason": str(said)} as details} if _FAILED.fullmatch(said):
            return {**body, "details": {**details, "reason": in_swedish(said)}}
        case {"errors": list(errors)}:
            return {**body, "errors": [in_swedish(one) if isinstance(one, str) else rewrite(one) for one in errors]}
    return body
