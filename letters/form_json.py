"""A filled-in form as JSON keyed by the numbers of its questions, and the JSON Schema that such a file keeps to.

What is asked and shown has an answer in ``fields`` or stands in ``open``, with the reason and the day it follows.
"""

from datetime import date, datetime
from typing import Any

from letters.form_filling import Entry
from models.facts import Quantity
from models.form import Form, FormField, Shown
from models.instants import local

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]


def document(form: Form, entries: tuple[Entry, ...], *, reference: str, prepared_at: datetime, truths: Json) -> Json:
    """Return the form as a document; ``truths`` are the circumstances that its conditions name, ``yes`` or ``no``."""
    required = [entry for entry in entries if entry.open is None or entry.field.required == "true"]
    return {
        "$schema": schema_id(form),
        "form": {
            "id": form.id,
            "version": form.version,
            "status": form.status,
            "source": form.source,
            **({"attribution": form.attribution} if form.attribution else {}),
        },
        "reference": reference,
        "prepared_at": local(prepared_at).isoformat(),
        "circumstances": {name: truths[name] for name in form.circumstances},
        "fields": {entry.field.id: _value(entry) for entry in required if entry.open is None},
        "open": {entry.field.id: _open(entry) for entry in required if entry.open or entry.follows_on},
    }


def schema_id(form: Form) -> str:
    """Return the name of the schema of one version of a form."""
    return f"urn:timglas:form:{form.id}:{form.valid_from.isoformat()}"


def schema(form: Form) -> Json:
    """Return the JSON Schema of ``form``: the kind of each answer, and which answers must and may not be there."""
    return {
        "$schema": DIALECT,
        "$id": schema_id(form),
        "title": f"{form.title}, {form.version}",
        "description": " ".join(filter(None, (form.caveat, form.attribution))),
        "type": "object",
        "required": ["$schema", "form", "reference", "prepared_at", "circumstances", "fields", "open"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"const": schema_id(form)},
            "form": _about(form),
            "reference": {"type": "string", "pattern": r"^INC-\d{4}-\d{4,}$"},
            "prepared_at": _INSTANT,
            "circumstances": _closed({name: {"enum": ["yes", "no"]} for name in form.circumstances}, whole=True),
            "fields": _closed({field.id: _kind(field) for field in form.fields}),
            "open": _closed({field.id: _LEFT_OPEN for field in form.fields}),
        },
        "allOf": [rule for field in form.fields for rule in _rules(field, form)],
    }


_INSTANT = {"type": "string", "format": "date-time", "pattern": r"[+-]\d\d:\d\d$"}
_TEXT = {"type": "string", "minLength": 1}
_LEFT_OPEN = {
    "type": "object",
    "required": ["because"],
    "additionalProperties": False,
    "properties": {"because": _TEXT, "follows_on": {"type": "string", "format": "date"}},
}


def _about(form: Form) -> Json:
    properties: Json = {"id": {"const": form.id}, "version": {"const": form.version}, "status": {"const": form.status}}
    return _closed({**properties, "source": _TEXT, "attribution": _TEXT})


def _closed(properties: Json, *, whole: bool = False) -> Json:
    required = {"required": list(properties)} if whole else {}
    return {"type": "object", "additionalProperties": False, "properties": properties, **required}


def _kind(field: FormField) -> Json:
    said = {"title": field.label}
    match field.kind:
        case "choice":
            return {**said, "enum": list(field.options)}
        case "choices":
            return {**said, "type": "array", "items": {"enum": list(field.options)}, "minItems": 1, "uniqueItems": True}
        case "instant":
            return {**said, **_INSTANT}
        case "day":
            return {**said, "type": "string", "format": "date"}
        case "number":
            return {**said, "type": "integer", "minimum": 0}
    return {**said, **_TEXT, **({"maxLength": field.longest} if field.longest else {})}


def _rules(field: FormField, form: Form) -> list[Json]:
    """A question is answered or left open where it shows, and stands nowhere where it does not."""
    here = {"anyOf": [_has("fields", field.id), _has("open", field.id)]}
    rules: list[Json] = []
    if field.shown_if:
        shows = _shows(field.shown_if, form)
        answered = {"then": here} if field.required == "true" else {}
        rules.append({"if": shows, **answered, "else": {"not": here}})
    elif field.required == "true":
        rules.append(here)
    rules += [
        {"if": _chose(field, (key,)), "then": _shows(option.shown_if, form)}
        for key, option in field.options.items()
        if option.shown_if
    ]
    return rules


def _shows(alternatives: tuple[Shown, ...], form: Form) -> Json:
    asked = {field.id: field for field in form.fields}
    whole = [
        {
            "allOf": [
                _chose(asked[name], wanted) if name in asked else _is(name, wanted) for name, wanted in shown.items()
            ]
        }
        for shown in alternatives
    ]
    return {"anyOf": whole}


def _has(place: str, key: str) -> Json:
    return {"required": [place], "properties": {place: {"required": [key]}}}


def _chose(field: FormField, wanted: tuple[str, ...]) -> Json:
    chosen: Json = {"enum": list(wanted)}
    one = {"contains": chosen} if field.kind == "choices" else chosen
    return {"required": ["fields"], "properties": {"fields": {"required": [field.id], "properties": {field.id: one}}}}


def _is(name: str, wanted: tuple[str, ...]) -> Json:
    return {"properties": {"circumstances": {"properties": {name: {"enum": list(wanted)}}}}}


def _value(entry: Entry) -> str | int | list[str]:
    if entry.field.kind == "choices":
        return list(entry.chosen)
    if entry.chosen:
        return entry.chosen[0]
    match entry.value:
        case datetime():
            return local(entry.value).isoformat()
        case date():
            return entry.value.isoformat()
        case Quantity():
            return _count(entry.value)
    return entry.said


def _count(number: Quantity) -> int:
    """Return the one number a form takes: of a range, the upper end."""
    return number.at_least or 0 if number.at_most is None else number.at_most


def _open(entry: Entry) -> Json:
    follows = {"follows_on": entry.follows_on.isoformat()} if entry.follows_on else {}
    return {"because": entry.open or entry.said, **follows}
