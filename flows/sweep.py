"""Every minute: bring every incident that is due up to date, then show the board. It finishes in seconds."""

from datetime import datetime
from functools import partial

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from flows.bootstrap import wire
from flows.steps import clock, step
from models.incident import replay
from services.advance import advance
from services.board import board
from services.ports import World


@flow(name="Svep", persist_result=False)
async def sweep(now: datetime | None = None) -> int:
    """Advance each incident that is due by ``now`` and return how many there were.

    One that fails does not stop the others, but the sweep fails in the end: loud, and tried again next minute.
    """
    world, at = wire(), clock(now)
    due = world.timeline.due(at)
    faults: list[Exception] = []
    for incident_id in due:
        try:
            await step(incident_id, partial(advance, incident_id, now=at, world=world))
        except Exception as fault:  # noqa: BLE001 - raised below, once the other incidents have had their turn
            faults.append(fault)
    if due:
        await show_board(world, at)
    if faults:
        raise ExceptionGroup("The sweep could not advance every incident", faults)
    return len(due)


async def show_board(world: World, now: datetime) -> None:
    """Put the deadline board in the Prefect UI, as the table ``frister``."""
    incidents = [replay(world.timeline.read(incident_id)) for incident_id in world.timeline.incidents()]
    rows = board(incidents, book=world.book, register=world.register, now=now)
    table = [
        {
            "Ärende": row.incident.id,
            "Organisation": row.party,
            "Skyldighet": row.what,
            "Läge": row.status,
            "Senast": row.due,
            "Tid": row.left,
        }
        for row in rows
    ]
    await acreate_table_artifact(key="frister", table=table, description="Alla skyldigheter i öppna ärenden")
