"""The acts that bind the organisation: decide, approve, close."""

from datetime import datetime
from functools import partial

from prefect import flow

from flows.bootstrap import wire
from flows.steps import clock, step
from models.base import ActorId, IncidentId, PlainText, Sha256
from models.events import ExceptionProvision, Risk
from services.approve_letter import approve_letter as approve
from services.close_incident import close_incident as close
from services.decide_risk import decide_risk as decide
from services.draft_letter import draft_letter as draft
from services.invoke_exception import invoke_exception as invoke
from services.rule_out_breach import rule_out_breach as rule_out
from services.settle_parallel_duty import lift_parallel_duty as lift


@flow(name="Bedöm risk", flow_run_name="Bedöm risk · {incident_id}", persist_result=False)
async def decide_risk(
    incident_id: IncidentId,
    level: Risk,
    reasoning: PlainText,
    by: ActorId,
    officer_advice: PlainText | None = None,
    could_change: PlainText | None = None,
    now: datetime | None = None,
) -> None:
    """Record a delegate's decision on the level of risk."""
    await step(
        "Bedöm risk",
        partial(
            decide,
            incident_id,
            level=level,
            reasoning=reasoning,
            officer_advice=officer_advice,
            could_change=could_change,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@flow(name="Åberopa undantag", flow_run_name="Åberopa undantag · {incident_id}", persist_result=False)
async def invoke_exception(
    incident_id: IncidentId,
    provision: ExceptionProvision,
    reasoning: PlainText,
    by: ActorId,
    evidence: PlainText | None = None,
    now: datetime | None = None,
) -> None:
    """Record that an exception of Article 34(3) is relied on."""
    await step(
        "Åberopa undantag",
        partial(
            invoke,
            incident_id,
            provision=provision,
            reasoning=reasoning,
            evidence=evidence,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@flow(name="Avskriv misstanke", flow_run_name="Avskriv misstanke · {incident_id}", persist_result=False)
async def rule_out_breach(
    incident_id: IncidentId,
    reasoning: PlainText,
    by: ActorId,
    now: datetime | None = None,
) -> None:
    """Decide that a suspicion was no personal data breach."""
    await step(
        "Avskriv misstanke",
        partial(rule_out, incident_id, reasoning=reasoning, by=by, now=clock(now), world=wire()),
    )


@flow(
    name="Pröva skyldighet enligt annan lag",
    flow_run_name="Pröva skyldighet enligt annan lag · {incident_id}",
    persist_result=False,
)
async def lift_parallel_duty(
    incident_id: IncidentId,
    provision: str,
    reasoning: PlainText,
    by: ActorId,
    now: datetime | None = None,
) -> None:
    """Decide that the condition of a duty under another law is not met."""
    await step(
        "Pröva skyldighet enligt annan lag",
        partial(lift, incident_id, provision=provision, reasoning=reasoning, by=by, now=clock(now), world=wire()),
    )


@flow(name="Ta fram skrivelse", flow_run_name="Ta fram skrivelse · {incident_id}", persist_result=False)
async def draft_letter(
    incident_id: IncidentId,
    letter: str,
    issue_at: datetime,
    by: ActorId,
    now: datetime | None = None,
) -> None:
    """Prepare a letter for approval."""
    await step(
        "Ta fram skrivelse",
        partial(draft, incident_id, letter=letter, issue_at=issue_at, by=by, now=clock(now), world=wire()),
    )


@flow(name="Godkänn skrivelse", flow_run_name="Godkänn skrivelse · {incident_id}", persist_result=False)
async def approve_letter(
    incident_id: IncidentId,
    letter: str,
    sha256: Sha256,
    by: ActorId,
    now: datetime | None = None,
) -> None:
    """Approve exactly one text."""
    await step(
        "Godkänn skrivelse",
        partial(approve, incident_id, letter=letter, sha256=sha256, by=by, now=clock(now), world=wire()),
    )


@flow(name="Avsluta ärende", flow_run_name="Avsluta ärende · {incident_id}", persist_result=False)
async def close_incident(
    incident_id: IncidentId,
    reasoning: PlainText,
    lessons: PlainText,
    by: ActorId,
    now: datetime | None = None,
) -> None:
    """Close the file, if nothing in it is open."""
    await step(
        "Avsluta ärende",
        partial(close, incident_id, reasoning=reasoning, lessons=lessons, by=by, now=clock(now), world=wire()),
    )
