"""Who has been told, folded: a letter counted once, also when some came back, were found since, or read a notice."""

from models.communication_events import CommunicationCompleted, LettersReturned
from models.incident import Incident


def told(incident: Incident, event: CommunicationCompleted) -> dict[str, object]:
    """Return what changes when everyone has the letter.

    If it had gone out before, and some came back or were found since, it went out when it did.
    """
    place = _place(incident, event)
    if place is None:
        return {"completed": event, "told": (*incident.told, event), "uncertain": 0}
    again = event.model_copy(update={"occurred_at": incident.told[place].occurred_at})
    return {"completed": event, "told": _with(incident, place, again), "uncertain": 0, "returned": 0}


def _place(incident: Incident, event: CommunicationCompleted) -> int | None:
    """Return where among ``told`` the letter stands that the event counts anew; None for a letter that is new."""
    same = [place for place, one in enumerate(incident.told) if event.sha256 and one.sha256 == event.sha256]
    if not same and incident.returned and incident.told:  # written before events said which letter
        return len(incident.told) - 1
    return same[0] if same else None


def _with(incident: Incident, place: int, again: CommunicationCompleted) -> tuple[CommunicationCompleted, ...]:
    return (*incident.told[:place], again, *incident.told[place + 1 :])


def reached(incident: Incident) -> dict[str, object]:
    """Return what changes when a notice to the public is out: it reaches whom no letter could (Article 34(3)(c))."""
    if incident.completed is None:
        return {}
    place = _place(incident, incident.completed)
    place = len(incident.told) - 1 if place is None else place
    last = incident.told[place]
    counted = {"by_notice": last.by_notice + last.unreachable, "unreachable": 0}
    again = last.model_copy(update=counted)
    return {"completed": incident.completed.model_copy(update=counted), "told": _with(incident, place, again)}


def brought_back(incident: Incident, event: LettersReturned) -> dict[int, tuple[int, ...]]:
    """Return which letters of each batch the post has brought back, by their numbers in it."""
    known = incident.brought_back
    return {**known, event.batch: (*known.get(event.batch, ()), *event.numbers)}
