"""What the authority asks, to be answered by a day, and what was answered (Articles 31 and 58(1) GDPR)."""

from collections.abc import Iterator
from datetime import date, datetime

from law.clock import last_minute
from models.base import ActorId, IncidentId
from models.duty import Duty, DutyStatus
from models.errors import N_, StepOutOfOrder, UnknownReference
from models.filing_events import AuthorityQuestionAnswered, AuthorityQuestionReceived
from models.incident import Incident
from services.documents.issue import keep, kept
from services.filing.kept_file import read_kept_file
from services.ports.world import World
from services.record import read, require_past, stands, write_down
from services.roles import FILES, PREPARES, require_role

AUTHORITY_QUESTION = "authority_question"


def receive_question(
    incident_id: IncidentId,
    *,
    reference: str,
    question: str,
    answer_by: date,
    received_at: datetime,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down what the authority asked under its own ``reference``; the day it names becomes a deadline.

    A closed case is open again. Raises StepOutOfOrder for a receipt that lies ahead.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=FILES, register=world.register)
    require_past(received_at, now)
    event = AuthorityQuestionReceived(
        reference=reference,
        question=question,
        answer_by=answer_by,
        occurred_at=received_at,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)


def answer_question(
    incident_id: IncidentId,
    *,
    answer: str,
    answered_at: datetime,
    line: int | None = None,
    content: bytes | None = None,
    by: ActorId,
    now: datetime,
    world: World,
) -> Incident:
    """Write down the ``answer`` to the question in ``line``, or to the only one that waits, and keep its document.

    Raises UnknownReference if no such question waits, StepOutOfOrder if several do and none is named.
    """
    case = read(incident_id, world.timeline)
    require_role(case.incident, by=by, among=PREPARES, register=world.register)
    require_past(answered_at, now)
    said = {"answer": answer.strip()}
    if stands(case, AuthorityQuestionAnswered, occurred_at=answered_at, now=now, by=by, content=said):
        return case.incident
    asked = _waiting(case.incident, line)
    documents = {}
    if content is not None:
        file = read_kept_file(content)
        documents[f"fragor/svar-{asked}.{file.ending}"] = file.content
    keep(documents, incident=case.incident, world=world)
    event = AuthorityQuestionAnswered(
        question=asked,
        answer=answer,
        document=next(iter(kept(documents)), None),
        occurred_at=answered_at,
        recorded_at=now,
        recorded_by=by,
    )
    return write_down(case, event, world=world)


def questions_of_the_authority(incident: Incident) -> Iterator[Duty]:
    """Yield the deadline of each question, settled ones too."""
    for line, asked in incident.asked.items():
        answered = incident.answered.get(line)
        due_at = last_minute(asked.answer_by)
        yield Duty(
            provision=AUTHORITY_QUESTION,
            owed_to="supervisory_authority",
            status=DutyStatus.FULFILLED if answered else DutyStatus.OWED,
            about=str(line),
            since=asked.occurred_at,
            due_at=due_at,
            operate_at=due_at,
            fulfilled_at=answered.occurred_at if answered else None,
        )


def _waiting(incident: Incident, line: int | None) -> int:
    waiting = incident.unanswered
    if line is None and len(waiting) > 1:
        raise StepOutOfOrder(
            N_("Several questions wait in {incident}."),
            why=N_("They stand in lines {lines} of the timeline."),
            remedy=N_("Say which of them is answered."),
            incident=incident.id,
            lines=tuple(map(str, waiting)),
        )
    if not waiting or (line is not None and line not in waiting):
        raise UnknownReference(
            N_("No such question waits for an answer in {incident}."),
            why=N_("Only what the authority has asked, and nobody has answered, can be answered."),
            remedy=N_("Register the question first, or look it up in the timeline."),
            incident=incident.id,
        )
    return line or next(iter(waiting))
