"""Which provisions of the Swedish secrecy act may cover something in the file. A proposal; a person marks."""

from datetime import date
from functools import cache

from law.published_tables import FOLDER, Published, read_table
from models.base import Value
from models.facts import Facts
from models.form import Confidence


class SecrecyProvision(Value):
    """One provision: where it stands, what it covers (a word of the catalogue), and the facts it is proposed for."""

    key: str
    citation: str
    confidence: Confidence
    covers: str
    fields: tuple[str, ...] = ()


class SecrecyProvisions(Published):
    """The provisions we know of, and when we looked."""

    verified_on: date
    caveat: str
    provisions: tuple[SecrecyProvision, ...]


@cache
def secrecy_provisions() -> dict[str, SecrecyProvision]:
    """Return the provisions by their keys, in the order of the act."""
    table = read_table(FOLDER / "secrecy_provisions.yaml", SecrecyProvisions)
    return {one.key: one for one in table.provisions}


def proposed_marks(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return, by each fact that is stated, the keys of the provisions that may cover it; what is denied has none."""
    found = {
        name: tuple(one.key for one in secrecy_provisions().values() if name in one.fields) for name in facts.known()
    }
    return {name: keys for name, keys in found.items() if keys and getattr(facts, name) is not False}
