"""How long letters take in the post, as dated data: one row per wording of 6 § postförordningen (2010:1049)."""

from datetime import date
from functools import cache
from typing import Literal

from pydantic import Field, PositiveInt, model_validator

from law.published_tables import FOLDER, Published, read_table
from models.base import Value


class TimeInThePost(Value):
    """Working days after the day of posting until ``most`` letters and ``nearly_all`` of them are there.

    ``caveat`` says what makes it less than certain; a wording without one is certain.
    """

    start: date = Field(alias="from")
    most: PositiveInt
    nearly_all: PositiveInt
    source: str
    confidence: Literal["high", "medium", "low"]
    caveat: str | None = None

    @model_validator(mode="after")
    def _says_why_it_is_uncertain(self) -> "TimeInThePost":
        if (self.confidence == "high") != (self.caveat is None) or self.most > self.nearly_all:
            raise ValueError("what is uncertain has a caveat, and nearly all letters are not there before most are")
        return self


class _PostTable(Published):
    wordings: tuple[TimeInThePost, ...]


@cache
def _table() -> _PostTable:
    return read_table(FOLDER / "post.yaml", _PostTable)


def time_in_the_post(posted: date) -> TimeInThePost:
    """Return what applies to letters ``posted`` that day; before the first wording, what the first one says."""
    wordings = _table().wordings
    return next((one for one in reversed(wordings) if one.start <= posted), wordings[0])
