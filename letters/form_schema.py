"""The JSON Schema of a form filled in as JSON, made from the form itself, and where a document does not keep to it."""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from models.form import Form, FormField, Shown

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Json = dict[str, Any]


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


def faults(form: Form, document: Json) -> tuple[str, ...]:
    """Return where ``document`` breaks the schema of ``form``: the place and the rule, never what stands there."""
    validator = Draft202012Validator(schema(form), format_checker=FormatChecker())
    return tuple(sorted({f"{fault.json_path} {fault.validator}" for fault in validator.iter_errors(document)}))


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
