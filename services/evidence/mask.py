"""Take what may be secret out of an entry of the register before it is handed out. Whoever hands it out decides anew."""

from collections.abc import Iterator

from law.secrecy import SecrecyProvision, proposed_marks, secrecy_provisions
from letters.breach_register import masked_line
from models.breach_register import SAME_WORDS, Entry
from models.facts import Facts
from models.incident import Incident


def masked(entry: Entry, incident: Incident) -> Entry:
    """Return ``entry`` without what somebody has marked, and without what a provision is proposed for and nobody examined.

    In its place stands the provision (OSL). What somebody has examined and said openly stays, and so does free text that
    nobody has marked: no law says what it holds.
    """
    masks = dict(_masks(incident))
    facts = {name: None for name in masks if name in Facts.model_fields}
    said = {name: Entry.model_fields[name].get_default() for name in masks if name not in facts}
    update = {**said, "facts": entry.facts.model_copy(update=facts), "masks": masks}
    return entry.model_copy(update=update)


def _masks(incident: Incident) -> Iterator[tuple[str, str]]:
    known = secrecy_provisions()
    for name, keys in proposed_marks(incident.facts).items():
        if name not in incident.secrecy and name not in incident.openly_said:
            yield name, masked_line(_cited(keys, known), examined=False)
    for name, keys in incident.secrecy.items():
        for column in (name, *SAME_WORDS.get(name, ())):
            yield column, masked_line(_cited(keys, known), examined=True)


def _cited(keys: tuple[str, ...], known: dict[str, SecrecyProvision]) -> tuple[str, ...]:
    return tuple(known[key].citation if key in known else key for key in keys)
