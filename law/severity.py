"""ENISA's severity score of 2013, SE = DPC x EI + CB, with its sum shown line by line. Advice only.

The score has no likelihood, no number of people and no weight for identity numbers; authorities have overruled it.
It stands beside the assessment and never decides it.
"""

from law.exposure import is_malicious, is_unreadable
from law.gravity import kinds_in, people_at_most
from law.published_tables import EnisaTable, data_kinds, enisa_2013
from models.base import Value
from models.errors import N_
from models.facts import AvailabilityLoss, BreachType, Exfiltration, Facts


class Line(Value):
    """One term of the sum: what it measures (an English message id), how it was answered, and its points."""

    text: str
    answer: str
    points: float


class Severity(Value):
    """The score with its sum, its band, how near the band's edge it lies, its flags, and what was not known."""

    score: float
    sum: tuple[Line, ...]
    band: str
    to_edge: float
    near_edge: bool
    flags: tuple[str, ...]
    unknown: tuple[str, ...]
    citation: str


def score(facts: Facts) -> Severity:
    """Return the severity score of ``facts`` (0.25 to 6). An unknown identification counts as maximum."""
    table = enisa_2013()
    context, ease = _processing_context(facts), _identification(facts, table)
    circumstances = tuple(_circumstances(facts, table))
    total = context.points * ease.points + sum(line.points for line in circumstances)
    edges = [band.start for band in table.bands if band.start > 0]
    to_edge = min(abs(total - edge) for edge in edges)
    return Severity(
        score=total,
        sum=(context, ease, *circumstances),
        band=band(total),
        to_edge=to_edge,
        near_edge=to_edge <= table.near_edge,
        flags=_flags(facts, table),
        unknown=tuple(name for name in _ASKED if getattr(facts, name) in (None, Exfiltration.UNKNOWN)),
        citation=f"{table.document} ({table.adopted.year})",
    )


def band(total: float) -> str:
    """Return the name of the band ``total`` lies in; an edge belongs to the band above it."""
    return max((found for found in enisa_2013().bands if found.start <= total), key=lambda found: found.start).name


def _processing_context(facts: Facts) -> Line:
    """DPC: every kind of data is scored by itself, and the highest counts."""
    kinds, unrecognised = kinds_in(facts)
    scores = [(kind.enisa.score, kind.name) for kind in kinds]
    if unrecognised or not scores:
        scores.append((data_kinds().unrecognised.enisa.score, "unrecognised"))
    points, name = max(scores)
    return Line(text=N_("Data processing context (DPC), 1 to 4"), answer=name, points=points)


def _identification(facts: Facts, table: EnisaTable) -> Line:
    stated = facts.ease_of_identification
    answer = stated or "maximum"
    return Line(text=N_("Ease of identification (EI), times"), answer=answer, points=table.identification[answer])


def _circumstances(facts: Facts, table: EnisaTable) -> list[Line]:
    answers = {
        "confidentiality": (N_("Loss of confidentiality (CB), plus"), _disclosed_to(facts)),
        "integrity": (N_("Loss of integrity (CB), plus"), _altered(facts)),
        "availability": (N_("Loss of availability (CB), plus"), _unavailable(facts)),
        "malicious": (N_("Malicious intent (CB), plus"), "yes" if is_malicious(facts) else "no"),
    }
    return [
        Line(text=text, answer=answer, points=table.circumstances[name][answer])
        for name, (text, answer) in answers.items()
    ]


def _disclosed_to(facts: Facts) -> str:
    """Exposed without evidence of use scores nothing in the paper (a lost laptop); the unknown is listed instead."""
    if is_unreadable(facts):
        return "none"
    if facts.publicly_exposed or facts.own_data_published:
        return "unknown"
    if facts.recipient_known or facts.recipient_count:
        return "known"
    return "unknown" if facts.exfiltration is Exfiltration.CONFIRMED or facts.recipient_known is False else "none"


def _altered(facts: Facts) -> str:
    if BreachType.INTEGRITY not in (facts.breach_types or ()) or facts.restored_in_time:
        return "none"
    return "lost" if facts.permanent else "recoverable"


def _unavailable(facts: Facts) -> str:
    if facts.availability_loss is AvailabilityLoss.PERMANENT:
        return "permanent"
    brief = facts.availability_loss is AvailabilityLoss.TEMPORARY_MINOR and facts.restored_in_time
    return "none" if facts.availability_loss in (None, AvailabilityLoss.NONE) or brief else "temporary"


def _flags(facts: Facts, table: EnisaTable) -> tuple[str, ...]:
    people = people_at_most(facts)
    many = facts.n_subjects is not None and (people is None or people > table.flag_above_people)
    raised = {"more_than_100_individuals": many, "unintelligible_data": is_unreadable(facts)}
    return tuple(name for name, is_raised in raised.items() if is_raised)


_ASKED = ("data_categories", "ease_of_identification", "exfiltration", "availability_loss", "malicious", "n_subjects")
