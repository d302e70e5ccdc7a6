"""The facts as small forms, one per question a person can answer at a time; "Vet inte" is always a choice."""

import re
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from flows.forms import LOCAL_TIME, NO, UNKNOWN, YES, Asked, instant
from letters.language import capital, label, named
from letters.vocabulary import CATEGORIES
from models.base import NO_PERSONAL_NUMBER
from models.errors import N_, UnreadableFacts
from models.facts import Facts

SECTIONS: dict[str, tuple[str, ...]] = {
    "event": ("what_happened", "how_discovered", "breach_types", "cause", "malicious", "began_at", "detected_at",
              "ended_at", "processor", "sub_processor"),
    "people": ("n_subjects", "data_subject_categories", "children", "vulnerable_subjects", "protected_identities",
               "other_countries"),
    "data": ("data_categories", "data_described", "told_data", "n_records", "window_from", "window_until",
             "special_category", "national_id_number", "financial_data", "criminal_data", "credentials",
             "ease_of_identification"),
    "spread": ("exfiltration", "publicly_exposed", "recipient_known", "recipient_count", "recipient_trusted",
               "deletion_or_return_confirmed", "threat_to_publish", "own_data_published"),
    "protection": ("encrypted", "key_safe", "backup_available", "restored_in_time", "availability_loss", "permanent"),
    "consequences": ("consequences", "consequences_described", "told_consequences", "service_impact"),
    "measures": ("measures_before", "measures_taken", "measures_proposed", "advice_to_persons", "reported_to_police",
                 "secrecy"),
}  # fmt: skip
"""Which facts are asked together, in the order of the authority's form."""

_NUMBER = re.compile(r"^(?:(cirka|ca|minst|högst)\s+)?(\d+)(?:\s*[-–]\s*(\d+))?$")
_QUANTITY = r"^(?:(?:cirka|ca|minst|högst) )?\d[\d  ]*(?: ?[-–] ?\d[\d  ]*)?$|^$"


def facts_of(given: Any) -> Any:
    """Return what the form's sections state, as facts; anything but sections is left as it is.

    What says "Vet inte" or is left empty is unknown. Raises UnreadableFacts for a number that is none.
    """
    if not isinstance(given, dict) or not given or not set(given) <= set(SECTIONS):
        return given
    stated = {name: _read(name, value) for section in given.values() for name, value in section.items()}
    return {name: value for name, value in stated.items() if value is not None}


def form_schema() -> dict[str, Any]:
    """Return the JSON Schema of the small forms, with Swedish titles."""
    sections = {section: _object(named("section", section), names) for section, names in SECTIONS.items()}
    return {"type": "object", "properties": sections, "additionalProperties": False}


StatedFacts = Annotated[Facts, Asked({"type": "object"}, facts_of)]
"""Facts, typed in the small forms; ``flows.deploy`` puts ``form_schema`` in place of the bare object."""


def _object(title: str, names: tuple[str, ...]) -> dict[str, Any]:
    properties = {name: {"title": capital(named("fact", name)), **_asked(name)} for name in names}
    return {"type": "object", "title": title, "properties": properties, "additionalProperties": False, "default": {}}


def _asked(name: str) -> dict[str, Any]:
    """Return how the form asks for one fact, and its default: nobody knows."""
    kind = _bare(Facts.model_fields[name].annotation)
    if kind is bool:
        return {"type": "string", "enum": [YES, NO, UNKNOWN], "default": UNKNOWN}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [UNKNOWN, *(label(member) for member in kind)], "default": UNKNOWN}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _item(name, get_args(kind)[0]), "default": []}
    return {"type": "string", "pattern": _pattern(name), "default": ""}


def _item(name: str, kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [label(member) for member in kind]}
    if name.endswith("_categories"):
        return {"type": "string", "examples": [named("category", category) for category in CATEGORIES[:4]]}
    return {"type": "string", "pattern": NO_PERSONAL_NUMBER}


def _pattern(name: str) -> str:
    if name in ("n_subjects", "n_records"):
        return _QUANTITY
    if name == "recipient_count":
        return r"^\d*$"
    if name.startswith("window_"):
        return r"^(?:\d{4}-\d\d-\d\d)?$"
    return f"{LOCAL_TIME if name.endswith('_at') else NO_PERSONAL_NUMBER}|^$"


def _read(name: str, value: Any) -> Any:  # noqa: PLR0911 - one line a kind of answer
    kind = _bare(Facts.model_fields[name].annotation) if name in Facts.model_fields else None
    if value in ("", UNKNOWN, [], None):
        return None
    if kind is bool:
        return value == YES
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(kind, value)
    if get_origin(kind) is tuple:
        return tuple(_member(get_args(kind)[0], item) for item in value)
    if name in ("n_subjects", "n_records"):
        return _quantity(value)
    if name.endswith("_at"):
        return instant(value)
    return date.fromisoformat(value) if name.startswith("window_") else value


def _member(kind: Any, value: str) -> Any:
    """Return the member of ``kind`` that ``value`` says in Swedish, or the category a Swedish word stands for."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {label(member): member for member in kind}.get(value, value)
    return {named("category", category): category for category in CATEGORIES}.get(value.lower(), value)


def _quantity(text: str) -> dict[str, Any]:
    match = _NUMBER.match(re.sub(r"(?<=\d)[  ](?=\d)", "", text.strip().lower()))
    if match is None:
        raise UnreadableFacts(
            N_("{text} cannot be read as a number of people or records."),
            why=N_("Timglas reads an exact number, about so many, at least, at most, or from one number to another."),
            remedy=N_("Write for example 8400, cirka 8400, minst 20, högst 30 or 20-30."),
            text=text[:40],
        )
    word, first, last = match[1], int(match[2]), match[3]
    if last is not None:
        return {"at_least": first, "at_most": int(last)}
    ends = {"minst": {"at_least": first}, "högst": {"at_most": first}}
    return ends.get(word, {"at_least": first, "at_most": first, "about": word is not None})


def _bare(annotation: Any) -> Any:
    """Return an optional field's type without its None and its annotations."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(kind for kind in get_args(annotation) if kind is not type(None))
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
