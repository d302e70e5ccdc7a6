"""A filled-in form as JSON keyed by the numbers of its questions; ``form_schema`` says what such a file keeps to.

What is asked and shown has an answer in ``fields`` or stands in ``open``, with the reason and the day it follows.
"""

from datetime import date, datetime

from letters.compose.form_filling import Entry
from letters.form_schema import Json, schema_id
from models.facts import Quantity
from models.form import Form
from models.instants import local


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
