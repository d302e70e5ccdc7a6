"""What must be known before a letter can be written."""

import re
from datetime import datetime

from models.errors import N_, MissingParticular
from models.facts import Facts
from models.incident import Incident


def require(facts: Facts, *names: str, letter: str, provision: str) -> None:
    """Refuse a letter that would lack what ``provision`` demands. Raises MissingParticular naming every such fact."""
    absent = tuple(name for name in names if not getattr(facts, name))
    if absent:
        raise MissingParticular(
            N_("The letter {letter} cannot be written: {fact} is not known."),
            why=N_("The letter would lack something that the law demands ({provision})."),
            remedy=N_("Establish the facts. Is something not certain? Say what you know, and that the rest is open."),
            letter=letter,
            fact=absent,
            provision=provision,
        )


def aware_at(incident: Incident, *, letter: str) -> datetime:
    """Return when the organisation became aware. Raises MissingParticular before that."""
    if incident.aware_at is None:
        raise MissingParticular(
            N_("The letter {letter} cannot be written: nobody has established when you became aware."),
            why=N_("Every letter says when the organisation became aware, and every time limit runs from then."),
            remedy=N_("Establish the awareness in {incident} first."),
            letter=letter,
            incident=incident.id,
        )
    return incident.aware_at


def paragraphs(text: str | None) -> tuple[str, ...]:
    """Return the paragraphs somebody wrote, one text each."""
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text or "") if part.strip())


def holds_secrets(incident: Incident) -> bool:
    """Tell whether it is the data themselves that are marked as secret, and not what is written of the systems."""
    return bool(incident.facts.secrecy) or bool(set(incident.secrecy) & _OF_THE_DATA)


_OF_THE_DATA = frozenset(
    {"data_categories", "data_described", "special_category", "criminal_data", "protected_identities"}
)
