"""Every minute: bring every incident that is due up to date, then show it. It finishes in seconds."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client

from flows.asking import ask, unanswered
from flows.boards import known_table, show_cases, show_table
from flows.bootstrap import wire
from flows.deploy import renew_forms
from flows.markers import mark
from flows.start import show_start
from flows.steps import clock, step
from flows.tidy import tidy
from models.base import IncidentId
from services.advance import advance
from services.ports import World
from services.record import Case, read

_AT_ONCE = 50


@flow(name="Svep", flow_run_name="Svep", persist_result=False)
async def sweep(whole: bool = False, now: datetime | None = None) -> int:
    """Advance each incident that is due by ``now``, show what stands in the record, and return how many were due.

    What Prefect has forgotten it is shown again: everything not archived, if its table is gone or the sweep is ``whole``.
    When the register has changed, so have the choices of every form.
    One incident that fails does not stop the others, but the sweep fails in the end: loud, and tried again next minute.
    """
    world, at = wire(), clock(now)
    due = world.timeline.due(at)
    faults: list[Exception] = []
    for incident_id in due:
        try:
            await step(incident_id, partial(advance, incident_id, now=at, world=world))
        except Exception as fault:  # noqa: BLE001 - raised below, once the other incidents have had their turn
            faults.append(fault)
    async with get_client() as client:
        renewed = await renew_forms(world.register, client)
        faults += await _show(due, whole=whole or renewed, now=at, world=world, client=client)
    if faults:
        raise ExceptionGroup("The sweep could not take care of every incident", faults)
    return len(due)


async def _show(
    due: Sequence[IncidentId], *, whole: bool, now: datetime, world: World, client: PrefectClient
) -> list[Exception]:
    """Show the cases that may read otherwise, and return what went wrong."""
    table = await known_table(client)
    everything = whole or table is None
    ids = world.timeline.incidents() if everything else (*due, *(await unanswered(client) - set(due)))
    cases = [read(incident_id, world.timeline) for incident_id in ids]
    if everything:
        cases = [case for case in cases if case.incident.archived is None or case.incident.id in due]
    faults: list[Exception] = []
    for first in range(0, len(cases), _AT_ONCE):
        faults += await _show_some(cases[first : first + _AT_ONCE], now=now, world=world, client=client)
    await show_table(table, cases, whole=everything, world=world, now=now, client=client)
    await show_start(client)
    await tidy(sweep.name, client)
    return faults


async def _show_some(cases: Sequence[Case], *, now: datetime, world: World, client: PrefectClient) -> list[Exception]:
    """Show ``cases`` together, or one by one if that fails. What could not be shown is due again: it must be seen."""
    try:
        limits = await mark(cases, world=world, client=client)
        links = await ask(cases, world=world, client=client)
        await show_cases(cases, links=links, limits=limits, world=world, client=client)
    except Exception as fault:  # noqa: BLE001 - raised by the sweep, once the other incidents have had their turn
        if len(cases) > 1:
            alone = [await _show_some([case], now=now, world=world, client=client) for case in cases]
            return [found for faults in alone for found in faults]
        for case in cases:
            world.timeline.look_again(case.incident.id, length=case.incident.length, at=now)
        return [fault]
    return []
