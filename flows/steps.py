"""Run one step of the work as a task: tried again when that helps, never cached, its result never stored."""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from prefect import runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from sqlalchemy.exc import OperationalError

from letters.language import explain, say
from models.errors import N_, TimelineConflict, TimglasError, TransientPostError
from services.confirm import CodeNeeded, send_code
from services.ports.world import World

NOWHERE = Path(os.devnull)
"""Where Prefect may keep what a flow returns (ADR 0006). Unless each flow says where, each run asks the server first."""


async def worth_another_try(_task: object, _run: object, state: State[Any]) -> bool:
    """Tell whether the same step may succeed a little later: a busy mail server, a rival writer, a database that is away."""
    try:
        await state.aresult()  # ``result`` would not raise here: where a loop runs, it returns a coroutine
    except (TransientPostError, TimelineConflict, OperationalError):
        return True
    except Exception:  # noqa: BLE001 - Prefect has the fault already; this only says that trying again is no use
        return False
    return False


@task(
    task_run_name="{name}",
    retries=3,
    retry_delay_seconds=[1, 10, 60],
    retry_condition_fn=worth_another_try,
    cache_policy=NO_CACHE,
    persist_result=False,
)
async def step(name: str, call: Callable[[], Any]) -> Any:
    """Make ``call`` as a task run called ``name``.

    The arguments are bound in ``call`` (functools.partial), where Prefect does not look. A refusal is said in Swedish,
    because its words are what the officer reads in the UI.
    """
    del name
    try:
        done = call()
        return await done if isinstance(done, Awaitable) else done
    except CodeNeeded as needed:
        return needed  # no failure: the flow mails the code and ends
    except TimglasError as refusal:
        refusal.args = (explain(refusal),)
        raise


CODE_SENT = say(N_("Code sent"))
"""The name of the state of a run that mailed a code instead of acting."""


async def act(name: str, call: Callable[[], Any], *, now: datetime, world: World) -> State[None] | None:
    """Make ``call``, an act that takes a code. Without one, mail it to the person and return the state that says so."""
    done = await step(name, call)
    if not isinstance(done, CodeNeeded):
        return None
    subject = done.subject
    await step("Skicka kod", partial(send_code, subject, now=now, world=world))
    said = N_("A code has been sent to {actor}. Run this again within 15 minutes with the same answers and the code.")
    return Completed(name=CODE_SENT, message=say(said, actor=subject.actor))


def clock(now: datetime | None) -> datetime:
    """Return ``now``, or when this run was to start: the same instant each time the run is tried again."""
    return now or exact(runtime.flow_run.scheduled_start_time or datetime.now(UTC))


def exact(moment: datetime) -> datetime:
    """Return a time of Prefect's as the standard library's; its own are pendulum's, and their differences do not mix."""
    return datetime.fromtimestamp(moment.timestamp(), UTC)
