"""What a notification or a communication must say, and what is still missing."""

from collections.abc import Callable

from law.statute_book import LawInForce, Particular
from models.facts import Facts

_STATED: dict[str, Callable[[Facts], object]] = {
    "nature": lambda facts: facts.what_happened and facts.breach_types,
    "data_subject_categories": lambda facts: facts.data_subject_categories,
    "data_subjects": lambda facts: facts.n_subjects,
    "data_categories": lambda facts: facts.data_categories,
    "records": lambda facts: facts.n_records,
    "contact_point": lambda facts: True,  # noqa: ARG005 - the register always has one
    "likely_consequences": lambda facts: facts.consequences_described,
    "measures": lambda facts: facts.measures_taken,
    "facts": lambda facts: facts.what_happened,
    "effects": lambda facts: facts.consequences_described,
    "remedial_action": lambda facts: facts.measures_taken,
}


def missing(provision: str, facts: Facts, law: LawInForce) -> tuple[Particular, ...]:
    """Return the particulars ``provision`` demands that ``facts`` do not answer yet."""
    return tuple(item for item in law.particulars(provision) if not _STATED[item.key](facts))
