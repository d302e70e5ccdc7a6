"""The boards in the Prefect UI: a page per case and the table of every open duty, written when they change.

The table is kept up row by row, so that its cost follows what is due and not what exists.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from prefect.client.orchestration import PrefectClient

from flows.artifacts import kept, show
from letters.case_page import Link, case_page
from letters.compose.reminders import time_left
from letters.language import say, soon, stamp
from models.base import IncidentId
from models.duty import Duty, DutyStatus
from models.errors import N_
from models.instants import parse_local
from models.parties import Party, Register, Role
from services.board import board
from services.case_file import case_file
from services.ports import World
from services.record import Case

TABLE = "frister"

Table = list[dict[str, str]]


async def known_table(client: PrefectClient) -> Table | None:
    """Return the table as it stands; None where there is none, which is how a Prefect that has forgotten looks."""
    found = await kept([TABLE], client)
    return json.loads(found[TABLE].data) if TABLE in found else None


async def show_cases(
    cases: Sequence[Case],
    *,
    links: Mapping[IncidentId, list[Link]],
    limits: Mapping[IncidentId, dict[str, str]],
    world: World,
    client: PrefectClient,
) -> None:
    """Write the page of each case that reads otherwise than before."""
    known = await kept([key_of(case.incident.id) for case in cases], client)
    for case in cases:
        incident_id = case.incident.id
        page = case_page(case_file(case, world), steps=links.get(incident_id, ()), limits=limits.get(incident_id, {}))
        key = key_of(incident_id)
        await show(key, "markdown", page, incident_id, before=known.get(key), client=client)


async def show_table(
    known: Table | None,
    cases: Iterable[Case],
    *,
    whole: bool,
    world: World,
    now: datetime,
    client: PrefectClient,
) -> None:
    """Write the table of open duties with the rows of ``cases`` made anew and the time that is left counted anew.

    ``cases`` are all there are if the table is made ``whole``, else those that may have changed.
    """
    incidents = [case.incident for case in cases]
    anew = {incident.id for incident in incidents}
    rows = [row for row in known or () if not whole and row["Ärende"] not in anew]
    rows += [
        {
            "Ärende": row.incident.id,
            "Senast": _due(row.duty),
            "Tid": "",
            "Skyldighet": row.what,
            "Vem": _whose(row.duty, world.register.party(row.incident.party), world.register),
            "Läge": row.status,
            "Organisation": row.party,
        }
        for row in board(incidents, book=world.book, register=world.register, now=now)
        if row.duty.is_open
    ]
    table = sorted(({**row, "Tid": _left(row["Senast"], now)} for row in rows), key=_urgency)
    if table != known:
        said, before = say(N_("Every duty that is open, the most urgent first.")), await kept([TABLE], client)
        await show(TABLE, "table", json.dumps(table), said, before=before.get(TABLE), client=client)


def key_of(incident_id: IncidentId) -> str:
    """Return the key of the case's page, as in ``inc-2026-0042``."""
    return incident_id.lower()


def _due(duty: Duty) -> str:
    """Return the instant so that rows sort by it and ``_left`` can read it back: "2026-04-27 16.10, torsdag"."""
    if duty.due_at is None:
        return say(N_("Without undue delay, since {when}"), when=stamp(duty.since))
    return f"{stamp(duty.due_at)}, {soon(duty.due_at).partition(' ')[0]}"


def _left(due: str, now: datetime) -> str:
    """Return what is left, in whole hours; a duty without a number has none."""
    if not due[0].isdigit():
        return "–"
    due_at = parse_local(due.partition(",")[0])
    if now > due_at:
        return say(N_("{time} late"), time=time_left(now - due_at))
    return say(N_("{time} left"), time=time_left(due_at - now))


def _urgency(row: Mapping[str, str]) -> tuple[bool, str, str]:
    return not row["Senast"][0].isdigit(), row["Senast"], row["Ärende"]


def _whose(duty: Duty, party: Party, register: Register) -> str:
    """Return the title of whoever has it: a delegate decides and speaks to the people concerned, the officer does the rest."""
    decides = duty.status is DutyStatus.UNDECIDED or duty.owed_to == "data_subject"
    first = (Role.DELEGATE, Role.INCIDENT_MANAGER) if decides else (Role.OFFICER, Role.INCIDENT_MANAGER)
    bearer = next((party.roles[role] for role in first if role in party.roles), None)
    return register.person(bearer).title if bearer else "–"
