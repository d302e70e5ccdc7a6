"""Read the people concerned from a CSV file with the columns id, name, email, street, postcode, city, protection."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from models.base import holds_personal_identity_number
from models.errors import N_, MissingParticular
from models.parties import PostalAddress
from models.recipient import Protection, Recipient

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""It stands in file names and in the outbox, which outlive the person's data: it may say nothing about the person."""


def read_recipients(file: Path) -> Iterator[Recipient]:
    """Yield each row as a recipient; an unknown protection counts as protected.

    The whole file is read once before the first is yielded, so a fault in any row comes before anything is stored.
    Raises MissingParticular naming the row and the column that cannot be read, never what stands there.
    """
    seen: set[str] = set()
    for number, recipient in _rows(file):
        if recipient.id in seen:
            raise _unreadable(file, number, KeyError("id"))
        seen.add(recipient.id)
    for _, recipient in _rows(file):
        yield recipient


def _rows(file: Path) -> Iterator[tuple[int, Recipient]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, restval=""), start=2):
            try:
                yield number, _recipient(row)
            except (KeyError, ValidationError) as fault:
                raise _unreadable(file, number, fault) from None


def _recipient(row: dict[str, str]) -> Recipient:
    if not _ID.fullmatch(row["id"]) or holds_personal_identity_number(row["id"]):
        raise KeyError("id")
    address = {"street": row["street"], "postcode": row["postcode"].replace(" ", ""), "city": row["city"]}
    known = row["protection"] in set(Protection)
    return Recipient(
        id=row["id"],
        name=row["name"],
        email=row["email"].strip() or None,
        address=PostalAddress.model_validate(address) if any(address.values()) else None,
        protection=Protection(row["protection"]) if known else Protection.UNKNOWN,
    )


def _unreadable(file: Path, number: int, fault: KeyError | ValidationError) -> MissingParticular:
    column = [*fault.errors()[0]["loc"], "postcode"][0] if isinstance(fault, ValidationError) else fault.args[0]
    return MissingParticular(
        N_("Row {row} of {file} cannot be read."),
        why=N_("The column {column} is missing or holds something else than it should."),
        remedy=N_("Mend the row; nothing has been stored."),
        row=number,
        file=file.name,
        column=column,
    )
