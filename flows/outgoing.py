"""What leaves the house: the notification, the letters, the public notice."""

from datetime import datetime
from functools import partial

from prefect.client.schemas.objects import State

from flows.bootstrap import wire
from flows.desk import at_the_desk
from flows.forms import Code, OtherLaw, Text, When, Who
from flows.steps import act, clock, step
from models.base import IncidentId
from services.communicate import communicate as send_letters
from services.publish_notice import publish_notice as publish
from services.settle_parallel_duty import submit_parallel_report as report_beside
from services.start_communication import start_communication as release


@at_the_desk("Registrera rapport enligt annan lag")
async def submit_parallel_report(
    incident_id: IncidentId,
    provision: OtherLaw,
    filed_at: When,
    receipt: Text,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Register that a person filed what another law demands with its own recipient."""
    await step(
        "Registrera rapport enligt annan lag",
        partial(
            report_beside,
            incident_id,
            provision=provision,
            filed_at=filed_at,
            receipt=receipt,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )


@at_the_desk("Informera registrerade")
async def communicate(
    incident_id: IncidentId, by: Who, code: Code = None, now: datetime | None = None
) -> State[None] | None:
    """Release the approved letter, with a code that the first try mails, and send it to everyone it is for."""
    world, at = wire(), clock(now)
    released = partial(release, incident_id, code=code, by=by, now=at, world=world)
    waiting = await act("Släpp utskicket", released, now=at, world=world)
    if waiting is None:
        await step("Skicka", partial(send_letters, incident_id, now=at, world=world))
    return waiting


@at_the_desk("Informera allmänheten")
async def publish_notice(
    incident_id: IncidentId,
    channels: list[Text],
    published_at: When,
    by: Who,
    now: datetime | None = None,
) -> None:
    """Register that the approved notice was published."""
    await step(
        "Informera allmänheten",
        partial(
            publish,
            incident_id,
            channels=tuple(channels),
            published_at=published_at,
            by=by,
            now=clock(now),
            world=wire(),
        ),
    )
