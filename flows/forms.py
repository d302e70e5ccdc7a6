"""How a form asks: times as Swedish local text, choices in Swedish words, people and parties by id, no personnummer."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from letters.language import label
from models.base import NO_PERSONAL_NUMBER, ActorId, PlainText, is_aware
from models.instants import parse_local
from models.parties import PartyId

LOCAL_TIME = r"^\d{4}-\d\d-\d\d(?:[ T](?:kl\.? ?)?\d{1,2}[.:]\d\d(?:[.:]\d\d)?(?: (?:sommartid|vintertid))?)?$"
"""What a person types for a time; there is no date picker, so no time zone can move a deadline."""

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
    """Read a time typed in a form: Swedish local time, or exact time with an offset. Raises UnreadableTime."""
    if not isinstance(given, str):
        return given
    try:
        exact = datetime.fromisoformat(given)
    except ValueError:
        return parse_local(given)
    return exact if is_aware(exact) else parse_local(given)


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

Now = Annotated[datetime | None, BeforeValidator(instant)]
"""The clock of a replay; empty in every form, because then it is the moment the run was asked for."""
