"""The timeline as people read it: Swedish, in the order things were written down, nothing left out."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from letters.language import capital, clock_time, facts_label, named, spoken
from letters.senders import full_name
from models.base import ENGINE
from models.events import Event, Recorded
from models.facts import Facts
from models.parties import Party, Register

_STAMP = frozenset({*Recorded.model_fields, "type"})


def chronicle(history: Iterable[Event], party: Party, register: Register) -> str:
    """Return the timeline of one case as Markdown: a heading per event, and under it what was recorded.

    People stand with their titles. Where something was written down later than it happened, both times are given.
    """
    lines = [f"# {full_name(party)}", ""]
    for number, event in enumerate(history, start=1):
        lines += [f"## {number}. {heading(event)}", "", f"{_when(event)} {_who(event, register)}", ""]
        lines += [*_details(event), ""]
    return "\n".join(lines).rstrip() + "\n"


def heading(event: Event) -> str:
    """Return the name of an event in Swedish, as it stands alone."""
    return capital(named("event", event.type))


def _when(event: Event) -> str:
    happened = clock_time(event.occurred_at)
    if event.recorded_at == event.occurred_at:
        return f"{capital(happened)}."
    return f"{capital(happened)}, {named('chronicle', 'written down')} {clock_time(event.recorded_at)}."


def _who(event: Event, register: Register) -> str:
    if event.recorded_by == ENGINE:
        return f"{named('chronicle', 'by the engine')}."
    return f"{capital(register.person(event.recorded_by).title)}."


def _details(event: Event) -> Iterator[str]:
    for name in type(event).model_fields:
        value = getattr(event, name)
        if name in _STAMP or value in (None, (), False):
            continue
        if isinstance(value, Facts):
            yield from (f"- **{facts_label(field)}:** {spoken(stated)}" for field, stated in value.known().items())
        else:
            yield f"- **{capital(named('field', name))}:** {_said(value)}"


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return clock_time(value)
    if isinstance(value, str) and len(value) == 64:
        return f"`{value[:16]}…`"
    return spoken(value)
