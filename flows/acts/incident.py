"""From the first report to a running clock: open the case, fix the moment, say which law applies."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.facts import StatedFacts
from flows.forms.fields import (
    ControllerChoice,
    FactName,
    MaybeText,
    MaybeWhen,
    PartyChoice,
    StatedAnswers,
    Text,
    When,
    Who,
    YesOrNo,
    maybe,
)
from flows.steps import clock, step
from law.obligations import notify_by
from letters.language import on_the, say
from models.base import IncidentId
from models.errors import N_
from models.facts import Trigger
from models.incident import Incident
from services.case.correct_awareness import correct_awareness as correct
from services.case.correct_facts import correct_facts as correct_statement
from services.case.determine_regime import determine_regime as determine
from services.case.establish_awareness import establish_awareness as establish
from services.case.establish_facts import establish_facts as state_facts
from services.case.establish_family_facts import establish_family_facts as state_family_facts
from services.case.report_breach import report_breach
from services.record import law_for


@at_the_desk("Ny incident", of="family")
async def open_incident(
    parties: list[PartyChoice],
    family: Text,
    summary: Text,
    source: Text,
    reported_at: When,
    by: Who,
    concerned: list[ControllerChoice] | None = None,
    now: datetime | None = None,
) -> list[IncidentId]:
    """Open one incident per party, each with its own clock to come."""
    world, at = wire(), clock(now)
    return [
        await step(
            f"Öppna ärende för {party}",
            partial(
                report_breach,
                party,
                family=family,
                summary=summary,
                source=source,
                reported_at=reported_at,
                concerned=tuple(concerned or ()),
                by=by,
                now=at,
                world=world,
            ),
        )
        for party in parties
    ]


@at_the_desk("Fastställ kännedom")
async def establish_awareness(
    incident_id: IncidentId,
    aware_at: When,
    evidence: Text,
    reasoning: Text,
    by: Who,
    detected_at: MaybeWhen = None,
    gap_reason: MaybeText = None,
    now: datetime | None = None,
) -> State[None]:
    """Start the clock at the moment the organisation became aware."""
    incident = await step(
        "Fastställ kännedom",
        partial(
            establish,
            incident_id,
            aware_at=aware_at,
            evidence=evidence,
            reasoning=reasoning,
            detected_at=detected_at,
            gap_reason=gap_reason,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )
    return _in_words(incident)


@at_the_desk("Rätta tidpunkt")
async def correct_awareness(
    incident_id: IncidentId,
    aware_at: When,
    because: Text,
    evidence: Text,
    by: Who,
    now: datetime | None = None,
) -> State[None]:
    """Move the start of the clock, and say why."""
    incident = await step(
        "Rätta tidpunkt",
        partial(
            correct,
            incident_id,
            aware_at=aware_at,
            because=because,
            evidence=evidence,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )
    return _in_words(incident)


@at_the_desk("Välj regelverk")
async def determine_regime(
    incident_id: IncidentId,
    answers: StatedAnswers,
    reasoning: Text,
    by: Who,
    classified_at: MaybeWhen = None,
    now: datetime | None = None,
) -> None:
    """Answer what decides which laws apply; what nobody knows is left out."""
    await step(
        "Välj regelverk",
        partial(
            determine,
            incident_id,
            answers=answers,
            reasoning=reasoning,
            classified_at=classified_at,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@at_the_desk("Uppgifter om incidenten")
async def establish_facts(
    incident_id: IncidentId,
    facts: StatedFacts,
    source: Text,
    known_at: When,
    by: Who,
    trigger: Annotated[Trigger | None, maybe(Trigger)] = None,
    for_family: YesOrNo = False,
    now: datetime | None = None,
) -> list[IncidentId]:
    """Write down what became known, in one case or in the whole family, and whether it demands a new decision."""
    stated = partial(state_family_facts if for_family else _state_alone, incident_id, facts=facts, source=source)
    told = partial(stated, known_at=known_at, trigger=trigger, by=by, now=clock(now), world=wire())
    return [one.id for one in await step("Uppgifter om incidenten", told)]


def _state_alone(incident_id: IncidentId, **stated: Any) -> tuple[Incident, ...]:
    return (state_facts(incident_id, **stated),)


@at_the_desk("Rätta uppgifter")
async def correct_facts(
    incident_id: IncidentId,
    supersedes: int,
    because: Text,
    facts: StatedFacts,
    withdrawn: list[FactName],
    by: Who,
    now: datetime | None = None,
) -> None:
    """Replace an earlier statement with what is right."""
    await step(
        "Rätta uppgifter",
        partial(
            correct_statement,
            incident_id,
            supersedes=supersedes,
            because=because,
            facts=facts,
            withdrawn=tuple(withdrawn),
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


def _in_words(incident: Incident) -> State[None]:
    """Read the moment back, and say what it means: a slip of the pen is seen at once."""
    aware = on_the(incident.aware_at) if incident.aware_at else ""
    due_at = notify_by(incident, law_for(incident, wire().book))
    said = say(N_("Awareness: {aware}."), aware=aware)
    due = say(N_("Notify the authority by {due}."), due=on_the(due_at)) if due_at else ""
    return Completed(message=f"{said} {due}".strip())
