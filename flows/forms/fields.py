"""How a form asks: times as Swedish local text, choices in Swedish words, people and parties by id, no personnummer."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from law.secrecy import secrecy_provisions
from letters.breach_columns import heading
from letters.language import capital, explain, label, named
from letters.vocabulary import PARTICULARS, PROVISIONS
from letters.voice import TRANSLATED
from models.base import NO_PERSONAL_NUMBER, ActorId, PlainText
from models.breach_register import FREE_TEXT
from models.errors import UnreadableTime
from models.facts import Facts
from models.instants import clock_changes, read_instant
from models.parties import PartyId
from models.regime import Answers
from services.documents.drafts import LETTERS

_FORWARD, _BACK = ("|".join(map(str, days)) for days in clock_changes(2018, 2045))
_AT_TWO = r"[ T](?:kl\.? ?)?0?2[.:]\d\d(?:[.:]\d\d)?"
LOCAL_TIME = (
    rf"^(?!(?:{_FORWARD}){_AT_TWO})(?!(?:{_BACK}){_AT_TWO}$)"
    r"\d{4}-\d\d-\d\d(?:[ T](?:kl\.? ?)?\d{1,2}[.:]\d\d(?:[.:]\d\d)?(?: (?:sommartid|vintertid))?)?$"
)
"""What a person types for a time; there is no date picker, so no time zone can move a deadline.

The hour of March that never comes, and the one of October that comes twice without a word for which, are refused by the
form itself. Whatever a form lets through, ``models.instants`` reads or refuses.
"""

SEPARATOR = " – "
"""Stands in a drop-down between an id and what it means; only the id is kept."""


class Asked:
    """An annotation: show ``schema`` in the form and read what comes back with ``read`` before the type checks it."""

    def __init__(self, schema: dict[str, Any], read: Callable[[Any], Any]) -> None:
        self.schema, self.read = schema, read

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read first, then check."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Show our schema instead of the type's own."""
        return dict(self.schema)


def choice(kind: type[StrEnum]) -> Asked:
    """Return the drop-down of ``kind`` with its Swedish words; the member's own value is understood too."""
    words = {label(member): member for member in kind}
    return Asked({"type": "string", "enum": list(words)}, lambda given: words.get(given, given))


def instant(given: Any) -> Any:
    """Read a time typed in a form. Raises UnreadableTime, said in Swedish: it is what the officer reads in the UI."""
    if not isinstance(given, str):
        return given
    try:
        return read_instant(given)
    except UnreadableTime as refusal:
        refusal.args = (explain(refusal),)
        raise


def _id(given: Any) -> Any:
    return given.partition(SEPARATOR)[0] if isinstance(given, str) else given


When = Annotated[datetime, Asked({"type": "string", "pattern": LOCAL_TIME, "examples": ["2026-11-21 16.10"]}, instant)]
"""A moment, typed as Swedish local time."""

Text = Annotated[PlainText, Asked({"type": "string", "pattern": NO_PERSONAL_NUMBER, "format": "textarea"}, str)]
"""Free text. The form's own schema refuses a personnummer, before Prefect stores anything."""

Who = Annotated[ActorId, Asked({"type": "string", "x-register": "people"}, _id)]
"""A role-bearer; a drop-down from the register."""

ControllerChoice = Annotated[PartyId, Asked({"type": "string", "x-register": "controllers"}, _id)]
"""A controller; a drop-down from the register."""

PartyChoice = Annotated[PartyId, Asked({"type": "string", "x-register": "parties"}, _id)]
"""A controller or processor; a drop-down from the register."""

Code = Annotated[
    str | None, Asked({"type": "string", "pattern": r"^(?:\d{6})?$", "default": ""}, lambda given: given or None)
]
"""The one-time code; left empty, the run mails one instead of acting."""

YES, NO, UNKNOWN = "Ja", "Nej", "Vet inte"
_BOOLS: dict[Any, bool | None] = {YES: True, NO: False, UNKNOWN: None}

YesOrNo = Annotated[bool, Asked({"type": "string", "enum": [YES, NO]}, lambda given: _BOOLS.get(given, given))]
"""A question with two answers."""

MaybeYes = Annotated[
    bool | None, Asked({"type": "string", "enum": list(_BOOLS)}, lambda given: _BOOLS.get(given, given))
]
"""A question that may be left unanswered: unknown is not no."""

MaybeText = Annotated[
    PlainText | None,
    Asked({"type": "string", "pattern": f"{NO_PERSONAL_NUMBER}|^$", "format": "textarea"}, lambda given: given or None),
]
"""Free text that may be left empty."""

_LETTER = r"p[0-9a-f]{20}(?:\.[0-9a-z]+)*"
LETTERS_MEANT = rf"^\s*(?:{_LETTER}(?:[\s,]+|$))*$"
LettersMeant = Annotated[
    tuple[str, ...],
    Asked(
        {"type": "string", "pattern": LETTERS_MEANT, "format": "textarea"},
        lambda given: tuple(given.replace(",", " ").split()) if isinstance(given, str) else given,
    ),
]
"""Letters, by what each of them is called on the page; left empty, all that the page tells of."""

MaybeWhen = Annotated[
    datetime | None,
    Asked({"type": "string", "pattern": f"{LOCAL_TIME}|^$"}, lambda given: instant(given) if given else None),
]
"""A moment that may be left empty."""


def maybe(kind: type[StrEnum]) -> Asked:
    """Return the drop-down of ``kind`` with a first line for none of them."""
    words = {NONE: None, **{label(member): member for member in kind}}
    return Asked({"type": "string", "enum": list(words), "default": NONE}, lambda given: words.get(given, given))


def named_choice(context: str, keys: tuple[str, ...]) -> Asked:
    """Return a drop-down of ``keys`` by their names in the catalogue's ``context``; a key itself is understood too."""
    words = {capital(named(context, key)): key for key in keys}
    return Asked({"type": "string", "enum": list(words)}, lambda given: words.get(given, given))


def maybe_named(context: str, keys: tuple[str, ...]) -> Asked:
    """Return the drop-down of ``keys`` as ``named_choice`` does, with a first line for none of them."""
    words = {NONE: None, **{capital(named(context, key)): key for key in keys}}
    return Asked({"type": "string", "enum": list(words), "default": NONE}, lambda given: words.get(given, given))


NONE = "Inget av detta"

FactName = Annotated[str, named_choice("fact", tuple(Facts.model_fields))]
"""What one can know of a breach; a drop-down."""

OtherLaw = Annotated[
    str, named_choice("provision", tuple(one for one in PROVISIONS if one.partition(".")[0] in ("eu", "se")))
]
"""A provision of another law than the GDPR; a drop-down."""

DIARY_NUMBER = r"^(?:IMY|DI)-20\d{2}-\d{1,6}$"
DiaryNumber = Annotated[str, Asked({"type": "string", "pattern": DIARY_NUMBER, "examples": ["IMY-2026-1234"]}, str)]
"""The number the authority gave a file."""

DAY = r"^(?:\d{4}-\d\d-\d\d)?$"
MaybeDay = Annotated[date | None, Asked({"type": "string", "pattern": DAY, "default": ""}, lambda given: given or None)]
"""A day that may be left empty."""

Day = Annotated[date, Asked({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "examples": ["2026-11-21"]}, str)]
"""A day, typed as year, month and day."""

FileName = Annotated[Path, Asked({"type": "string", "pattern": NO_PERSONAL_NUMBER}, lambda given: given)]
"""A file on the machine that Timglas runs on."""

LetterChoice = Annotated[str, named_choice("letter", LETTERS)]
"""A letter that a person approves."""

_QUESTIONS = {
    name: {"type": "string", "title": capital(named("answer", name)), "enum": list(_BOOLS), "default": UNKNOWN}
    for name in Answers.model_fields
}


def _answers(given: Any) -> Any:
    return {name: _BOOLS.get(value, value) for name, value in given.items()} if isinstance(given, dict) else given


StatedAnswers = Annotated[
    Answers, Asked({"type": "object", "properties": _QUESTIONS, "additionalProperties": False}, _answers)
]
"""What is known of which laws apply; every question may be left unanswered."""

Particular = Annotated[str, named_choice("particular", PARTICULARS)]
"""A particular that a notification may lack."""

_MARKABLE = (*(name for name in Facts.model_fields if not name.startswith("told_")), *FREE_TEXT)
_HEADINGS = {heading(name): name for name in _MARKABLE}

SecretField = Annotated[
    str, Asked({"type": "string", "enum": list(_HEADINGS)}, lambda given: _HEADINGS.get(given, given))
]
"""A fact, or a text of the register, that may be secret."""

_PROVISIONS = {f"{one.citation} – {named('secrecy', one.covers)}": key for key, one in secrecy_provisions().items()}

SecrecyChoice = Annotated[
    str, Asked({"type": "string", "enum": list(_PROVISIONS)}, lambda given: _PROVISIONS.get(given, given))
]
"""A provision of the secrecy act."""

EnglishText = Annotated[str, named_choice("text", TRANSLATED)]
"""A text of the sheet that may be written in English."""
