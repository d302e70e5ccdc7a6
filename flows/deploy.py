"""The officer's desk: every flow as a deployment with a Swedish name, a text that teaches, and a form in Swedish."""

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName
from prefect.client.schemas.sorting import DeploymentSort
from prefect.utilities.callables import parameter_schema

from flows.acts import archive, authority, decisions, incident, outgoing, overview, paper, reminders, sending, supply
from flows.board.waiting import ANSWERS, settle
from flows.forms.facts import form_schema
from flows.forms.fields import NO, SEPARATOR, YES
from letters.language import named, slug
from letters.senders import full_name
from models.parties import Register

POOL, ENGINE = "timglas", "Motorn"
TEXTS = Path(__file__).parent.parent / "templates" / "sv" / "_desk"

DESK: dict[str, tuple[Flow[..., Any], ...]] = {
    "Ärende": (
        incident.open_incident,
        supply.receive_notice,
        incident.establish_awareness,
        incident.correct_awareness,
        incident.determine_regime,
        incident.establish_facts,
        incident.correct_facts,
        decisions.rule_out_breach,
        decisions.close_incident,
        decisions.reopen_incident,
        reminders.answer_reminder,
        archive.archive_incident,
        archive.write_file,
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
        authority.explain_missing,
        authority.explain_delay,
        authority.bundle_notifications,
        authority.mark_secrecy,
        authority.translate_texts,
        authority.file_notification,
        authority.keep_copy,
        authority.hand_to_registrar,
        authority.attempt_filing,
        authority.register_diary_number,
        authority.withdraw_notification,
        authority.receive_order,
        authority.receive_question,
        authority.answer_question,
        outgoing.submit_parallel_report,
        archive.load_recipients,
        outgoing.communicate,
        sending.halt_letters,
        sending.resume_letters,
        sending.settle_letters,
        paper.preview_letters,
        paper.take_out_letters,
        paper.write_print_file_again,
        paper.post_letters,
        paper.return_letters_to_sender,
        outgoing.publish_notice,
        outgoing.note_status,
        outgoing.capture_notice,
        outgoing.withdraw_notice,
    ),
    "Översikt": (overview.take_out_register, overview.take_out_report),
    "Leverantör": (
        supply.load_slices,
        supply.state_tier_time,
        supply.prepare_notices,
        supply.send_notices,
        supply.record_answer,
    ),
}
"""What a person starts, by the tag it is found under."""


async def deploy_forms(register: Register, client: PrefectClient) -> int:
    """Create or refresh every form, with the choices of ``register``, and return how many there are. Safe to run again."""
    offered = [(flow, tag) for tag, flows in DESK.items() for flow in flows]
    for flow, tag in [*offered, *((flow, ENGINE) for flow in ANSWERS.values())]:
        await deploy_flow(flow, tag, register, client)
    return len(offered) + len(ANSWERS)


async def renew_forms(register: Register, client: PrefectClient) -> bool:
    """Refresh the forms if those that stand offer another register's people and parties, and tell whether they did."""
    known = await client.read_deployments(deployment_filter=_named(settle.name), limit=1, sort=DeploymentSort.NAME_ASC)
    if not known or known[0].version == version_of(register):
        return False
    await deploy_forms(register, client)
    return True


def version_of(register: Register) -> str:
    """Return what the choices of every form rest on, in one word."""
    return sha256(register.model_dump_json().encode()).hexdigest()[:12]


def _named(name: str) -> DeploymentFilter:
    return DeploymentFilter(name=DeploymentFilterName(any_=[name]))


async def deploy_flow(flow: Flow[..., Any], tag: str, register: Register, client: PrefectClient, **more: Any) -> UUID:
    """Create or refresh the deployment of one flow, named as the flow, found under ``tag``."""
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
        version=version_of(register),
        **more,
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
