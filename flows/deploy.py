"""The officer's desk: every flow as a deployment with a Swedish name, a text that teaches, and a form in Swedish."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.exceptions import ObjectAlreadyExists
from prefect.utilities.callables import parameter_schema

from flows import archive, decisions, incident, outgoing, supply
from flows.bootstrap import wire
from flows.facts_form import form_schema
from flows.forms import NO, SEPARATOR, YES
from flows.sweep import sweep
from flows.waiting import ANSWERS
from letters.language import named, slug
from letters.senders import full_name
from models.parties import Register

POOL = "timglas"
TEXTS = Path(__file__).parent.parent / "templates" / "sv" / "_desk"

DESK: dict[str, tuple[Flow[..., Any], ...]] = {
    "Ärende": (
        incident.open_incident,
        incident.establish_awareness,
        incident.correct_awareness,
        incident.determine_regime,
        incident.establish_facts,
        incident.correct_facts,
        decisions.rule_out_breach,
        decisions.close_incident,
        archive.archive_incident,
    ),
    "Beslut": (
        decisions.decide_risk,
        decisions.invoke_exception,
        decisions.lift_parallel_duty,
        decisions.draft_letter,
        decisions.approve_letter,
    ),
    "Anmälan och information": (
        decisions.prepare_notification,
        outgoing.file_notification,
        outgoing.register_diary_number,
        outgoing.withdraw_notification,
        outgoing.receive_order,
        outgoing.submit_parallel_report,
        archive.load_recipients,
        outgoing.communicate,
        outgoing.publish_notice,
    ),
    "Leverantör": (
        supply.load_slices,
        supply.state_tier_time,
        supply.prepare_notices,
        supply.send_notices,
        supply.record_answer,
    ),
}
"""What a person starts, by the tag it is found under."""

_SWEEP_EVERY = timedelta(minutes=1)


async def deploy() -> int:
    """Create or refresh every deployment, ask for a sweep over everything, and return how many there are.

    Safe to run again; run when parties change.
    """
    register = wire().register
    async with get_client() as client:
        await _pool(client)
        for tag, flows in DESK.items():
            for flow in flows:
                await _deploy(client, flow, tag, register)
        for flow in ANSWERS.values():
            await _deploy(client, flow, "Motorn", register)
        every_minute = DeploymentScheduleCreate(schedule=IntervalSchedule(interval=_SWEEP_EVERY), active=True)
        svep = await _deploy(client, sweep, "Motorn", register, schedules=[every_minute])
        await client.create_flow_run_from_deployment(svep, parameters={"whole": True})
    return sum(map(len, DESK.values())) + len(ANSWERS) + 1


async def _pool(client: PrefectClient) -> None:
    try:
        await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    except ObjectAlreadyExists:
        return


async def _deploy(
    client: PrefectClient,
    flow: Flow[..., Any],
    tag: str,
    register: Register,
    schedules: list[DeploymentScheduleCreate] | None = None,
) -> UUID:
    return await client.create_deployment(
        flow_id=await client.create_flow(flow),
        name=flow.name,
        description=(TEXTS / f"{slug(flow.name)}.md").read_text(encoding="utf-8"),
        tags=[tag],
        entrypoint=f"{flow.fn.__module__}.{flow.fn.__name__}",
        pull_steps=[],
        work_pool_name=POOL,
        parameter_openapi_schema=in_swedish(parameter_schema(flow).model_dump(), register),
        enforce_parameter_schema=True,
        schedules=schedules or [],
        concurrency_limit=1 if schedules else None,
    )


def in_swedish(schema: dict[str, Any], register: Register) -> dict[str, Any]:
    """Return a flow's parameter schema as its form shows it: Swedish titles and helps, drop-downs from the register.

    The clock is not asked for: a form's run happens when it was asked for.
    """
    asked = {name: field for name, field in schema["properties"].items() if name != "now"}
    return {**schema, "properties": {name: _field(name, field, register) for name, field in asked.items()}}


def _field(name: str, field: dict[str, Any], register: Register) -> dict[str, Any]:
    field = form_schema() | {"position": field.get("position")} if name == "facts" else dict(field)
    if "anyOf" in field:
        field |= next(kind for kind in field.pop("anyOf") if kind.get("type") != "null")
    place = field.get("items", field)
    kind = place.pop("x-register", None)
    if kind is not None:
        place["enum"] = _choices(kind, register)
    if "default" in field:
        field["default"] = _default(field)
    help_text = named("help", name)
    described = {"description": help_text} if help_text != name else {}
    return {**field, "title": named("form", name), **described}


def _default(field: dict[str, Any]) -> Any:
    """Return what a form shows when nothing is chosen; an optional field has its empty answer, never null."""
    if field["default"] is None:
        return field["enum"][0] if "enum" in field else [] if field.get("type") == "array" else ""
    return {True: YES, False: NO}[field["default"]] if isinstance(field["default"], bool) else field["default"]


def _choices(kind: str, register: Register) -> list[str]:
    if kind == "people":
        return [f"{person.id}{SEPARATOR}{person.title}" for person in register.people if not person.left]
    parties = register.controllers if kind == "controllers" else (*register.controllers, *register.processors)
    return [f"{party.id}{SEPARATOR}{full_name(party)}" for party in parties if not party.ended]
