"""What tells one person of a list from another: the number; or the name, with an e-mail address or with street and postcode."""

from models.recipient import Recipient


def number_key(number: str) -> str:
    """Return what tells a person by their number."""
    return f"n{number}"


def name_keys(name: str, email: str | None, street: str, postcode: str) -> list[str]:
    """Return what tells a person without a number."""
    known = name.casefold()
    keys = [f"e{known}\0{email.casefold()}"] if email else []
    return [*keys, f"a{known}\0{street.casefold()}\0{postcode.replace(' ', '')}"] if street else keys


def keys_of(person: Recipient) -> list[str]:
    """Return everything that tells ``person``, the surest first: number, id, and what would tell them without."""
    street, postcode = (person.address.street, person.address.postcode) if person.address else ("", "")
    numbered = [number_key(person.number)] if person.number else []
    return [*numbered, f"i{person.id}", *name_keys(person.name, person.email, street, postcode)]


def may_be_one(one: Recipient, other: Recipient) -> bool:
    """Tell whether two entries can be the same person: not if each has a number of their own."""
    return one.number is None or other.number is None or one.number == other.number


def share_a_name(one: Recipient, other: Recipient) -> bool:
    """Tell whether a word of their names is the same."""
    return bool(_words(one.name) & _words(other.name))


def _words(name: str) -> set[str]:
    return set(name.casefold().replace("-", " ").split())
