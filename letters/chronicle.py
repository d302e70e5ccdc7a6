"""The timeline as people read it: Swedish, in the order things were written down, nothing left out."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from letters.breach_columns import heading as heading_of
from letters.citations import cited, provision_of_osl
from letters.language import (
    capital,
    clock_time,
    day,
    listed,
    moment,
    named,
    period,
    say,
    spoken,
    word,
)
from letters.reminder_steps import planned_in_words, step_in_words
from letters.senders import deadline_called, full_name
from models.base import ENGINE
from models.breach_events import StatedDuty, StatedReason
from models.duty import Period
from models.errors import N_
from models.events import Event
from models.facts import Facts
from models.filing_events import MissingItem, SecrecyMark
from models.parties import Party, Register
from models.record_events import KeptDocument
from models.recorded import Recorded
from models.regime import Answers
from models.reminder import PlannedDeadline

_AS_WRITTEN = frozenset(
    ["incident_id", "family", "communication", "steps", "diary_number", "statement", "stamp", "document", "documents"]
)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_STAMP = frozenset({*Recorded.model_fields, "type"})
_STATED = (StatedDuty, StatedReason, PlannedDeadline, MissingItem, SecrecyMark)
"""What is told as a sentence each."""


def chronicle(history: Iterable[Event], party: Party, register: Register) -> str:
    """Return the timeline of one case as Markdown: a heading per event, and under it what was recorded.

    People stand with their titles. Where something was written down later than it happened, both times are given.
    """
    lines = [f"# {full_name(party)}", ""]
    for number, event in enumerate(history, start=1):
        lines += [f"## {number}. {heading(event)}", "", f"{when(event)} {capital(who(event, register))}.", ""]
        lines += [f"- **{name}:** {value}" for name, value in details(event, register)]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def heading(event: Event) -> str:
    """Return the name of an event in Swedish, as it stands alone."""
    return capital(named("event", event.type))


def when(event: Event) -> str:
    """Return when an event was written down and, if that is another time, when it happened."""
    if event.recorded_at == event.occurred_at:
        return f"{capital(moment(event.recorded_at))}."
    written, happened = capital(moment(event.recorded_at)), clock_time(event.occurred_at)
    return say(N_("{written}. It happened on {happened}."), written=written, happened=happened)


def who(event: Event, register: Register) -> str:
    """Return who wrote an event down: a title, or the engine."""
    return "Timglas" if event.recorded_by == ENGINE else register.person(event.recorded_by).title


def details(event: Event, register: Register) -> Iterator[tuple[str, str]]:
    """Yield what an event states, as (label, text), without its stamps and what is unknown."""
    for name in type(event).model_fields:
        value = getattr(event, name)
        if name in _STAMP or value in (None, (), {}, False):
            continue
        if isinstance(value, Facts | Answers):
            words = "fact" if isinstance(value, Facts) else "answer"
            known = value.model_dump(exclude_none=True)
            yield from ((capital(named(words, field)), capital(spoken(getattr(value, field)))) for field in known)
        else:
            said = _said(name, value, register)
            yield capital(named("field", name)), said if name in _AS_WRITTEN else capital(said)


_WORDS_OF = {"letter": "letter", "unknown": "fact", "owed_as": "owed_as"}
"""Which words of the catalogue the values of a field are among."""


_PARTIES, _PEOPLE, _DEADLINES = ("party", "controller", "processor", "concerned"), ("to",), ("provision", "deadlines")
_KEYS = (*_PARTIES, *_PEOPLE, *_DEADLINES)
"""The fields that name somebody or something by its key."""


def _called(name: str, key: str, register: Register) -> str:
    if name in _PARTIES:
        return full_name(register.party(key))
    return register.person(key).title if name in _PEOPLE else deadline_called(key, register)


def _said(name: str, value: object, register: Register) -> str:  # noqa: PLR0911 - one arm a kind of value
    if isinstance(value, tuple) and (name == "steps" or isinstance(value[0], _STATED)):
        return " ".join(_sentence(stated, register) for stated in value)
    if isinstance(value, tuple) and isinstance(value[0], KeptDocument):
        return ", ".join(_said("", kept, register) for kept in value)
    if name in _KEYS:
        return listed(_called(name, key, register) for key in _ids(value))
    if isinstance(value, KeptDocument):
        return f"{value.name} ({_digest(value.sha256)})"
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        return _digest(value)
    if isinstance(value, Period):
        return period(value)
    if name == "english":
        return " ".join(f"{capital(named('text', key))}: {text}" for key, text in dict(value).items())  # type: ignore[call-overload]
    if isinstance(value, dict):
        return listed(
            f"{full_name(register.party(party))}: {_said('', each, register)}" for party, each in value.items()
        )
    return moment(value) if isinstance(value, datetime) else spoken(value, _WORDS_OF.get(name, "category"))


def when_it_follows(item: MissingItem) -> str:
    """Return when a particular that is missing follows, as a sentence."""
    by = N_("Follows by {day} at the latest.")
    return say(by, day=day(item.follows_on)) if item.follows_on else say(N_("Cannot be determined."))


def _ids(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _digest(sha256: str) -> str:
    return f"`{sha256[:16]}…`"


def _sentence(stated: object, register: Register) -> str:  # noqa: PLR0911 - one arm a kind of value
    match stated:
        case str():
            return step_in_words(stated)
        case MissingItem():
            return f"{capital(named('particular', stated.key))}: {when_it_follows(stated)} {stated.because}"
        case SecrecyMark(provisions=()):
            return say(N_("{field}: openly said."), field=heading_of(stated.field))
        case SecrecyMark():
            return f"{heading_of(stated.field)}: {listed(map(provision_of_osl, stated.provisions))} OSL."
        case PlannedDeadline():
            return planned_in_words(stated, register)
        case StatedReason():
            return f"{say(stated.text)} ({cited(stated.citation)})"
        case StatedDuty(due_at=None):
            return f"{capital(named('provision', stated.provision))}: {word(stated.status)}."
        case StatedDuty():
            due = moment(stated.due_at) if stated.due_at else ""
            return f"{capital(named('provision', stated.provision))}: {word(stated.status)}, {due}."
    return spoken(stated)
