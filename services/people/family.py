"""Who in a list belongs to the family of somebody with protected personal data. Pure, and fails closed.

Two entries are the same person if their identity numbers are equal, or, where one of them has none, their names.
"""

from collections.abc import Iterable
from typing import NamedTuple

from models.recipient import Guardian, Protection, Recipient


class Kin(NamedTuple):
    """The people of the protected families: their numbers, their names, and the names of those without a number."""

    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numberless: frozenset[str] = frozenset()

    def holds(self, person: Recipient) -> bool:
        """Tell whether ``person`` or a guardian of theirs is one of these people."""
        return any(map(self._is_one, _family(person)))

    def _is_one(self, one: Recipient | Guardian) -> bool:
        name = _name(one)
        if one.number is None:
            return name in self.names
        return one.number in self.numbers or name in self.numberless


def protected_kin(people: Iterable[Recipient]) -> Kin:
    """Return everybody in ``people`` who is protected or shares a guardian's role with somebody who is."""
    families = map(_family, people)
    family = [one for each in families if any(one.protection is not Protection.NONE for one in each) for one in each]
    return Kin(
        numbers=frozenset(one.number for one in family if one.number),
        names=frozenset(map(_name, family)),
        numberless=frozenset(_name(one) for one in family if not one.number),
    )


def _family(person: Recipient) -> tuple[Recipient | Guardian, ...]:
    return (person, *person.guardians)


def _name(one: Recipient | Guardian) -> str:
    return " ".join(one.name.split()).casefold()
