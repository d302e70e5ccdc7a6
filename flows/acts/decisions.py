"""The acts that bind the organisation: decide, approve, close."""

from datetime import datetime
from functools import partial
from typing import Annotated, get_args

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.fields import Code, LetterChoice, MaybeText, OtherLaw, Text, When, Who, choice, named_choice
from flows.steps import act, clock, step
from letters.language import say
from models.base import IncidentId, Sha256
from models.breach_events import ExceptionProvision, Risk
from models.errors import N_
from services.case.close_incident import close_incident as close
from services.case.decide_risk import decide_risk as decide
from services.case.invoke_exception import invoke_exception as invoke
from services.case.reopen_incident import reopen_incident as reopen
from services.case.rule_out_breach import rule_out_breach as rule_out
from services.case.settle_parallel_duty import lift_parallel_duty as lift
from services.documents.approve_letter import approve_letter as approve
from services.documents.draft_letter import draft_letter as draft
from services.documents.drafts import NOTIFICATION, SUPPLEMENT
from services.documents.issue import drafted
from services.public.remark_on_notice import remarks_on_draft
from services.record import read


@at_the_desk("Bedöm risk")
async def decide_risk(
    incident_id: IncidentId,
    level: Annotated[Risk, choice(Risk)],
    reasoning: Text,
    by: Who,
    officer_advice: MaybeText = None,
    could_change: MaybeText = None,
    code: Code = None,
    now: datetime | None = None,
) -> State[None] | None:
    """Record a delegate's decision on the level of risk. "Unlikely" takes a code, which the first try mails."""
    world, at = wire(), clock(now)
    said = partial(decide, incident_id, level=level, reasoning=reasoning, code=code)
    beside = partial(said, officer_advice=officer_advice, could_change=could_change)
    return await act("Bedöm risk", partial(beside, by=by, now=at, world=world), now=at, world=world)


@at_the_desk("Åberopa undantag")
async def invoke_exception(
    incident_id: IncidentId,
    provision: Annotated[ExceptionProvision, named_choice("provision", get_args(ExceptionProvision))],
    reasoning: Text,
    by: Who,
    evidence: MaybeText = None,
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


@at_the_desk("Avskriv misstanke")
async def rule_out_breach(
    incident_id: IncidentId,
    reasoning: Text,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Decide that a suspicion was no personal data breach."""
    await step(
        "Avskriv misstanke",
        partial(rule_out, incident_id, reasoning=reasoning, by=by, now=clock(now), world=wire()),
    )


@at_the_desk("Pröva skyldighet enligt annan lag")
async def lift_parallel_duty(
    incident_id: IncidentId,
    provision: OtherLaw,
    reasoning: Text,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Decide that the condition of a duty under another law is not met."""
    await step(
        "Pröva skyldighet enligt annan lag",
        partial(lift, incident_id, provision=provision, reasoning=reasoning, by=by, now=clock(now), world=wire()),
    )


@at_the_desk("Ta fram skrivelse")
async def draft_letter(
    incident_id: IncidentId,
    letter: LetterChoice,
    issue_at: When,
    by: Who,
    now: datetime | None = None,
) -> State[None] | None:
    """Prepare a letter for approval, and say what to look at in one to the people."""
    world = wire()
    digest: str = await step(
        "Ta fram skrivelse",
        partial(draft, incident_id, letter=letter, issue_at=issue_at, by=by, now=clock(now), world=world),
    )
    incident = read(incident_id, world.timeline).incident
    found = remarks_on_draft(drafted(letter, digest, incident=incident, world=world), incident, world)
    if not found:
        return None
    return Completed(name="Utkast att se över", message="\n".join((say(N_("Look at this before approval:")), *found)))


@at_the_desk("Anmälan till IMY")
async def prepare_notification(incident_id: IncidentId, by: Who, now: datetime | None = None) -> State[None]:
    """Prepare the sheet to file from what is known now: a first notification, or a supplement to one that is filed."""
    world, at = wire(), clock(now)
    filed = read(incident_id, world.timeline).incident.filings
    letter = SUPPLEMENT if filed else NOTIFICATION
    await step(
        "Ta fram underlaget",
        partial(draft, incident_id, letter=letter, issue_at=at, by=by, now=at, world=world),
    )
    return Completed(message=say(N_("The sheet is ready and waits for approval by somebody else than its author.")))


@at_the_desk("Godkänn skrivelse")
async def approve_letter(
    incident_id: IncidentId,
    letter: LetterChoice,
    sha256: Sha256,
    by: Who,
    code: Code = None,
    now: datetime | None = None,
) -> State[None] | None:
    """Approve exactly one text, with a code that the first try mails."""
    world, at = wire(), clock(now)
    text = partial(approve, incident_id, letter=letter, sha256=sha256, code=code)
    return await act("Godkänn skrivelse", partial(text, by=by, now=at, world=world), now=at, world=world)


@at_the_desk("Avsluta ärende")
async def close_incident(
    incident_id: IncidentId,
    reasoning: Text,
    lessons: Text,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Close the file, if nothing in it is open."""
    await step(
        "Avsluta ärende",
        partial(close, incident_id, reasoning=reasoning, lessons=lessons, by=by, now=clock(now), world=wire()),
    )


@at_the_desk("Öppna ärende igen")
async def reopen_incident(incident_id: IncidentId, reasoning: Text, by: Who, now: datetime | None = None) -> None:
    """Open a closed file again, because something new has come up."""
    said = partial(reopen, incident_id, reasoning=reasoning, by=by, now=clock(now), world=wire())
    await step("Öppna ärende igen", said)
