"""What was known and when, who wrote it down, and where it came from: one part for each time something became known."""

from collections.abc import Iterator

from letters.chronicle import who
from letters.dossier.matter import Matter, Row
from letters.language import clock_time, day, fact, facts_label, moment, say
from models.breach_events import FactCorrected, FactsEstablished
from models.errors import N_
from models.facts import Facts

Statement = FactsEstablished | FactCorrected
Known = tuple[str, str, tuple[Row, ...]]
"""Since when, who said so, and each fact with its value."""


def known(matter: Matter) -> tuple[Known, ...]:
    """Return what each statement added or changed; a value that was changed later says when."""
    return tuple(part for part in _statements(matter) if part[2])


def _statements(matter: Matter) -> Iterator[Known]:
    facts, places = Facts(), list(_places(matter))
    for order, (line, stated) in enumerate(places):
        withdrawn = stated.withdrawn if isinstance(stated, FactCorrected) else ()
        before, facts = facts, facts.learn(stated.facts, withdrawn)
        later = [event for _, event in places[order + 1 :]]
        names = [name for name in Facts.model_fields if getattr(before, name) != getattr(facts, name)]
        rows = tuple((facts_label(name), _value(name, facts, later)) for name in names)
        yield moment(stated.occurred_at), _said(stated, line, matter), rows


def _places(matter: Matter) -> Iterator[tuple[int, Statement]]:
    for line, event in enumerate(matter.history, start=1):
        if isinstance(event, FactsEstablished | FactCorrected):
            yield line, event


def _value(name: str, facts: Facts, later: list[Statement]) -> str:
    value = fact(name, facts) or say(N_("Withdrawn: not known any more"))
    for event in later:
        other = getattr(event.facts, name)
        gone = isinstance(event, FactCorrected) and name in event.withdrawn
        if gone or (other is not None and other != getattr(facts, name)):
            return say(N_("{value} (changed on {day})"), value=value, day=day(event.occurred_at))
    return value


def _said(stated: Statement, line: int, matter: Matter) -> str:
    written = {"line": line, "at": clock_time(stated.recorded_at), "by": who(stated, matter.register)}
    if isinstance(stated, FactCorrected):
        return say(
            N_("A correction of line {corrected}: {because} Written down on {at} ({by}, line {line} of the timeline)."),
            corrected=stated.supersedes,
            because=stated.because,
            **written,
        )
    return say(
        N_("Source: {source}. Written down on {at} ({by}, line {line} of the timeline)."),
        source=stated.source.rstrip("."),
        **written,
    )
