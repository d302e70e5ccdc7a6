"""The same person twice in a list: found without remembering everybody, then compared, and merged by rule.

Two rows are one person if they have the same identity number and a word of their names in common; or, where one of them
has no number, the same name with the same e-mail address, or with the same street and postcode, and not another day of
birth. What one row has in common with two others makes all three one.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from adapters.people_list.row import Person
from models.likeness import child_keys, may_be_one, name_keys, number_key, share_a_name
from models.people_list import Fault, Remark, RowReport
from models.recipient import Recipient, stricter

_PARTS = 64


class Marks:
    """What tells each person apart, as a number of eight bytes; who shares a mark with another is a suspect."""

    def __init__(self) -> None:
        self._parts = [array("q") for _ in range(_PARTS)]
        self._twice: frozenset[int] | None = None

    def mark(self, key: str) -> None:
        """Leave the mark of ``key``."""
        code = hash(key)
        self._parts[code % _PARTS].append(code)

    def suspects(self, keys: Iterable[str]) -> bool:
        """Tell whether one of ``keys`` was marked twice."""
        return not self.twice.isdisjoint(map(hash, keys))

    @property
    def twice(self) -> frozenset[int]:
        """The marks that were left twice; looked for once, when all are there."""
        if self._twice is None:
            doubled = (part for part in self._parts if len(set(part)) < len(part))
            self._twice = frozenset(code for part in doubled for code, count in Counter(part).items() if count > 1)
        return self._twice


def keys_of(person: Person) -> list[str]:
    """Return everything that tells ``person``: number, id, and what would tell them without."""
    fields, address = person.fields, person.fields["address"]
    street, postcode = address[1:3] if address else ("", "")
    keys = [number_key(fields["number"])] if fields.get("number") else []
    keys += [f"i{fields['id']}"] if fields.get("id") else []
    keys += name_keys(fields["name"], fields.get("email"), street, postcode)
    return keys + child_keys(fields["name"], fields.get("guardians", ()))


def told_by(person: Person) -> str:
    """Return what tells ``person`` best, with the day of birth of who has no number.

    Of whom nothing but the name is known, also the row they stand in.
    """
    keys = [key for key in keys_of(person) if not key.startswith("i")]
    told, born = keys[0] if keys else f"r{person.row}\0{person.fields['name']}", person.fields.get("born")
    return f"{told}\0{born}" if born and not told.startswith("n") else told


class Twin(NamedTuple):
    """A person who may stand in several rows, and the cells of the first."""

    person: Person
    recipient: Recipient
    cells: list[str]


class Twins:
    """The people who may stand in several rows, in the order of the rows."""

    def __init__(self) -> None:
        self._people: list[Twin] = []
        self._by_key: dict[str, list[int]] = {}
        self._into: dict[int, int] = {}
        self.reports: list[tuple[RowReport, list[str]]] = []

    def add(self, twin: Twin) -> None:
        """Merge a person with who they are already, or keep them; or report that two people claim to be one."""
        keys = keys_of(twin.person)
        known = [(key, self._place(place)) for key in keys for place in self._by_key.get(key, ())]
        clash = next((found for key, place in known if (found := self._clash(key, place, twin))), None)
        if clash is not None:
            self._protect(clash[2], twin)
            self.reports.append((RowReport(twin.person.row, clash[0], str(clash[1])), twin.cells))
            return
        places = list(dict.fromkeys(place for _, place in known))
        place = next((place for place in places if self._may_be(place, twin)), len(self._people))
        if place == len(self._people):
            self._people.append(twin)
        else:
            self._merge(place, twin)
        for other in places:
            if other != place and self._may_be(place, self._people[other]):
                self._merge(place, self._people[other])
                self._into[other] = place
        for key in keys:
            if place not in map(self._place, self._by_key.setdefault(key, [])):
                self._by_key[key].append(place)

    def merged(self) -> Iterator[Recipient]:
        """Yield everybody once."""
        return (twin.recipient for place, twin in enumerate(self._people) if place not in self._into)

    def _place(self, place: int) -> int:
        """Return where the person stands who stood in ``place`` before a later row told who they are."""
        while place in self._into:
            place = self._into[place]
        return place

    def _merge(self, place: int, twin: Twin) -> None:
        first = self._people[place]
        self._people[place] = first._replace(recipient=first.recipient.merged(twin.recipient))
        self.reports.append((RowReport(twin.person.row, Remark.MERGED, str(first.person.row)), twin.cells))

    def _may_be(self, place: int, twin: Twin) -> bool:
        """Tell whether the two can be one: not if each has a number of their own, or another day of birth."""
        return may_be_one(self._people[place].recipient, twin.recipient)

    def _protect(self, place: int, twin: Twin) -> None:
        """Let protection hold that was said of either of two who claim to be one: nobody knows which of them is wrong."""
        first = self._people[place]
        protection = stricter(first.recipient.protection, twin.recipient.protection)
        self._people[place] = first._replace(recipient=first.recipient.model_copy(update={"protection": protection}))

    def _clash(self, key: str, place: int, twin: Twin) -> tuple[Fault, int, int] | None:
        first = self._people[place]
        if key.startswith("n") and not share_a_name(first.recipient, twin.recipient):
            return Fault.TWO_NAMES, first.person.row, place
        if key.startswith("i") and (not self._may_be(place, twin) or first.recipient.name != twin.recipient.name):
            return Fault.ID_TWICE, first.person.row, place
        return None
