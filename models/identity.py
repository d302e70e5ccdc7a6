"""Swedish identity numbers as twelve digits: whose they are, and when that person was born.

A personnummer begins with the century of the birth; a samordningsnummer too, with 60 added to the day; an organisation
number begins with 16, as the authorities write it. They stand in the erasable tables and nowhere else.
"""

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache

from models.base import has_right_check_digit

MAJORITY = 18
"""Years: who is younger is a minor (föräldrabalken (1949:381), chapter 9, section 1)."""

_OLDEST = 110
_WRITTEN = re.compile(r"(16|18|19|20)?(\d{6})([-+ ]?)(\d{4})", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{MINUS SIGN}", "-"))
_ORGANISATION = "16"


class NumberKind(StrEnum):
    """Whose number it is."""

    PERSONAL = "personal"
    COORDINATION = "coordination"
    ORGANISATION = "organisation"


class NumberFault(StrEnum):
    """Why something written is no identity number."""

    FORM = "number_form"
    CHECK_DIGIT = "number_check_digit"
    DATE = "number_date"


def read_number(text: str, *, on: date) -> str | NumberFault:
    """Return what is ``text``, written in any usual way, as twelve digits; or why it is none, as known ``on`` that day.

    Without a century the youngest reading holds, or with ``+`` the one of a hundred years and more. A
    samordningsnummer with neither century nor sign is an adult's: nobody becomes a child by an abbreviation.
    """
    written = _WRITTEN.fullmatch(text.strip()) or _WRITTEN.fullmatch("".join(text.split()).translate(_DASHES))
    if written is None:
        return NumberFault.FORM
    century, first, sign, last = written.groups()
    digits = first + last
    if not has_right_check_digit(digits):
        return NumberFault.CHECK_DIGIT
    if century == _ORGANISATION or (century is None and int(digits[2:4]) >= 20):
        return _ORGANISATION + digits if int(digits[2:4]) >= 20 else NumberFault.FORM
    number = century + digits if century else _with_century(digits, sign, on)
    born = _date(number)
    return number if born is not None and born <= on else NumberFault.DATE


def kind_of(number: str) -> NumberKind:
    """Return whose ``number`` (twelve digits) it is."""
    if number.startswith(_ORGANISATION):
        return NumberKind.ORGANISATION
    return NumberKind.COORDINATION if int(number[6:8]) >= 60 else NumberKind.PERSONAL


def born_on(number: str) -> date | None:
    """Return the day of birth in ``number``; None for an organisation.

    A samordningsnummer may be given without month and day; then it is the first of January, so that the age is never
    told lower than it is.
    """
    return None if kind_of(number) is NumberKind.ORGANISATION else _date(number)


def is_minor(born: date, *, on: date) -> bool:
    """Tell whether who was ``born`` that day is under age ``on`` another."""
    return _age(born, on) < MAJORITY


def shown(number: str) -> str:
    """Return ``number`` as it is written on an envelope: ``YYYYMMDD-NNNN``."""
    return f"{number[:8]}-{number[8:]}"


def _with_century(digits: str, sign: str, on: date) -> str:
    readings = [f"{century}{digits}" for century in (20, 19, 18)]
    ages = {reading: _age(born, on) for reading in readings if (born := _date(reading)) is not None and born <= on}
    unsure = kind_of(readings[0]) is NumberKind.COORDINATION and not sign.strip()
    least = 100 if sign == "+" else MAJORITY if unsure else 0
    return next(
        (reading for reading, age in ages.items() if age >= least and (sign == "+" or age <= _OLDEST)),
        next(iter(ages), readings[0]),
    )


def _date(number: str) -> date | None:
    return _day(number[:8])


@lru_cache(maxsize=1 << 16)
def _day(digits: str) -> date | None:
    """Return the day; there are fewer of them than people in a list."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if day >= 60:
        month, day = (month or 1), (day - 60 or 1)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
