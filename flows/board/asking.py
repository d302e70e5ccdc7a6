"""Put every decision that the law wants before a person: one suspended run each, and none that nobody needs.

A run is created suspended, with its form, so no process runs until somebody resumes it, and it never times out. Its key
is its question and how often that was asked before, so two sweeps at once make one run.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import CONFLICT
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Cancelled, Paused, Suspended

from flows.board.runs import deployment_of, runs_of
from flows.board.waiting import CODE_SENT, KEYS, REPLACED, settle
from flows.desk import REFUSED, note, page_of
from flows.forms.answers import form_of
from flows.steps import exact
from letters.case_page import Link, question_page
from letters.language import say
from models.base import IncidentId, in_letters
from models.breach_events import RiskDecided
from models.errors import N_
from models.facts import Facts
from models.letter import Letter
from models.replay import replay
from services.documents.draft_names import draft_name
from services.due.case_file import case_file
from services.due.question import Kind, Question
from services.due.questions import questions
from services.people.settle_uncertain import uncertain_of
from services.ports.world import World
from services.public.remark_on_notice import remarks_on_draft
from services.record import Case, law_for

NOT_NEEDED, IN_PREPARATION = "Behövs inte", "Förbereds"

HOW_TO_ANSWER = N_(
    "To answer: choose the button with three dots at the top right, then Answer. What is known and the advice stand above "
    "the form. The page of the case: {page}"
)
"""What stands on the page of a waiting decision itself."""

_WITHOUT_ANSWER = [StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]
_LOOK_BACK = timedelta(hours=1)


async def ask(cases: Sequence[Case], *, world: World, client: PrefectClient) -> dict[IncidentId, list[Link]]:
    """Bring the waiting decisions of ``cases`` up to date and return them, by case. Without the deployment, none wait."""
    deployment = await deployment_of(settle.name, client)
    if deployment is None:
        return {}
    runs = await runs_of(settle.name, [case.incident.id for case in cases], client)
    asked = {_key(one, case, world): (one, case) for case in cases for one in questions(case.incident, book=world.book)}
    waiting = await _still_wanted(runs, set(asked), client)
    links: dict[IncidentId, list[Link]] = {}
    for key, (question, case) in asked.items():
        earlier = [run for run in runs if _place_of(_key_of(run)) == _place_of(key)]
        run = waiting.get(key) or next((run for run in earlier if _key_of(run) == key and _in_hand(run)), None)
        run = run or await _put(key, question, case, earlier, deployment, world, client)
        links.setdefault(question.incident, []).append(Link(run.name, str(run.id)))
    return links


async def unanswered(client: PrefectClient) -> set[IncidentId]:
    """Return the cases in which a waiting decision ended lately without being recorded: refused, crashed or cancelled."""
    ended = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_WITHOUT_ANSWER)),
        end_time=FlowRunFilterEndTime(after_=datetime.now(UTC) - _LOOK_BACK),
    )
    runs = await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[settle.name])),
        flow_run_filter=ended,
        limit=200,
        sort=FlowRunSort.END_TIME_DESC,
    )
    by_us = (NOT_NEEDED, REPLACED)
    return {run.parameters["incident_id"] for run in runs if run.state and run.state.name not in by_us}


async def _still_wanted(runs: Iterable[FlowRun], keys: Collection[str], client: PrefectClient) -> dict[str, FlowRun]:
    """Return the waiting run of each question, by key, and cancel every other one that waits."""
    places = {_place_of(key) for key in keys}
    waiting: dict[str, FlowRun] = {}
    for run in runs:
        if run.state is None or not run.state.is_paused():
            continue
        key = _key_of(run)
        if key in keys and key not in waiting and run.state.name != IN_PREPARATION:
            waiting[key] = run
        elif _place_of(key) in places:
            await _cancel(run, REPLACED, say(N_("The case has changed since the question was asked.")), client)
        else:
            await _cancel(run, NOT_NEEDED, say(N_("Nobody needs to decide this any more.")), client)
    return waiting


async def _put(
    key: str,
    question: Question,
    case: Case,
    earlier: list[FlowRun],
    deployment: UUID,
    world: World,
    client: PrefectClient,
) -> FlowRun:
    """Create the run, lay its form beside it, and only then let it be answered."""
    run = await client.create_flow_run_from_deployment(
        deployment,
        name=question.name,
        parameters={"incident_id": question.incident, "kind": question.kind.value, "basis": question.basis},
        tags=[question.incident, case.incident.party],
        state=_asking(Paused(name=IN_PREPARATION, reschedule=True)),
        idempotency_key=f"{key}/{sum(_key_of(one) == key for one in earlier)}",
    )
    last = max(earlier, key=lambda one: one.created or datetime.min.replace(tzinfo=UTC), default=None)
    typed = await _typed(last, client) if last else {}
    form = form_of(
        question,
        law=law_for(case.incident, world.book),
        register=world.register,
        party=case.incident.party,
        typed=typed,
    )
    await _lay(run.id, "schema", form, client)
    await _lay(run.id, "description", _text(question, case, last, world, typed=bool(typed)), client)
    await client.set_flow_run_state(run.id, _asking(Suspended()), force=True)
    await note(run.id, say(HOW_TO_ANSWER, page=page_of(question.incident)), client)
    return run


async def _lay(run: UUID, part: str, value: Any, client: PrefectClient) -> None:
    """Lay a part of the question beside its run. A sweep at the same time, which makes the same run, may have done so."""
    try:
        await client.create_flow_run_input(run, KEYS[part], json.dumps(value))
    except PrefectHTTPStatusError as refusal:
        if refusal.response.status_code != CONFLICT:
            raise


def _asking(state: State[Any]) -> State[Any]:
    state.state_details.run_input_keyset = KEYS
    return state


def _text(question: Question, case: Case, last: FlowRun | None, world: World, *, typed: bool) -> str:
    ended = last.state if last and last.state else None
    name, message = (ended.name, ended.message) if ended else (None, None)
    asked = case.incident.asked.get(question.line or 0)
    text = _draft(question, case, world)
    return question_page(
        case_file(case, world),
        kind=question.kind,
        whose=question.whose(world.register.party(case.incident.party)),
        before=_facts_before(question, case, last),
        text=text,
        remarks=remarks_on_draft(text, case.incident, world) if text else (),
        refused=message if name == REFUSED or (name == REPLACED and typed) else None,
        code_sent=name == CODE_SENT,
        asked=asked.question if asked else "",
        doubts=uncertain_of(case.incident, world) if question.kind is Kind.UNCERTAIN else (),
    )


def _facts_before(question: Question, case: Case, last: FlowRun | None) -> Facts | None:
    """Return what was known when this was last decided or asked; None if it never was."""
    decided = [place for place, event in enumerate(case.history) if isinstance(event, RiskDecided)]
    if question.kind is Kind.RISK and decided:
        return replay(case.history[: decided[-1]]).facts
    if last is None or last.created is None:
        return None
    asked_at = exact(last.created)
    return replay([event for event in case.history if event.recorded_at <= asked_at]).facts


def _draft(question: Question, case: Case, world: World) -> Letter | None:
    if question.letter is None:
        return None
    name = draft_name(question.letter, case.incident.drafts[question.letter].sha256)
    return Letter.model_validate_json(world.archive.read(question.incident, name))


async def _typed(run: FlowRun, client: PrefectClient) -> dict[str, Any]:
    """Return what somebody typed in a form whose answer was not taken, so that it need not be typed again; not a code."""
    if run.state is not None and run.state.is_completed():
        return {}
    found = await client.filter_flow_run_input(run.id, key_prefix=KEYS["response"], limit=1, exclude_keys=set())
    return {name: value for name, value in found[0].decoded_value.items() if name != "code"} if found else {}


async def _cancel(run: FlowRun, name: str, message: str, client: PrefectClient) -> None:
    await client.set_flow_run_state(run.id, Cancelled(name=name, message=message), force=True)


def _key(question: Question, case: Case, world: World) -> str:
    """Return the question, what it rests on and who may answer, in one word: another delegate is another form."""
    whose = repr(question.whose(world.register.party(case.incident.party)))
    return f"{question.key}-{in_letters(sha256(whose.encode()).hexdigest()[:8])}"


def _key_of(run: FlowRun) -> str:
    return (run.idempotency_key or "").rpartition("/")[0]


def _place_of(key: str) -> str:
    return key.rpartition("/")[0]


def _in_hand(run: FlowRun) -> bool:
    return run.state is not None and not run.state.is_final() and not run.state.is_paused()
