"""Every minute: read the mail, remind of what is due and go on sending; then show what stands. It finishes in seconds."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client

from flows.acts.sending import start_sending
from flows.board.asking import ask, unanswered
from flows.board.boards import known_table, show_cases, show_families, show_table
from flows.board.markers import mark
from flows.board.start import show_start
from flows.board.tidy import tidy
from flows.bootstrap import wire
from flows.deploy import renew_forms
from flows.steps import NOWHERE, step
from flows.watch.watching import look_again
from letters.language import explain
from models.base import IncidentId
from models.errors import TimglasError
from services.ports.world import World
from services.record import Case, read
from services.sweep.read_mail import read_mail
from services.sweep.sweep import Swept
from services.sweep.sweep import sweep as sweep_due

_AT_ONCE = 50
_SHOWS_FOR_SECONDS = 25.0
"""How long one sweep shows; the rest is shown by the next ones, so that no reminder waits for a page."""
_ALWAYS_SHOWN_DAYS = 1


@flow(name="Svep", flow_run_name="Svep", persist_result=False, result_storage=NOWHERE)
async def sweep(whole: bool = False, now: datetime | None = None) -> int:
    """Read the mail, advance each case that is due, show what stands in the record, and return how many were due.

    It goes by the clock of this moment, not by when it was to start: a sweep that waited must not say "24 hours left".
    What Prefect has forgotten it is shown again, if its table is gone or the sweep is ``whole``; when the register has
    changed, so have the choices of every form. One case that fails does not stop the others, but the sweep fails in the
    end: loud, and tried again next minute.
    """
    world, at = wire(), now or datetime.now(UTC)
    unread = await _read_mail(at, world)
    swept: Swept = await step("Påminn och skicka", partial(sweep_due, now=at, world=world, send=start_sending))
    async with get_client() as client:
        renewed = await renew_forms(world.register, client)
        faults = await _show(whole=whole or renewed, now=at, world=world, client=client)
    await look_again(now=at)
    for refusal in (*unread, *swept.faults.values()):
        if isinstance(refusal, TimglasError):
            refusal.args = (explain(refusal),)  # its words are what the officer reads in the UI
    told = [*unread, *swept.faults.values(), *faults]
    if told:
        raise ExceptionGroup("The sweep could not take care of everything", told)
    return swept.due


async def _read_mail(now: datetime, world: World) -> list[Exception]:
    """Read what came in, and return what went wrong: the mailbox is looked into again by the next sweep."""
    try:
        await step.with_options(retries=0)("Läs inkommande post", partial(read_mail, now=now, world=world))
    except ExceptionGroup as told:
        return list(told.exceptions)
    except Exception as fault:  # noqa: BLE001 - raised by the sweep, once everybody has been reminded
        return [fault]
    return []


async def _show(*, whole: bool, now: datetime, world: World, client: PrefectClient) -> list[Exception]:
    """Show the cases that may read otherwise, for a while, and return what went wrong."""
    until = time.monotonic() + _SHOWS_FOR_SECONDS
    table = await known_table(client)
    if whole or table is None:
        world.overview.show_again()
    await show_table(table, world=world, now=now, client=client)
    faults: list[Exception] = []
    again, seen = await unanswered(client), set[IncidentId]()
    while time.monotonic() < until:
        ids = [one for one in (*again, *world.overview.unshown(_AT_ONCE + len(seen))) if one not in seen][:_AT_ONCE]
        if not ids:
            break
        seen |= set(ids)
        cases = [read(incident_id, world.timeline) for incident_id in ids]
        faults += await _show_some(cases, now=now, world=world, client=client)
    await show_start(client)
    await tidy(sweep.name, client)
    return faults


async def _show_some(cases: Sequence[Case], *, now: datetime, world: World, client: PrefectClient) -> list[Exception]:
    """Show ``cases`` together, or one by one if that fails. What could not be shown still is to be: it must be seen."""
    try:
        current = [case for case in cases if not _long_archived(case, now)]
        limits = await mark(current, world=world, client=client)
        links = await ask(current, world=world, client=client)
        await show_cases(current, links=links, limits=limits, world=world, client=client)
        await show_families((case.incident for case in current), world=world, client=client)
        world.overview.shown((case.incident.id, case.incident.length) for case in cases)
    except Exception as fault:  # noqa: BLE001 - raised by the sweep, once the other cases have had their turn
        if len(cases) > 1:
            alone = [await _show_some([case], now=now, world=world, client=client) for case in cases]
            return [found for faults in alone for found in faults]
        return [fault]
    return []


def _long_archived(case: Case, now: datetime) -> bool:
    archived = case.incident.archived
    return archived is not None and (now - archived.recorded_at).days >= _ALWAYS_SHOWN_DAYS
