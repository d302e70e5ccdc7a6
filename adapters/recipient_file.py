"""Read the people concerned from a CSV file with the columns id, name, email, street, postcode, city, protection."""

import csv
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from models.errors import N_, MissingParticular
from models.parties import PostalAddress
from models.recipient import Protection, Recipient


def read_recipients(file: Path) -> Iterator[Recipient]:
    """Yield each row as a recipient; an unknown protection counts as protected.

    Raises MissingParticular naming the row and the column that cannot be read, never what stands there.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                yield _recipient(row)
            except (KeyError, ValidationError) as fault:
                raise _unreadable(file, number, fault) from None


def _recipient(row: dict[str, str]) -> Recipient:
    address = {"street": row["street"], "postcode": row["postcode"].replace(" ", ""), "city": row["city"]}
    known = row["protection"] in set(Protection)
    return Recipient(
        id=row["id"],
        name=row["name"],
        email=row["email"] or None,
        address=PostalAddress.model_validate(address) if any(address.values()) else None,
        protection=Protection(row["protection"]) if known else Protection.UNKNOWN,
    )


def _unreadable(file: Path, number: int, fault: KeyError | ValidationError) -> MissingParticular:
    column = fault.errors()[0]["loc"][-1] if isinstance(fault, ValidationError) else fault.args[0]
    return MissingParticular(
        N_("Row {row} of {file} cannot be read."),
        why=N_("The column {column} is missing or holds something else than it should."),
        remedy=N_("Mend the row; nothing has been stored."),
        row=number,
        file=file.name,
        column=column,
    )
