"""An authority's form as data: its questions, what each option means in our words, and which answers show a question."""

from datetime import date
from typing import Annotated, Literal

from pydantic import PositiveInt, StringConstraints, model_validator

from models.base import Value

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Confidence = Literal["high", "medium", "low"]
Shown = dict[Line, tuple[Line, ...]]
"""What must be answered for a question to show: by the id of an earlier question its options, or by the name of an
answer ``yes`` or ``no``; all of them together."""


class Option(Value):
    """One choice. ``means`` are our words for it; ``stands_for`` is when it is taken without such a word.

    ``shown_if`` says when the form offers it, as for a question.
    """

    label: Line
    means: tuple[Line, ...] = ()
    stands_for: Literal["to_be_determined", "undeterminable", "other"] | None = None
    shown_if: tuple[Shown, ...] = ()


class FormField(Value):
    """One question. ``answer`` names what we know of it; None: nothing of ours answers it.

    ``number`` stands where both number and label were seen in the form itself. ``shown_if`` lists alternatives, each of
    which is enough. ``longest`` is how many characters the form takes.
    """

    id: Line
    section: Line
    label: Line
    kind: Literal["text", "choice", "choices", "instant", "day", "number"]
    answer: Line | None = None
    number: Line | None = None
    required: Literal["true", "false"] = "false"
    shown_if: tuple[Shown, ...] = ()
    options: dict[Line, Option] = {}
    longest: PositiveInt | None = None
    reference: Line | None = None
    confidence: Confidence = "high"
    note: Line | None = None

    @property
    def conditions(self) -> tuple[Shown, ...]:
        """Every condition of the question and of its options."""
        return (*self.shown_if, *(shown for option in self.options.values() for shown in option.shown_if))

    @model_validator(mode="after")
    def _offers_what_it_asks(self) -> "FormField":
        if (self.kind in ("choice", "choices")) != bool(self.options):
            raise ValueError(f"{self.id}: a choice has options, and nothing else does")
        return self


class Form(Value):
    """A form as it stands from a day on. A new version is a new file; the old one stays for what was filed with it.

    ``status`` says whether an authority takes it today. ``words`` are the sentences around the questions, in the form's
    own language.
    """

    id: Line
    version: Line
    valid_from: date
    status: Literal["in_use", "draft"]
    language: Literal["sv", "en"]
    title: Line
    source: Line
    attribution: Line | None = None
    confidence: Confidence
    verified_on: date
    caveat: Line
    sections: dict[Line, Line]
    words: dict[Line, Line] = {}
    fields: tuple[FormField, ...]

    @property
    def circumstances(self) -> tuple[str, ...]:
        """The names that conditions use and that are no questions of the form."""
        shown = [alternative for field in self.fields for alternative in field.conditions]
        return tuple(dict.fromkeys(name for alternative in shown for name in alternative if not name[0].isdigit()))

    @model_validator(mode="after")
    def _hangs_together(self) -> "Form":
        earlier: set[str] = set()
        for field in self.fields:
            asked = {name for shown in field.conditions for name in shown if name[0].isdigit()}
            if field.section not in self.sections or not asked <= earlier:
                raise ValueError(f"{field.id}: its section is one of the form's, and it is shown by earlier questions")
            if field.id in earlier:
                raise ValueError(f"{field.id}: asked twice")
            earlier.add(field.id)
        return self
