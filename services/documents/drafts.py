"""The letters a person approves, composed from what is known and from what the law of the day asks for."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from law.form_book import EDPB, IMY, form_on
from law.statute_book import LawInForce
from letters import compose
from letters.compose.answers import answers
from letters.compose.form_filling import fill
from letters.compose.form_sheet import english_sheet
from letters.compose.sheet import Sheet
from letters.form_json import document
from letters.form_schema import Json, faults
from letters.voice import ENGLISH
from models.errors import N_, UnknownReference
from models.instants import local
from models.letter import Letter
from models.parties import Controller, Register
from services.documents.sheets import NOTIFICATION, SUPPLEMENT, WITHDRAWAL, changed_since_filing, changes, sheet_of
from services.ports.world import World
from services.record import Case, law_for, read, require_awareness

_LOG = logging.getLogger(__name__)

COMMUNICATION = "data_subject_communication"
CORRECTION = "data_subject_correction"
NOTICE = "public_communication"
NOT_NOTIFIED = "decision_not_to_notify"

__all__ = [
    "COMMUNICATION",
    "CORRECTION",
    "LETTERS",
    "NOTICE",
    "NOTIFICATION",
    "NOT_NOTIFIED",
    "SUPPLEMENT",
    "WITHDRAWAL",
    "changes",
]


class _Asked(NamedTuple):
    case: Case
    controller: Controller
    register: Register
    law: LawInForce
    world: World
    at: datetime

    def sheet(self, letter: str) -> Sheet:
        """Return what the sheet ``letter`` holds, with those bundled in it."""
        others = self.case.incident.told_with
        beside = tuple(read(other, self.world.timeline).incident for other in others)
        return sheet_of(letter, self.case, register=self.register, law=self.law, beside=beside, at=self.at)


def compose_letter(name: str, case: Case, *, at: datetime, world: World) -> Letter:
    """Return the letter ``name`` as it will read when issued at ``at``. Raises UnknownReference, MissingParticular."""
    asked = _asked(case, at, world)
    if name not in _COMPOSERS:
        raise UnknownReference(
            N_("There is no letter {letter}."),
            why=N_("The letters a person approves are: {known}."),
            remedy=N_("Check the spelling."),
            letter=name,
            known=", ".join(_COMPOSERS),
        )
    return _COMPOSERS[name](asked)


def form_document(name: str, case: Case, *, at: datetime, world: World) -> Json | None:
    """Return the sheet ``name`` in the common European form, as JSON that keeps to the schema we publish.

    None, and a line in the log, for one that does not: no authority takes it yet, so the time limit never waits for it.
    """
    sheet = _asked(case, at, world).sheet(name)
    form = form_on(EDPB, local(at).date())
    truths = answers(sheet, ENGLISH)
    filled = document(form, fill(form, sheet), reference=case.incident.id, prepared_at=at, truths=truths)
    if found := faults(form, filled):
        _LOG.warning("%s: the European form breaks its schema and is left out: %s", case.incident.id, "; ".join(found))
        return None
    return filled


def english_letter(name: str, case: Case, *, at: datetime, world: World) -> Letter | None:
    """Return the sheet ``name`` in English, where other authorities will read it; None where nothing says so."""
    facts = case.incident.facts
    if not (facts.other_countries or facts.cross_border or case.incident.english):
        return None
    form = form_on(EDPB, local(at).date())
    sheet = _asked(case, at, world).sheet(name)
    return english_sheet(form, fill(form, sheet), name=name, sheet=sheet)


def _asked(case: Case, at: datetime, world: World) -> _Asked:
    require_awareness(case.incident)
    controller = world.register.controller(case.incident.party)
    return _Asked(case, controller, world.register, law_for(case.incident, world.book), world, at)


def _notification(asked: _Asked) -> Letter:
    form = form_on(IMY, local(asked.at).date())
    return compose.supervisory_authority_notification(sheet=asked.sheet(NOTIFICATION), form=form)


def _supplement(asked: _Asked) -> Letter:
    changed = changed_since_filing(asked.case)
    return compose.supervisory_authority_supplement(sheet=asked.sheet(SUPPLEMENT), changes=changed)


def _withdrawal(asked: _Asked) -> Letter:
    return compose.supervisory_authority_withdrawal(sheet=asked.sheet(WITHDRAWAL))


def _communication(asked: _Asked) -> Letter:
    return compose.data_subject_communication(
        incident=asked.case.incident, controller=asked.controller, register=asked.register, at=asked.at
    )


def _correction(asked: _Asked) -> Letter:
    return compose.data_subject_correction(
        incident=asked.case.incident, controller=asked.controller, register=asked.register, at=asked.at
    )


def _notice(asked: _Asked) -> Letter:
    published = asked.case.incident.notices
    return compose.public_communication(
        incident=asked.case.incident,
        controller=asked.controller,
        register=asked.register,
        published_at=published[0].occurred_at if published else asked.at,
        changed_at=asked.at if published else None,
    )


def _not_notified(asked: _Asked) -> Letter:
    incident = asked.case.incident
    return compose.decision_not_to_notify(incident=incident, controller=asked.controller, register=asked.register)


_COMPOSERS: dict[str, Callable[[_Asked], Letter]] = {
    NOTIFICATION: _notification,
    SUPPLEMENT: _supplement,
    WITHDRAWAL: _withdrawal,
    COMMUNICATION: _communication,
    CORRECTION: _correction,
    NOTICE: _notice,
    NOT_NOTIFIED: _not_notified,
}

LETTERS = tuple(_COMPOSERS)
"""The letters a person approves."""
