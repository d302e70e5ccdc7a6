"""One row of a list becomes a person, or it is said why not. What the person's data are is never part of what is said."""

import re
from collections.abc import Callable
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from adapters.paper.repertoire import REPERTOIRE
from adapters.people_list import cells as cell
from adapters.people_list.cells import Noted
from adapters.people_list.columns import Columns, is_protection
from models.base import holds_personal_identity_number
from models.identity import NumberFault, NumberKind, born_on, kind_of, read_number
from models.parties import PostalAddress
from models.people_list import Fault, Remark, RowReport
from models.recipient import Guardian, Protection, Recipient, each_once, is_known, stricter

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""It outlives the person's data: it may say nothing about the person."""
_FOREIGN = re.compile(f"[^\t{re.escape(REPERTOIRE)}]")
_POSTCODE = re.compile(r"(?:SE?-?)?(\d{3}) ?(\d{2})", re.ASCII)
_CARE_OF = re.compile(r"(?:c/o|co)[ :]+", re.IGNORECASE)
_SWEDEN = frozenset({"", "s", "se", "swe", "sverige", "sweden"})
_LONGEST = 120
_ADDRESS = ("care_of", "street", "postcode", "city", "country")
_DEFAULTS = {name: field.default for name, field in Recipient.model_fields.items() if not field.is_required()}

Address = tuple[str, str, str, str, str]
"""The fields of a postal address, in their order."""


class Person(NamedTuple):
    """A person as a row has them. ``fields`` are those of ``models.recipient.Recipient``, in order already."""

    row: int
    fields: dict[str, Any]

    def recipient(self, recipient_id: str) -> Recipient:
        """Return the person as a recipient with that id."""
        given = {name: value for name, value in self.fields.items() if value is not None} | {"id": recipient_id}
        if "address" in given:
            given["address"] = _postal(given["address"])
        return Recipient.model_construct(**_DEFAULTS | given)


class RowReader:
    """Reads the rows of a list with these ``columns`` among ``width``, as things stand ``on`` a day.

    ``checked``: the list was compared with the population register, so that an empty cell means no protection.
    """

    def __init__(self, columns: Columns, *, width: int, on: date, checked: bool) -> None:
        self._on, self._unsaid, self._whole = on, Protection.NONE if checked else Protection.UNKNOWN, width
        self._protections = [place for name, place in columns.items() if is_protection(name)]
        self._width = max(columns.values()) + 1
        used = list(columns)
        self._used = itemgetter(*(columns[name] for name in used), self._width)
        self._at = {name: place for place, name in enumerate(used)}
        self._readers = [(name, self._at[name], read) for name, read in self._of_cells().items() if name in columns]
        if "deceased" in columns:
            self._readers.append(("living", self._at["deceased"], cell.living))
        read = {name for name, _, _ in self._readers}
        kinds = ((self._at[name], name.rstrip("0123456789")) for name in columns if name not in read)
        self._further = [(place, *_FURTHER[kind]) for place, kind in kinds if kind in _FURTHER]
        self._names = [self._at[name] for name in ("name", "first_name", "last_name") if name in columns]
        self._home = self._places("")
        self._guardians = sorted({name.partition(".")[0] for name in columns if "." in name})
        self._deaths = {
            one: [place for name, place in self._at.items() if name.startswith(f"{one}.deceased")]
            for one in self._guardians
        }

    def read(self, row: int, cells: list[str]) -> tuple[Person | None, list[RowReport]]:
        """Return the person in a row, None if it cannot be taken; and why, or what was left out."""
        noted: Noted = []
        known = cells[: self._width]  # past the last column that is read, nothing is: a field without one is empty
        used = self._used([*known, *[""] * (self._width + 1 - len(known))])
        text = "\t".join(used)
        if _FOREIGN.search(text) or "  " in text or " \t" in text or "\t " in text or text[0] == " ":
            used = tuple(cell.tidied(one, noted) for one in used)
        fields: dict[str, Any] = {"name": self._name(used), "protection": self._unsaid}
        for name, place, read in self._readers:
            if used[place]:
                fields[name] = read(used[place], noted)
        fields["address"] = self._address(self._home(used), noted)
        _compare_ages(fields, noted)
        for place, name, read, both in self._further:
            if used[place]:
                fields[name] = both(fields.get(name), read(used[place], noted))
        if self._guardians:
            named = (self._guardian(one, used, fields, noted) for one in self._guardians)
            fields["guardians"] = each_once(filter(None, named))
        if len(cells) != self._whole:
            self._measure(cells, fields, noted)
        if len(text) > _LONGEST or not fields["name"] or not (fields.get("email") or fields["address"]) or noted:
            self._judge(fields, used, noted)
        taken = all(isinstance(said, Remark) for said, _ in noted)
        if not taken and any(
            map(is_known, (fields["protection"], *(one.protection for one in fields.get("guardians", ()))))
        ):
            noted.append((Fault.PROTECTED, ""))
        return Person(row, fields) if taken else None, [RowReport(row, *one) for one in noted]

    def _of_cells(self) -> dict[str, Callable[[str, Noted], Any]]:
        return {
            "id": _id,
            "number": self._number,
            "born": self._born,
            "email": cell.email,
            "phone": cell.phone,
            "protection": cell.protection,
            "language": cell.language,
            "deceased": cell.truth,
            "emigrated": cell.truth,
            "mailbox": cell.yes,
        }

    def _measure(self, cells: list[str], fields: dict[str, Any], noted: Noted) -> None:
        """Note that a row has other cells than the heading: something in it may stand under the wrong name, or be gone."""
        if any(cells[self._whole :]):
            noted.append((Fault.SHIFTED, ""))
        if any(place >= len(cells) for place in self._protections):
            noted.append((Remark.PROTECTION, ""))
            fields["protection"] = stricter(fields["protection"], Protection.UNKNOWN)

    def _judge(self, fields: dict[str, Any], used: tuple[str, ...], noted: Noted) -> None:
        """Note what is wrong with the row as a whole."""
        if not fields["name"]:
            noted.append((Fault.NO_NAME, ""))
        if max(map(len, used)) > _LONGEST:
            noted.append((Fault.TOO_LONG, ""))
        if not fields.get("email"):
            if fields["address"] is None and not fields.get("guardians"):
                noted.append((Remark.NO_WAY, ""))
            noted[:] = [(Fault.UNPRINTABLE if said is Remark.GLYPHS else said, detail) for said, detail in noted]

    def _name(self, used: tuple[str, ...]) -> str:
        return " ".join([used[place] for place in self._names if used[place]])

    def _number(self, text: str, noted: Noted) -> str | None:
        number = read_number(text, on=self._on)
        if isinstance(number, NumberFault):
            noted.append((number, ""))
            return None
        return number

    def _born(self, text: str, noted: Noted) -> date | None:
        born = cell.day(text)
        if born is None or born > self._on:
            noted.append((Fault.BORN, ""))
        return born

    def _cell(self, used: tuple[str, ...], name: str) -> str:
        return used[self._at[name]] if name in self._at else ""

    def _places(self, whose: str) -> Callable[[tuple[str, ...]], Address]:
        """Return what takes the cells of an address out of a row; a column that is not there is the empty one at the end."""
        return itemgetter(*(self._at.get(f"{whose}{name}", -1) for name in _ADDRESS))

    def _address(self, address: Address, noted: Noted) -> Address | None:
        """Return the address, or None; one that no letter would reach is noted and left out."""
        care_of, street, postcode, city, country = address
        if not (street or postcode or city):
            return None
        care_of = care_of and _CARE_OF.sub("", care_of)
        if country.casefold() in _SWEDEN:
            digits = _POSTCODE.fullmatch(postcode)
            if digits is None or not city or not (street or care_of):
                noted.append((Remark.ADDRESS, ""))
                return None
            return care_of, street, digits[1] + digits[2], city, ""
        return care_of, street, postcode, city, country

    def _guardian(self, which: str, used: tuple[str, ...], fields: dict[str, Any], noted: Noted) -> Guardian | None:
        """Return a guardian, or None for one who has died (FB 6:9); the protection of one who is none is the child's."""
        said = {name: self._cell(used, f"{which}.{name}") for name in ("number", "email", "protection")}
        dead = any(cell.truth(used[place], noted) for place in self._deaths[which] if used[place])
        names = (self._cell(used, f"{which}.{name}") for name in ("name", "first_name", "last_name"))
        said["name"] = " ".join(filter(None, names))
        protection = cell.protection(said["protection"], noted) if said["protection"] else self._unsaid
        address = self._address(self._places(f"{which}.")(used), noted)
        if dead or not said["name"]:
            if not dead and (said["number"] or said["email"] or address):
                noted.append((Remark.GUARDIAN, ""))
            if said["protection"] and protection is not Protection.NONE:
                fields["protection"] = stricter(fields["protection"], protection)
            return None
        number = read_number(said["number"], on=self._on) if said["number"] else None
        if isinstance(number, NumberFault):
            noted.append((Remark.GUARDIAN_NUMBER, ""))
        return Guardian(
            name=said["name"],
            number=None if isinstance(number, NumberFault) else number,
            email=cell.email(said["email"], noted) if said["email"] else None,
            address=_postal(address) if address else None,
            protection=protection,
        )


_FURTHER: dict[str, tuple[str, Callable[[str, Noted], Any], Callable[[Any, Any], Any]]] = {
    "protection": ("protection", cell.protection, stricter),
    "registration": ("protection", cell.registration, stricter),
    "deceased": ("deceased", cell.truth, lambda one, other: bool(one or other)),
    "emigrated": ("emigrated", cell.truth, lambda one, other: bool(one or other)),
}
"""What a further column of a kind is about, how it is read, and what holds where both say something."""


def _id(text: str, noted: Noted) -> str | None:
    if not _ID.fullmatch(text) or holds_personal_identity_number(text):
        noted.append((Fault.ID_FORM, ""))
    return text


def _compare_ages(fields: dict[str, Any], noted: Noted) -> None:
    """Note who was not born on the day in their number: by one of them they may be a child."""
    born, number = fields.get("born"), fields.get("number")
    if born and number and kind_of(number) is NumberKind.PERSONAL and born_on(number) != born:
        noted.append((Fault.TWO_AGES, ""))


def _postal(address: Address) -> PostalAddress:
    care_of, street, postcode, city, country = address
    return PostalAddress.model_construct(care_of=care_of, street=street, postcode=postcode, city=city, country=country)
