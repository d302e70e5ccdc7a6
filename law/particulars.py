"""What a notification or a communication must say, what is still missing, and what may follow later and by when."""

from collections.abc import Callable
from datetime import datetime

from law.clock import end_of_day
from law.statute_book import LawInForce, Particular
from models.base import Instant, Value
from models.facts import Facts


class Demanded(Value):
    """One item that a text must contain: whether it can be said by now, and if not, by when it may follow.

    ``follow_by`` is None for what must stand there from the start. ``where_possible`` marks what may stay unknown.
    """

    key: str
    point: str
    stated: bool
    where_possible: bool
    follow_by: Instant | None = None


def demanded(provision: str, facts: Facts, law: LawInForce, *, filed_at: datetime) -> tuple[Demanded, ...]:
    """Return what ``provision`` (gdpr.33.3, 34.2 or 33.5) demands of a text filed or sent at ``filed_at``.

    Whatever Article 33(3) demands may follow in phases (33(4)), by the day on which the authority decides on what it
    has. A communication to a person (34(2)) is whole from the start.
    """
    practice = law.period("se.imy", "supplement_within") if provision == "gdpr.33.3" else None
    follow_by = end_of_day(filed_at, practice) if practice else None
    return tuple(_answer(item, facts, follow_by) for item in law.particulars(provision))


def missing(provision: str, facts: Facts, law: LawInForce) -> tuple[Particular, ...]:
    """Return the particulars ``provision`` demands that ``facts`` do not answer yet."""
    return tuple(item for item in law.particulars(provision) if not is_stated(item.key, facts))


def is_stated(key: str, facts: Facts) -> bool:
    """Tell whether ``facts`` answer the particular ``key``; what is none of them is never stated by facts."""
    return key in _STATED and bool(_STATED[key](facts))


def _answer(item: Particular, facts: Facts, follow_by: datetime | None) -> Demanded:
    stated = is_stated(item.key, facts)
    return Demanded(
        key=item.key,
        point=item.point,
        stated=stated,
        where_possible=item.where_possible,
        follow_by=None if stated else follow_by,
    )


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
    "investigation": lambda facts: facts.investigation,
}
