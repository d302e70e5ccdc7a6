"""The letters a person approves, composed from what is known and from what the law of the day asks for."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from law.clock import deadline, end_of_day
from law.particulars import missing
from law.statute_book import LawInForce
from letters import compose
from models.duty import Period
from models.errors import N_, StatuteError, UnknownReference
from models.facts import Facts
from models.incident import Incident
from models.letter import Letter
from models.parties import Controller, Register
from services.ports import World
from services.record import law_for, require_awareness

NOTIFICATION = "supervisory_authority_notification"
SUPPLEMENT = "supervisory_authority_supplement"
COMMUNICATION = "data_subject_communication"
CORRECTION = "data_subject_correction"
NOTICE = "public_communication"
NOT_NOTIFIED = "decision_not_to_notify"


_SAID_TO_PERSONS = frozenset({"told_data", "told_consequences", "told_news", "advice_to_persons"})


class _Asked(NamedTuple):
    incident: Incident
    controller: Controller
    register: Register
    law: LawInForce
    at: datetime


def compose_letter(name: str, incident: Incident, *, at: datetime, world: World) -> Letter:
    """Return the letter ``name`` as it will read when issued at ``at``. Raises UnknownReference, MissingParticular."""
    require_awareness(incident)
    if name not in _COMPOSERS:
        raise UnknownReference(
            N_("There is no letter {letter}."),
            why=N_("The letters a person approves are: {known}."),
            remedy=N_("Check the spelling."),
            letter=name,
            known=", ".join(_COMPOSERS),
        )
    controller = world.register.controller(incident.party)
    return _COMPOSERS[name](_Asked(incident, controller, world.register, law_for(incident, world.book), at))


def changes(before: Facts, after: Facts) -> tuple[str, ...]:
    """Return the names of the facts that differ, in the order of the vocabulary, without what only letters say."""
    return tuple(name for name in before.differing(after) if name not in _SAID_TO_PERSONS)


def _notification(asked: _Asked) -> Letter:
    incident, law = asked.incident, asked.law
    clock_at = incident.breach.clock_at if incident.breach else asked.at
    return compose.supervisory_authority_notification(
        incident=incident,
        controller=asked.controller,
        register=asked.register,
        missing=tuple(item.key for item in missing("gdpr.33.3", incident.facts, law)),
        at=asked.at,
        due_at=deadline(clock_at, _numbered(law.period("gdpr.33.1"))),
        supplement_by=end_of_day(asked.at, _numbered(law.period("se.imy", "supplement_within"))),
    )


def _supplement(asked: _Asked) -> Letter:
    filings = asked.incident.filings
    return compose.supervisory_authority_supplement(
        incident=asked.incident,
        controller=asked.controller,
        register=asked.register,
        changes=changes(filings[-1].stated, asked.incident.facts) if filings else (),
        at=asked.at,
    )


def _communication(asked: _Asked) -> Letter:
    return compose.data_subject_communication(
        incident=asked.incident, controller=asked.controller, register=asked.register, at=asked.at
    )


def _correction(asked: _Asked) -> Letter:
    return compose.data_subject_correction(
        incident=asked.incident, controller=asked.controller, register=asked.register, at=asked.at
    )


def _notice(asked: _Asked) -> Letter:
    published = asked.incident.notices
    return compose.public_communication(
        incident=asked.incident,
        controller=asked.controller,
        register=asked.register,
        published_at=published[0].occurred_at if published else asked.at,
        changed_at=asked.at if published else None,
    )


def _not_notified(asked: _Asked) -> Letter:
    return compose.decision_not_to_notify(incident=asked.incident, controller=asked.controller, register=asked.register)


def _numbered(period: Period | None) -> Period:
    if period is None:
        raise StatuteError(
            N_("{provision} has no number."),
            why=N_("The notification to the authority has a time limit in hours."),
            remedy=N_("Mend the file of the provision in law/statutes."),
            provision="gdpr.33.1",
        )
    return period


_COMPOSERS: dict[str, Callable[[_Asked], Letter]] = {
    NOTIFICATION: _notification,
    SUPPLEMENT: _supplement,
    COMMUNICATION: _communication,
    CORRECTION: _correction,
    NOTICE: _notice,
    NOT_NOTIFIED: _not_notified,
}

LETTERS = tuple(_COMPOSERS)
"""The letters a person approves."""
