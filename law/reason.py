"""Why the advice says what it says: a sentence for people, and where it stands."""

from models.base import Value
from models.breach_events import Risk


class Reason(Value):
    """One principle that carried the advice. ``text`` is an English message id; ``citation`` a guideline and its place."""

    principle: str
    text: str
    citation: str


class Finding(Value):
    """What one branch (confidentiality, availability, integrity ...) concludes, and why."""

    level: Risk
    reasons: tuple[Reason, ...]


_ORDER = (Risk.UNLIKELY, Risk.RISK, Risk.HIGH)


def rank(level: Risk) -> int:
    """Return 0, 1 or 2: the levels of Articles 33(1) and 34(1) in rising order."""
    return _ORDER.index(level)
