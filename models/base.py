"""The ground every value stands on: frozen, closed, and silent about its input when it refuses it."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
)

_NUMBER = re.compile(r"(?<!\d)(?:\d\d)?(\d\d)(\d\d)(\d\d)[-+ ]?(\d{4})(?!\d)")
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
"""Each digit twice, with the digits of the product added up."""

_LETTERS = str.maketrans("0123456789", "ghijklmnop")

_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
WITHOUT_PERSONAL_NUMBER = r"(?![\s\S]*(?<!\d)(?:\d\d)?\d\d(?:0[1-9]|1[0-2])" + _DAY + r"[-+ ]?\d{4}(?!\d))"
NO_PERSONAL_NUMBER = rf"^{WITHOUT_PERSONAL_NUMBER}[\s\S]*\S[\s\S]*$"
"""A pattern for JSON Schema: some text, and nothing in it that looks like a personnummer or samordningsnummer.

A form checks it before anything is stored. It cannot count check digits, so it refuses a little more than the type does.
The first part stands before any other pattern that digits can match.
"""


class Value(BaseModel):
    """A frozen value. Unknown keys are refused; a refusal never repeats the input (it may hold a person's data)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def holds_personal_identity_number(text: str) -> bool:
    """Tell whether ``text`` holds a Swedish personnummer or samordningsnummer (valid date and check digit).

    An organisation number is not one: its third digit is at least 2, which is no month.
    """
    return any(_is_personal(*match.groups()) for match in _NUMBER.finditer(text))


def in_letters(digest: str) -> str:
    """Return a digest with letters for its digits: ten in a row may pass for a personnummer, which is taken nowhere."""
    return digest.translate(_LETTERS)


def has_right_check_digit(digits: str) -> bool:
    """Tell whether the last of ten ``digits`` is the check digit of the nine before it (Luhn's, ISO/IEC 7812-1)."""
    octets = digits.encode("ascii")
    return (sum(octets[::2].translate(_DOUBLED)) + sum(octets[1::2])) % 10 == 0  # ten times "0" is 480, which is 0 too


def _is_personal(year: str, month: str, day: str, last: str) -> bool:
    number = int(day) - 60 if int(day) > 60 else int(day)
    try:
        date(2000 + int(year) % 100, int(month), number)
    except ValueError:
        return False
    return has_right_check_digit("".join(str(int(digit)) for digit in year + month + day + last))


def _refuse_personal_identity_number(text: str) -> str:
    if holds_personal_identity_number(text):
        raise ValueError("the text holds a personal identity number; describe the person's role instead")
    return text


Instant = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""A moment in exact time, kept in UTC. A naive time is refused: it says how we talk, not what happened."""

PlainText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000),
    AfterValidator(_refuse_personal_identity_number),
]
"""What a person wrote for the record. It may not hold a personnummer: the timeline cannot be erased."""

ActorId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""The id of a role-bearer or of the engine itself (``timglas``); never a name or an address."""

IncidentId = Annotated[str, StringConstraints(pattern=r"^INC-\d{4}-\d{4,}$")]
"""The case reference people use, e.g. ``INC-2026-0042``. It is the key of the timeline too."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest in lower-case hexadecimal."""

ENGINE: ActorId = "timglas"
"""The actor of what the engine itself records (a reminder sent, duties determined)."""


def is_aware(moment: datetime) -> bool:
    """Tell whether ``moment`` carries an offset, so that it is one instant and not a way of speaking."""
    return moment.tzinfo is not None and moment.utcoffset() is not None
