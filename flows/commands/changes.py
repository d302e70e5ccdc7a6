"""What changed in a case between two instants, in plain Swedish and as data."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flows.commands.status import row_data
from letters.chronicle import details, heading, who
from letters.language import clock_time, fact, facts_label, moment, word
from letters.senders import full_name
from models.breach_events import AwarenessCorrected, AwarenessEstablished, FactCorrected, FactsEstablished, RiskDecided
from models.events import Event
from models.facts import Facts, Trigger
from models.filing_events import (
    DelayExplained,
    NotificationAcknowledged,
    NotificationSubmitted,
    NotificationWithdrawn,
    ParallelReportSubmitted,
)
from models.parties import Register
from models.record_events import ReminderSent
from services.case.difference import Difference, Moved
from services.due.board import Row

_TOLD_ABOVE = (AwarenessCorrected, AwarenessEstablished, FactCorrected, FactsEstablished)
_FILINGS = (
    DelayExplained,
    NotificationAcknowledged,
    NotificationSubmitted,
    NotificationWithdrawn,
    ParallelReportSubmitted,
)

_LINE = 90
"""How many characters an old and a new value may take together on one line."""


def told(found: Difference, start: datetime, end: datetime, register: Register) -> Iterator[str]:
    """Yield the lines that tell what changed; a line that ends in a colon is a heading."""
    yield f"{found.after.id} · {full_name(register.party(found.after.party))}"
    yield f"Från {moment(start)} till {moment(end)}."
    if not found.before.id:
        yield "Ärendet fanns inte vid den första tiden, så allt i det är nytt."
    sections = {
        "Kännedom": _awareness(found),
        "Uppgifter": _facts(found),
        "Råd från Timglas": _advice(found),
        "Beslut": _decided(found, register),
        "Frister": map(_moved, found.deadlines),
        "Anmälningar": (_told(event, register) for event in found.news if isinstance(event, _FILINGS)),
        "I övrigt": _rest(found, register),
    }
    said = {name: [*lines] for name, lines in sections.items()}
    for name, lines in said.items():
        if lines:
            yield from ("", f"{name}:", *(f"- {line}" for line in lines))
    if not any(said.values()):
        yield from ("", "Inget ändrades.")


def data(found: Difference, start: datetime, end: datetime) -> dict[str, Any]:
    """Return the same for programs; None is "not known", or no deadline."""
    both = (found.before, found.after)
    stated = [incident.facts.model_dump(mode="json") for incident in both]
    return {
        "incident": found.after.id,
        "party": found.after.party,
        "from": start,
        "to": end,
        "aware_at": _pair(incident.aware_at for incident in both),
        "facts": {name: _pair(facts[name] for facts in stated) for name in found.facts},
        "advice": _pair(incident.advice and incident.advice.level for incident in both),
        "decision": _pair(incident.decision and incident.decision.level for incident in both),
        "deadlines": [
            _pair(row and row_data(row, at) for row, at in zip(move, (start, end), strict=True))
            for move in found.deadlines
        ],
        "events": [event.model_dump(mode="json", exclude_none=True) for event in found.news],
    }


def _pair(values: Iterable[Any]) -> dict[str, Any]:
    return dict(zip(("before", "after"), values, strict=True))


def _awareness(found: Difference) -> Iterator[str]:
    was, now = found.before.aware_at, found.after.aware_at
    if was != now:
        yield f"{moment(was) if was else 'inte fastställd'} → {moment(now) if now else 'inte fastställd'}"
    yield from (f"Rättad: {event.because}" for event in found.news if isinstance(event, AwarenessCorrected))


def _facts(found: Difference) -> Iterator[str]:
    for name in found.facts:
        was, now = (fact(name, incident.facts) for incident in (found.before, found.after))
        corrected = [event for event in found.news if isinstance(event, FactCorrected) and _touches(event, name)]
        because = f" (rättat: {corrected[-1].because.rstrip('.')})" if corrected else ""
        yield f"{facts_label(name)}:{_from_to(was, now)}{because}"


def _from_to(was: str | None, now: str | None) -> str:
    """Put the old and the new beside each other, or below each other where they are long."""
    if was and now and len(was) + len(now) > _LINE:
        return f"\n    Från: {was}\n    Till: {now}"
    return f" {was or 'okänt'} → {now or 'okänt igen'}"


def _touches(event: FactCorrected, name: str) -> bool:
    return name in event.withdrawn or name in event.facts.known()


def _advice(found: Difference) -> Iterator[str]:
    was, now = (incident.advice.level if incident.advice else None for incident in (found.before, found.after))
    if was is not now:
        yield f"{word(was) if was else 'inget'} → {word(now) if now else 'inget'}"


def _decided(found: Difference, register: Register) -> Iterator[str]:
    """Yield what people decided with reasons, and the news that re-opened a decision."""
    for event in found.news:
        match event:
            case RiskDecided():
                yield f"{_stamp(event, register)}: {word(event.level)}. {event.reasoning}"
            case FactsEstablished(trigger=Trigger() as news):
                yield f"{_stamp(event, register)}: {word(news)}. Det som var beslutat måste prövas på nytt."
            case _ if _is_reasoned(event):
                yield _told(event, register)


def _is_reasoned(event: Event) -> bool:
    return hasattr(event, "reasoning") and not isinstance(event, _TOLD_ABOVE)


def _moved(move: Moved) -> str:
    what = (move.after or move.before).what  # type: ignore[union-attr]  # one of the two is there
    return f"{what}: {_stands(move.before)} → {_stands(move.after)}"


def _stands(row: Row | None) -> str:
    if row is None:
        return "ingen"
    duty, status = row.duty, row.status.lower()
    if duty.fulfilled_at is not None and not duty.is_open:
        return f"{status} {moment(duty.fulfilled_at)}"
    if not duty.is_open:
        return status
    return f"{'FÖRSENAD, ' if row.overdue else ''}{status}, {'senast ' if duty.due_at else ''}{row.due.lower()}"


def _rest(found: Difference, register: Register) -> Iterator[str]:
    told = (*_TOLD_ABOVE, *_FILINGS, ReminderSent)
    for event in found.news:
        if not isinstance(event, told) and not _is_reasoned(event):
            yield _told(event, register)
    reminders = sum(isinstance(event, ReminderSent) for event in found.news)
    if reminders:
        yield f"Timglas skickade {reminders} påminnelse{'r' if reminders > 1 else ''}."


def _told(event: Event, register: Register) -> str:
    """Say what an event states, without the facts, which stand above, and without hashes."""
    whole = event.model_copy(update={"stated": Facts()}) if isinstance(event, NotificationSubmitted) else event
    stated = (f"{name}: {value}" for name, value in details(whole, register) if not value.startswith("`"))
    sentences = (text.rstrip(".") for text in (heading(event), *stated))
    return f"{_stamp(event, register)}: {'. '.join(sentences)}."


def _stamp(event: Event, register: Register) -> str:
    return f"{clock_time(event.occurred_at)}, {who(event, register)}"
