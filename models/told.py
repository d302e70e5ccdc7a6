"""Who has been told, folded: a letter counted once, also when some came back, were found since, or read a notice."""

from datetime import datetime

from models.communication_events import CommunicationCompleted, LettersLeftOut, LettersReturned, PrintFileLost
from models.events import Event
from models.incident import Incident
from models.record_events import IncidentClosed
from models.untold import to_everybody


def told(incident: Incident, event: CommunicationCompleted) -> dict[str, object]:
    """Return what changes when everyone has the letter.

    If it had gone out before, and some came back or were found since, it went out when it did. Whoever on the list that
    waits had the letter when it was taken in, and has it no more, waits from now on.
    """
    found = {"found": incident.laid_aside} if event.found else {}
    changed: dict[str, object] = {"completed": event, "uncertain": 0, **found}
    place = _place(incident, event)
    if place is None:
        return {**changed, "told": (*incident.told, event)}
    again = event.model_copy(update={"occurred_at": incident.told[place].occurred_at})
    return {**changed, "told": _with(incident, place, again), "returned": 0}


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


def left_out(incident: Incident, event: PrintFileLost | LettersLeftOut) -> dict[int, tuple[int, ...]]:
    """Return which letters of each batch are left out of its file, by their numbers in it."""
    numbers = {*incident.left_out.get(event.batch, ()), *event.left_out}
    return {**incident.left_out, event.batch: tuple(sorted(numbers))} if numbers else incident.left_out


def everyone_told_at(incident: Incident, event: Event) -> tuple[datetime, ...]:
    """Return when each new letter to everybody had left, if ``event`` brought that about; none while one lies here.

    Of letters on paper that is when the last of them was posted, whenever somebody wrote it down.
    """
    letters = to_everybody(incident.told, incident.releases)[len(incident.told_everyone_at) :]
    left = incident.untold_people if letters else None
    if left and left.waits:
        return ()
    if isinstance(event, IncidentClosed):
        return tuple(letter.occurred_at for letter in letters)
    posted = tuple(batch.occurred_at for batch in incident.posted.values())
    return tuple(max(letter.occurred_at, event.occurred_at, *posted) for letter in letters)


def letters_left_at(incident: Incident) -> datetime | None:
    """Return when the first letters had left: those by e-mail were sent, or a batch was posted; None while all lie here."""
    by_email = (told.occurred_at for told in incident.told[:1] if told.emailed)
    posted = (batch.occurred_at for batch in incident.posted.values())
    return min((*by_email, *posted, *incident.told_everyone_at), default=None)
