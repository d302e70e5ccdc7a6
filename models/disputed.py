"""What a processor states and what we have on record, where the two differ. Neither replaces the other."""

from collections.abc import Iterator
from typing import NamedTuple

from models.facts import Facts
from models.incident import Incident
from models.supply_events import NoticeReceived


class Disputed(NamedTuple):
    """One fact on which ``sender`` differs from the record; ``stated`` holds its view of that fact alone."""

    field: str
    sender: str
    stated: Facts


def disputed(incident: Incident) -> tuple[Disputed, ...]:
    """Return every fact on which the newest notice of a processor differs from what stands on record."""
    return tuple(one for notice in _newest(incident) for one in _against(notice, incident.facts))


def _newest(incident: Incident) -> tuple[NoticeReceived, ...]:
    ordered = sorted(incident.supply.received, key=lambda one: one.version)
    return tuple({(one.sender, one.reference): one for one in ordered}.values())


def _against(notice: NoticeReceived, ours: Facts) -> Iterator[Disputed]:
    for field, theirs in notice.facts.known().items():
        standing = getattr(ours, field)
        if standing is not None and standing != theirs:
            yield Disputed(field, notice.sender, Facts().learn(Facts.model_construct(**{field: theirs})))
