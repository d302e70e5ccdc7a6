"""What was found in a list of people, row by row: what keeps a row out, and what is left out of one that is taken."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from models.identity import NumberFault


class Fault(StrEnum):
    """Why a row is not taken."""

    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    BORN = "born"
    TWO_AGES = "two_ages"
    ID_FORM = "id_form"
    ID_TWICE = "id_twice"
    UNPRINTABLE = "unprintable"
    TWO_NAMES = "two_names"
    SHIFTED = "row_shifted"
    UNCLEAR = "death_or_emigration_unclear"
    PROTECTED = "protected_person_not_taken"


class Remark(StrEnum):
    """What is noted of a row that is taken. ``EMAIL`` to ``GUARDIAN_NUMBER``: it was left out, for it cannot be used."""

    EMAIL = "email_left_out"
    PHONE = "phone_left_out"
    ADDRESS = "address_left_out"
    GUARDIAN = "guardian_left_out"
    GUARDIAN_NUMBER = "guardian_number_left_out"
    SIGNS = "signs_removed"
    GLYPHS = "glyphs_missing"
    PROTECTION = "protection_not_understood"
    LANGUAGE = "no_letter_in_language"
    NO_WAY = "no_way"
    MERGED = "merged"


Said = Fault | NumberFault | Remark


class RowReport(NamedTuple):
    """What there is to say of one row. ``detail`` is never a person's: another row, a code point, a column."""

    row: int
    said: Said
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it keeps the row out."""
        return not isinstance(self.said, Remark)


class ListReport(NamedTuple):
    """What a whole list holds: its rows, how many are taken, the people in them, and what there is to say, by kind.

    ``examples`` are the first reports of each kind; ``columns`` the fields that were recognised, ``unread`` the
    headings that were not.
    """

    rows: int
    taken: int
    people: int
    counts: Mapping[Said, int]
    examples: Sequence[RowReport]
    columns: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def tells_protection(self) -> bool:
        """Whether the list has a column for protected personal data."""
        return not {"protection", "registration"}.isdisjoint(self.columns)

    @property
    def refused(self) -> int:
        """How many rows are not taken."""
        return self.rows - self.taken
