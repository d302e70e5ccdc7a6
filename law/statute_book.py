"""Read the statutes once, refuse what cannot be read, and answer what was in force on a day."""

from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ValidationError, model_validator

from models.base import Value
from models.duty import Period, Unit
from models.errors import N_, StatuteError

FOLDER = Path(__file__).parent / "statutes"


class DatedValue(Value):
    """One value from a day on: a period, a text, or "without undue delay", each with its place in the source."""

    reference: str
    amount: int | None = None
    unit: Unit | None = None
    text: str | None = None
    undue_delay: bool = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> "DatedValue":
        period = self.amount is not None and self.unit is not None
        half = (self.amount is None) != (self.unit is None)
        if half or [period, self.text is not None, self.undue_delay].count(True) != 1:
            raise ValueError("a value is an amount with its unit, a text, or undue_delay: exactly one of them")
        return self


class Particular(Value):
    """One item of content a notification or communication must have."""

    key: str
    point: str
    where_possible: bool


class Citation(Value):
    """Where the text of the law stands."""

    instrument: str
    provision: str
    url: str


class Statute(Value):
    """One paragraph: who owes what to whom, and its values by the day they took effect."""

    id: str
    title: str
    citation: Citation
    owed_by: Literal["controller", "processor"] | None = None
    owed_to: Literal["supervisory_authority", "controller", "data_subject"] | None = None
    confidence: Literal["high", "medium", "low"] = "high"
    verified_on: date | None = None
    values: dict[str, dict[date, DatedValue]] = {}
    particulars: dict[date, tuple[Particular, ...]] = {}


class LawInForce:
    """The law of one day. A question it cannot answer is a StatuteError, never a default."""

    def __init__(self, statutes: dict[str, Statute], day: date) -> None:
        self.day = day
        self._statutes = statutes

    def statute(self, provision: str) -> Statute:
        """Return the paragraph ``provision``. Raises StatuteError."""
        if provision not in self._statutes:
            raise StatuteError(
                N_("The statute book has no {provision}."),
                why=N_("Every provision is one file in law/statutes."),
                remedy=N_("Check the spelling, or add the file with its citation."),
                provision=provision,
            )
        return self._statutes[provision]

    def value(self, provision: str, name: str) -> DatedValue:
        """Return the value ``name`` of ``provision`` in force. Raises StatuteError."""
        dated = self.statute(provision).values.get(name, {})
        days = [day for day in dated if day <= self.day]
        if not days:
            raise self._silent(provision, name, list(dated))
        return dated[max(days)]

    def period(self, provision: str, name: str = "time_limit") -> Period | None:
        """Return the time limit of ``provision``; None means "without undue delay" and nothing else."""
        value = self.value(provision, name)
        if value.undue_delay:
            return None
        if value.amount is None or value.unit is None:
            raise self._silent(provision, f"{name} (a period)", [])
        return Period(amount=value.amount, unit=value.unit)

    def text(self, provision: str, name: str) -> str:
        """Return the text ``name`` of ``provision`` in force. Raises StatuteError."""
        value = self.value(provision, name)
        if value.text is None:
            raise self._silent(provision, f"{name} (a text)", [])
        return value.text

    def particulars(self, provision: str) -> tuple[Particular, ...]:
        """Return the items of content ``provision`` demands. Raises StatuteError."""
        dated = self.statute(provision).particulars
        days = [day for day in dated if day <= self.day]
        if not days:
            raise self._silent(provision, "particulars", list(dated))
        return dated[max(days)]

    def _silent(self, provision: str, name: str, days: list[date]) -> StatuteError:
        return StatuteError(
            N_("{provision} has no '{name}' in force on {day}."),
            why=N_("The earliest value is valid from {earliest}."),
            remedy=N_("Add the value with its date and reference to the file of the provision in law/statutes."),
            provision=provision,
            name=name,
            day=self.day.isoformat(),
            earliest=min(days).isoformat() if days else "-",
        )


class StatuteBook:
    """All statutes, read once."""

    def __init__(self, statutes: dict[str, Statute]) -> None:
        self.statutes = statutes

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "StatuteBook":
        """Read every file below ``folder`` except ``_proposed``. Raises StatuteError naming the file and the fault."""
        files = [file for file in sorted(folder.rglob("*.yaml")) if "_proposed" not in file.parts]
        statutes = [_read(file) for file in files]
        by_id = {statute.id: statute for statute in statutes}
        if not statutes or len(by_id) < len(statutes):
            raise _unreadable(folder, "two files share an id" if statutes else "there is no statute in it")
        return cls(by_id)

    def on(self, day: date) -> LawInForce:
        """Return the law in force on ``day``: for a breach, the day of awareness."""
        return LawInForce(self.statutes, day)


def _read(file: Path) -> Statute:
    try:
        return Statute.model_validate(yaml.load(file.read_text(encoding="utf-8"), Loader=_StringLoader))  # noqa: S506
    except yaml.YAMLError as fault:
        raise _unreadable(file, " ".join(str(fault).split())) from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        raise _unreadable(file, f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}") from fault


def _unreadable(file: Path, fault: str) -> StatuteError:
    return StatuteError(
        N_("The statute {file} cannot be read: {fault}."),
        why=N_("Law that is not understood is not applied."),
        remedy=N_("Mend the file; the other files in law/statutes show how."),
        file=file.name,
        fault=fault.rstrip("."),
    )


class _StringLoader(yaml.BaseLoader):
    """Leaves every scalar a string (``NO`` is Norway, not false) and refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]  # type: ignore[no-untyped-call]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} is written twice", node.start_mark)
        return super().construct_mapping(node, deep)
