"""Several alike breaches in one notification (Guidelines 9/2022, II.B.3): what the one sheet says of them all."""

from collections.abc import Iterable

from letters.voice import Voice
from models.errors import N_
from models.facts import Quantity
from models.incident import Incident


def together(lead: Incident, beside: tuple[Incident, ...], voice: Voice) -> str | None:
    """Return what happened, why several are told of together, and a sentence for each of them, ``lead`` first."""
    text = _happened(lead, voice)
    if text is None or not beside:
        return text
    told = [_told(lead, None, voice), *(_told(one, _happened(one, voice), voice) for one in beside)]
    count = len(beside) + 1
    covers = voice.say(
        N_("This notification covers {count} similar incidents. {because}"), count=count, because=_why(lead, voice)
    )
    return " ".join((text, covers, *told))


def late_together(lead: Incident, late: tuple[str, ...], voice: Voice) -> str | None:
    """Return why the incidents in ``late`` are notified after their own time limit; None if none is."""
    if not late:
        return None
    waited = N_(
        "{incidents}: notified after the time limit of its own, since the incidents are told of together. {because}"
    )
    return voice.say(waited, incidents=late, because=_why(lead, voice))


def in_all(name: str, lead: Incident, beside: tuple[Incident, ...]) -> Quantity | None:
    """Return the sum of a number over all of them; None as soon as one is unknown."""
    counts = [getattr(incident.facts, name) for incident in (lead, *beside)]
    return _sum(counts) if all(counts) else None


def _happened(incident: Incident, voice: Voice) -> str | None:
    """Return what happened, and what the investigation showed: the forms have no question of its own for that."""
    happened, showed = voice.text(incident, "what_happened"), voice.text(incident, "investigation")
    result = voice.say(N_("The investigation shows: {result}"), result=showed) if showed else None
    return " ".join(filter(None, (happened, result))) or None


def _why(lead: Incident, voice: Voice) -> str:
    return voice.own(lead, "bundle_reasons", lead.bundle.because if lead.bundle else None) or ""


def _told(incident: Incident, what: str | None, voice: Voice) -> str:
    facts, aware = incident.facts, incident.aware_at
    known = voice.stamp(aware) if aware else "–"
    people = voice.quantity(facts.n_subjects) if facts.n_subjects else "–"
    said = N_("{incident}: known {aware}, people concerned {people}. {what}")
    return voice.say(said, incident=incident.id, aware=known, people=people, what=what or "").strip()


def _sum(counts: Iterable[Quantity]) -> Quantity:
    """Add the ends; an open end below counts as none, an open end above leaves the sum open."""
    counts = tuple(counts)
    highs = [count.at_most for count in counts]
    high = None if None in highs else sum(end for end in highs if end is not None)
    low = sum(count.at_least or 0 for count in counts)
    return Quantity(at_least=low, at_most=high, about=any(count.about for count in counts))
