"""The boards in the Prefect UI: a page per case and the table of the most urgent deadlines, written when they change."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from prefect.client.orchestration import PrefectClient

from flows.board.artifacts import kept, show
from letters.case_page import Link, case_page
from letters.compose.reminders import time_left
from letters.duty_stands import stands
from letters.family_page import family_page, family_view
from letters.language import say, slug, soon, stamp
from letters.senders import deadline_name, full_name
from models.base import IncidentId
from models.duty import Duty, DutyStatus
from models.errors import N_
from models.incident import Incident
from models.parties import Party, Register, Role
from services.case.family_board import is_family, members
from services.due.case_file import case_file
from services.ports.world import World
from services.record import Case

TABLE = "frister"
MOST_URGENT = 500
"""Rows of the table: more than anybody reads, and no more than a page can show."""

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


async def show_families(incidents: Iterable[Incident], *, world: World, client: PrefectClient) -> None:
    """Write the page of each family that one of ``incidents`` belongs to, if it is one and reads otherwise than before."""
    families = dict.fromkeys(one.family for one in incidents if is_family(one, world))
    pages = {family: family_page(family_view(family, members(family, world))) for family in families}
    known = await kept(map(family_key, pages), client) if pages else {}
    for family, page in pages.items():
        key = family_key(family)
        await show(key, "markdown", page, family, before=known.get(key), client=client)


async def show_table(known: Table | None, *, world: World, now: datetime, client: PrefectClient) -> None:
    """Write the table of the most urgent open deadlines, if it reads otherwise than ``known``."""
    urgent = world.overview.urgent(MOST_URGENT)
    table = [
        {
            "Ärende": one.incident,
            "Senast": _due(one.duty),
            "Tid": _left(one.duty, now),
            "Skyldighet": deadline_name(one.duty, world.register),
            "Vem": _whose(one.duty, world.register.party(one.party), world.register),
            "Läge": stands(one.duty),
            "Organisation": full_name(world.register.party(one.party)),
        }
        for one in urgent
    ]
    if table != known:
        said, before = _described(len(urgent), world), await kept([TABLE], client)
        await show(TABLE, "table", json.dumps(table), said, before=before.get(TABLE), client=client)


def _described(shown: int, world: World) -> str:
    said = say(N_("Every duty that is open, the most urgent first."))
    if shown < MOST_URGENT:
        return said
    return say(N_("The {shown} most urgent of {all} open deadlines."), shown=shown, all=world.overview.count())


def key_of(incident_id: IncidentId) -> str:
    """Return the key of the case's page, as in ``inc-2026-0042``."""
    return incident_id.lower()


def family_key(family: str) -> str:
    """Return the key of the family's page, as in ``familj-angreppet``; what Prefect refuses in a key is left out of it."""
    name = slug(family)
    clean = re.sub(r"[^a-z0-9-]+", "-", name)
    return f"familj-{clean}" if clean == name else f"familj-{clean}-{sha256(family.encode()).hexdigest()[:6]}"


def _due(duty: Duty) -> str:
    """Return the instant so that rows sort by it: "2026-04-27 16.10, torsdag"."""
    if duty.due_at is None:
        return say(N_("Without undue delay, since {when}"), when=stamp(duty.since))
    return f"{stamp(duty.due_at)}, {soon(duty.due_at).partition(' ')[0]}"


def _left(duty: Duty, now: datetime) -> str:
    """Return what is left, in whole hours, or how late it is, to the minute; a duty without a number has neither."""
    if duty.due_at is None:
        return "–"
    if now > duty.due_at:
        return say(N_("{time} late"), time=now - duty.due_at)
    return say(N_("{time} left"), time=time_left(duty.due_at - now))


def _whose(duty: Duty, party: Party, register: Register) -> str:
    """Return the title of whoever has it: a delegate decides and speaks to the people concerned, the officer does the rest."""
    decides = duty.status is DutyStatus.UNDECIDED or duty.owed_to == "data_subject"
    first = (Role.DELEGATE, Role.INCIDENT_MANAGER) if decides else (Role.OFFICER, Role.INCIDENT_MANAGER)
    bearer = next((party.roles[role] for role in first if role in party.roles), None)
    return register.person(bearer).title if bearer else "–"
