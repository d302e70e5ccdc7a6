"""Several alike breaches in one notification (Guidelines 9/2022, II.B.3): what the one sheet says of them all."""

from collections.abc import Iterable

from letters.voice import Voice
from models.errors import N_
from models.facts import Quantity
from models.incident import Incident


def together(text: str | None, beside: tuple[Incident, ...], voice: Voice) -> str | None:
    """Return what happened, with a sentence for each incident that is told of in the same notification."""
    if text is None or not beside:
        return text
    told = [_told(incident, voice) for incident in beside]
    also = voice.say(N_("This notification also covers {count} similar incidents."), count=len(beside))
    return " ".join((text, also, *told))


def in_all(name: str, lead: Incident, beside: tuple[Incident, ...]) -> Quantity | None:
    """Return the sum of a number over all of them; None as soon as one is unknown."""
    counts = [getattr(incident.facts, name) for incident in (lead, *beside)]
    return _sum(counts) if all(counts) else None


def _told(incident: Incident, voice: Voice) -> str:
    facts, aware = incident.facts, incident.aware_at
    known = voice.stamp(aware) if aware else "–"
    people = voice.quantity(facts.n_subjects) if facts.n_subjects else "–"
    said = N_("{incident}: known {aware}, people concerned {people}. {what}")
    what = voice.text(incident, "what_happened") or ""
    return voice.say(said, incident=incident.id, aware=known, people=people, what=what).strip()


def _sum(counts: Iterable[Quantity]) -> Quantity:
    """Add the ends; an open end below counts as none, an open end above leaves the sum open."""
    counts = tuple(counts)
    highs = [count.at_most for count in counts]
    high = None if None in highs else sum(end for end in highs if end is not None)
    low = sum(count.at_least or 0 for count in counts)
    return Quantity(at_least=low, at_most=high, about=any(count.about for count in counts))
