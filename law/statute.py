"""One file of law: what a statute may say, and how it is read. What cannot be understood is refused."""

from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import PositiveInt, StringConstraints, ValidationError, model_validator

from models.base import Value
from models.duty import Unit
from models.errors import N_, StatuteError

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

ParallelRegime = Literal[
    "law_enforcement",
    "electronic_communications",
    "financial_entities",
    "cybersecurity",
    "trust_services",
]
"""The laws beside the GDPR whose duties run in parallel, each to an authority of its own."""

AWARENESS = "awareness"
"""What a time limit is counted from unless the value says otherwise."""


class DatedValue(Value):
    """One value from a day on: a period, a text, or "without undue delay", each with its place in the source.

    ``counted_from`` is ``awareness``, another event's name, or the id of the duty whose completion starts the period.
    """

    reference: Line
    amount: PositiveInt | None = None
    unit: Unit | None = None
    counted_from: Line = AWARENESS
    text: Line | None = None
    undue_delay: Literal["true"] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "DatedValue":
        period = self.amount is not None and self.unit is not None
        half = (self.amount is None) != (self.unit is None)
        if half or [period, self.text is not None, self.undue_delay is not None].count(True) != 1:
            raise ValueError("a value is an amount with its unit, a text, or undue_delay: exactly one of them")
        return self


class Particular(Value):
    """One item of content a notification or communication must have."""

    key: Line
    point: Line
    where_possible: bool


class Citation(Value):
    """Where the text of the law stands."""

    instrument: Line
    provision: Line
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]


class Statute(Value):
    """One paragraph: who owes what to whom, and its values by the day they took effect.

    ``owed_by`` is set only where a breach by itself creates the duty. ``regime`` marks a duty under another law, which
    runs in parallel and goes to its own ``recipient``; ``only_if`` is the condition that a person may find not met.
    ``caveat`` says what a jurist should check.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z0-9]+)+$")]
    title: Line
    summary: Line
    citation: Citation
    owed_by: Literal["controller", "processor"] | None = None
    owed_to: Literal["supervisory_authority", "controller", "data_subject"] | None = None
    regime: ParallelRegime | None = None
    recipient: Line | None = None
    secrecy: Line | None = None
    only_if: Line | None = None
    confidence: Literal["high", "medium", "low"] = "high"
    verified_on: date | None = None
    caveat: Line | None = None
    values: dict[str, dict[date, DatedValue]] = {}
    particulars: dict[date, tuple[Particular, ...]] = {}

    @model_validator(mode="after")
    def _is_whole(self) -> "Statute":
        if (self.owed_by is None) != (self.owed_to is None):
            raise ValueError("owed_by and owed_to go together")
        if (self.regime is None) != (self.recipient is None):
            raise ValueError("regime and recipient go together")
        if self.confidence != "high" and (self.verified_on is None or self.caveat is None):
            raise ValueError("what is uncertain says when it was looked at (verified_on) and what to check (caveat)")
        if any(not dated for dated in (*self.values.values(), *self.particulars.values())):
            raise ValueError("a value without a date is no value")
        return self


def read_statute(file: Path) -> Statute:
    """Read one file. Raises StatuteError naming the file, the key and the fault."""
    try:
        return Statute.model_validate(yaml.load(file.read_text(encoding="utf-8"), Loader=StringLoader))  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise unreadable(file.name, " ".join(str(fault).split())) from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(step) for step in first["loc"] if step != "[key]")
        raise unreadable(file.name, f"{place}: {first['msg']}".removeprefix(": ")) from fault


def unreadable(name: str, fault: str) -> StatuteError:
    """Return the refusal of the file or folder ``name``."""
    return StatuteError(
        N_("The statute {file} cannot be read: {fault}."),
        why=N_("Law that is not understood is not applied."),
        remedy=N_("Mend the file; the other files in law/statutes show how."),
        file=name,
        fault=fault.rstrip("."),
    )


class StringLoader(yaml.CBaseLoader):
    """Leaves every scalar a string (``NO`` is Norway, not false) and refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's own shape
        """Build one mapping. Raises ConstructorError for a key written twice."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} is written twice", node.start_mark)
        return super().construct_mapping(node, deep)
