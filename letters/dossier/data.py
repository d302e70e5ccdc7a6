"""The case file for programs: the same as the page says, with instants in UTC and ids as they are recorded."""

from collections.abc import Iterator
from typing import Any

from letters.dossier.matter import Matter
from models.base import ENGINE
from models.breach_events import FactCorrected, FactsEstablished
from models.facts import Facts
from models.parties import Controller

FORMAT = "timglas.akt-data.1"


def dossier_data(matter: Matter) -> dict[str, Any]:
    """Return the case as data: who, when, the deadlines as reckoned, each fact with its source, every event in order."""
    incident, party = matter.incident, matter.party
    return {
        "format": FORMAT,
        "incident": incident.id,
        "made_at": matter.at.isoformat(),
        "party": {
            "id": party.id,
            "name": party.name,
            "organisation": party.organisation,
            "organisation_number": party.organisation_number,
            "owed_as": incident.owed_as,
            "diary_prefix": party.diary_prefix if isinstance(party, Controller) else "",
        },
        "authority_reference": incident.diary_number,
        "aware_at": incident.aware_at.isoformat() if incident.aware_at else None,
        "closed_at": incident.closed.occurred_at.isoformat() if incident.closed else None,
        "risk": incident.decision.level if incident.decision else None,
        "deadlines": [duty.model_dump(mode="json", exclude_none=True) for duty in matter.deadlines],
        "facts": dict(_facts(matter)),
        "documents": [{"name": one.path, "bytes": one.size, "sha256": one.sha256} for one in matter.documents],
        "people": dict(_people(matter)),
        "timeline": [event.model_dump(mode="json", exclude_none=True) for event in matter.history],
        "head": matter.head,
    }


def _facts(matter: Matter) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each fact that stands, with the line of the timeline that gave it its value."""
    facts, found = Facts(), dict[str, dict[str, Any]]()
    for line, event in enumerate(matter.history, start=1):
        if isinstance(event, FactsEstablished | FactCorrected):
            gone = event.withdrawn if isinstance(event, FactCorrected) else ()
            before, facts = facts, facts.learn(event.facts, gone)
            said = event.source if isinstance(event, FactsEstablished) else event.because
            stamp = {"known_at": event.occurred_at.isoformat(), "line": line, "source": said}
            changed = [name for name in Facts.model_fields if getattr(before, name) != getattr(facts, name)]
            found |= dict.fromkeys(changed, stamp)
    stated = facts.model_dump(mode="json")
    yield from ((name, {"value": stated[name], **found[name]}) for name in facts.known())


def _people(matter: Matter) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield who wrote in the timeline: role-bearers of the organisation, never a person concerned."""
    for actor in dict.fromkeys(event.recorded_by for event in matter.history):
        if actor != ENGINE:
            person = matter.register.person(actor)
            yield actor, {"name": person.name, "title": person.title}
