"""May several breaches go to the authority in one notification? Only alike, and only close in time (Guidelines 9/2022)."""

from collections.abc import Sequence
from datetime import timedelta

from law.reason import Reason
from law.statute_book import LawInForce
from models.base import Value
from models.errors import N_
from models.incident import Incident

_CITATION = "Guidelines 9/2022, section II.B.3"


class Bundling(Value):
    """Whether one notification may cover them all, and why or why not."""

    allowed: bool
    reasons: tuple[Reason, ...]


def may_be_bundled(breaches: Sequence[Incident], law: LawInForce) -> Bundling:
    """Tell whether ``breaches`` may be notified together: one controller, the same data, the same way, a short time.

    Strictly each breach is notified by itself; what is not known to be the same is not the same.
    """
    conditions = {
        "one_controller": (_same([incident.party for incident in breaches]), N_("They concern different controllers.")),
        "same_data": (_same_data(breaches), N_("They are not known to concern the same kinds of data.")),
        "same_way": (_same_way(breaches), N_("They are not known to have happened in the same way.")),
        "short_time": (_short_time(breaches, law), N_("They did not become known within a relatively short time.")),
    }
    against = tuple(_reason(name, text) for name, (holds, text) in conditions.items() if not holds)
    together = N_("The same kinds of data were breached in the same way within a relatively short time.")
    return Bundling(allowed=not against, reasons=against or (_reason("alike", together),))


def _same_data(breaches: Sequence[Incident]) -> bool:
    kinds = [incident.facts.data_categories for incident in breaches]
    return None not in kinds and _same([frozenset(labels or ()) for labels in kinds])


def _same_way(breaches: Sequence[Incident]) -> bool:
    ways = [(incident.facts.incident_type, incident.facts.breach_types) for incident in breaches]
    return all(kind and types for kind, types in ways) and _same(
        [(kind, frozenset(types or ())) for kind, types in ways]
    )


def _short_time(breaches: Sequence[Incident], law: LawInForce) -> bool:
    known = [incident.aware_at for incident in breaches if incident.aware_at is not None]
    period = law.period("gdpr.33.1", "bundled_within")
    within = period.elapsed if period else timedelta()
    return bool(known) and len(known) == len(breaches) and max(known) - min(known) <= within


def _same(values: Sequence[object]) -> bool:
    return len(set(values)) == 1


def _reason(principle: str, text: str) -> Reason:
    return Reason(principle=principle, text=text, citation=_CITATION)
