"""The supplier's side: what is known of each customer's data, the notices, and what comes back."""

from datetime import datetime
from functools import partial
from typing import Annotated

from prefect.client.schemas.objects import State

from adapters.table import read_table
from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms.facts import StatedFacts
from flows.forms.fields import Code, ControllerChoice, FileName, MaybeWhen, Text, When, Who, choice
from flows.steps import act, clock, step
from models.base import IncidentId
from models.incident import Incident
from models.supply_events import Answered, Milestone, Tier
from services.record import read
from services.supply.pass_on_notice import note_notice
from services.supply.prepare_notices import prepare_notices as prepare
from services.supply.read_slices import slices_in
from services.supply.record_answer import record_answer as answer
from services.supply.release_notices import release_notices as release
from services.supply.send_notices import require_reached
from services.supply.send_notices import send_notices as send
from services.supply.state_slices import require_processor, state_slices
from services.supply.state_tier_time import state_tier_time as state_time


@at_the_desk("Läs in kundernas uppgifter")
async def load_slices(
    incident_id: IncidentId, file: FileName, source: Text, by: Who, now: datetime | None = None
) -> None:
    """Take in what is known of each controller's own data, from a file on this machine: Prefect never sees it."""
    world, at = wire(), clock(now)
    processor = require_processor(read(incident_id, world.timeline).incident, world)
    slices = slices_in(read_table(file), file=file.name, processor=processor, controllers=world.register.controllers)
    stated = partial(state_slices, incident_id, slices, source=source, by=by, now=at, world=world)
    await step("Läs in kundernas uppgifter", stated)


@at_the_desk("Ange tid i leverantörskedjan")
async def state_tier_time(
    incident_id: IncidentId,
    tier: Annotated[Tier, choice(Tier)],
    organisation: Text,
    milestone: Annotated[Milestone, choice(Milestone)],
    not_before: When,
    source: Text,
    by: Who,
    not_after: MaybeWhen = None,
    now: datetime | None = None,
) -> None:
    """Record when something happened higher up in the chain, and who says so."""
    said = partial(state_time, incident_id, tier=tier, organisation=organisation, milestone=milestone, source=source)
    when = partial(said, not_before=not_before, not_after=not_after or not_before)
    await step("Ange tid i leverantörskedjan", partial(when, by=by, now=clock(now), world=wire()))


@at_the_desk("Förbered underrättelser")
async def prepare_notices(
    incident_id: IncidentId,
    answer_by: When,
    next_update_at: When,
    by: Who,
    controllers: list[ControllerChoice] | None = None,
    now: datetime | None = None,
) -> None:
    """Write one notice per controller, for somebody else to release."""
    at = clock(now)
    times = partial(prepare, incident_id, issue_at=at, answer_by=answer_by, next_update_at=next_update_at)
    chosen = partial(times, controllers=tuple(controllers or ()))
    await step("Förbered underrättelser", partial(chosen, by=by, now=at, world=wire()))


@at_the_desk("Underrätta personuppgiftsansvariga")
async def send_notices(
    incident_id: IncidentId, by: Who, code: Code = None, now: datetime | None = None
) -> State[None] | None:
    """Release the prepared notices, with a code that the first try mails, and send each to its own controller."""
    world, at = wire(), clock(now)
    released = partial(release, incident_id, code=code, by=by, now=at, world=world)
    waiting = await act("Släpp underrättelserna", released, now=at, world=world)
    if waiting is None:
        incident: Incident = await step("Skicka", partial(send, incident_id, now=at, world=world))
        await step("Kontrollera att alla är nådda", partial(require_reached, incident, world))
    return waiting


@at_the_desk("Ta emot underrättelse", of="controller")
async def receive_notice(
    controller: ControllerChoice,
    sender: Text,
    their_reference: Text,
    arrived_at: When,
    facts: StatedFacts,
    by: Who,
    next_update_at: MaybeWhen = None,
    now: datetime | None = None,
) -> list[IncidentId]:
    """Type in the notice of a supplier that sends no file: it opens the case, or goes on with it."""
    noted = partial(
        note_notice, controller, sender=sender, reference=their_reference, arrived_at=arrived_at, facts=facts
    )
    told = partial(noted, next_update_at=next_update_at, by=by, now=clock(now), world=wire())
    return [await step("Ta emot underrättelse", told)]


@at_the_desk("Registrera svar på underrättelse")
async def record_answer(
    incident_id: IncidentId,
    controller: ControllerChoice,
    how: Annotated[Answered, choice(Answered)],
    answered_at: When,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Note that a controller has confirmed that it has its notice."""
    said = partial(answer, incident_id, controller=controller, how=how, answered_at=answered_at)
    await step("Registrera svar", partial(said, by=by, now=clock(now), world=wire()))
