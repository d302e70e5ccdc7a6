"""Answer a decision that waits: Prefect runs this when a person has answered, in a process of its own, from the top.

The answer is read from the run, and recorded as of the instant it was given through the same service as the ordinary
form. Whoever answered must have seen what stands on file: if that has changed since, nothing is recorded. An act that
needs a certain person sends that person a code the first time, and is asked for again with what was typed.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from prefect import Flow, flow, runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.states import Cancelled

from adapters.files import read_handed_in
from flows.bootstrap import wire
from flows.desk import REFUSED, tell
from flows.forms.answers import (
    FORMS,
    Answer,
    ApprovalAnswer,
    AuthorityAnswer,
    AwarenessAnswer,
    ClosingAnswer,
    CommunicationAnswer,
    CopyAnswer,
    FilingAnswer,
    RegimeAnswer,
    RiskAnswer,
    UncertainAnswer,
    WithdrawalAnswer,
)
from flows.steps import NOWHERE, act, exact, step
from letters.language import explain, say
from models.base import IncidentId
from models.errors import N_, MissingParticular, StepOutOfOrder, TimglasError
from models.incident import Incident
from services.case.close_incident import close_incident
from services.case.decide_risk import decide_risk
from services.case.determine_regime import determine_regime
from services.case.establish_awareness import establish_awareness
from services.case.invoke_exception import invoke_exception
from services.documents.approve_letter import approve_letter
from services.due.question import Kind, Question
from services.due.questions import questions
from services.filing.authority_question import answer_question
from services.filing.keep_copy import keep_copy
from services.filing.submit_notification import submit_notification
from services.filing.withdraw_notification import withdraw_notification
from services.people.settle_uncertain import settle_uncertain
from services.people.start_communication import start_communication
from services.record import read

KEYS = {part: f"fraga-{part}" for part in ("description", "schema", "response")}
"""Where a waiting run keeps its text, its form and the answer."""

REPLACED, CODE_SENT = "Ersatt", "Kod skickad"
"""How a run ends that recorded nothing, or is REFUSED. Never as failed: Prefect would try a resumed run again."""


@flow(name="Att besluta", persist_result=False, result_storage=NOWHERE)
async def settle(incident_id: IncidentId, kind: Kind, basis: str) -> State[Any] | None:
    """Record the answer of this run, unless it is recorded already or the case has changed. Safe to run again."""
    try:
        given, at = await step("Läs svaret", partial(_answer, FORMS[kind]))
        ended = await _record(incident_id, kind, basis, given, at)
    except TimglasError as refusal:
        ended = Cancelled(name=REFUSED, message=explain(refusal))
    said = ended.message if ended and ended.message else say(N_("The answer is recorded."))
    asked_again = ended is not None and ended.name != CODE_SENT
    again = (
        say(N_("The question is asked again, with what was typed: see the page of the case.")) if asked_again else ""
    )
    await tell(f"{said} {again}".strip(), [incident_id])
    return ended


ANSWERS: dict[str, Flow[..., Any]] = {settle.name: settle}
"""What must be deployed for decisions to wait, by name. The sweep makes the runs; nobody starts them by hand."""


class _Asked(NamedTuple):
    question: Question
    incident: Incident


async def _answer(form: type[Answer]) -> tuple[Answer, datetime]:
    """Return the answer to this run, and when it was given. Raises StepOutOfOrder if there is none."""
    async with get_client() as client:
        found = await client.filter_flow_run_input(
            runtime.flow_run.id, key_prefix=KEYS["response"], limit=1, exclude_keys=set()
        )
    if not found or found[0].created is None:
        raise StepOutOfOrder(
            N_("There is no answer on this run."),
            why=N_("Timglas asks by itself, and the answer is given on the run that waits."),
            remedy=N_("Open the run that waits for this decision and choose Answer."),
        )
    return form.load_from_flow_run_input(found[0]), exact(found[0].created)


async def _record(incident_id: IncidentId, kind: Kind, basis: str, given: Answer, at: datetime) -> State[Any] | None:
    world = wire()
    case = read(incident_id, world.timeline)
    if any(event.recorded_at == at and event.recorded_by == given.by for event in case.history):
        return None
    asked = questions(case.incident, book=world.book)
    question = next((one for one in asked if one.kind is kind and one.basis == basis), None)
    if question is None:
        return Cancelled(name=REPLACED, message=say(N_("The case has changed since the question was asked.")))
    record = await step("Pröva svaret", partial(_RECORDS[kind], given, _Asked(question, case.incident)))
    recorded = partial(record, incident_id, by=given.by, now=at, world=world)
    if await act("Registrera svaret", recorded, now=at, world=world) is None:
        return None
    return Cancelled(name=CODE_SENT, message=say(N_("A code is on its way to the mailbox of {actor}."), actor=given.by))


def _regime(given: RegimeAnswer, _asked: _Asked) -> partial[Any]:
    return partial(determine_regime, answers=given.answers, reasoning=given.reasoning)


def _awareness(given: AwarenessAnswer, _asked: _Asked) -> partial[Any]:
    return partial(establish_awareness, **given.model_dump(exclude={"by"}))


def _risk(given: RiskAnswer, asked: _Asked) -> partial[Any]:
    """Against the advice, the advice's own reasons are none."""
    advice = asked.incident.advice
    if advice is not None and given.level is not advice.level and given.reasoning == asked.question.advice["reasoning"]:
        raise MissingParticular(
            N_("The decision goes against the advice, and its reasons are those of the advice."),
            why=N_(
                "A decision against the advice must be carried by reasons of its own; the burden of proof is yours."
            ),
            remedy=N_("Write why the advice does not hold, or decide as it says."),
        )
    return partial(decide_risk, **given.model_dump(exclude={"by"}))


def _approval(given: ApprovalAnswer, asked: _Asked) -> partial[Any]:
    letter = asked.question.letter or ""
    return partial(approve_letter, letter=letter, sha256=asked.incident.drafts[letter].sha256, code=given.code)


def _filing(given: FilingAnswer, _asked: _Asked) -> partial[Any]:
    return partial(submit_notification, **given.model_dump(exclude={"by"}))


def _copy(given: CopyAnswer, _asked: _Asked) -> partial[Any]:
    content = read_handed_in(given.document) if given.document else None
    return partial(keep_copy, content=content, because=given.because)


def _withdrawal(given: WithdrawalAnswer, _asked: _Asked) -> partial[Any]:
    return partial(withdraw_notification, withdrawn_at=given.withdrawn_at)


def _authority(given: AuthorityAnswer, asked: _Asked) -> partial[Any]:
    content = read_handed_in(given.document) if given.document else None
    said = partial(answer_question, answer=given.answer, answered_at=given.answered_at)
    return partial(said, line=asked.question.line, content=content)


def _communication(given: CommunicationAnswer, _asked: _Asked) -> partial[Any]:
    """What is released the sweep sends."""
    if given.act == "send":
        return partial(start_communication, code=given.code)
    if given.reasoning is None:
        raise MissingParticular(
            N_("The exception is invoked without reasons."),
            why=N_("Whoever relies on an exception must be able to show that it holds."),
            remedy=N_("Write why the exception applies."),
        )
    return partial(invoke_exception, provision=given.act, reasoning=given.reasoning, evidence=given.evidence)


def _uncertain(given: UncertainAnswer, _asked: _Asked) -> partial[Any]:
    """What is to be sent once more the sweep sends."""
    return partial(settle_uncertain, **given.model_dump(exclude={"by"}))


def _closing(given: ClosingAnswer, _asked: _Asked) -> partial[Any]:
    return partial(close_incident, reasoning=given.reasoning, lessons=given.lessons)


_RECORDS: dict[Kind, Callable[[Any, _Asked], partial[Any]]] = {
    Kind.REGIME: _regime,
    Kind.AWARENESS: _awareness,
    Kind.RISK: _risk,
    Kind.APPROVAL: _approval,
    Kind.FILING: _filing,
    Kind.COPY: _copy,
    Kind.WITHDRAWAL: _withdrawal,
    Kind.AUTHORITY: _authority,
    Kind.COMMUNICATION: _communication,
    Kind.UNCERTAIN: _uncertain,
    Kind.CLOSING: _closing,
}
