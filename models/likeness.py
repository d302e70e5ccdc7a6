"""What tells one person of a list from another: the number; or the name, with an e-mail address or with street and postcode.

A child of whom only the guardians can be written to is told by its name with what tells one of them.
"""

from collections.abc import Iterable
from datetime import date

from models.identity import NumberKind, born_on, kind_of
from models.recipient import Guardian, Recipient


def number_key(number: str) -> str:
    """Return what tells a person by their number."""
    return f"n{number}"


def as_said(name: str) -> str:
    """Return the name in small letters and in the order it is said: ``Ek, Anna`` is ``anna ek``."""
    family, _, given = name.casefold().partition(",")
    return f"{given.strip()} {family.strip()}" if given else family


def name_keys(name: str, email: str | None, street: str, postcode: str) -> list[str]:
    """Return what tells a person without a number."""
    known = as_said(name)
    keys = [f"e{known}\0{email.casefold()}"] if email else []
    return [*keys, f"a{known}\0{street.casefold()}\0{postcode.replace(' ', '')}"] if street else keys


def child_keys(name: str, guardians: Iterable[Guardian]) -> list[str]:
    """Return what tells a person by the guardians: by the number of one, or the ways to them."""
    known = as_said(name)
    return [f"g{known}\0{told}" for one in guardians for told in _told_of(one)]


def keys_of(person: Recipient) -> list[str]:
    """Return everything that tells ``person``, the surest first: number, id, and what would tell them without."""
    street, postcode = (person.address.street, person.address.postcode) if person.address else ("", "")
    numbered = [number_key(person.number)] if person.number else []
    named = name_keys(person.name, person.email, street, postcode)
    return [*numbered, f"i{person.id}", *named, *child_keys(person.name, person.guardians)]


def may_be_one(one: Recipient, other: Recipient) -> bool:
    """Tell whether two entries can be the same person: not if each has a number of their own, or another day of birth.

    Father and son of one name live at one address.
    """
    if one.number and other.number:
        return one.number == other.number
    days = {_born(one), _born(other)} - {None}
    return len(days) < 2


def share_a_name(one: Recipient, other: Recipient) -> bool:
    """Tell whether a word of their names is the same."""
    return bool(_words(one.name) & _words(other.name))


def _words(name: str) -> set[str]:
    return set(as_said(name).replace("-", " ").split())


def _told_of(guardian: Guardian) -> list[str]:
    street, postcode = (guardian.address.street, guardian.address.postcode) if guardian.address else ("", "")
    numbered = [number_key(guardian.number)] if guardian.number else []
    return [*numbered, *name_keys(guardian.name, guardian.email, street, postcode)]


def _born(person: Recipient) -> date | None:
    """Return the day of birth; the one in a samordningsnummer may be made up, and tells nobody apart."""
    if person.born or person.number is None or kind_of(person.number) is not NumberKind.PERSONAL:
        return person.born
    return born_on(person.number)
