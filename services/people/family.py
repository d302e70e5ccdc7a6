"""Who in a list belongs to the family of somebody with protected personal data. Pure, and fails closed.

Two entries are the same person if their identity numbers are equal, or, where one of them has none, their names. Whoever
lives where a protected person does may be of the family.
"""

from collections.abc import Iterable
from typing import NamedTuple

from models.parties import PostalAddress
from models.recipient import Guardian, Protection, Recipient, bare_name


class Kin(NamedTuple):
    """The people of the protected families: their numbers, their names, the names of those without a number, and homes.

    ``dead`` are the numbers of those on the list who have died: they are nobody's guardians any more (FB 6:9).
    """

    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numberless: frozenset[str] = frozenset()
    homes: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()

    def holds(self, person: Recipient) -> bool:
        """Tell whether ``person`` or a guardian of theirs is one of these people, or shares a home with one."""
        return any(self._is_one(one) or _home(one.address) in self.homes for one in _family(person))

    def _is_one(self, one: Recipient | Guardian) -> bool:
        name = bare_name(one.name)
        if one.number is None:
            return name in self.names
        return one.number in self.numbers or name in self.numberless


def protected_kin(people: Iterable[Recipient]) -> Kin:
    """Return everybody in ``people`` who is protected or shares a guardian's role with somebody who is; and who is dead."""
    family: list[Recipient | Guardian] = []
    dead: set[str] = set()
    for person in people:
        everybody = _family(person)
        if any(map(_is_protected, everybody)):
            family += everybody
        if person.deceased and person.number:
            dead.add(person.number)
    homes = {_home(one.address) for one in family if _is_protected(one)} - {""}
    return Kin(
        numbers=frozenset(one.number for one in family if one.number),
        names=frozenset(bare_name(one.name) for one in family),
        numberless=frozenset(bare_name(one.name) for one in family if not one.number),
        homes=frozenset(homes),
        dead=frozenset(dead),
    )


def _family(person: Recipient) -> tuple[Recipient | Guardian, ...]:
    return (person, *person.guardians)


def _is_protected(one: Recipient | Guardian) -> bool:
    return one.protection is not Protection.NONE


def _home(address: PostalAddress | None) -> str:
    """Return what tells a home; nothing for an address without a street, which many share."""
    street = address.street.strip().casefold() if address else ""
    return f"{street}\0{address.postcode.replace(' ', '')}" if address and street else ""
