"""When to remind, and whom: steps around each deadline, the night, the days off, and who is called when nobody answers."""

from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt, model_validator

from models.base import Value
from models.parties import Role

DEFAULT = "default"


def _quoted(given: Any) -> Any:
    if isinstance(given, int):
        raise ValueError(  # noqa: TRY004 - pydantic turns a ValueError into a refusal, and a TypeError into a fault
            'write the time in quotes, as in "22:00": without them YAML reads a number'
        )
    return given


def _rising(hours: tuple[int, ...]) -> tuple[int, ...]:
    if list(hours) != sorted(set(hours)) or any(hour < 0 for hour in hours):
        raise ValueError("the hours count upwards, each once, from nought")
    return hours


def _falling(hours: tuple[int, ...]) -> tuple[int, ...]:
    if list(hours) != sorted(set(hours), reverse=True) or any(hour <= 0 for hour in hours):
        raise ValueError("the hours that are left count downwards, each once, and are at least one")
    return hours


TimeOfDay = Annotated[time, BeforeValidator(_quoted)]
"""A Swedish local time, in quotes."""

Left = Annotated[tuple[int, ...], AfterValidator(_falling)]
Since = Annotated[tuple[int, ...], AfterValidator(_rising)]


class Steps(Value):
    """Hours, counted from the time limit (before, after) or, for a deadline without a number, from when it arose.

    ``then_every`` repeats after the last step, so that nothing open ever falls silent. ``call_before`` and
    ``call_since`` say when a role is called in addition, unless somebody has acknowledged: with so many hours left, or
    so many after it arose. ``to`` are those reminded from the first, if others than usual. ``announce`` tells them that a
    time limit has begun or moved; without it the first they hear is the first step.
    """

    before: Left = ()
    after: Since = ()
    since: Since = ()
    then_every: PositiveInt
    call_before: dict[Role, PositiveInt] = {}
    call_since: dict[Role, PositiveInt] = {}
    to: tuple[Role, ...] = ()
    announce: bool = True


class Night(Value):
    """What falls between ``begins`` and ``ends`` is also sent at ``evening`` before, when people are awake."""

    begins: TimeOfDay
    ends: TimeOfDay
    evening: TimeOfDay

    @model_validator(mode="after")
    def _runs_over_midnight(self) -> "Night":
        if not self.ends < self.evening < self.begins:
            raise ValueError("the night begins in the evening and ends in the morning, and the evening comes before it")
        return self


class WorkingHours(Value):
    """What falls on a day off is also sent in the last hour of the last working day before it, or first on the next."""

    begins: TimeOfDay
    ends: TimeOfDay

    @model_validator(mode="after")
    def _is_a_day(self) -> "WorkingHours":
        if not time(1) <= self.begins < self.ends:
            raise ValueError("the working day begins in the morning and ends after that")
        return self


class Plan(Value):
    """How one deadline is reminded of; fixed when the deadline starts, so that a new policy loses no running chain.

    ``patience`` is for how many hours a call waits for an answer to the reminder that comes after an acknowledgement.
    """

    steps: Steps
    to: tuple[Role, ...]
    night: Night | None = None
    working_hours: WorkingHours | None = None
    patience: PositiveInt = 1


class Acknowledgement(Value):
    """For how many hours an answer holds: if it names none, at most, and the ``patience`` of a call after that."""

    hours: PositiveInt = 4
    at_most: PositiveInt = 12
    patience: PositiveInt = 1

    @model_validator(mode="after")
    def _is_limited(self) -> "Acknowledgement":
        if self.hours > self.at_most:
            raise ValueError("an answer that names no hours holds no longer than the longest")
        return self


class Habits(Value):
    """What one organisation has decided. What is left out is as for everybody."""

    to: tuple[Role, ...] | None = Field(default=None, min_length=1)
    night: Night | None = None
    working_hours: WorkingHours | None = None
    deadlines: dict[str, Steps] = {}


class ReminderPolicy(Value):
    """The steps of each kind of deadline by its name, ``default`` for the rest; ``parties`` may have habits of their own."""

    to: tuple[Role, ...] = Field(min_length=1)
    night: Night | None = None
    working_hours: WorkingHours | None = None
    acknowledgement: Acknowledgement = Acknowledgement()
    deadlines: dict[str, Steps]
    parties: dict[str, Habits] = {}

    @model_validator(mode="after")
    def _has_a_default(self) -> "ReminderPolicy":
        if DEFAULT not in self.deadlines:
            raise ValueError(
                "the steps called default are missing: a deadline without steps of its own would be silent"
            )
        return self

    def plan(self, party: str, kind: str) -> Plan:
        """Return how a deadline of ``kind`` is reminded of at ``party``."""
        own = self.parties.get(party, Habits())
        everybody = {**self.deadlines, **own.deadlines}
        steps = everybody.get(kind) or everybody[DEFAULT]
        return Plan(
            steps=steps,
            to=steps.to or own.to or self.to,
            night=own.night or self.night,
            working_hours=own.working_hours or self.working_hours,
            patience=self.acknowledgement.patience,
        )
