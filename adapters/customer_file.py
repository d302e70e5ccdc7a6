"""A supplier's customers as a CSV file: one controller a row, with its contact points in order and what is agreed."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from adapters.table import read_table
from models.errors import N_, UnreadableFile
from models.parties import Controller, PartyId

_COLUMNS = {
    "id": "id",
    "namn": "name",
    "organisation": "organisation",
    "organisationsnummer": "organisation_number",
    "gatuadress": "street",
    "postnummer": "postcode",
    "ort": "city",
    "telefon": "phone",
    "e-post": "email",
    "webbplats": "website",
    "kundnummer": "customer_number",
    "produkter": "products",
    "underrättas inom timmar": "notice_hours",
}
"""What a column is called in Swedish and in English; the order is that of the example."""

_CONTACT = re.compile(r"^kontakt (\d)( e-post| telefon| dygnet runt)?$")
_CONTACT_FIELDS = {None: "name", " e-post": "email", " telefon": "phone", " dygnet runt": "round_the_clock"}
_YES = frozenset({"ja", "j", "yes", "x", "1"})
_SHOWN = 20


def read_customers(file: Path, processor: PartyId) -> tuple[Controller, ...]:
    """Return the customers of ``processor`` in ``file``, all or none. Raises UnreadableFile naming every row at fault.

    UTF-8 or the Windows encoding, with semicolon, comma or tab between the columns. Several products in a cell are
    parted by ``|``.
    """
    customers, faults = [], []
    for number, row in enumerate(read_table(file), start=2):
        try:
            customers.append(Controller.model_validate(_controller(row, processor)))
        except ValidationError as fault:
            faults += [f"{number} {_column(error['loc'])}" for error in fault.errors()]
    if faults or not customers:
        raise _unreadable(file, faults)
    return tuple(customers)


def _controller(row: dict[str, str], processor: PartyId) -> dict[str, object]:
    told = {
        field: said for name, field in _COLUMNS.items() if (said := row.get(name) or row.get(field.replace("_", " ")))
    }
    agreement: dict[str, object] = {
        "processor": processor,
        "products": tuple(product.strip() for product in told.pop("products", "").split("|") if product.strip()),
        "customer_number": told.pop("customer_number", ""),
    }
    if "notice_hours" in told:
        agreement["notice_within"] = {"amount": told.pop("notice_hours"), "unit": "hours"}
    address = {
        field: told.pop(field, "").replace(" ", "") if field == "postcode" else told.pop(field, None)
        for field in ("street", "postcode", "city")
    }
    contacts = tuple(_contacts(row))
    return {**told, "address": address, "agreements": (agreement,), **({"contacts": contacts} if contacts else {})}


def _contacts(row: dict[str, str]) -> Iterator[dict[str, object]]:
    """Yield the contact points in the order of their numbers."""
    found: dict[str, dict[str, object]] = {}
    for name, value in row.items():
        mark = _CONTACT.match(name)
        if mark and value:
            field = _CONTACT_FIELDS[mark[2]]
            found.setdefault(mark[1], {})[field] = value.lower() in _YES if field == "round_the_clock" else value
    return (found[place] for place in sorted(found))


def _column(place: tuple[int | str, ...]) -> str:
    """Return the column that a fault is in, as it is called in the file."""
    named = [swedish for swedish, field in _COLUMNS.items() if field in place]
    if "contacts" in place:
        suffix = next((said or "" for said, field in _CONTACT_FIELDS.items() if field == place[-1]), "")
        return f"kontakt {int(place[1]) + 1}{suffix}"
    if "notice_within" in place:
        return "underrättas inom timmar"
    return named[0] if named else str(place[-1])


def _unreadable(file: Path, faults: list[str]) -> UnreadableFile:
    if not faults:
        return UnreadableFile(
            N_("The file {file} holds no customers."),
            why=N_("The first row names the columns, and every row after it is one controller."),
            remedy=N_("Compare with deployments/examples/customers.csv."),
            file=file.name,
        )
    return UnreadableFile(
        N_("The file {file} cannot be taken in: {count} values are missing or have the wrong form."),
        why=N_("They stand on these rows, in these columns: {place}."),
        remedy=N_(
            "Mend them and load the file again; nothing of it was kept. deployments/examples/customers.csv shows the form."
        ),
        file=file.name,
        count=len(faults),
        place=tuple(faults[:_SHOWN]),
    )
